"""Propose the columns of a file without a header from their contents alone: coordinates, web addresses, addresses, categories."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

from qjmap.schema import Table
from qjmap.tables.cell_values import find_vocab
from qjmap.tables.column_samples import NEARLY_ALL, Sample, degrees_of, is_address, is_number, is_pair

_CHINA = ((73.0, 136.0), (3.0, 54.0))
"""Ranges of longitude and latitude of China in degrees, by which the axes are told apart."""


def propose_columns(
    samples: Sequence[Sample], open_: Sequence[int], table: Table, taken: Collection[str]
) -> dict[int, str]:
    """Return index -> column of the table for the columns whose contents leave no doubt. The name is not looked for (see `name_column`).

    Parameters
    ----------
    open_ : indices of the columns that have no meaning yet.
    taken : columns of the table that are chosen already or that the file does not have.
    """
    found: dict[int, str] = {}
    if "lon" in table and not {"lon", "lat", "lonlat"} & {*taken}:
        found |= _coordinates(samples, open_)
    for name, test in _TESTS.items():
        if name in table and name not in taken:
            at = next((at for at in open_ if at not in found and test(samples[at])), None)
            if at is not None:
                found[at] = name
    return found


def _coordinates(samples: Sequence[Sample], open_: Sequence[int]) -> dict[int, str]:
    """Return index -> axis for the two columns of decimal degrees nearest each other whose ranges tell which is which; else the first
    column of pairs as "lonlat"; else nothing.
    """
    numbers = {at: _degrees(samples[at]) for at in open_}
    degrees = [at for at in open_ if numbers[at]]
    for first, second in sorted(combinations(degrees, 2), key=lambda pair: (pair[1] - pair[0], pair[0])):
        for lon, lat in ((first, second), (second, first)):
            if _are_axes(numbers[lon], numbers[lat]) and not _are_axes(numbers[lat], numbers[lon]):
                return {lon: "lon", lat: "lat"}
    joined = next(
        (at for at in open_ if samples[at].share(is_pair) >= NEARLY_ALL and not samples[at].share(is_number)), None
    )
    return {} if joined is None else {joined: "lonlat"}


def _degrees(sample: Sample) -> list[float]:
    """Return the values of a column of decimal degrees: all cells are degrees within ±180, more than half of them with a fraction.

    Return an empty list for any other column.
    """
    values = [degrees_of(text) for text in sample.texts]
    degrees = [value for value in values if value is not None and abs(value) <= 180.0]
    fractions = sum(value != int(value) for value in degrees)
    return degrees if values and len(degrees) == len(values) and fractions > len(values) / 2 else []


def _are_axes(lon: Sequence[float], lat: Sequence[float]) -> bool:
    """Whether two columns are in the ranges of longitude and latitude: in China, or with a longitude beyond 90 degrees."""
    (west, east), (south, north) = _CHINA
    in_china = all(west <= one <= east for one in lon) and all(south <= one <= north for one in lat)
    beyond = any(abs(one) > 90.0 for one in lon) and all(abs(one) <= 90.0 for one in lat)
    return in_china or beyond


def _is_of_words(sample: Sample) -> bool:
    """Whether nearly all cells are known categories."""
    return sample.share(lambda text: find_vocab(text, "category") is not None) >= NEARLY_ALL


_TESTS = {
    "url": lambda sample: sample.share(lambda text: "." in text and not is_number(text) and "/" in text) >= NEARLY_ALL,
    "address": lambda sample: sample.share(is_address) >= NEARLY_ALL and not sample.share(is_number),
    "category": _is_of_words,
}
"""Column of the table -> test of a sample: whether it is of such a column."""
