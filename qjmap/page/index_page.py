"""Index page of a project with several views: one card with a thumbnail for each page, in one self-contained file."""

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

from qjmap.export.attribution import attribution
from qjmap.i18n import text
from qjmap.layers import Background
from qjmap.layers.raw_elements import asset
from qjmap.model.atlas import Atlas
from qjmap.setting_values import View

WIDTH, HEIGHT = 480, 320
"""Size of a thumbnail in pixels."""

_LAYERS = ("corridors", "partnerships", "sites", "places")
"""Layers of a thumbnail, the lowest first."""
_TOLERANCE_PIXELS = 0.7
"""Tolerance of simplification in pixels."""
_HTML_LANGUAGE = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Card:
    """A page of the index: its file name, its view, and the bounds of its thumbnail."""

    file: str
    view: View
    bounds: Sequence[Sequence[float]]
    """[[south, west], [north, east]] in degrees."""


def index_html(atlas: Atlas, ground: Background, cards: Sequence[Card]) -> str:
    """Return the HTML text of the index page. The same atlas always gives the same text.

    Parameters
    ----------
    ground : background of the thumbnails
    cards : the pages, in the order in which the index shows them
    """
    settings = atlas.project.settings
    zh = settings.language == "zh"
    style = asset("index/index.css")
    pages = []
    for card in cards:
        first, second = card.view.titles if card.view.language == "zh" else card.view.titles[::-1]
        pages.append(
            {
                "file": card.file,
                "title": first or second,
                "subtitle": second if first and second != first else "",
                "lang": _HTML_LANGUAGE[card.view.language],
                "other": _HTML_LANGUAGE["en" if card.view.language == "zh" else "zh"],
                "shapes": thumbnail(atlas, ground, card),
            }
        )
    lang = "zh" if zh else "en"
    review = (
        text("review.number", lang, number=settings.review_number)
        if settings.review_number
        else text("review.none", lang)
    )
    said = (*settings.attribution, *ground.credits)
    lines = dict.fromkeys((*attribution(atlas), *(line[0 if zh else 1] for line in said)))
    template = Environment(autoescape=True, keep_trailing_newline=True).from_string(asset("index/index.html.j2"))
    page: str = template.render(
        lang=_HTML_LANGUAGE[lang],
        other=_HTML_LANGUAGE["en" if zh else "zh"],
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


def thumbnail(atlas: Atlas, ground: Background, card: Card) -> list[tuple[str, str]]:
    """Return the shapes of a thumbnail, the lowest first, as (CSS class, data of an SVG path); empty ones are left out."""
    projection = _Projection(card.bounds)
    paths: list[tuple[str, str]] = []
    for area_class, areas in ground.areas().items():
        paths.append((area_class, projection.svg_path(areas, closed=True)))
    # A map that shows the national territory must show all of it: every dash is drawn.
    paths.append(("national", projection.svg_path(ground.national_lines())))
    layers = atlas.layers()
    visible = [name for name in _LAYERS if name in (card.view.layers or _LAYERS)]
    paths += [(name, projection.svg_path(filtered(layers[name], card.view).geometry.to_numpy())) for name in visible]
    return [(name, path) for name, path in paths if path]


def filtered(frame: gpd.GeoDataFrame, view: View) -> gpd.GeoDataFrame:
    """Return the rows of a layer that pass the filter of a view. Columns that the layer lacks are not filtered by."""
    for column, values in view.filter.items():
        if column in frame.columns:
            allowed = set(values)
            frame = frame[
                [bool(allowed & {*cell} if isinstance(cell, tuple) else cell in allowed) for cell in frame[column]]
            ]
    return frame


class _Projection:
    """Projection from degrees to the pixels of a thumbnail, by way of Web Mercator.

    Parameters
    ----------
    bounds : [[south, west], [north, east]] in degrees; they fill 94 % of the width or height.
    """

    def __init__(self, bounds: Sequence[Sequence[float]]) -> None:
        (south, west), (north, east) = bounds
        x0, x1 = west, east
        y0, y1 = _mercator(np.array([south, north]))
        self.scale = min(WIDTH / max(x1 - x0, 1e-6), HEIGHT / max(y1 - y0, 1e-6)) * 0.94
        self.x, self.y = (x0 + x1) / 2, (y0 + y1) / 2
        half_x, half_y = WIDTH / 2 / self.scale * 1.05, HEIGHT / 2 / self.scale * 1.05
        self.box = shapely.box(self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y)

    def svg_path(self, shapes: Any, *, closed: bool = False) -> str:
        """Project, clip and simplify shapes (WGS 84 degrees) and return the data of one SVG path; "" if nothing is left.

        Parameters
        ----------
        shapes : shapely geometries of one kind; None is skipped. A point becomes a line of length zero, which is drawn as a dot.
        closed : whether they are polygons, whose rings are closed.
        """
        projected = shapely.transform(
            [shape for shape in shapes if shape is not None],
            lambda points: np.column_stack([points[:, 0], _mercator(points[:, 1])]),
        )
        if not len(projected):
            return ""
        valid = shapely.make_valid(projected) if closed else np.asarray(projected)
        clipped = shapely.intersection(valid, self.box)
        simple = shapely.simplify(clipped, _TOLERANCE_PIXELS / self.scale)
        if closed:
            simple = shapely.boundary(simple)
        parts = shapely.get_parts(simple)
        points, owner = shapely.get_coordinates(parts, return_index=True)
        pixels = np.column_stack(
            [WIDTH / 2 + (points[:, 0] - self.x) * self.scale, HEIGHT / 2 - (points[:, 1] - self.y) * self.scale]
        )
        rounded = np.round(pixels).astype(int)
        pieces = []
        for part in np.split(rounded, np.flatnonzero(np.diff(owner)) + 1) if len(rounded) else []:
            vertices = part[np.r_[True, (np.diff(part, axis=0) != 0).any(axis=1)]]
            if closed and len(vertices) < 4:
                continue
            # A single vertex is repeated: a line of length zero with round ends is a dot.
            start, rest = vertices[0], vertices[1:] if len(vertices) > 1 else vertices[:1]
            pieces.append(f"M{start[0]} {start[1]}" + "".join(f"L{x} {y}" for x, y in rest) + ("Z" if closed else ""))
        return "".join(dict.fromkeys(pieces))


def _mercator(lat: Any) -> Any:
    """Return the y of latitudes (degrees) in Web Mercator, in a unit that equals one degree of longitude; clipped to ±85 degrees."""
    return np.degrees(np.arctanh(np.sin(np.radians(np.clip(lat, -85, 85)))))
