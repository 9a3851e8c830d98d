"""An atlas as a picture of itself: the folium map with every layer in its order, and the page that is made of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import folium
import numpy as np
import shapely

from qjmap import layers
from qjmap.model import Atlas, points_of
from qjmap.page import BEFORE_MAP, Document, Shell, offline_parts, opening, page_scripts, page_styles
from qjmap.points import axes, shapes_of
from qjmap.project import View
from qjmap.tables import columns as cols
from qjmap.tiles import Background, backgrounds


def make_map(
    atlas: Atlas, *, online: Sequence[Background] = (), shell: bool = True, view: View | None = None
) -> folium.Map:
    """The atlas as a folium map: every layer in its order, over online backgrounds that are off at first.

    With ``shell`` it carries what the page's search, panel and legend need, and only `page_html` can finish it; without,
    it is a map like any other, at its opening view.
    """
    settings = atlas.project.settings
    view = view or settings.main_view()
    parties = {party for row in atlas.partnerships["parties"] for party in row}
    points_of = dict(zip(atlas.places["id"], atlas.places["position_of"], strict=True))
    partners = parties | {points_of[party] for party in parties if points_of.get(party)}
    language = view.language
    background = ground(atlas, language)
    m = folium.Map(tiles=None, zoom_control=not shell, attributionControl=not shell, zoomSnap=0.25, zoomDelta=0.5)
    for tiles in online:
        tiles.add_to(m)
    drawn = [
        background,
        layers.Corridors(atlas.corridors, atlas.corridor_legs, language=language),
        layers.Partnerships(atlas.partnerships, badges=badges(atlas), ties=ties(atlas), language=language),
        layers.Sites(atlas.site_rows, language=language, whole=shell, from_zoom=layers.districts.FROM if atlas.beyond else 0.0),
        *_districts(atlas, language),
        layers.Places(atlas.places, home=settings.home, partners=partners, language=language),
    ]
    for layer in drawn:
        layer.add_to(m)
    if shell:
        m.add_child(Shell(atlas, drawn, online, view), name="qjmap_shell")
    else:
        m.fit_bounds(opening(atlas)[0])
    return m


def _districts(atlas: Atlas, language: str) -> Iterator[layers.Districts]:
    """The totals by district, where the atlas holds only some of the sites."""
    if atlas.beyond:
        from qjmap.parts.districts import totals

        yield layers.Districts(totals(atlas.beyond.counties), language=language)


def ground(atlas: Atlas, language: str = "zh") -> layers.Background:
    """The background of the atlas's maps, its home and its partners' areas lifted."""
    parties = {party for row in atlas.partnerships["parties"] for party in row}
    adcodes = dict(zip(atlas.places["id"], atlas.places["adcode"], strict=True))
    return layers.Background(
        layers.background.read_background(atlas.project.geo),
        home=adcodes.get(atlas.project.settings.home, ""),
        partners={code for party in parties if (code := _area_adcode(atlas, party, adcodes))},
        language=language,
    )


def _area_adcode(atlas: Atlas, party: str, adcodes: dict[str, str]) -> str:
    """Adcode of the area that a party is or lies in, for the tint of partner areas; empty without one."""
    parents = dict(zip(atlas.places["id"], atlas.places["parent"], strict=True))
    seen: set[str] = set()
    while party in parents and party not in seen:
        if adcodes[party]:
            return adcodes[party]
        seen.add(party)
        party = parents[party]
    return ""


def badges(atlas: Atlas) -> dict[str, Any]:
    """Points for partnerships without an arc: where the parties that are located lie, which is one place."""
    without = atlas.partnerships[atlas.partnerships.geometry.isna()]
    points = points_of({party for parties in without["parties"] for party in parties}, atlas.places, atlas.site_rows)
    found = {}
    for identifier, parties, line in zip(
        atlas.partnerships["id"], atlas.partnerships["parties"], atlas.partnerships.geometry, strict=True
    ):
        if line is None:
            known = [points[party] for party in parties if party in points]
            if known:
                found[identifier] = shapely.Point(known[0])
    return found


def ties(atlas: Atlas) -> dict[str, list[Any]]:
    """Points of the sites that partnerships have on the ground: sites that are part of one, or that one is about.

    Only sites with a position of their own: one that stands at its district's point would tie the district to itself.
    """
    sites = atlas.site_rows
    parts: dict[str, list[str]] = {}
    several = sites["part_of"].to_numpy()
    whole_of = np.flatnonzero(np.fromiter(map(bool, several), dtype=bool, count=len(several)))
    for one, wholes in sorted(zip(sites["id"].iloc[whole_of], several[whole_of], strict=True)):
        for whole in wholes:
            parts.setdefault(whole, []).append(one)
    wanted = {one for about in atlas.partnerships["about"] for one in about}
    wanted.update(one for identifier in atlas.partnerships["id"] for one in parts.get(identifier, ()))
    few = sites[cols.among(cols.column(sites, "id"), wanted)]
    own = {
        one: point
        for one, point, borrowed in zip(few["id"], shapes_of(*axes(few)), few["position_of"], strict=True)
        if point is not None and not borrowed
    }
    found = {}
    for identifier, about in zip(atlas.partnerships["id"], atlas.partnerships["about"], strict=True):
        if held := [one for one in dict.fromkeys([*about, *parts.get(identifier, ())]) if one in own]:
            found[identifier] = [own[one] for one in held]
    return found


def page_html(atlas: Atlas, *, tiles: Sequence[str] = (), view: View | None = None) -> str:
    """The atlas's page as one text, as ``view`` begins it; ``tiles`` names online backgrounds besides those of the settings."""
    return "".join(_page_parts(atlas, tiles, view))


def page_bytes(atlas: Atlas, *, tiles: Sequence[str] = (), view: View | None = None) -> Iterator[bytes]:
    """The atlas's page as it is written to a file, piece by piece: drawn when the first is taken."""
    # A text with one Chinese sign takes twice the memory of its blocks, so each part is encoded by itself.
    return (part.encode("utf-8") for part in _page_parts(atlas, tiles, view))


def _page_parts(atlas: Atlas, tiles: Sequence[str], view: View | None) -> Iterator[str]:
    settings = atlas.project.settings
    view = view or settings.main_view()
    online = backgrounds([*settings.tiles, *tiles])
    document = Document(
        title=view.title if view.language == "zh" else view.title_en or view.title,
        language="zh-CN" if view.language == "zh" else "en",
        template="page/document.html.j2",
        styles=page_styles(),
        scripts=page_scripts(),
        before_map=BEFORE_MAP,
        image_origins=sorted({origin for one in online for origin in one.origins}),
    )
    return offline_parts(make_map(atlas, online=online, view=view), document)
