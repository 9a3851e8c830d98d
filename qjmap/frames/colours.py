"""Colour rows by the values of a column, as classes, categories or on a continuous scale, and make the legend.

Arguments have the names and meanings of `geopandas.GeoDataFrame.explore`. Palettes are branca's; other palettes need matplotlib, and
other classification schemes mapclassify.
"""

from __future__ import annotations

import colorsys
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.errors import UsageError
from qjmap.frames.bins import bin_names, bin_width
from qjmap.frames.convert_columns import EMPTY, Cells, text_of
from qjmap.payload.column_block import MOST_CODES
from qjmap.tables.numbers import plain_number

LAYERS = ("#1f6f9f", "#c2571a", "#2c7a4b", "#8a4f9e", "#a8843c", "#4d5357")
"""Colours of layers that are not coloured by a column, taken in turn; distinguishable by colour-blind readers."""
MISSING = "#b9b4aa"
_TAB10 = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf")
"""matplotlib's palette of ten, which geopandas uses for categories."""
_TAB20_LIGHT = (
    "#aec7e8",
    "#ffbb78",
    "#98df8a",
    "#ff9896",
    "#c5b0d5",
    "#c49c94",
    "#f7b6d2",
    "#c7c7c7",
    "#dbdb8d",
    "#9edae5",
)
_STEPS = 64
"""Number of colours of a continuous scale."""
_TICKS = 8
_MOST = 1e300
"""Largest magnitude on a scale: the difference of two such numbers is still finite."""
MOST_WORDS = 24
"""Maximum number of categories that the legend lists by default."""
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]+|(?:rgb|hsl)a?\([\d\s.,%/+-]+\)")

Floats = npt.NDArray[np.float64]


@dataclass
class Legend:
    """An entry of the legend: its text, its colour, and the names of the classes that a click on it selects."""

    text: str
    colour: str
    values: list[str] = field(default_factory=list)


@dataclass
class Painting:
    """Colours of the rows of a layer.

    Attributes
    ----------
    codes : index of each row's colour in ``colours``; shape (n,).
    colours : fill colours, as CSS has them.
    legend, title : entries of the legend in their order, and its title: the caption or the name of the column; "" without a column.
    classes : names of the classes that a click on an entry selects, in their order, and the class of each row (len(names) for missing);
        ranges are named "from/to". None if nothing can be selected.
    """

    codes: npt.NDArray[np.int64]
    colours: list[str]
    legend: list[Legend] = field(default_factory=list)
    title: str = ""
    classes: tuple[list[str], npt.NDArray[np.int64]] | None = None


@dataclass(frozen=True)
class Scale:
    """The arguments of explore() that determine how values become colours; ``labels`` and ``most`` are from ``legend_kwds``."""

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


def plain(rows: int, colour: Any, layer: int) -> Painting:
    """Return a painting without a column: one colour (None for the layer's default) for all rows, or a sequence of one for each row."""
    if colour is None or isinstance(colour, str):
        one = checked(colour) if colour else LAYERS[layer % len(LAYERS)]
        return Painting(np.zeros(rows, dtype=np.int64), [one])
    colours = [checked(value) for value in colour]
    if len(colours) != rows:
        raise UsageError("frame-length", name="color", length=len(colours), rows=rows)
    distinct = list(dict.fromkeys(colours))
    number = {value: code for code, value in enumerate(distinct)}
    return Painting(np.array([number[value] for value in colours], dtype=np.int64), distinct)


def checked(colour: Any) -> str:
    """Return a colour as CSS writes it, without an alpha channel if it is a tuple; UsageError if it has not the form of a colour.

    Parameters
    ----------
    colour : a name (any word of Latin letters), #rgb, #rrggbb, rgb() or hsl(), or a tuple of red, green and blue from 0 to 1.
    """
    if isinstance(colour, (tuple, list, np.ndarray)) and len(colour) in (3, 4):
        return "#" + "".join(f"{round(255 * min(1.0, max(0.0, float(share)))):02x}" for share in list(colour)[:3])
    if isinstance(colour, str) and _COLOUR.fullmatch(colour.strip()):
        return colour.strip()
    raise UsageError("frame-argument", name="color", value=str(colour), allowed="#1f77b4, red, rgb(31, 119, 180)")


def paint(cells: Cells, title: str, scale: Scale) -> Painting:
    """Colour rows by a column: numbers by value unless ``scale`` says that they are categories, all other cells as categories."""
    numbers = cells.numbers if cells.kind in ("number", "exact") else None
    if scale.categorical or scale.categories is not None or numbers is None:
        return _words(cells, title, scale, numeric=numbers is not None)
    if scale.scheme is not None:
        return _classes(numbers, title, scale)
    return _continuous(numbers, title, scale)


def palette(cmap: Any, count: int) -> list[str]:
    """Return `count` colours of a palette, evenly spaced from its first to its last; a list of more colours is returned whole.

    Parameters
    ----------
    cmap : name of a palette of branca or matplotlib, with the suffix ``_r`` in reverse; a list of colours; or a colormap or function of
        a number from 0 to 1.
    """
    if callable(cmap):
        return [_called(cmap, share) for share in _shares(count)]
    if not isinstance(cmap, str):
        colours = [checked(colour) for colour in cmap]
        return colours if len(colours) >= count else _between(colours, count)
    name, turned = cmap.removesuffix("_r"), cmap.endswith("_r")
    known = _named(name)
    if known is None:
        return _of_matplotlib(cmap, count)
    found = _between(known, count)
    return found[::-1] if turned else found


def _shares(count: int) -> list[float]:
    return np.linspace(0, 1, count).tolist() if count > 1 else [0.5]


def _called(cmap: Callable[[Any], Any], value: Any) -> str:
    return checked(cmap(value))


def _named(name: str) -> list[str] | None:
    """Return the colours of a palette of branca, in its version with the most colours, or None; the case of the name is ignored."""
    import branca.colormap as branca

    steps = {
        int(match[2]): attribute
        for attribute in vars(type(branca.linear)) | vars(branca.linear)
        if (match := re.fullmatch(rf"({re.escape(name)})(?:_(\d+))?", attribute, re.IGNORECASE)) and match[2]
    }
    scale = getattr(branca.linear, steps[max(steps)] if steps else name.lower(), None)
    if scale is None:
        return None
    return ["#" + "".join(f"{round(255 * share):02x}" for share in colour[:3]) for colour in scale.colors]


def _between(colours: Sequence[str], count: int) -> list[str]:
    """Return ``count`` evenly spaced colours, interpolated between the given ones, which must be hexadecimal (else UsageError)."""
    rgb = np.array([_rgb(colour) for colour in colours], dtype=float)
    at = np.array(_shares(count)) * (len(colours) - 1)
    mixed = np.stack([np.interp(at, np.arange(len(colours)), rgb[:, axis]) for axis in range(3)], axis=1)
    return ["#" + "".join(f"{round(value):02x}" for value in colour) for colour in mixed]


def _rgb(colour: str) -> tuple[int, int, int]:
    if re.fullmatch("#[0-9a-fA-F]{6,8}", colour):
        return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
    if re.fullmatch("#[0-9a-fA-F]{3,4}", colour):
        return int(colour[1] * 2, 16), int(colour[2] * 2, 16), int(colour[3] * 2, 16)
    raise UsageError("frame-argument", name="cmap", value=colour, allowed="#1f77b4, #888")


def _of_matplotlib(name: str, count: int) -> list[str]:
    try:
        import matplotlib  # type: ignore[import-not-found]
    except ImportError:
        allowed = "viridis, plasma, inferno, magma, YlOrRd, Blues, RdYlBu, Spectral"
        raise UsageError("frame-palette", name=name, allowed=allowed) from None
    try:
        colours = matplotlib.colormaps[name]
    except KeyError:
        raise UsageError("frame-argument", name="cmap", value=name, allowed="viridis, plasma, YlOrRd") from None
    return [checked(colours(share)) for share in _shares(count)]


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
    span = high - low or 1.0
    painting, colour_at = _scaled(values, low, span, scale)
    step = bin_width(span / _TICKS, finite)
    first = int(np.floor(low / step))
    ticks = [round(step * number, 12) for number in range(first, first + 4 * _TICKS) if step * number <= high]
    edges = [*ticks, round(step * (first + len(ticks)), 12)]
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
        drawn = [_called(cmap, value) for value in distinct.tolist()]
        unique = list(dict.fromkeys(drawn))
        number = np.array([unique.index(colour) for colour in drawn] or [0], dtype=np.int64)
        codes = number[np.minimum(np.searchsorted(distinct, values), max(0, len(distinct) - 1))]
        return _with_missing(codes, unique, scale, missing), partial(_called, cmap)
    colours = palette(cmap, _STEPS)

    def code_of(numbers: Floats) -> npt.NDArray[np.int64]:
        with np.errstate(invalid="ignore"):
            shares = np.nan_to_num(np.clip((numbers - low) / span, 0, 1))
        return np.minimum(shares * _STEPS, _STEPS - 1).astype(np.int64)

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
    texts = [_class_text(start, end) for start, end in itertools.pairwise(ends)]
    if bounds[0] < low:  # a class without rows, below the lowest value
        names[0], texts[0] = f"/{plain_number(bounds[0])}", f"≤ {_short(bounds[0])}"
    shown = list(scale.labels) if scale.labels else texts
    if len(shown) != count:
        raise UsageError("frame-length", name="legend_kwds['labels']", length=len(shown), rows=count)
    painting.legend = [
        Legend(text, colour, [name]) for text, colour, name in zip(shown, painting.colours, names, strict=False)
    ] + _missing_entry(painting, scale, missing)  # fmt: skip
    painting.title, painting.classes = title, (names, np.where(missing, count, codes))
    return painting


def _class_text(start: float, end: float) -> str:
    return f"{_short(start)} – {_short(end)}"


def _short(value: float) -> str:
    return plain_number(float(f"{value:.6g}"))


def _upper_bounds(finite: Floats, scale: Scale) -> list[float]:
    """Return the upper bound of each class, ascending; a bound belongs to its class, and the last is at least the greatest value."""
    name = re.sub(r"[^a-z]", "", str(scale.scheme).lower())
    if not len(finite):
        return [1.0]
    if name == "quantiles":
        bounds = np.quantile(finite, np.arange(1, scale.k + 1) / scale.k).tolist()
    elif name == "equalinterval":
        bounds = np.linspace(finite.min(), finite.max(), scale.k + 1)[1:].tolist()
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
        made: Any = mapclassify.classify(finite, scheme=scale.scheme, k=scale.k, **scale.classification)
    finally:
        np.random.set_state(state)
    return [float(bound) for bound in made.bins]


def _words(cells: Cells, title: str, scale: Scale, *, numeric: bool) -> Painting:
    texts = _as_words(cells)
    if scale.categories is not None:
        order = [text_of(value) for value in scale.categories]
        texts = [text if text in {*order} else "" for text in texts]
    elif numeric and cells.numbers is not None:
        by_number = dict(zip(texts, cells.numbers.tolist(), strict=True))
        order = sorted({*texts} - {""}, key=lambda text: by_number[text])
    else:
        order = list(cells.order) if cells.order is not None else sorted({*texts} - {""})
    number = {text: code for code, text in enumerate(order)}
    missing = np.array([text == "" for text in texts], dtype=bool)
    codes = np.array([number.get(text, 0) for text in texts], dtype=np.int64)
    painting = _with_missing(codes, _word_colours(scale.cmap, max(1, len(order))), scale, missing)
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


def _as_words(cells: Cells) -> list[str]:
    if cells.kind == "bool":
        return [("false", "true", "")[code] for code in cells.values.tolist()]
    if cells.kind == "number":
        return ["" if value != value else plain_number(value) for value in cells.values.tolist()]
    if cells.kind == "list":
        return [" | ".join(items).replace(EMPTY, "") for items in cells.values]
    return list(cells.values)


def _word_colours(cmap: Any, count: int) -> list[str]:
    """Return the colours of categories: of ``cmap``, repeated if it is a list; without it a palette of 10 or 20, else even hues."""
    if cmap is not None:
        if isinstance(cmap, str) and cmap.lower() in ("tab10", "tab20"):
            base = (
                list(_TAB10)
                if cmap.lower() == "tab10"
                else [c for pair in zip(_TAB10, _TAB20_LIGHT, strict=True) for c in pair]
            )
            return [base[number % len(base)] for number in range(count)]
        if not isinstance(cmap, str) and not callable(cmap):
            given = [checked(colour) for colour in cmap]
            return [given[number % len(given)] for number in range(count)]
        return palette(cmap, count)
    if count <= len(_TAB10):
        return list(_TAB10[:count])
    if count <= 2 * len(_TAB10):
        return [*_TAB10, *_TAB20_LIGHT][:count]
    hues = [colorsys.hls_to_rgb(number / count, 0.42 + 0.16 * (number % 2), 0.6) for number in range(min(count, 4096))]
    wheel = [checked(hue) for hue in hues]
    return [wheel[number % len(wheel)] for number in range(count)]
