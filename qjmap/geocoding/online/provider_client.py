"""Send queries to a provider: from the cache where it has the answer, within the rate limit, with retries."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from qjmap.errors import UsageError
from qjmap.geocoding.online.cache import MAX_WAIT_S, Cache, CachedAnswer
from qjmap.geocoding.online.errors import NO_ANSWER, ProviderError
from qjmap.geocoding.online.providers import ProviderApi

Refusal = Literal["quota", "provider-error", "too-long"]
"""Why a query has no answer: the provider grants no more queries; it refused the query, or it or the network failed; the query is longer
than it allows."""

PATIENCE_S = 60.0
"""Seconds for which one query is retried before it is given up."""
_FIRST_BACKOFF_S, _MAX_BACKOFF_S = 1.0, 30.0
_UNREACHABLE_PATIENCE_S = 10.0  # for a server that cannot be reached at all: most likely there is no network
_MAX_FAILED_QUERIES = 2  # in a row: the provider is down, and a table has thousands of rows


class UnansweredQuery(Exception):
    """Raised for a query without an answer, which is not cached, so that it is sent again in the next run.

    Attributes
    ----------
    reason : why there is no answer.
    """

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason: Refusal = reason


@dataclass
class QueryCounts:
    """Numbers of queries of a run: sent (each retry counts), answered by the cache, and left without an answer (too long ones excepted)."""

    sent: int = 0
    cached: int = 0
    unanswered: int = 0


class ProviderClient:
    """Client of a provider that caches answers, so that an answered query is not sent again while its answer is valid.

    Parameters
    ----------
    secret : the key, which is masked in whatever is cached; "" for none.
    per_second : queries a second of all processes that share the cache; None for the provider's default.
    patience_s : seconds for which a query is retried.
    today : function that returns the date in UTC.
    now : function that returns the seconds since 1970.
    sleep : function that waits for a number of seconds.

    Attributes
    ----------
    counts : numbers of queries in this run.
    stopped : why no further query is sent in this run, while the cache still answers; None if queries are sent.
    code : code of the last error after which a query was given up.
    on_retry : called with the code of the error and the seconds to wait, before a query is sent again.
    """

    def __init__(
        self, api: ProviderApi, cache: Cache, *, secret: str = "", per_second: float | None = None,
        patience_s: float = PATIENCE_S, today: Callable[[], date] = lambda: datetime.now(UTC).date(),
        now: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self.api, self.counts = api, QueryCounts()
        self.stopped: Refusal | None = None
        self.code = ""
        self.on_retry: Callable[[str, float], None] = lambda code, seconds: None
        self._cache, self.secret = cache, secret
        self._interval_s = 1.0 / (per_second or api.provider.queries_per_second)
        self._patience_s, self._today, self._now, self._sleep = patience_s, today, now, sleep
        self._failed_in_a_row = 0

    def query(self, text: str) -> CachedAnswer:
        """Return the provider's answer to a text, new or cached.

        Raises
        ------
        UnansweredQuery : the query is too long or was given up, or no further query is sent (`stopped`).
        UsageError : the provider refuses the key or the URL.
        QjmapError : the cache cannot be used.
        """
        text = normalize_query(text)
        provider = self.api.provider
        if provider.max_bytes is not None and len(text.encode("utf-8", "replace")) > provider.max_bytes:
            raise UnansweredQuery("too-long")
        cached = self._lookup(text)
        if cached is not None:
            return cached
        if self.stopped:
            self.counts.unanswered += 1
            raise UnansweredQuery(self.stopped)
        waited, backoff = 0.0, _FIRST_BACKOFF_S
        while True:
            self._sleep(self._cache.reserve_slot(provider.name, self._interval_s, self._now()))
            cached = self._lookup(text)  # another process may have queried meanwhile
            if cached is not None:
                return cached
            try:
                self.counts.sent += 1
                results = self.api.query(text)
            except ProviderError as error:
                pause = max(backoff, error.retry_after or 0.0)
                if not self._may_retry(error, waited, pause):
                    raise self._give_up(error) from None
                self.on_retry(error.code_without(self.secret), pause)
                self._cache.defer(provider.name, self._now() + pause)
                waited += pause
                backoff = min(2 * backoff, _MAX_BACKOFF_S)
                continue
            self._failed_in_a_row = 0
            if self.secret:
                results = _remove(results, self.secret)
            return self._cache.put(*self._cache_key(text), self._today(), results)

    def _lookup(self, text: str) -> CachedAnswer | None:
        cached = self._cache.get(*self._cache_key(text), self._today())
        self.counts.cached += cached is not None
        return cached

    def _cache_key(self, text: str) -> tuple[str, str, str]:
        return self.api.provider.name, text, self.api.parameters

    def _may_retry(self, error: ProviderError, waited: float, pause: float) -> bool:
        patience_s = min(self._patience_s, _UNREACHABLE_PATIENCE_S) if error.code == NO_ANSWER else self._patience_s
        return error.kind in ("rate-limit", "temporary") and waited + pause <= patience_s and pause <= MAX_WAIT_S

    def _give_up(self, error: ProviderError) -> UnansweredQuery:
        """Count a query as unanswered, and return the exception to raise for it.

        After an error that further queries would meet too, no more are sent (`stopped`). Raise UsageError for a wrong key or URL.
        """
        provider, code = self.api.provider, error.code_without(self.secret)
        if error.kind == "setup":
            raise UsageError(
                "online-refused", provider=provider.name, said=code, key=f"{provider.variable_prefix}_KEY",
                url=f"{provider.variable_prefix}_URL",
            ) from None  # fmt: skip
        self.code = code
        self.counts.unanswered += 1
        if error.kind in ("quota", "rate-limit"):
            self.stopped = "quota"
            return UnansweredQuery("quota")
        self._failed_in_a_row += error.kind == "temporary"
        if self._failed_in_a_row >= _MAX_FAILED_QUERIES:
            self.stopped = "provider-error"
        return UnansweredQuery("provider-error")


def _remove(value: Any, secret: str) -> Any:
    """Return a JSON value with "***" in place of the key."""
    if isinstance(value, dict):
        return {_remove(name, secret): _remove(member, secret) for name, member in value.items()}
    if isinstance(value, list):
        return [_remove(item, secret) for item in value]
    if isinstance(value, str):
        return value.replace(secret, "***")
    return "***" if str(value) == secret else value


def normalize_query(text: str) -> str:
    """Return a query as it is sent and cached: NFKC, single spaces between words, none at the ends, "?" for lone surrogates."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", whole)).strip()
