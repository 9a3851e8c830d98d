"""Online tile layers, on request only: a page without them makes no request at all.

Tiles come over the data's ground, so a provider whose tiles are shifted (GCJ-02, BD-09) is refused until its datum is
corrected in the page: a site drawn half a kilometre off would look exact.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlsplit

import folium

from qjmap.errors import UsageError

_SHIFTED = ("gaode", "amap", "baidu", "tencent", "geoq")


@cache
def _provider(name: str) -> Any:
    import xyzservices.providers as providers

    if any(word in name.casefold() for word in _SHIFTED):
        raise UsageError("tiles-shifted", name=name)
    try:
        provider = providers.query_name(name)
    except ValueError:
        raise UsageError("tiles-unknown", name=name) from None
    if provider.requires_token():
        raise UsageError("tiles-token", name=name)
    return provider


def tile_layer(name: str) -> folium.TileLayer:
    """A folium tile layer by the name that xyzservices has for it, off when the map opens.

    Raises
    ------
    UsageError
        The name is unknown, the provider needs a key, or its tiles are not in WGS 84.
    """
    provider = _provider(name)
    return folium.TileLayer(
        tiles=provider.build_url(scale_factor=""), attr=provider.attribution, name=name, overlay=True, show=False
    )


def tile_attribution(name: str) -> str:
    """Who is named where a provider's tiles are shown; plain text."""
    return str(_provider(name).attribution)


def tile_origins(name: str) -> tuple[str, ...]:
    """Origins that the page's policy must allow for a provider, one for each subdomain."""
    provider = _provider(name)
    url = str(provider.url)
    hosts = [url.replace("{s}", one) for one in provider.get("subdomains", "abc")] if "{s}" in url else [url]
    return tuple(sorted({f"{urlsplit(one).scheme}://{urlsplit(one).netloc}" for one in hosts}))
