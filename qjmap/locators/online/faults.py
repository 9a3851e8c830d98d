"""What can go wrong with a provider, by what it means for the run; geopy's exceptions in those terms.

No text of an exception is ever shown or kept: it may hold the address, and the address holds the key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

Kind = Literal[
    "setup",  # the key or the address is wrong: no question will ever be answered
    "quota",  # the provider answers no more today
    "pace",  # asked too fast: wait and ask again
    "busy",  # the provider or the way to it fails: wait and ask again
    "question",  # it does not take this question; others it may
]

NO_ANSWER = "no-answer"
"""Code of a server that could not be reached."""

T = TypeVar("T")

_WRONG_ADDRESS = (404, 405, 410)
_NO_ENTRY = (401, 403)
_SPENT = (402, 418)
_NOT_THE_QUESTION = (407, 408, 425)  # a proxy's refusal, timeouts


class ProviderFault(Exception):
    """A question that was not answered.

    Parameters
    ----------
    code : the provider's own, or the status of HTTP; safe to show.
    retry_after : seconds for which the provider asks to be left alone.
    """

    def __init__(self, kind: Kind, code: str, retry_after: float | None = None) -> None:
        super().__init__(kind, code)
        self.kind, self.code, self.retry_after = kind, code, retry_after


def translated(call: Callable[[], T], *, keyed: bool) -> T:
    """The value of a call of geopy's; ProviderFault for whatever it raises, an answer of another shape among that."""
    from geopy.adapters import AdapterHTTPError, get_retry_after
    from geopy.exc import (
        GeocoderParseError,
        GeocoderQuotaExceeded,
        GeocoderRateLimited,
        GeocoderTimedOut,
        GeopyError,
    )

    try:
        return call()
    except ProviderFault:
        raise
    except GeopyError as error:
        cause = error.__cause__
        if isinstance(cause, AdapterHTTPError):
            fault = _of_status(cause.status_code, get_retry_after(cause.headers), keyed)
        elif isinstance(error, GeocoderRateLimited):
            fault = ProviderFault("pace", "rate")
        elif isinstance(error, GeocoderQuotaExceeded):
            fault = ProviderFault("quota", "quota")
        elif isinstance(error, GeocoderParseError):
            fault = ProviderFault("busy", "malformed")
        else:
            fault = ProviderFault("busy", "timeout" if isinstance(error, GeocoderTimedOut) else NO_ANSWER)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        fault = ProviderFault("busy", "malformed")
    raise fault from None


def _of_status(status: int, retry_after: float | None, keyed: bool) -> ProviderFault:
    code = f"HTTP {status}"
    if status == 429:
        return ProviderFault("pace", code, retry_after)
    if status in _SPENT or (
        status in _NO_ENTRY and not keyed
    ):  # without a key, 403 is how a provider shuts someone out
        return ProviderFault("quota", code)
    if status in _NO_ENTRY or status in _WRONG_ADDRESS:
        return ProviderFault("setup", code)
    if 400 <= status < 500 and status not in _NOT_THE_QUESTION:
        return ProviderFault("question", code)
    return ProviderFault("busy", code, retry_after)


def options(url: str, agent: str, timeout_s: float) -> dict[str, Any]:
    """What every geopy geocoder is made with. The system's proxies are used; urllib alone, whatever else is installed."""
    from geopy.adapters import URLLibAdapter

    return {
        "scheme": url.partition("://")[0], "user_agent": agent, "timeout": timeout_s, "adapter_factory": URLLibAdapter,
    }  # fmt: skip
