"""Lines of text for the user about an online provider: terms of use, retries, outcomes, progress, summary."""

from __future__ import annotations

import time
from collections.abc import Callable

from qjmap.geocoding.online.online_locator import OnlineAnswer, OnlineCandidate, OnlineLocator
from qjmap.i18n import label, text

_REPORT_INTERVAL_S = 10.0


def terms_line(provider: str, lang: str) -> str:
    """Return the terms of use of a provider's results."""
    return text(f"online.terms.{provider}", lang)


def retry_line(provider: str, code: str, seconds: float, lang: str) -> str:
    """Return a line with the error after which a query is sent again, and the seconds until then.

    Parameters
    ----------
    code : code of the error, see `ProviderError`.
    """
    return text("online.pause", lang, provider=provider, code=code, seconds=f"{seconds:.0f}")


def candidate_line(query: str, best: OnlineCandidate, lang: str) -> str:
    """Return a line that describes the place that a provider has found for a query."""
    radius = best.radius_m or 0.0
    return text(
        "locate.found-online", lang, text=query, name=best.name, lon=best.lon, lat=best.lat,
        level=label("precision", best.level, lang), within=best.within, provider=best.provider, date=best.asked_on,
        radius=f"{radius / 1000:.0f} km" if radius >= 1000 else f"{radius:.0f} m",
        datum=label("datum", best.provider_datum, lang),
        note=text("locate.unchecked", lang) if best.reason == "provider-unchecked" else "",
    )  # fmt: skip


def outcome_line(answer: OnlineAnswer, provider: str, lang: str) -> str:
    """Return a line with the reason why the provider's answer was not taken; "" if it was taken, or nothing was queried."""
    if answer.outcome in ("", "answered", "unchecked"):
        return ""
    return text("locate.outcome", lang, provider=provider, outcome=text(f"outcome.{answer.outcome}", lang))


def summary_lines(online: OnlineLocator, lang: str) -> tuple[list[str], int]:
    """Return lines about the queries of a run, and the exit code.

    It is 1 if any query has no answer (`QueryCounts.unanswered`) or the program itself failed on one, else 0.
    """
    client, provider = online.client, online.provider.name
    counts = client.counts
    lines = [text("online.done", lang, provider=provider, sent=counts.sent, cached=counts.cached)]
    if client.stopped:
        lines.append(text(f"online.stopped.{client.stopped}", lang, provider=provider, code=client.code))
    elif counts.unanswered:
        lines.append(text("online.left", lang, provider=provider, code=client.code, count=counts.unanswered))
    if online.failed:
        lines.append(text("online.failed", lang, count=online.failed))
    return lines, int(counts.unanswered > 0 or online.failed > 0)


def progress_reporter(provider: str, lang: str, write: Callable[[str], None]) -> Callable[[int, int], None]:
    """Return a callback for progress. Called with the numbers of finished and of all queries, it writes at most a line in ten seconds."""
    last = time.monotonic()

    def report(done: int, count: int) -> None:
        nonlocal last
        if time.monotonic() - last > _REPORT_INTERVAL_S:
            last = time.monotonic()
            write(text("online.asking", lang, provider=provider, done=done, count=count))

    return report
