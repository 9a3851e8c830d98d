"""Names in Latin letters, as English and pinyin write them: Qijiang District, Chongqing; Zigong; Qi Jiang Qu."""

from __future__ import annotations

import re

from qjmap.locators.national import EXACT, SHORT, Hit
from qjmap.locators.reading import Reader, Reading, State

_WORD = re.compile(r"[a-z0-9]+")
_SAID = frozenset(("china", "pr", "prc", "people", "republic", "of", "the", "municipality"))


def read_latin(reader: Reader, text: str) -> tuple[Reading, str] | None:
    """What a folded ASCII text names, and its parts that name nothing; None where no part is a name as a whole.

    Parts stand between commas, the smallest first as English has it, or the other way round: each name lies in or
    around the others.
    """
    state: State = ()
    form, unread = "", []
    for part in (one.strip() for one in text.split(",")):
        if not part:
            continue
        names = _names(reader, part)
        if not names:
            unread.append(part)
            continue
        for name, hits in names:
            step = _narrowed(reader, state, hits)
            if step is None:
                return Reading((*state, *hits), name, len(text), True), ", ".join(unread)
            if set(step) - set(state):
                form = name
            state = step
    return (Reading(state, form, len(text)), ", ".join(unread)) if state else None


def _narrowed(reader: Reader, state: State, hits: State) -> State | None:
    if not state:
        return hits
    lies_in = reader.places.lies_in
    inner = tuple(hit for hit in hits if any(lies_in(hit[0], one) for one, _ in state))
    outer = tuple(one for one in state if any(lies_in(one[0], hit) for hit, _ in hits))
    return inner if inner and not outer else outer or None


def _names(reader: Reader, part: str) -> list[tuple[str, State]]:
    """The names that a part consists of, longest first from the left; nothing unless every word belongs to one."""
    if hits := reader.places.hits(part):
        return [(part, hits)]
    words = _WORD.findall(re.sub(r"['’\-]", "", part))
    found: list[tuple[str, State]] = []
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + 6), at, -1):
            hits = _hits(reader, words[at:end])
            if hits:
                found.append((" ".join(words[at:end]), hits))
                at = end
                break
        else:
            if words[at] not in _SAID:
                return []
            at += 1
    return found


def _hits(reader: Reader, words: list[str]) -> State:
    """The places that words name together: as they stand, written in one, or with the kind apart."""
    places = reader.places
    spaced = " ".join(words)
    if own := tuple((one, kind) for one, kind in places.hits(spaced) if isinstance(one, str)):
        return own
    for form in dict.fromkeys((spaced, "".join(words), "".join(words[:-1]) + " " + words[-1])):
        rows = places.national.latin.get(form)
        if rows:
            kind = EXACT if " " in form else SHORT
            return tuple(dict[Hit, None].fromkeys((places.owner.get(row, row), kind) for row in rows))
    return ()
