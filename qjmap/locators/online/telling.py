"""What a person is told of asking a provider."""

from __future__ import annotations

import time
from collections.abc import Callable

from qjmap.locators.online.locator import Looked, Online, OnlineCandidate
from qjmap.messages import label, text

_OFTEN_S = 10.0


def terms(provider: str, lang: str) -> str:
    """Whose data the answers are, and on which terms."""
    return text(f"online.terms.{provider}", lang)


def pause(provider: str, code: str, seconds: float, lang: str) -> str:
    """Why a question waits to be asked again."""
    return text("online.pause", lang, provider=provider, code=code, seconds=f"{seconds:.0f}")


def place(question: str, best: OnlineCandidate, lang: str) -> str:
    """A provider's place as one line."""
    radius = best.radius_m or 0.0
    return text(
        "locate.found-online", lang, text=question, name=best.name, lon=best.lon, lat=best.lat,
        level=label("precision", best.level, lang), within=best.within, provider=best.provider, date=best.asked_on,
        radius=f"{radius / 1000:.0f} km" if radius >= 1000 else f"{radius:.0f} m",
        datum=label("datum", best.provider_datum, lang),
        note=text("locate.unchecked", lang) if best.reason == "provider-unchecked" else "",
    )  # fmt: skip


def outcome(looked: Looked, provider: str, lang: str) -> str:
    """What came of asking, for an answer that is not the provider's; "" where nobody was asked."""
    if looked.outcome in ("", "answered", "unchecked"):
        return ""
    return text("locate.outcome", lang, provider=provider, outcome=text(f"outcome.{looked.outcome}", lang))


def ending(online: Online, lang: str) -> tuple[list[str], int]:
    """What was asked, and why asking stopped; and the exit code: 1 when a question was left without an answer."""
    asker, provider = online.asker, online.asker.service.provider.name
    counts = asker.counts
    lines = [text("online.done", lang, provider=provider, sent=counts.sent, cached=counts.cached)]
    if asker.stopped:
        lines.append(text(f"online.stopped.{asker.stopped}", lang, provider=provider, code=asker.code))
    elif counts.left:
        lines.append(text("online.left", lang, provider=provider, code=asker.code, count=counts.left))
    if online.failed:
        lines.append(text("online.failed", lang, count=online.failed))
    return lines, int(counts.left > 0 or online.failed > 0)


def counting(provider: str, lang: str, say: Callable[[str], None]) -> Callable[[int, int], None]:
    """Says now and then how far a long run is."""
    told = [time.monotonic()]

    def step(done: int, count: int) -> None:
        if time.monotonic() - told[0] > _OFTEN_S:
            told[0] = time.monotonic()
            say(text("online.asking", lang, provider=provider, done=done, count=count))

    return step
