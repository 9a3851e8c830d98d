"""Misspelt names: taken only where the rest of the address pins them down, else offered as suggestions.

A character is taken for another only if it sounds like it (pinyin without tone) or looks like it; both tables are read
when the first misspelling is met.
"""

from __future__ import annotations

import difflib
from functools import cache

from qjmap.locators.merged import Merged
from qjmap.locators.national import EXACT, Place, read
from qjmap.locators.reading import Reader, Reading, State

_ALIKE, _BY_FORM = 0.9, 0.85
_SUGGESTED = 3
_LONGEST_NAME = 20


def mended(reader: Reader, state: State, text: str, at: int) -> tuple[Reading, str, float] | None:
    """The one place below the state whose full name is written here with one wrong character."""
    children = _children(reader, state)
    for strict in (True, False):
        found = {}
        for name, place in children:
            part = text[at : at + len(name)]
            if len(name) >= 3 and _one_wrong(part, name, strict=strict):
                found[place] = (name, part)
        read = [_read_on(reader, place, name, part, text, at) for place, (name, part) in found.items()]
        score = _ALIKE if strict else _BY_FORM
        deeper = [one for one in read if one[2]]
        if len(deeper) == 1 or (len(read) == 1 and (strict or len(read[0][0].form) >= 4)):
            reading, note, _ = (deeper or read)[0]
            return reading, note, score
        if len(read) > 1 and strict:
            return None
    return None


def _read_on(reader: Reader, place: Place, name: str, part: str, text: str, at: int) -> tuple[Reading, str, bool]:
    """What the text says from a mended name on; whether something deeper follows that lies in the place."""
    end, note = at + len(name), f"{part} → {name}"
    after = reader.read(name + text[end:])
    if after is not None and not after.conflict and after.end > len(name):
        held = tuple(hit for hit in after.state if reader.places.lies_in(hit[0], place))
        if held:
            return Reading(held, after.form, at + after.end), note, True
    return Reading(((place, EXACT),), name, end), note, False


def mended_start(reader: Reader, text: str) -> tuple[Reading, str, float] | None:
    """A misspelt first name, where a unit or town named right after it lies in the one place it can be."""
    if len(text) > 40:
        return None
    for at in range(2, min(7, len(text) - 1)):
        after = reader.read(text[at:])
        if after is None or after.conflict or len(after.form) < 3:
            continue
        wrong = text[:at].strip()
        found = {}
        for hit in after.state:
            for outer in reader.places.closure(hit[0]) - {hit[0]}:
                name = reader.places.name(outer)
                if _one_wrong(wrong, name, strict=False) and reader.places.kind(outer) != "country":
                    found[hit[0]] = (hit, name)
        if len(found) == 1:
            ((hit, name),) = found.values()
            return Reading((hit,), after.form, at + after.end), f"{wrong} → {name}", _BY_FORM
    return None


def _children(reader: Reader, state: State) -> list[tuple[str, Place]]:
    """Full names of the units, or of the towns of the county, that lie in the state."""
    places = reader.places
    if len(state) != 1:
        return []
    outer = state[0][0]
    counties = places.counties([outer])
    if counties:
        return list(places.national.towns_of(counties[0]))
    national = places.national
    rows = [
        row for row in range(len(national.ids))
        if national.kind(row) in ("city", "district") and not national.until(row) and places.lies_in(row, outer)
    ]  # fmt: skip
    return [(national.name(row), places.owner.get(row, row)) for row in rows]


def _one_wrong(written: str, name: str, *, strict: bool) -> bool:
    """Whether exactly one character differs and the kind (区, 县, 镇) does not; strictly, by a character that is alike."""
    if len(written) != len(name) or len(name) < 2 or written[-1] != name[-1]:
        return False
    wrong = [(a, b) for a, b in zip(written, name, strict=True) if a != b]
    if len(wrong) != 1:
        return False
    return alike(*wrong[0]) if strict else len(name) >= 3


def alike(written: str, right: str) -> bool:
    """Whether one character sounds or looks like another."""
    by_form, sounds = _characters()
    if right in by_form.get(written, "") or written in by_form.get(right, ""):
        return True
    return bool(sounds.get(written, frozenset()) & sounds.get(right, frozenset()))


@cache
def _characters() -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    data = read("characters")
    sounds: dict[str, set[str]] = {}
    for sound, characters in data["sound"].items():
        for character in characters:
            sounds.setdefault(character, set()).add(sound)
    return data["alike"], {character: frozenset(held) for character, held in sounds.items()}


def near(places: Merged, folded: str) -> tuple[str, ...]:
    """Names of today that are spelt nearly so, nearest first; suggestions only."""
    if not 2 <= len(folded) <= _LONGEST_NAME:
        return ()
    letters = set(folded)
    least = max(1, (len(letters) + 1) // 2)
    known = list(dict.fromkeys((*places.project.forms(), *places.national.forms)))
    if folded.isascii():
        known += places.national.latin
    close = [form for form in known if abs(len(form) - len(folded)) <= 1 and len(letters.intersection(form)) >= least]
    close.sort(key=lambda form: -len(letters.intersection(form)))
    found = difflib.get_close_matches(folded, close[:150], n=2 * _SUGGESTED, cutoff=0.6)
    names = []
    for form in found:
        hits = places.hits(form) or [(row, EXACT) for row in places.national.latin.get(form, ())]
        names += [places.name(one if isinstance(one, str) else places.owner.get(one, one)) for one, _ in hits[:1]]
    return tuple(dict.fromkeys(names))[:_SUGGESTED]
