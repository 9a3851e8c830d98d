"""One question to a provider: what is known already, the quota, the retries."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from qjmap.errors import UsageError
from qjmap.locators.online.cache import LONGEST_HOLD_S, Cache, Stored
from qjmap.locators.online.faults import NO_ANSWER, ProviderFault
from qjmap.locators.online.provider import Service

Refusal = Literal["quota", "provider-error", "too-long"]

PATIENCE_S = 60.0
"""How long one question is tried again before it is given up."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 30.0
_AWAY_S = 10.0  # the patience with a server that cannot be reached at all: most likely there is no network
_GIVE_UP_AFTER = 2  # questions in a row that were given up: the provider is down, and a table has thousands


class Unanswered(Exception):
    """A question without an answer; never kept, so that it is asked again next time."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why: Refusal = why


@dataclass
class Counts:
    """What a run cost: questions sent (each retry counts), those that the cache answered, those left without an answer."""

    sent: int = 0
    cached: int = 0
    left: int = 0


class Asker:
    """Asks a provider, nothing twice.

    Parameters
    ----------
    secret : the key; taken out of whatever is kept.
    per_second : questions a second, of all processes that share the cache.
    patience_s : how long a question is tried again.
    today, now, sleep : the clock.

    Attributes
    ----------
    secret : the key.
    stopped : why nothing more is asked in this run; what is in the cache is still answered.
    code : the provider's word for that.
    on_pause : told before a question is asked again: why, and after how many seconds.
    """

    def __init__(
        self, service: Service, cache: Cache, *, secret: str = "", per_second: float | None = None,
        patience_s: float = PATIENCE_S, today: Callable[[], date] = lambda: datetime.now(UTC).date(),
        now: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self.service, self.counts = service, Counts()
        self.stopped: Refusal | None = None
        self.code = ""
        self.on_pause: Callable[[str, float], None] = lambda code, seconds: None
        self._cache, self.secret = cache, secret
        self._interval_s = 1.0 / (per_second or service.provider.per_second)
        self._patience_s, self._today, self._now, self._sleep = patience_s, today, now, sleep
        self._given_up = 0

    def ask(self, text: str) -> Stored:
        """The provider's answer to a text, of today or of before.

        Raises
        ------
        Unanswered : the question is too long, or was given up, or the run is stopped.
        UsageError : the provider refuses the key or the address.
        """
        question = normalised(text)
        longest = self.service.provider.longest
        if longest is not None and len(question.encode("utf-8", "replace")) > longest:
            raise Unanswered("too-long")
        known = self._known(question)
        if known is not None:
            return known
        if self.stopped:
            self.counts.left += 1
            raise Unanswered(self.stopped)
        waited, pause = 0.0, _FIRST_PAUSE_S
        while True:
            self._sleep(self._cache.turn(self.service.provider.name, self._interval_s, self._now()))
            known = self._known(question)  # another process may have asked meanwhile
            if known is not None:
                return known
            try:
                self.counts.sent += 1
                results = self.service.ask(question)
            except ProviderFault as fault:
                rest = max(pause, fault.retry_after or 0.0)
                patience = min(self._patience_s, _AWAY_S) if fault.code == NO_ANSWER else self._patience_s
                if fault.kind not in ("pace", "busy") or waited + rest > patience or rest > LONGEST_HOLD_S:
                    raise self._given(fault) from None
                self.on_pause(fault.code_without(self.secret), rest)
                self._cache.hold(self.service.provider.name, self._now() + rest)
                waited += rest
                pause = min(2 * pause, _LONGEST_PAUSE_S)
                continue
            self._given_up = 0
            return self._cache.put(*self._key(question), self._today(), self._without_secret(results))

    def _known(self, question: str) -> Stored | None:
        known = self._cache.get(*self._key(question), self._today())
        self.counts.cached += known is not None
        return known

    def _key(self, question: str) -> tuple[str, str, str]:
        return self.service.provider.name, question, self.service.parameters

    def _given(self, fault: ProviderFault) -> Unanswered:
        """What a question that is given up means for those after it."""
        provider, code = self.service.provider, fault.code_without(self.secret)
        if fault.kind == "setup":
            raise UsageError(
                "online-refused", provider=provider.name, said=code, key=f"{provider.variable}_KEY",
                url=f"{provider.variable}_URL",
            ) from None  # fmt: skip
        self.code = code
        self.counts.left += 1
        if fault.kind in ("quota", "pace"):
            self.stopped = "quota"
            return Unanswered("quota")
        self._given_up += fault.kind == "busy"
        if self._given_up >= _GIVE_UP_AFTER:
            self.stopped = "provider-error"
        return Unanswered("provider-error")

    def _without_secret(self, results: list[Any]) -> list[Any]:
        kept: list[Any] = _without(results, self.secret) if self.secret else results
        return kept


def _without(value: Any, secret: str) -> Any:
    """The same JSON with stars in place of the key."""
    if isinstance(value, dict):
        return {_without(name, secret): _without(one, secret) for name, one in value.items()}
    if isinstance(value, list):
        return [_without(one, secret) for one in value]
    if isinstance(value, str):
        return value.replace(secret, "***")
    return "***" if str(value) == secret else value


def normalised(text: str) -> str:
    """A question as it is sent and kept: NFKC, single blanks, none at the ends, whole characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", whole)).strip()
