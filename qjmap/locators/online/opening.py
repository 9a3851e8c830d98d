"""A provider put together from the environment: key, address, rate, patience, cache."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from qjmap._version import __version__
from qjmap.errors import UsageError
from qjmap.locators.everywhere import Everywhere
from qjmap.locators.online.asking import PATIENCE_S, Asker
from qjmap.locators.online.cache import Cache
from qjmap.locators.online.locator import Online
from qjmap.locators.online.provider import PROVIDERS, Provider, Service

AGENT = f"qjmap/{__version__}"
TIMEOUT_S = 15.0


def open_online(
    name: str, offline: Everywhere, environ: Mapping[str, str], *, everything: bool = False,
    now: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep,
) -> Online:  # fmt: skip
    """The locator that asks the provider called `name` after the offline one.

    Parameters
    ----------
    environ : QJMAP_<NAME>_KEY, the key; QJMAP_<NAME>_URL, another server of the same kind; QJMAP_<NAME>_RATE, questions a
        second where a contract grants more; QJMAP_PATIENCE, seconds for which a question is tried again; QJMAP_CACHE, the
        folder of the answers.
    now, sleep : the clock; seconds since 1970, seconds.

    Raises
    ------
    UsageError : the provider or the extra is not there, the key is missing, or a variable cannot be read.
    QjmapError : the cache cannot be used.
    """
    provider = PROVIDERS.get(name)
    if provider is None:
        raise UsageError("online-unknown", provider=name, known=list(PROVIDERS))
    key = environ.get(f"{provider.variable}_KEY", "").strip()
    if provider.keyed and not key:
        raise UsageError("online-no-key", provider=name, variable=f"{provider.variable}_KEY")
    url = _url(provider, environ)
    rate = _number(environ, f"{provider.variable}_RATE", provider.per_second, least=1e-4)
    patience = _number(environ, "QJMAP_PATIENCE", PATIENCE_S, least=0.0)
    try:
        service = _service(provider, url, key)
        cache = Cache(_folder(environ))
    except ImportError:
        raise UsageError("online-extra") from None
    if url != provider.url:  # another server may hold another map
        service.parameters += f" {url}"
    asker = Asker(service, cache, secret=key, per_second=rate, patience_s=patience, now=now, sleep=sleep)
    return Online(offline, asker, everything=everything)


def _service(provider: Provider, url: str, key: str) -> Service:
    if provider.name == "nominatim":
        from qjmap.locators.online.osm import Nominatim

        return Nominatim(url, AGENT, TIMEOUT_S)
    if provider.name == "photon":
        from qjmap.locators.online.osm import Photon

        return Photon(url, AGENT, TIMEOUT_S)
    if provider.name == "baidu":
        from qjmap.locators.online.baidu import Baidu

        return Baidu(url, key, AGENT, TIMEOUT_S)
    if provider.name == "amap":
        from qjmap.locators.online.amap import Amap

        return Amap(url, key, AGENT, TIMEOUT_S)
    from qjmap.locators.online.tianditu import Tianditu

    return Tianditu(url, key, AGENT, TIMEOUT_S)


def _url(provider: Provider, environ: Mapping[str, str]) -> str:
    """The provider's address, or another that the environment names; without a name or password, which would be kept."""
    variable = f"{provider.variable}_URL"
    given = environ.get(variable, "").strip().rstrip("/")
    if not given:
        return provider.url
    try:
        parts = urlsplit(given)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound or "@" in given or parts.query or parts.fragment:
        raise UsageError("online-url", variable=variable)
    return given


def _number(environ: Mapping[str, str], variable: str, default: float, *, least: float) -> float:
    given = environ.get(variable, "").strip()
    if not given:
        return default
    try:
        number = float(given)
    except ValueError:
        number = math.nan
    if not least <= number <= 1e6:
        raise UsageError("online-number", variable=variable, value=given)
    return number


def _folder(environ: Mapping[str, str]) -> Path:
    given = environ.get("QJMAP_CACHE", "").strip()
    if given:
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("qjmap", appauthor=False)
