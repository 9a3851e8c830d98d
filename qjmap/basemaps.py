"""Basemaps: online tile layers, on request only and hidden when the map opens.

Tiles must match the data's datum. Amap's are in GCJ-02 and are placed by their corners in WGS 84
(``web/src/runtime/gcj02-tiles.js``); Baidu's and others with a projection of their own are refused.
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
from qjmap.layers.elements import Raw, add_map_script, root_figure

TIANDITU_KEY = "QJMAP_TIANDITU_KEY"
"""Environment variable with the key for Tianditu; the page contains it, like any page with these tiles."""

NAMES = {
    "osm": ("OpenStreetMap.Mapnik",),
    "amap": ("Gaode.Normal",),
    "amap-imagery": ("Gaode.Satellite",),
    "imagery": ("Esri.WorldImagery",),
    "tianditu": ("tianditu.vec", "tianditu.cva"),
    "tianditu-imagery": ("tianditu.img", "tianditu.cia"),
}
"""Short names of common basemaps with their tile layers, lowest first; any name of xyzservices is valid as well."""

_GCJ02 = ("gaode", "amap")
_REFUSED = ("baidu", "tencent", "geoq")
"""Providers whose tiles have a projection of their own or an unstated datum."""
_TIANDITU_URL = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
"""Tianditu's documented tile service in Web Mercator (``_w``), datum CGCS2000."""


@dataclass(frozen=True)
class _Source:
    url: str
    attribution: str
    subdomains: str
    max_zoom: int
    datum: str


@dataclass(frozen=True)
class Basemap:
    """A basemap that a reader may turn on."""

    name: str
    layers: tuple[folium.TileLayer, ...]
    """Tile layers, lowest first."""
    attribution: str
    """Attribution as plain text."""
    origins: tuple[str, ...]
    """Origins that the page's policy must allow, one for each subdomain."""
    datum: str
    foreign: bool

    def add_to(self, m: folium.Map) -> None:
        """Add the tiles to a map, with the correction of their datum if they need one."""
        for layer in self.layers:
            layer.add_to(m)
            if self.datum != "wgs84":
                m.add_child(DatumCorrection(layer, self.datum), name=f"qjmap:shift:{layer.get_name()}")


class DatumCorrection(Raw):
    """Element that corrects the datum of a tile layer before it on the map."""

    def __init__(self, layer: folium.TileLayer, datum: str) -> None:
        super().__init__("")
        self._name = "qjmap_shift"
        self.layer, self.datum = layer, datum

    def render(self, **kwargs: Any) -> str:
        """Add the script and the call to the figure."""
        figure = root_figure(self)
        add_map_script(figure)
        call: Element = Raw(f'QJMap.shiftTiles({self.layer.get_name()}, "{self.datum}");')
        figure.script.add_child(call, name=self.get_name())
        return ""


def find_basemaps(names: Sequence[str]) -> list[Basemap]:
    """Basemaps by their short names or their names in xyzservices.

    Raises
    ------
    UsageError
        A name is unknown, its provider needs a key that is missing, or its tiles cannot be placed in WGS 84.
    """
    return [_basemap(name) for name in dict.fromkeys(names)]


def _basemap(name: str) -> Basemap:
    sources = [_source(layer) for layer in NAMES.get(name, (name,))]
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
    return Basemap(name, layers, sources[0].attribution, tuple(sorted(all_origins)), sources[0].datum, is_foreign(name))


def is_foreign(name: str) -> bool:
    """Whether the tiles of a basemap are of no Chinese provider."""
    return not any(word in name.casefold() for word in (*_GCJ02, "tianditu"))


@cache
def _source(name: str) -> _Source:
    if name.startswith("tianditu."):
        key = os.environ.get(TIANDITU_KEY, "")
        if not re.fullmatch(r"[0-9A-Za-z]+", key):
            raise UsageError("tiles-key", name=name.partition(".")[0], variable=TIANDITU_KEY)
        url = _TIANDITU_URL.format(layer=name.partition(".")[2], key=key)
        return _Source(url, "天地图 Tianditu (tianditu.gov.cn)", "01234567", 18, "wgs84")
    # Reads a large file; most maps have no basemap.
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
    """Origins (scheme and host) of a tile layer's images, one for each subdomain."""
    urls = [url.replace("{s}", subdomain) for subdomain in subdomains or "abc"] if "{s}" in url else [url]
    return {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, urls)}
