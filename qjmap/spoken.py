"""What the locator answers, as a line of text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qjmap.messages import label, text

if TYPE_CHECKING:
    from qjmap.locators import Answer
    from qjmap.locators.online.locator import Looked
    from qjmap.locators.reverse import Surroundings


def answer_line(answer: Answer, lang: str) -> str:
    """The answer as one line."""
    best = answer.best
    if best is None or best.lon is None:
        more = ""
        if answer.suggestions:
            more = text("locate.suggest", lang, names="、".join(answer.suggestions))
        elif answer.candidates:
            names = "、".join(f"{one.within} {one.name}（{one.id}）".strip() for one in answer.candidates)
            more = text("locate.candidates", lang, names=names)
        elif answer.note:
            more = text("locate.note", lang, note=answer.note)
        reason = text(f"reason.{answer.reason}", lang)
        return text("locate.unresolved", lang, text=answer.text, reason=reason, more=more)
    note = text("locate.note", lang, note=best.note) if best.note else ""
    note += text("locate.rest", lang, rest=best.rest) if best.rest else ""
    radius = best.radius_m or 0.0
    near = f"{radius / 1000:.0f} km" if radius >= 1000 else f"{radius:.0f} m"
    return text(
        "locate.found", lang, text=answer.text, name=best.name, id=best.id, lon=best.lon, lat=best.lat,
        level=label("precision", best.level, lang), radius=near, score=best.score, note=note,
    )  # fmt: skip


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer for machines."""
    from dataclasses import asdict

    return {
        "text": answer.text,
        "resolved": answer.resolved,
        "reason": answer.reason,
        "suggestions": list(answer.suggestions),
        "candidates": [asdict(one) for one in answer.candidates],
        **({"note": answer.note} if answer.note else {}),
    }


def looked_line(looked: Looked, provider: str, lang: str) -> str:
    """The answer of a provider, or the offline one with what came of asking, as one line."""
    from qjmap.locators.online.locator import OnlineCandidate
    from qjmap.locators.online.telling import outcome, place

    best = looked.answer.best
    if isinstance(best, OnlineCandidate):
        return place(looked.answer.text, best, lang)
    return answer_line(looked.answer, lang) + outcome(looked, provider, lang)


def around_line(point: str, one: Surroundings, lang: str) -> str:
    """What holds a point, as one line."""
    params = {"name": one.name, "adcode": one.adcode, "border": one.border_m / 1000, "margin": one.margin_m / 1000}
    line = text("locate.at.found" if one.adcode else "locate.at.none", lang, point=point, **params)
    if one.town and one.town_m is not None:
        line += text("locate.at.town", lang, town=one.town, far=one.town_m / 1000)
    return line
