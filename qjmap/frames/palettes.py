"""Palettes and colours: the named palettes of branca and matplotlib, lists of colours, and colormaps that are functions.

Colours are texts as CSS writes them.
"""

from __future__ import annotations

import colorsys
import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from qjmap.errors import UsageError

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
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|(?:rgb|hsl)a?\([\d\s.,%/+-]+\)")


def checked(colour: Any) -> str:
    """Return a colour as CSS writes it, without an alpha channel if it is a tuple; UsageError if it has not the form of a colour.

    Parameters
    ----------
    colour : a name of CSS, #rgb, #rrggbb, rgb() or hsl(), or a tuple of red, green and blue from 0 to 1.
    """
    if isinstance(colour, (tuple, list, np.ndarray)) and len(colour) in (3, 4):
        return "#" + "".join(f"{round(255 * min(1.0, max(0.0, float(share)))):02x}" for share in list(colour)[:3])
    text = colour.strip() if isinstance(colour, str) else ""
    if text.lower() in _css_names() or text.lower() == "transparent" or _COLOUR.fullmatch(text):
        return text
    raise UsageError("frame-argument", name="color", value=str(colour), allowed="#1f77b4, red, rgb(31, 119, 180)")


@cache
def _css_names() -> dict[str, str]:
    """Return the named colours of CSS: name in lower case -> #rrggbb, from branca, which lacks the spelling "grey" and rebeccapurple."""
    names = json.loads(files("branca").joinpath("_cnames.json").read_text(encoding="utf-8"))
    known = {name.lower(): str(value)[:7] for name, value in names.items()}
    greys = {name.replace("gray", "grey"): value for name, value in known.items()}
    return {**greys, **known, "rebeccapurple": "#663399"}


def palette(cmap: Any, count: int) -> list[str]:
    """Return `count` colours of a palette, evenly spaced from its first to its last (the middle one for a count of 1); a list of at least
    `count` colours is returned whole. Raise UsageError for an unknown palette or a colour of another form.

    Parameters
    ----------
    cmap : name of a palette of branca or matplotlib, with the suffix ``_r`` in reverse; a list of colours; or a colormap or function of
        a number from 0 to 1.
    """
    if callable(cmap):
        return [called(cmap, share) for share in _shares(count)]
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


def called(cmap: Callable[[Any], Any], value: Any) -> str:
    """Return the colour of a value by a colormap; UsageError if its result is not a colour (see `checked`)."""
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
    """Return ``count`` evenly spaced colours, interpolated between the given ones: hexadecimal or names (else UsageError)."""
    rgb = np.array([_rgb(colour) for colour in colours], dtype=float)
    at = np.array(_shares(count)) * (len(colours) - 1)
    mixed = np.stack([np.interp(at, np.arange(len(colours)), rgb[:, axis]) for axis in range(3)], axis=1)
    return ["#" + "".join(f"{round(value):02x}" for value in colour) for colour in mixed]


def _rgb(colour: str) -> tuple[int, int, int]:
    colour = _css_names().get(colour.lower(), colour)
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


def word_colours(cmap: Any, count: int) -> list[str]:
    """Return the colours of ``count`` categories: those of ``cmap``, repeated if it is a list, tab10 or tab20; without ``cmap`` a palette
    of 10 or 20 colours, or evenly spaced hues for more categories.
    """
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
