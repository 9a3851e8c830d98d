"""Colour rows by the values of a column, as classes, categories or on a continuous scale, and make the legend.

Arguments have the names and meanings of `geopandas.GeoDataFrame.explore`. Palettes are branca's; other palettes need matplotlib, and
other classification schemes mapclassify.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.errors import UsageError
from qjmap.frames.bins import bin_names, bin_width, rounded
from qjmap.frames.convert_columns import EMPTY, Cells, cells_of, text_of
from qjmap.frames.palettes import called, checked, palette, word_colours
from qjmap.payload.column_block import MOST_CODES
from qjmap.tables.numbers import plain_number

LAYERS = ("#1f6f9f", "#c2571a", "#2c7a4b", "#8a4f9e", "#a8843c", "#4d5357")
"""Colours of layers that are not coloured by a column, taken in turn; distinguishable by colour-blind readers."""
MISSING = "#b9b4aa"
_STEPS = 64
"""Number of colours of a continuous scale."""
_TICKS = 8
_MOST = 1e300
"""Largest magnitude on a scale: the difference of two such numbers is still finite."""
MOST_WORDS = 24
"""Maximum number of categories that the legend lists by default."""

Floats = npt.NDArray[np.float64]


@dataclass
class Legend:
    """An entry of the legend.

    Attributes
    ----------
    text, colour : text and colour of the entry.
    values : names of the classes (`Painting.classes`) that a click on the entry selects; "" stands for rows without a value.
    """

    text: str
    colour: str
    values: list[str] = field(default_factory=list)


@dataclass
class Painting:
    """Colours of the rows of a layer.

    Attributes
    ----------
    codes : index of each row's colour in ``colours``; shape (n,).
    colours : fill colours, as CSS writes them.
    legend, title : entries of the legend in their order, and its title: the caption or the name of the column; "" without a column.
    classes : names of the classes that a click on an entry selects, in their order, and the index of each row's class, shape (n,),
        len(names) for a row without a value; ranges are named as by `bins.bin_names`. None if nothing can be selected.
    """

    codes: npt.NDArray[np.int64]
    colours: list[str]
    legend: list[Legend] = field(default_factory=list)
    title: str = ""
    classes: tuple[list[str], npt.NDArray[np.int64]] | None = None


@dataclass(frozen=True)
class Scale:
    """The arguments of explore() that determine how values become colours.

    The attributes have the names and meanings of the arguments (see `explore`), except ``classification``, which is
    ``classification_kwds``, ``missing``, which is ``missing_kwds``, and ``labels``, ``most`` (``max_labels``) and ``fmt`` (format of the
    bounds of classes, as "{:.2f}"; "" for up to six digits) from ``legend_kwds``.
    """

    cmap: Any = None
    categorical: bool = False
    scheme: str | None = None
    k: int = 5
    vmin: float | None = None
    vmax: float | None = None
    categories: Sequence[Any] | None = None
    classification: Mapping[str, Any] = field(default_factory=dict)
    missing: Mapping[str, Any] = field(default_factory=dict)
    labels: Sequence[str] | None = None
    most: int = MOST_WORDS
    fmt: str = ""


def plain(rows: int, colour: Any, layer: int) -> Painting:
    """Return a painting without a column: one colour (None for the layer's default) for all rows, or a sequence of one for each row.

    ``rows`` is the number of rows, ``layer`` the index of the layer. Raise UsageError for an invalid colour or a sequence of another
    length.
    """
    if colour is None or isinstance(colour, str):
        one = checked(colour) if colour else LAYERS[layer % len(LAYERS)]
        return Painting(np.zeros(rows, dtype=np.int64), [one])
    colours = [checked(value) for value in colour]
    if len(colours) != rows:
        raise UsageError("frame-length", name="color", length=len(colours), rows=rows)
    distinct = list(dict.fromkeys(colours))
    number = {value: code for code, value in enumerate(distinct)}
    return Painting(np.array([number[value] for value in colours], dtype=np.int64), distinct)


def paint(cells: Cells, title: str, scale: Scale) -> Painting:
    """Colour rows by a column: numbers by value, unless ``scale`` makes them categories; all other cells as categories.

    Parameters
    ----------
    cells : cells of the column.
    title : title of the legend.

    Raises
    ------
    UsageError : a palette, colour or classification scheme is unknown or needs a package that is not installed, or the number of
        ``labels`` is not that of the classes.
    """
    numbers = cells.numbers if cells.kind in ("number", "exact") else None
    if scale.categorical or scale.categories is not None or numbers is None:
        return _words(cells, title, scale, numeric=numbers is not None)
    if scale.scheme is not None:
        return _classes(numbers, title, scale)
    return _continuous(numbers, title, scale)


def _with_missing(
    codes: npt.NDArray[np.int64], colours: list[str], scale: Scale, missing: npt.NDArray[np.bool_]
) -> Painting:
    """Return a painting in which the colour of missing values is the last one."""
    painting = Painting(np.where(missing, len(colours), codes), list(colours))
    painting.colours.append(checked(scale.missing.get("color", MISSING)))
    return painting


def _missing_entry(painting: Painting, scale: Scale, missing: npt.NDArray[np.bool_]) -> list[Legend]:
    if not missing.any():
        return []
    return [Legend(str(scale.missing.get("label", "")), painting.colours[-1], [""])]


def _continuous(values: Floats, title: str, scale: Scale) -> Painting:
    missing, finite = np.isnan(values), values[np.isfinite(values)]
    values = np.where(np.isinf(values), values, np.clip(values, -_MOST, _MOST))
    low = max(-_MOST, float(scale.vmin) if scale.vmin is not None else float(finite.min()) if len(finite) else 0.0)
    high = min(_MOST, float(scale.vmax) if scale.vmax is not None else float(finite.max()) if len(finite) else 1.0)
    if high < low:  # all values lie outside of the scale that vmin or vmax begins or ends
        low, high = (low, low + 1.0) if scale.vmin is not None else (high - 1.0, high)
    span = high - low or 1.0
    painting, colour_at = _scaled(values, low, span, scale)
    step = bin_width(span / _TICKS, finite)
    first = int(np.floor(low / step))
    ticks = [rounded(step * number, step) for number in range(first, first + 4 * _TICKS) if step * number <= high]
    edges = [*ticks, rounded(step * (first + len(ticks)), step)]
    names = bin_names(edges, finite)
    middles = [
        (start + end) / 2 if "/" in name else start
        for name, (start, end) in zip(names, itertools.pairwise(edges), strict=True)
    ]
    painting.legend = [
        Legend(name.replace("/", " – "), colour_at(min(max(middle, low), high)), [name])
        for name, middle in zip(names, middles, strict=True)
    ] + _missing_entry(painting, scale, missing)  # fmt: skip
    inside = np.clip(np.searchsorted(np.array(edges), values, side="right") - 1, 0, len(names) - 1)
    painting.title, painting.classes = title, (names, np.where(missing, len(names), inside))
    return painting


def _scaled(values: Floats, low: float, span: float, scale: Scale) -> tuple[Painting, Callable[[float], str]]:
    """Return the painting of numbers on a scale from ``low`` to ``low + span``, and a function from a number to its colour."""
    missing = np.isnan(values)
    cmap = scale.cmap if scale.cmap is not None else "viridis"
    if callable(cmap) and not hasattr(cmap, "N"):  # a function of the value itself, as branca's and the user's own are
        distinct = np.unique(values[~missing])
        drawn = [called(cmap, value) for value in distinct.tolist()]
        unique = list(dict.fromkeys(drawn))
        number = np.array([unique.index(colour) for colour in drawn] or [0], dtype=np.int64)
        codes = number[np.minimum(np.searchsorted(distinct, values), max(0, len(distinct) - 1))]
        return _with_missing(codes, unique, scale, missing), partial(called, cmap)
    colours = palette(cmap, _STEPS)

    def code_of(numbers: Floats) -> npt.NDArray[np.int64]:
        with np.errstate(invalid="ignore"):
            shares = np.nan_to_num(np.clip((numbers - low) / span, 0, 1))
        return np.minimum(shares * len(colours), len(colours) - 1).astype(np.int64)

    return _with_missing(code_of(values), colours, scale, missing), lambda value: colours[int(code_of(np.array(value)))]


def _classes(values: Floats, title: str, scale: Scale) -> Painting:
    missing, finite = np.isnan(values), values[np.isfinite(values)]
    bounds = _upper_bounds(finite, scale)
    low = float(finite.min()) if len(finite) else 0.0
    ends = [low, *bounds]
    count = len(bounds)
    colours = palette(scale.cmap if scale.cmap is not None else "viridis", max(1, count))
    codes = np.clip(np.searchsorted(np.array(bounds), values, side="left"), 0, max(0, count - 1))
    painting = _with_missing(codes, colours[:count], scale, missing)
    names = [f"{plain_number(start)}/{plain_number(end)}" for start, end in itertools.pairwise(ends)]
    texts = [_class_text(start, end, scale.fmt) for start, end in itertools.pairwise(ends)]
    if bounds[0] < low:  # a class without rows, below the lowest value
        names[0], texts[0] = f"/{plain_number(bounds[0])}", f"≤ {_number_text(bounds[0], scale.fmt)}"
    shown = list(scale.labels) if scale.labels else texts
    if len(shown) != count:
        raise UsageError("frame-length", name="legend_kwds['labels']", length=len(shown), rows=count)
    painting.legend = [
        Legend(text, colour, [name]) for text, colour, name in zip(shown, painting.colours, names, strict=False)
    ] + _missing_entry(painting, scale, missing)  # fmt: skip
    painting.title, painting.classes = title, (names, np.where(missing, count, codes))
    return painting


def _class_text(start: float, end: float, fmt: str) -> str:
    return f"{_number_text(start, fmt)} – {_number_text(end, fmt)}"


def _number_text(value: float, fmt: str) -> str:
    return fmt.format(value) if fmt else plain_number(float(f"{value:.6g}"))


def _upper_bounds(finite: Floats, scale: Scale) -> list[float]:
    """Return the upper bound of each class, ascending; a bound belongs to its class, and the last is at least the greatest value.

    Without finite values return [1.0]. Raise UsageError for a scheme that needs mapclassify if that is not installed, or "UserDefined"
    without bins.
    """
    name = re.sub(r"[^a-z]", "", str(scale.scheme).lower())
    k = int(scale.classification.get("k", scale.k))
    if not len(finite):
        return [1.0]
    if name == "quantiles":
        bounds = np.quantile(finite, np.arange(1, k + 1) / k).tolist()
    elif name == "equalinterval":
        bounds = np.linspace(finite.min(), finite.max(), k + 1)[1:].tolist()
    elif name == "userdefined":
        bounds = [float(bound) for bound in scale.classification.get("bins", ())]
        if not bounds:
            raise UsageError("frame-argument", name="classification_kwds", value="", allowed="{'bins': [10, 20, 50]}")
    else:
        bounds = _by_mapclassify(finite, scale)
    return sorted({*bounds, *([float(finite.max())] if max(bounds) < finite.max() else [])})


def _by_mapclassify(finite: Floats, scale: Scale) -> list[float]:
    try:
        import mapclassify  # type: ignore[import-not-found]
    except ImportError:
        raise UsageError(
            "frame-scheme", name=str(scale.scheme), allowed="Quantiles, EqualInterval, UserDefined"
        ) from None
    state = np.random.get_state()
    np.random.seed(0)  # some schemes sample at random; with a seed the same data give the same classes
    try:
        made: Any = mapclassify.classify(finite, scheme=scale.scheme, **{"k": scale.k, **scale.classification})
    finally:
        np.random.set_state(state)
    return [float(bound) for bound in made.bins]


def _words(cells: Cells, title: str, scale: Scale, *, numeric: bool) -> Painting:
    texts = _as_words(cells)
    if scale.categories is not None:
        given = (_category(value, cells.kind) for value in scale.categories)
        order = list(dict.fromkeys(text for text in given if text))
        texts = [text if text in {*order} else "" for text in texts]
    elif numeric and cells.numbers is not None:
        by_number = dict(zip(texts, cells.numbers.tolist(), strict=True))
        order = sorted({*texts} - {""}, key=lambda text: by_number[text])
    else:
        order = list(cells.order) if cells.order is not None else sorted({*texts} - {""})
    number = {text: code for code, text in enumerate(order)}
    missing = np.array([text == "" for text in texts], dtype=bool)
    codes = np.array([number.get(text, 0) for text in texts], dtype=np.int64)
    painting = _with_missing(codes, word_colours(scale.cmap, max(1, len(order))), scale, missing)
    shown = (
        [str(label) for label in scale.labels] if scale.labels else ["" if text == EMPTY else text for text in order]
    )
    if len(shown) != len(order):
        raise UsageError("frame-length", name="legend_kwds['labels']", length=len(shown), rows=len(order))
    entries = [
        Legend(text, colour, [value]) for text, colour, value in zip(shown, painting.colours, order, strict=False)
    ]
    painting.legend = [*entries[: scale.most], *_missing_entry(painting, scale, missing)]
    painting.title = title
    painting.classes = (order, np.where(missing, len(order), codes)) if len(order) < MOST_CODES else None
    return painting


def _category(value: Any, kind: str) -> str:
    """Return a value of ``categories`` as `_as_words` writes a cell of the column; "" for a missing one."""
    text = text_of(value)
    if not text or isinstance(value, (str, bool, np.bool_)):
        return text
    if kind == "number":
        return plain_number(float(value))
    if kind == "exact":
        return text.removesuffix(".0")
    if kind == "list":
        return _as_words(cells_of(pd.Series([value], dtype=object)))[0]
    return text[:10] if kind == "date" else text


def _as_words(cells: Cells) -> list[str]:
    if cells.kind == "bool":
        return [("false", "true", "")[code] for code in cells.values.tolist()]
    if cells.kind == "number":
        return ["" if value != value else plain_number(value) for value in cells.values.tolist()]
    if cells.kind == "list":
        return [" | ".join(items).replace(EMPTY, "") for items in cells.values]
    return list(cells.values)
