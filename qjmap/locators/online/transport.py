"""One question over HTTP: from the server that was asked and no other, of limited size, within a limited time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.client import HTTPException
from threading import Event, Thread
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderTimedOut, GeocoderUnavailable

from qjmap.locators.online.faults import ProviderFault
from qjmap.locators.online.provider import sound

LARGEST = 2_000_000
"""Bytes of an answer; five places take some ten thousand."""

_REDIRECTS = (301, 302, 303, 307, 308)
_HOPS = 5
_CHUNK = 1 << 16
_PORTS = {"http": 80, "https": 443}

T = TypeVar("T")


def options(url: str, agent: str, timeout_s: float) -> dict[str, Any]:
    """What every geopy geocoder is made with.

    Parameters
    ----------
    timeout_s : for a question from its beginning to the last byte of its answer.
    """
    return {
        "scheme": url.partition("://")[0], "user_agent": agent, "timeout": timeout_s, "adapter_factory": Bounded,
    }  # fmt: skip


class Bounded(BaseSyncAdapter):  # type: ignore[misc]
    """Asks by urllib, over http and https alone and by the system's proxies, whatever else is installed.

    A redirect is followed on the same server only: the address of a question holds the key, and the question is nobody
    else's business.
    """

    def __init__(self, *, proxies: dict[str, str] | None, ssl_context: Any) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self._opener = OpenerDirector()
        for handler in (ProxyHandler(proxies), HTTPHandler(), HTTPSHandler(context=ssl_context)):
            self._opener.add_handler(handler)

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """The answer as plain JSON; ProviderFault for one that cannot be used."""
        try:
            page = json.loads(self._got(url, timeout, headers))
        except (ValueError, RecursionError):
            page = None
        if page is None or not sound(page):
            raise ProviderFault("busy", "malformed")
        return page

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        """The answer as text."""
        return self._got(url, timeout, headers).decode("utf-8", "replace")

    def _got(self, url: str, timeout_s: float, headers: dict[str, str]) -> bytes:
        def ask(given_up: Event) -> bytes:
            return self._asked(url, headers, time.monotonic() + timeout_s, given_up)

        try:
            return _within(timeout_s, ask)
        except TimeoutError:
            raise GeocoderTimedOut from None
        except URLError as error:
            raise (GeocoderTimedOut if isinstance(error.reason, TimeoutError) else GeocoderUnavailable) from None
        except AdapterHTTPError:
            raise
        except OSError:
            raise GeocoderUnavailable from None
        except (HTTPException, ValueError):
            raise ProviderFault("busy", "malformed") from None

    def _asked(self, url: str, headers: dict[str, str], until: float, given_up: Event) -> bytes:
        for _ in range(_HOPS):
            left = max(until - time.monotonic(), 0.001)
            with self._opener.open(Request(url, headers=headers), timeout=left) as page:  # noqa: S310
                status, told = page.status, {name.lower(): value for name, value in page.headers.items()}
                if status in _REDIRECTS:
                    url = _further(url, told.get("location", ""))
                    continue
                body = _read(page, given_up)
                if status >= 400:
                    text = body.decode("utf-8", "replace")
                    raise AdapterHTTPError(f"HTTP {status}", status_code=status, headers=told, text=text)
                return body
        raise ProviderFault("busy", "redirect")


def _further(url: str, location: str) -> str:
    """Where a redirect leads; ProviderFault for another server."""
    target = urljoin(url, location)
    if not location or _server(target) != _server(url):
        raise ProviderFault("busy", "redirect")
    return target


def _server(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _read(page: Any, given_up: Event) -> bytes:
    body = bytearray()
    while chunk := page.read1(_CHUNK):
        body += chunk
        if len(body) > LARGEST:
            raise ProviderFault("busy", "too-large")
        if given_up.is_set():
            raise TimeoutError
    return bytes(body)


def _within(seconds: float, work: Callable[[Event], T]) -> T:
    """The value of some work, done in a thread that is left to itself after so many seconds, when TimeoutError is raised.

    Timeouts of sockets hold for one read: a server that sends a byte a second is never late.
    """
    given_up = Event()
    values: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            values.append(work(given_up))
        except Exception as error:
            errors.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    for error in errors:
        raise error
    if not values:
        given_up.set()
        raise TimeoutError
    return values[0]
