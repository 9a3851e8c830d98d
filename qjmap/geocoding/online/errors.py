"""Errors of providers classified by their consequence for the run, and the translation of geopy's exceptions into them.

No text of an exception is ever shown or stored: it may contain the URL, and the URL contains the key.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal, TypeVar

Kind = Literal[
    "setup",  # key or URL is wrong: no query will ever be answered
    "quota",  # no more answers today
    "rate-limit",  # too many queries a second: wait and retry
    "temporary",  # provider or network fails: wait and retry
    "rejected",  # this query is refused; others may be answered
]

NO_ANSWER = "no-answer"
"""Code of an error for a server that could not be reached."""
UNKNOWN_CODE = "?"
"""Replaces a code that must not be shown, since it may contain the key."""

_CODE = re.compile(r"[0-9]{1,8}|HTTP [0-9]{3}|[a-z-]{1,12}", re.ASCII)
_KEY_PART_LENGTH = 6  # characters of a key that a code hardly ever contains by chance

T = TypeVar("T")

_WRONG_URL = (404, 405, 410)
_FORBIDDEN = (401, 403)
_QUOTA_SPENT = (402, 418)
_RETRIABLE = (407, 408, 425)  # a proxy's refusal, timeouts


class ProviderError(Exception):
    """Raised if a provider does not answer a query.

    Attributes
    ----------
    kind : its consequence, see `Kind`.
    code : the provider's own code (a number), "HTTP" and a status, or a word of this program such as "timeout"; `UNKNOWN_CODE` in
        place of anything else that a server may send.
    retry_after : seconds that the provider asks to wait before the next query; None if it states none.
    """

    def __init__(self, kind: Kind, code: str, retry_after: float | None = None) -> None:
        code = code if _CODE.fullmatch(code) else UNKNOWN_CODE
        super().__init__(kind, code)
        self.kind, self.code, self.retry_after = kind, code, retry_after

    def code_without(self, secret: str) -> str:
        """Return the code; `UNKNOWN_CODE` if it has six consecutive characters of the key, or is a part of it of four or more.

        A key of fewer than six characters must occur as a whole. Upper and lower case count as equal.

        Parameters
        ----------
        secret : the key; "" for none.
        """
        folded, key = self.code.casefold(), secret.casefold()
        starts = range(max(1, len(key) - _KEY_PART_LENGTH + 1)) if key else ()
        leaks = any(key[start : start + _KEY_PART_LENGTH] in folded for start in starts)
        return UNKNOWN_CODE if leaks or (len(folded) >= 4 and folded in key) else self.code


def translate_errors(call: Callable[[], T], *, needs_key: bool) -> T:
    """Return the value of a call of geopy; raise ProviderError for its exceptions and for answers of unexpected structure.

    Parameters
    ----------
    needs_key : whether the provider needs a key, which the statuses 401 and 403 then refuse.
    """
    from geopy.adapters import AdapterHTTPError  # geopy is an extra and imported with the first query
    from geopy.exc import (
        GeocoderParseError,
        GeocoderQuotaExceeded,
        GeocoderRateLimited,
        GeocoderTimedOut,
        GeopyError,
    )

    try:
        return call()
    except ProviderError:
        raise
    except GeopyError as exception:
        cause = exception.__cause__
        if isinstance(cause, AdapterHTTPError):
            error = _from_status(cause.status_code, _retry_after(cause.headers), needs_key)
        elif isinstance(exception, GeocoderRateLimited):
            error = ProviderError("rate-limit", "rate")
        elif isinstance(exception, GeocoderQuotaExceeded):
            error = ProviderError("quota", "quota")
        elif isinstance(exception, GeocoderParseError):
            error = ProviderError("temporary", "malformed")
        else:
            error = ProviderError("temporary", "timeout" if isinstance(exception, GeocoderTimedOut) else NO_ANSWER)
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        error = ProviderError("temporary", "malformed")
    raise error from None


def _retry_after(headers: Any) -> float | None:
    from geopy.adapters import get_retry_after  # as in `translate_errors`

    try:
        seconds: float | None = get_retry_after(headers)
    except (ArithmeticError, LookupError, TypeError, ValueError):  # an invalid date in Retry-After
        return None
    return seconds


def _from_status(status: int, retry_after: float | None, needs_key: bool) -> ProviderError:
    """Return the error for an HTTP status.

    401 and 403 refuse the key, kind "setup"; from a provider without keys they mean that it has blocked this client, kind "quota".
    """
    code = f"HTTP {status}"
    if status == 429:
        return ProviderError("rate-limit", code, retry_after)
    if status in _QUOTA_SPENT or (status in _FORBIDDEN and not needs_key):
        return ProviderError("quota", code)
    if status in _FORBIDDEN or status in _WRONG_URL:
        return ProviderError("setup", code)
    if 400 <= status < 500 and status not in _RETRIABLE:
        return ProviderError("rejected", code)
    return ProviderError("temporary", code, retry_after)
