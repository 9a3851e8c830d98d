"""Online backgrounds, on request only and off when the map opens: a page without them makes no request at all.

Tiles come over the data's ground, so they must lie where the data lie: Amap's are cut in GCJ-02 and are laid by their corners
in WGS 84 (``web/src/runtime/gcj02-tiles.js``); Baidu's and others with a projection of their own are refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import folium
from branca.element import Element

from qjmap.errors import UsageError
from qjmap.layers.base import Raw, add_map_script, root_figure

TIANDITU_KEY = "QJMAP_TIANDITU_KEY"
"""Environment variable with the key that Tianditu asks for; the page carries it, as any page with these tiles does."""

NAMES = {
    "osm": ("OpenStreetMap.Mapnik",),
    "amap": ("Gaode.Normal",),
    "amap-imagery": ("Gaode.Satellite",),
    "imagery": ("Esri.WorldImagery",),
    "tianditu": ("tianditu.vec", "tianditu.cva"),
    "tianditu-imagery": ("tianditu.img", "tianditu.cia"),
}
"""Short names of the usual backgrounds, each with its tile layers, lowest first; any name of xyzservices will do too."""

_GCJ02 = ("gaode", "amap")
_REFUSED = ("baidu", "tencent", "geoq")
"""Tiles with a projection of their own, or whose datum their provider does not state."""
_TIANDITU_URL = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
"""Tianditu's documented tile service in Web Mercator (``_w``); its datum is CGCS2000."""


@dataclass(frozen=True)
class _Source:
    url: str
    attribution: str
    subdomains: str
    max_zoom: int
    datum: str


@dataclass(frozen=True)
class Background:
    """An online background that a reader may turn on."""

    name: str
    layers: tuple[folium.TileLayer, ...]
    """Its tile layers, lowest first."""
    attribution: str
    """Who is named where it is shown; plain text."""
    origins: tuple[str, ...]
    """Origins that the page's policy must allow, one for each subdomain."""
    datum: str
    foreign: bool

    def add_to(self, m: folium.Map) -> None:
        """Puts the tiles on a map, and what lays them in WGS 84."""
        for layer in self.layers:
            layer.add_to(m)
            if self.datum != "wgs84":
                m.add_child(Correction(layer, self.datum), name=f"qjmap:shift:{layer.get_name()}")


class Correction(Raw):
    """Corrects the datum of a tile layer that stands before it on the map."""

    def __init__(self, layer: folium.TileLayer, datum: str) -> None:
        super().__init__("")
        self._name = "qjmap_shift"
        self.layer, self.datum = layer, datum

    def render(self, **kwargs: Any) -> str:
        """Adds the scripts and the call to the figure."""
        figure = root_figure(self)
        add_map_script(figure)
        call: Element = Raw(f'QJMap.shiftTiles({self.layer.get_name()}, "{self.datum}");')
        figure.script.add_child(call, name=self.get_name())
        return ""


def backgrounds(names: Sequence[str]) -> list[Background]:
    """Online backgrounds by their short names or those of xyzservices.

    Raises
    ------
    UsageError
        A name is unknown, its provider needs a key that is not there, or its tiles can't be laid in WGS 84.
    """
    return [_background(name) for name in dict.fromkeys(names)]


def _background(name: str) -> Background:
    sources = [_source(one) for one in NAMES.get(name, (name,))]
    layers = tuple(
        folium.TileLayer(
            tiles=source.url,
            attr=source.attribution,
            name=name,
            overlay=True,
            show=False,
            max_native_zoom=source.max_zoom,
            subdomains=source.subdomains or "abc",
        )
        for source in sources
    )
    all_origins = {origin for source in sources for origin in origins(source.url, source.subdomains)}
    home = any(word in name.casefold() for word in (*_GCJ02, "tianditu"))
    return Background(name, layers, sources[0].attribution, tuple(sorted(all_origins)), sources[0].datum, not home)


@cache
def _source(name: str) -> _Source:
    if name.startswith("tianditu."):
        key = os.environ.get(TIANDITU_KEY, "")
        if not re.fullmatch(r"[0-9A-Za-z]+", key):
            raise UsageError("tiles-key", name=name.partition(".")[0], variable=TIANDITU_KEY)
        url = _TIANDITU_URL.format(layer=name.partition(".")[2], key=key)
        return _Source(url, "天地图 Tianditu (tianditu.gov.cn)", "01234567", 18, "wgs84")
    import xyzservices.providers as providers

    if any(word in name.casefold() for word in _REFUSED):
        raise UsageError("tiles-shifted", name=name)
    try:
        provider = providers.query_name(name)
    except ValueError:
        raise UsageError("tiles-unknown", name=name, allowed=", ".join(NAMES)) from None
    if provider.requires_token():
        raise UsageError("tiles-token", name=name)
    datum = "gcj02" if any(word in name.casefold() for word in _GCJ02) else "wgs84"
    url = re.sub("^http:", "https:", provider.build_url(scale_factor=""))
    attribution = unescape(re.sub(r"<[^>]*>", "", str(provider.attribution)))
    return _Source(url, attribution, provider.get("subdomains", ""), provider.get("max_zoom", 18), datum)


def origins(url: str, subdomains: Sequence[str]) -> set[str]:
    """Where a tile layer's images come from: scheme and host, one for each subdomain."""
    urls = [url.replace("{s}", one) for one in subdomains or "abc"] if "{s}" in url else [url]
    return {f"{urlsplit(one).scheme}://{urlsplit(one).netloc}" for one in urls}
