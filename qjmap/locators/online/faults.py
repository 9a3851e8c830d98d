"""What can go wrong with a provider, by what it means for the run; geopy's exceptions in those terms.

No text of an exception is ever shown or kept: it may hold the address, and the address holds the key.
"""

from __future__ import annotations

import re
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
UNNAMED = "?"
"""Code in place of one that is none."""

_CODE = re.compile(r"[0-9]{1,8}|HTTP [0-9]{3}|[a-z-]{1,12}", re.ASCII)
_SEVERAL = 6  # characters of a key, which a code holds by chance hardly ever

T = TypeVar("T")

_WRONG_ADDRESS = (404, 405, 410)
_NO_ENTRY = (401, 403)
_SPENT = (402, 418)
_NOT_THE_QUESTION = (407, 408, 425)  # a proxy's refusal, timeouts


class ProviderFault(Exception):
    """A question that was not answered.

    Parameters
    ----------
    code : the provider's own (a number), the status of HTTP, or a word of ours; `UNNAMED` in place of anything else, since
        what a server says may be anything.
    retry_after : seconds for which the provider asks to be left alone.
    """

    def __init__(self, kind: Kind, code: str, retry_after: float | None = None) -> None:
        code = code if _CODE.fullmatch(code) else UNNAMED
        super().__init__(kind, code)
        self.kind, self.code, self.retry_after = kind, code, retry_after

    def code_without(self, secret: str) -> str:
        """The code, `UNNAMED` for one that holds the key or a part of it."""
        folded, key = self.code.casefold(), secret.casefold()
        parts = {key[at : at + _SEVERAL] for at in range(max(1, len(key) - _SEVERAL + 1))} if key else set()
        told = any(part in folded for part in parts) or (len(folded) >= 4 and folded in key)
        return UNNAMED if told else self.code


def translated(call: Callable[[], T], *, keyed: bool) -> T:
    """The value of a call of geopy's; ProviderFault for whatever it raises, an answer of another shape among that."""
    from geopy.adapters import AdapterHTTPError
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
            fault = _of_status(cause.status_code, _retry_after(cause.headers), keyed)
        elif isinstance(error, GeocoderRateLimited):
            fault = ProviderFault("pace", "rate")
        elif isinstance(error, GeocoderQuotaExceeded):
            fault = ProviderFault("quota", "quota")
        elif isinstance(error, GeocoderParseError):
            fault = ProviderFault("busy", "malformed")
        else:
            fault = ProviderFault("busy", "timeout" if isinstance(error, GeocoderTimedOut) else NO_ANSWER)
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        fault = ProviderFault("busy", "malformed")
    raise fault from None


def _retry_after(headers: Any) -> float | None:
    from geopy.adapters import get_retry_after

    try:
        seconds: float | None = get_retry_after(headers)
    except (ArithmeticError, LookupError, TypeError, ValueError):  # a date that no calendar has
        return None
    return seconds


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

