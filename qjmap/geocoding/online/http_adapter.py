"""HTTP requests of geopy's geocoders: limited in time and size, redirected on the same server only."""

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

from qjmap.geocoding.online.errors import ProviderError
from qjmap.geocoding.online.providers import is_storable_json

MAX_BODY_BYTES = 2_000_000
"""Maximum size of an answer in bytes; five places take some ten thousand."""

_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_REDIRECTS = 5
_CHUNK_BYTES = 1 << 16
_PORTS = {"http": 80, "https": 443}

T = TypeVar("T")


def geocoder_options(url: str, agent: str, timeout_s: float) -> dict[str, Any]:
    """Return the keyword arguments that all geocoders of geopy are made with.

    Parameters
    ----------
    url : base URL of the API.
    agent : text for the header User-Agent.
    timeout_s : maximum seconds from the beginning of a query to the last byte of its answer.
    """
    return {
        "scheme": url.partition("://")[0], "user_agent": agent, "timeout": timeout_s, "adapter_factory": BoundedAdapter,
    }  # fmt: skip


class BoundedAdapter(BaseSyncAdapter):  # type: ignore[misc]
    """Adapter of geopy that uses urllib, over http and https and the system's proxies, whatever else is installed.

    A redirect is followed on the same server only: the URL of a query contains the key and the user's address.
    """

    def __init__(self, *, proxies: dict[str, str] | None, ssl_context: Any) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self._opener = OpenerDirector()
        for handler in (ProxyHandler(proxies), HTTPHandler(), HTTPSHandler(context=ssl_context)):
            self._opener.add_handler(handler)

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """Return the answer to a request, parsed as JSON.

        Raise ProviderError if it is no JSON or not `is_storable_json`, and as `_get` does.
        """
        try:
            page = json.loads(self._get(url, timeout, headers))
        except (ValueError, RecursionError):
            page = None
        if page is None or not is_storable_json(page):
            raise ProviderError("temporary", "malformed")
        return page

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        """Return the answer to a request as text, with invalid UTF-8 replaced. Raise as `_get` does."""
        return self._get(url, timeout, headers).decode("utf-8", "replace")

    def _get(self, url: str, timeout_s: float, headers: dict[str, str]) -> bytes:
        """Return the body of an answer.

        Raises
        ------
        GeocoderTimedOut, GeocoderUnavailable, AdapterHTTPError : the exceptions that geopy expects.
        ProviderError : the answer cannot be used (see `_follow`), or is no valid HTTP.
        """
        deadline = time.monotonic() + timeout_s
        try:
            return _run_with_timeout(timeout_s, lambda cancelled: self._follow(url, headers, deadline, cancelled))
        except TimeoutError:
            raise GeocoderTimedOut from None
        except URLError as error:
            raise (GeocoderTimedOut if isinstance(error.reason, TimeoutError) else GeocoderUnavailable) from None
        except AdapterHTTPError:
            raise
        except OSError:
            raise GeocoderUnavailable from None
        except (HTTPException, ValueError):
            raise ProviderError("temporary", "malformed") from None

    def _follow(self, url: str, headers: dict[str, str], deadline: float, cancelled: Event) -> bytes:
        """Send a request, follow redirects, and return the body of the answer.

        Parameters
        ----------
        deadline : time of `time.monotonic` at which the request times out.
        cancelled : event after which reading stops with TimeoutError.

        Raises
        ------
        AdapterHTTPError : the status is 400 or more.
        ProviderError : there are too many redirects, one leads to another server, or the body is too large.
        OSError : the server cannot be reached, or does not answer in time (TimeoutError).
        """
        for _ in range(_MAX_REDIRECTS):
            left = max(deadline - time.monotonic(), 0.001)
            with self._opener.open(Request(url, headers=headers), timeout=left) as page:  # noqa: S310
                status, received = page.status, {name.lower(): value for name, value in page.headers.items()}
                if status in _REDIRECTS:
                    url = _redirect_target(url, received.get("location", ""))
                    continue
                body = _read_body(page, cancelled)
                if status >= 400:
                    text = body.decode("utf-8", "replace")
                    raise AdapterHTTPError(f"HTTP {status}", status_code=status, headers=received, text=text)
                return body
        raise ProviderError("temporary", "redirect")


def _redirect_target(url: str, location: str) -> str:
    """Return the URL of a redirect. Raise ProviderError if it is missing or on another server."""
    target = urljoin(url, location)
    if not location or _server(target) != _server(url):
        raise ProviderError("temporary", "redirect")
    return target


def _server(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _read_body(page: Any, cancelled: Event) -> bytes:
    body = bytearray()
    while chunk := page.read1(_CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise ProviderError("temporary", "too-large")
        if cancelled.is_set():
            raise TimeoutError
    return bytes(body)


def _run_with_timeout(seconds: float, work: Callable[[Event], T]) -> T:
    """Return the value of a function that is run in a thread, or raise its exception.

    After the timeout, raise TimeoutError and set the event that the function was given, so that it stops.

    The timeout of a socket holds for one read only: a server that sends one byte a second would never exceed it.
    """
    cancelled = Event()
    values: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            values.append(work(cancelled))
        except Exception as error:
            errors.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    for error in errors:
        raise error
    if not values:
        cancelled.set()
        raise TimeoutError
    return values[0]
