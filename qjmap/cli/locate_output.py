"""Format the answers of the locators as lines of text and as values for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qjmap.i18n import label, text

if TYPE_CHECKING:
    from qjmap.geocoding import Answer
    from qjmap.geocoding.online.online_locator import OnlineAnswer
    from qjmap.geocoding.reverse import Surroundings


def answer_line(answer: Answer, lang: str) -> str:
    """Return an answer as one line: the best candidate, or the reason why there is none, with suggestions or candidates."""
    best = answer.best
    if best is None or best.lon is None:
        more = ""
        if answer.suggestions:
            more = text("locate.suggest", lang, names="、".join(answer.suggestions))
        elif answer.candidates:
            names = "、".join(f"{item.within} {item.name}（{item.id}）".strip() for item in answer.candidates)
            more = text("locate.candidates", lang, names=names)
        elif answer.note:
            more = text("locate.note", lang, note=answer.note)
        reason = text(f"reason.{answer.reason}", lang)
        return text("locate.unresolved", lang, text=answer.text, reason=reason, more=more)
    said = f"{text('reason.conflict', lang)}: {best.note}" if answer.reason == "conflict" else best.note
    note = text("locate.note", lang, note=said) if said else ""
    note += text("locate.rest", lang, rest=best.rest) if best.rest else ""
    radius = best.radius_m or 0.0
    near = f"{radius / 1000:.0f} km" if radius >= 1000 else f"{radius:.0f} m"
    return text(
        "locate.found", lang, text=answer.text, name=best.name, id=best.id, lon=best.lon, lat=best.lat,
        level=label("precision", best.level, lang), radius=near, score=best.score, note=note,
    )  # fmt: skip


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return an answer with all of its candidates as values for JSON."""
    from dataclasses import asdict  # imported here to save start-up time

    return {
        "text": answer.text,
        "resolved": answer.resolved,
        "reason": answer.reason,
        "suggestions": list(answer.suggestions),
        "candidates": [asdict(candidate) for candidate in answer.candidates],
        **({"note": answer.note} if answer.note else {}),
    }


def online_answer_line(result: OnlineAnswer, provider: str, lang: str) -> str:
    """Return the answer of a provider as one line; if it gave none that was accepted, the offline answer and the outcome of the query."""
    from qjmap.geocoding.online.messages import candidate_line, outcome_line  # imported here to save start-up time
    from qjmap.geocoding.online.online_locator import OnlineCandidate

    best = result.answer.best
    if isinstance(best, OnlineCandidate):
        return candidate_line(result.answer.text, best, lang)
    return answer_line(result.answer, lang) + outcome_line(result, provider, lang)


def surroundings_line(point: str, surroundings: Surroundings, lang: str) -> str:
    """Return the county, its former units and the nearest town of a point as one line. `point` is the text that was given."""
    params = {
        "name": surroundings.name,
        "adcode": surroundings.adcode,
        "border": surroundings.border_m / 1000,
        "margin": surroundings.margin_m / 1000,
    }
    line = text("locate.at.found" if surroundings.adcode else "locate.at.none", lang, point=point, **params)
    if surroundings.former:
        line += text("locate.at.former", lang, names=("、" if lang == "zh" else ", ").join(surroundings.former))
    if surroundings.town and surroundings.town_m is not None:
        where = text(f"direction.{surroundings.town_direction}", lang)
        line += text("locate.at.town", lang, town=surroundings.town, far=surroundings.town_m / 1000, where=where)
    return line
