"""Basemaps: online tile layers that are added on request and hidden when the map opens.

Tiles must match the datum of the data. Those of Amap are in GCJ-02 and are placed by their corners in WGS 84
(``web/src/runtime/gcj02-tiles.js``). Those of Baidu and others that have a projection of their own, or whose datum is not known, are
refused.
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
from qjmap.layers.raw_elements import Raw, add_map_script, root_figure

TIANDITU_KEY = "QJMAP_TIANDITU_KEY"
"""Environment variable with the key for Tianditu. A page with these tiles has to contain the key."""

NAMES = {
    "osm": ("OpenStreetMap.Mapnik",),
    "amap": ("Gaode.Normal",),
    "amap-imagery": ("Gaode.Satellite",),
    "imagery": ("Esri.WorldImagery",),
    "tianditu": ("tianditu.vec", "tianditu.cva"),
    "tianditu-imagery": ("tianditu.img", "tianditu.cia"),
}
"""Short name of a common basemap -> names of its tile layers, the lowest first. Any name of a provider in xyzservices is valid too."""

_GCJ02 = ("gaode", "amap")
"""Words in the names of providers whose tiles are in GCJ-02."""
_REFUSED = ("baidu", "tencent", "geoq")
"""Words in the names of providers whose tiles have a projection of their own or an unstated datum."""
_TIANDITU_URL = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
"""Documented tile service of Tianditu in Web Mercator (``_w``), datum CGCS2000."""


@dataclass(frozen=True)
class _Source:
    """A tile layer.

    Attributes
    ----------
    url : template of the URL of a tile, with {x}, {y}, {z} and {s} (the subdomain).
    attribution : as plain text.
    subdomains : one character for each subdomain; "" for those of Leaflet, "abc".
    max_zoom : largest zoom for which the provider has tiles.
    datum : "wgs84" or "gcj02".
    """

    url: str
    attribution: str
    subdomains: str
    max_zoom: int
    datum: str


@dataclass(frozen=True)
class Basemap:
    """A basemap, which readers may turn on.

    Attributes
    ----------
    name : name under which the user has chosen it.
    layers : tile layers, the lowest first.
    attribution : that of the lowest tile layer, as plain text.
    origins : origins (scheme and host) of the tiles, one for each subdomain; the Content-Security-Policy of the page must allow them.
    datum : "wgs84" or "gcj02".
    foreign : whether the provider of the tiles is not Chinese; the page shows a notice of that.
    """

    name: str
    layers: tuple[folium.TileLayer, ...]
    attribution: str
    origins: tuple[str, ...]
    datum: str
    foreign: bool

    def add_to(self, m: folium.Map) -> None:
        """Add the tile layers to a map, each with an element that corrects its datum unless that is WGS 84."""
        for layer in self.layers:
            layer.add_to(m)
            if self.datum != "wgs84":
                m.add_child(DatumCorrection(layer, self.datum), name=f"qjmap:shift:{layer.get_name()}")


class DatumCorrection(Raw):
    """Element that corrects the datum of a tile layer, which must have been added to the map before it.

    Parameters
    ----------
    layer : the tile layer.
    datum : datum of its tiles, "gcj02".
    """

    def __init__(self, layer: folium.TileLayer, datum: str) -> None:
        super().__init__("")
        self._name = "qjmap_shift"
        self.layer, self.datum = layer, datum

    def render(self, **kwargs: Any) -> str:
        """Add the script of the layers and the call that corrects the datum to the figure; return ""."""
        figure = root_figure(self)
        add_map_script(figure)
        call: Element = Raw(f'QJMap.shiftTiles({self.layer.get_name()}, "{self.datum}");')
        figure.script.add_child(call, name=self.get_name())
        return ""


def find_basemaps(names: Sequence[str]) -> list[Basemap]:
    """Return the basemaps of some names, each once. Names are those of `NAMES` or of providers in xyzservices.

    Raises
    ------
    UsageError : a name is unknown, its provider needs a key that is missing, or its tiles cannot be placed in WGS 84.
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
    """Whether the provider of a basemap's tiles is not Chinese, judged by its name."""
    return not any(word in name.casefold() for word in (*_GCJ02, "tianditu"))


@cache
def _source(name: str) -> _Source:
    if name.startswith("tianditu."):
        key = os.environ.get(TIANDITU_KEY, "")
        if not re.fullmatch(r"[0-9A-Za-z]+", key):
            raise UsageError("tiles-key", name=name.partition(".")[0], variable=TIANDITU_KEY)
        url = _TIANDITU_URL.format(layer=name.partition(".")[2], key=key)
        return _Source(url, "天地图 Tianditu (tianditu.gov.cn)", "01234567", 18, "wgs84")
    import xyzservices.providers as providers  # imported here, since it reads a large file and most maps have no basemap

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
    """Return the origins (scheme and host) of the images of a tile layer, one for each subdomain.

    Parameters
    ----------
    url : template of the URL of a tile, with ``{s}`` in place of the subdomain.
    subdomains : the subdomains; if empty, those of Leaflet: "a", "b" and "c".
    """
    urls = [url.replace("{s}", subdomain) for subdomain in subdomains or "abc"] if "{s}" in url else [url]
    return {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, urls)}
