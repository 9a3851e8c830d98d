"""Find columns whose header is similar to a missing one, so that the user can be asked or told how to name it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache

from qjmap.grammar import grammar
from qjmap.schema import TABLES, Table, fold
from qjmap.tables.column_samples import MOST, Sample, is_address, is_angle, is_name, is_text

_NEAR = 0.65
"""Similarity from which two headers are similar, between 0 and 1 (ratio of `difflib.SequenceMatcher`)."""
_TESTS = {"name": is_name, "title": is_name, "address": is_text, "lon": is_angle, "lat": is_angle}


def similar_headers(
    header: Sequence[str], samples: Sequence[Sample], open_: Sequence[int], table: Table, taken: Collection[str]
) -> Mapping[int, str]:
    """Return index -> column of the table, for columns of the file that may be its missing name or title, longitude, latitude or address.

    Their headers resemble those of that column, and most of their cells fit it; for an address the cells alone may decide.

    Longitude, latitude and address are looked for only if none of lon, lonlat and address is in `taken`.

    Parameters
    ----------
    open_ : indices of the columns that have no meaning yet.
    taken : columns of the table that are chosen already or that the file does not have.
    """
    wanted = [name for name in ("name", "title") if name in table and name not in taken]
    if not {"lon", "lonlat", "address"} & {*taken}:
        wanted += [name for name in ("lon", "lat", "address") if name in table]
    found: dict[int, str] = {}
    for name in wanted:
        scores = {at: _nearness(header[at], samples[at], name, table.name) for at in open_ if at not in found}
        best = max(scores, key=lambda at: scores[at], default=None)
        if best is not None and scores[best] >= _NEAR:
            found[best] = name
    return found


def _nearness(typed: str, sample: Sample, name: str, table_name: str) -> float:
    """Return the similarity of a header to those of a column, from 0 to 1.

    It is 0 unless most cells fit the column, and 1 for the column `address` if most cells are addresses.
    """
    if not sample.texts or sample.share(_TESTS[name]) <= MOST:
        return 0.0
    if name == "address" and sample.share(is_address) > MOST:
        return 1.0
    folded = fold(typed)
    words = _words(name, table_name)
    return max((SequenceMatcher(None, folded, word).ratio() for word in words), default=0.0)


@cache
def _words(name: str, table_name: str) -> tuple[str, ...]:
    """Return the folded listed headers and family endings of a column of the table that have more than one character."""
    families = [family for family in grammar("headers")["families"] if family["column"] == name]
    endings = [tail for family in families for tail in family["tails"]]
    return tuple(word for word in map(fold, (*TABLES[table_name].column(name).headers, *endings)) if len(word) > 1)
