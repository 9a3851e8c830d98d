"""Make an online locator from environment variables: key, URL, rate, patience, cache folder."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from qjmap._version import __version__
from qjmap.errors import UsageError
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.geocoding.online.cache import Cache
from qjmap.geocoding.online.online_locator import OnlineLocator
from qjmap.geocoding.online.provider_client import PATIENCE_S, ProviderClient
from qjmap.geocoding.online.providers import PROVIDERS, Provider, ProviderApi

AGENT = f"qjmap/{__version__}"
TIMEOUT_S = 15.0


def open_online(
    name: str, offline: OfflineLocator, environ: Mapping[str, str], *, ask_all: bool = False,
    now: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep,
) -> OnlineLocator:  # fmt: skip
    """Return the locator that queries a provider after the offline one.

    Parameters
    ----------
    name : a key of `PROVIDERS`.
    environ : environment variables. QJMAP_<NAME>_KEY is the key; QJMAP_<NAME>_URL another server with the same API;
        QJMAP_<NAME>_RATE the maximum number of queries a second, if a contract grants more; QJMAP_PATIENCE the seconds for which a query
        is retried; QJMAP_CACHE the folder of the cache (by default that of the user).
    ask_all : see `OnlineLocator`.
    now : function that returns the seconds since 1970.
    sleep : function that waits for a number of seconds.

    Raises
    ------
    UsageError : the provider is unknown, the extra with geopy is not installed, the key is missing, or a variable is invalid.
    QjmapError : the cache cannot be used.
    """
    provider = PROVIDERS.get(name)
    if provider is None:
        raise UsageError("online-unknown", provider=name, known=list(PROVIDERS))
    key = environ.get(f"{provider.variable_prefix}_KEY", "").strip()
    if provider.needs_key and not key:
        raise UsageError("online-no-key", provider=name, variable=f"{provider.variable_prefix}_KEY")
    url = _url(provider, environ)
    rate = _number(environ, f"{provider.variable_prefix}_RATE", provider.queries_per_second, least=1e-4)
    patience = _number(environ, "QJMAP_PATIENCE", PATIENCE_S, least=0.0)
    try:
        api = _provider_api(provider, url, key)
        cache = Cache(_cache_folder(environ))
    except ImportError:
        raise UsageError("online-extra") from None
    if url != provider.url:  # another server may have other data
        api.parameters += f" {url}"
    client = ProviderClient(api, cache, secret=key, per_second=rate, patience_s=patience, now=now, sleep=sleep)
    return OnlineLocator(offline, client, ask_all=ask_all)


def _provider_api(provider: Provider, url: str, key: str) -> ProviderApi:
    # Imported here: they import geopy, which is an extra; its absence is reported as a wrong use of the command.
    from qjmap.geocoding.online import amap, baidu, nominatim_photon, tianditu

    match provider.name:
        case "nominatim":
            return nominatim_photon.Nominatim(url, AGENT, TIMEOUT_S)
        case "photon":
            return nominatim_photon.Photon(url, AGENT, TIMEOUT_S)
        case "baidu":
            return baidu.Baidu(url, key, AGENT, TIMEOUT_S)
        case "amap":
            return amap.Amap(url, key, AGENT, TIMEOUT_S)
    return tianditu.Tianditu(url, key, AGENT, TIMEOUT_S)


def _url(provider: Provider, environ: Mapping[str, str]) -> str:
    """Return the URL in the environment, else that of the provider.

    Raise UsageError for an invalid one, or one with a user name, password, query or fragment, since the URL is stored in the cache.
    """
    variable = f"{provider.variable_prefix}_URL"
    url = environ.get(variable, "").strip().rstrip("/")
    if not url:
        return provider.url
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid or "@" in url or parts.query or parts.fragment:
        raise UsageError("online-url", variable=variable)
    return url


def _number(environ: Mapping[str, str], variable: str, default: float, *, least: float) -> float:
    value = environ.get(variable, "").strip()
    if not value:
        return default
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not least <= number <= 1e6:
        raise UsageError("online-number", variable=variable, value=value)
    return number


def _cache_folder(environ: Mapping[str, str]) -> Path:
    folder = environ.get("QJMAP_CACHE", "").strip()
    if folder:
        return Path(folder)
    from platformdirs import user_cache_path  # in the same extra as geopy

    return user_cache_path("qjmap", appauthor=False)
