"""The page over several pages: one card for each view, with a small picture of it, in one file that asks for nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from jinja2 import Environment

from qjmap.export.rows import attribution
from qjmap.layers import Background
from qjmap.layers.base import asset
from qjmap.messages import text
from qjmap.model import Atlas
from qjmap.project import View

WIDTH, HEIGHT = 480, 320
"""Pixels of a picture."""

_DRAWN = ("corridors", "partnerships", "sites", "places")
_PIXEL = 0.7
"""Detail below this many pixels is left out."""


@dataclass(frozen=True)
class Card:
    """One page of several: its file, what it is called, what its picture shows."""

    file: str
    view: View
    bounds: Sequence[Sequence[float]]
    """Opening view, [[south, west], [north, east]] in degrees."""


def index_html(atlas: Atlas, ground: Background, cards: Sequence[Card]) -> str:
    """The page over the given pages; the same text for the same atlas.

    Parameters
    ----------
    ground : the background that the pages share
    """
    settings = atlas.project.settings
    zh = settings.language == "zh"
    style = asset("index/index.css")
    pages = []
    for card in cards:
        first, second = card.view.titles if card.view.language == "zh" else card.view.titles[::-1]
        own = {"zh": "zh-CN", "en": "en"}
        pages.append(
            {
                "file": card.file,
                "title": first or second,
                "subtitle": second if first and second != first else "",
                "lang": own[card.view.language],
                "other": own["en" if card.view.language == "zh" else "zh"],
                "shapes": picture(atlas, ground, card),
            }
        )
    lang = "zh" if zh else "en"
    review = (
        text("review.number", lang, number=settings.review_number)
        if settings.review_number
        else text("review.none", lang)
    )
    lines = (*attribution(atlas), *(line[0 if zh else 1] for line in settings.attribution))
    template = Environment(autoescape=True, keep_trailing_newline=True).from_string(asset("index/index.html.j2"))
    page: str = template.render(
        lang="zh-CN" if zh else "en",
        other="en" if zh else "zh-CN",
        title=settings.title if zh else settings.title_en or settings.title,
        subtitle=settings.title_en if zh else "",
        style=style,
        style_hash=f"sha256-{base64.b64encode(hashlib.sha256(style.encode('utf-8')).digest()).decode('ascii')}",
        pages=pages,
        width=WIDTH,
        height=HEIGHT,
        review=review,
        attribution=" · ".join(lines),
    )
    return page


def picture(atlas: Atlas, ground: Background, card: Card) -> list[tuple[str, str]]:
    """What stands in a card's picture, lowest first: (class, SVG path)."""
    frame = _Frame(card.bounds)
    found: list[tuple[str, str]] = []
    for name in ("land", "districts"):
        shapes = ground.frames.get(name)
        if shapes is None:
            continue
        codes = shapes["adcode"] if "adcode" in shapes else [""] * len(shapes)
        kinds = ["land" if name == "land" else ground.area_class(code) for code in codes]
        for kind in dict.fromkeys(kinds):
            of_kind = shapes.geometry[[one == kind for one in kinds]]
            found.append((kind, frame.path(of_kind.to_numpy(), closed=True)))
    # Whoever shows the national territory shows all of it: no dash is left out.
    lines = ground.frames.get("national_lines")
    if lines is not None:
        found.append(("national", frame.path(lines.geometry.to_numpy())))
    layers = atlas.layers()
    shown = [name for name in _DRAWN if name in (card.view.layers or _DRAWN)]
    found += [(name, frame.path(chosen(layers[name], card.view).geometry.to_numpy())) for name in shown]
    return [(kind, path) for kind, path in found if path]


def chosen(frame: gpd.GeoDataFrame, view: View) -> gpd.GeoDataFrame:
    """The rows of a layer that a view shows at first."""
    for column, values in view.filter.items():
        if column in frame.columns:
            wanted = set(values)
            frame = frame[[bool(wanted & {*cell} if isinstance(cell, tuple) else cell in wanted) for cell in frame[column]]]
    return frame


class _Frame:
    """Degrees to the pixels of a picture, in Web Mercator as the page has it."""

    def __init__(self, bounds: Sequence[Sequence[float]]) -> None:
        (south, west), (north, east) = bounds
        x0, x1 = west, east
        y0, y1 = _mercator(np.array([south, north]))
        self.scale = min(WIDTH / max(x1 - x0, 1e-6), HEIGHT / max(y1 - y0, 1e-6)) * 0.94
        self.x, self.y = (x0 + x1) / 2, (y0 + y1) / 2
        half_x, half_y = WIDTH / 2 / self.scale * 1.05, HEIGHT / 2 / self.scale * 1.05
        self.box = shapely.box(self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y)

    def path(self, shapes: Any, *, closed: bool = False) -> str:
        """Shapes as one SVG path: rings closed, points as dots."""
        flat = shapely.transform([one for one in shapes if one is not None], lambda p: np.column_stack([p[:, 0], _mercator(p[:, 1])]))
        if not len(flat):
            return ""
        valid = shapely.make_valid(flat) if closed else np.asarray(flat)
        cut = shapely.intersection(valid, self.box)
        simple = shapely.simplify(cut, _PIXEL / self.scale)
        if closed:
            simple = shapely.boundary(simple)
        parts = shapely.get_parts(simple)
        points, owner = shapely.get_coordinates(parts, return_index=True)
        pixels = np.column_stack([WIDTH / 2 + (points[:, 0] - self.x) * self.scale, HEIGHT / 2 - (points[:, 1] - self.y) * self.scale])
        rounded = np.round(pixels).astype(int)
        pieces = []
        for part in np.split(rounded, np.flatnonzero(np.diff(owner)) + 1) if len(rounded) else []:
            kept = part[np.r_[True, (np.diff(part, axis=0) != 0).any(axis=1)]]
            if closed and len(kept) < 4:
                continue
            # A stroke of no length with round ends is a dot.
            start, rest = kept[0], kept[1:] if len(kept) > 1 else kept[:1]
            pieces.append(f"M{start[0]} {start[1]}" + "".join(f"L{x} {y}" for x, y in rest) + ("Z" if closed else ""))
        return "".join(dict.fromkeys(pieces))


def _mercator(lat: Any) -> Any:
    """Web Mercator ordinate in degrees of the equator."""
    return np.degrees(np.arctanh(np.sin(np.radians(np.clip(lat, -85, 85)))))
