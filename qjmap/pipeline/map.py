"""Draw an atlas: a folium map with every layer in its order, and the page made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import folium
import numpy as np

from qjmap import layers
from qjmap.basemaps import Basemap, find_basemaps
from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.ground import ground_of
from qjmap.model.atlas import Atlas
from qjmap.model.point_layers import axes, shapes_of
from qjmap.page import (
    BEFORE_MAP,
    Document,
    PageMap,
    Shell,
    offline_parts,
    opening_view,
    page_scripts,
    page_styles,
    partnership_table,
)
from qjmap.pipeline.town_names import town_names
from qjmap.setting_values import View
from qjmap.tables.columns import operations as cols

_BARE: dict[str, Any] = {
    "tiles": None,
    "zoom_control": False,
    "attributionControl": False,
    "zoomSnap": 0.25,
    "zoomDelta": 0.5,
}
"""Options of the folium map in a page, which has its own controls instead of Leaflet's."""
NO_CHANGES: Mapping[str, Any] = MappingProxyType({})


def make_map(
    atlas: Atlas, *, online: Sequence[Basemap] = (), shell: bool = True, view: View | None = None,
    onto: folium.Map | None = None, changes: Mapping[str, Any] = NO_CHANGES,
) -> folium.Map:  # fmt: skip
    """Return the atlas as a folium map: every layer in drawing order, over online basemaps that are off at first.

    Parameters
    ----------
    online : online basemaps that a reader can turn on.
    shell : whether to add the metadata for the page's search, panel and legend; such a map works only in the page that this module makes
        from it. Otherwise the map is an ordinary folium map at its opening view.
    view : view at which the page opens; by default the project's main one.
    onto : empty map to draw on, made with `_BARE`; by default a new one.
    changes : changes that the page lists, as `diff.page_changes` returns them.
    """
    settings = atlas.project.settings
    view = view or settings.main_view()
    parties = _main_places(atlas)
    points_of = dict(zip(atlas.places["id"], atlas.places["position_of"], strict=True))
    partners = parties | {points_of[party] for party in parties if points_of.get(party)}
    language, words = view.language, settings.vocabularies
    background = ground(atlas, language)
    m = onto or folium.Map(**(_BARE | {"zoom_control": not shell, "attributionControl": not shell}))
    for tiles in online:
        tiles.add_to(m)
    drawn = [
        background,
        layers.Corridors(atlas.corridors, atlas.corridor_legs, language=language, vocabularies=words),
        layers.Partnerships(atlas.partnership_rows, ties=ties(atlas), language=language, vocabularies=words),
        layers.Sites(
            atlas.site_rows,
            language=language,
            vocabularies=words,
            whole=shell,
            own=atlas.own.get("sites", ()) if shell else (),
            from_zoom=layers.districts.SITES_FROM_ZOOM if atlas.all_sites else 0.0,
        ),
        *_districts(atlas, language),
        layers.Places(atlas.places, home=settings.home, partners=partners, language=language, vocabularies=words),
    ]
    for layer in drawn:
        layer.add_to(m)
    if shell:
        m.add_child(Shell(atlas, drawn, online, view, changes), name="qjmap_shell")
    else:
        m.fit_bounds(opening_view(atlas)[0])
    return m


def _districts(atlas: Atlas, language: str) -> Iterator[layers.Districts]:
    """Yield the layer of totals by district if the atlas holds only some of the sites."""
    if atlas.all_sites:
        from qjmap.model.counties_of_sites import totals

        yield layers.Districts(totals(atlas.all_sites.counties), language=language)


def _main_places(atlas: Atlas) -> set[str]:
    """Return the ids of the main places of the map: parties and home places, including those of included projects."""
    return {*atlas.project.settings.homes, *(party for row in atlas.partnership_rows["parties"] for party in row)}


def ground(atlas: Atlas, language: str = "zh") -> layers.Background:
    """Return the background of the atlas's maps, with its home and the areas of its main places highlighted."""
    parties = _main_places(atlas)
    adcodes = dict(zip(atlas.places["id"], atlas.places["adcode"], strict=True))
    home, files = atlas.project.settings.home, atlas.ground_files
    found = ground_of(_area_adcode(atlas, home, adcodes), {*adcodes.values()} - {""}, _extent(atlas))
    towns = town_names(adcodes.values(), without={*atlas.places["name"]})
    found = replace(found, names=[*found.names, *towns])
    china = load_china_gazetteer()
    units = {code: china.name(china.row_by_id[code]) for code in found.boundaries.units if code in china.row_by_id}
    return layers.Background(
        layers.background.frames_of(files),
        ground=found,
        home=adcodes.get(home, ""),
        partners={code for party in parties if (code := _area_adcode(atlas, party, adcodes))},
        unit_names=units,
        credits=[(line, line) for line in files.credits],
        language=language,
    )


def _extent(atlas: Atlas) -> tuple[float, float, float, float] | None:
    """Return the bounding box (west, south, east, north in degrees) of everything on the maps of an atlas; None if it is empty."""
    points = [np.column_stack(axes(frame)) for frame in (atlas.places, atlas.site_rows)]
    lines = [frame.geometry.bounds.to_numpy().reshape(-1, 2) for frame in (atlas.corridors, atlas.corridor_legs)]
    reached = np.concatenate([*points, *lines])
    reached = reached[np.isfinite(reached).all(axis=1)]
    if not len(reached):
        return None
    (west, south), (east, north) = reached.min(axis=0).tolist(), reached.max(axis=0).tolist()
    return west, south, east, north


def _area_adcode(atlas: Atlas, party: str, adcodes: dict[str, str]) -> str:
    """Return the adcode of a place, or else of the nearest place around it that has one; "" if there is none, and for a site.

    Parameters
    ----------
    adcodes : id of each place -> its adcode, "" for none.
    """
    parents = dict(zip(atlas.places["id"], atlas.places["parent"], strict=True))
    seen: set[str] = set()
    while party in parents and party not in seen:
        if adcodes[party]:
            return adcodes[party]
        seen.add(party)
        party = parents[party]
    return ""


def ties(atlas: Atlas) -> dict[str, list[Any]]:
    """Return id of a partnership -> shapely points (EPSG:4326) of the sites that are part of it or that it is about.

    Only sites with their own position are included: a site at the point of its district would connect the district with itself.
    """
    sites = atlas.site_rows
    parts: dict[str, list[str]] = {}
    several = sites["part_of"].to_numpy()
    whole_of = np.flatnonzero(np.fromiter(map(bool, several), dtype=bool, count=len(several)))
    for one, wholes in sorted(zip(sites["id"].iloc[whole_of], several[whole_of], strict=True)):
        for whole in wholes:
            parts.setdefault(whole, []).append(one)
    wanted = {one for about in atlas.partnership_rows["about"] for one in about}
    wanted.update(one for identifier in atlas.partnership_rows["id"] for one in parts.get(identifier, ()))
    few = sites[cols.isin(cols.column(sites, "id"), wanted)]
    own = {
        one: point
        for one, point, borrowed in zip(few["id"], shapes_of(*axes(few)), few["position_of"], strict=True)
        if point is not None and not borrowed
    }
    found = {}
    for identifier, about in zip(atlas.partnership_rows["id"], atlas.partnership_rows["about"], strict=True):
        if held := [one for one in dict.fromkeys([*about, *parts.get(identifier, ())]) if one in own]:
            found[identifier] = [own[one] for one in held]
    return found


def page_map(atlas: Atlas, *, tiles: Sequence[str] = ()) -> PageMap:
    """Return the page as a folium map that can be saved and is displayed in a notebook; parameters and errors as in `page_html`."""
    online = find_basemaps([*atlas.project.settings.tiles, *tiles])
    view = atlas.project.settings.main_view()

    def pieces(m: folium.Map) -> Iterator[str]:
        return offline_parts(m, _document(atlas, view, online))

    m = PageMap(pieces, view.language, **_BARE)
    make_map(atlas, online=online, view=view, onto=m)
    return m


def page_html(atlas: Atlas, *, tiles: Sequence[str] = (), view: View | None = None) -> str:
    """Return the page as one HTML text.

    Parameters
    ----------
    tiles : names of online basemaps besides those of the settings.
    view : view at which the page opens; by default the project's main one.

    Raises
    ------
    UsageError : a basemap is unknown, or needs a key that is missing.
    """
    return "".join(_page_parts(atlas, tiles, view))


def page_bytes(
    atlas: Atlas, *, tiles: Sequence[str] = (), view: View | None = None, changes: Mapping[str, Any] = NO_CHANGES,
    head: Sequence[tuple[str, Mapping[str, str]]] = (),
) -> Iterator[bytes]:  # fmt: skip
    """Return an iterator over the page as UTF-8 in chunks; the map is rendered when the first chunk is requested.

    Parameters are as in `page_html` and `make_map`, ``head`` as in `Document`; errors as in `page_html`.
    """
    # The parts are encoded one by one: as one string, the page would take two bytes a character, since it has Chinese characters.
    return (part.encode("utf-8") for part in _page_parts(atlas, tiles, view, changes, head))


def _page_parts(
    atlas: Atlas, tiles: Sequence[str], view: View | None, changes: Mapping[str, Any] = NO_CHANGES,
    head: Sequence[tuple[str, Mapping[str, str]]] = (),
) -> Iterator[str]:  # fmt: skip
    """Return an iterator over the parts of the page; parameters as in `page_bytes`."""
    settings = atlas.project.settings
    view = view or settings.main_view()
    online = find_basemaps([*settings.tiles, *tiles])
    return offline_parts(
        make_map(atlas, online=online, view=view, changes=changes), replace(_document(atlas, view, online), head=head)
    )


def _document(atlas: Atlas, view: View, online: Sequence[Basemap]) -> Document:
    """Return the document of the page around the map: title, language, styles, scripts, fallback."""
    return Document(
        title=view.title if view.language == "zh" else view.title_en or view.title,
        language="zh-CN" if view.language == "zh" else "en",
        template="page/document.html.j2",
        styles=page_styles(),
        scripts=page_scripts(figures=bool(len(atlas.partnership_rows)), two_editions=atlas.new is not None),
        before_map=BEFORE_MAP,
        fallback=partnership_table(atlas.new or atlas, view),
        image_origins=sorted({origin for one in online for origin in one.origins}),
    )
