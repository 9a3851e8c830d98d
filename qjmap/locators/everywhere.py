"""The offline locator: a project's own places first, then all of China; never a guess.

A text is folded (full width, case, traditional characters), read name by name, and decided: one place, or unresolved
with the reason. What decides between equal names is said in `_choose`; where nothing does, the answer is ``ambiguous``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qjmap.locators import spelling
from qjmap.locators.gazetteer import Gazetteer, Position, fold
from qjmap.locators.latin import read_latin
from qjmap.locators.merged import Merged
from qjmap.locators.national import ALIAS, EXACT, FORMER, SHORT, TOWN, Hit, National, Place
from qjmap.locators.protocol import Answer, Candidate, Reason, failed
from qjmap.locators.reading import Reader, Reading, State, skip

_LONGEST = 160  # characters: an address is shorter, a paragraph longer
_LONGEST_REST = 60
_MUNICIPALITIES = ("11", "12", "31", "50")
_REASONS: dict[int, Reason] = {EXACT: "exact", SHORT: "short-name", FORMER: "former-name", ALIAS: "alias"}
_SCORES: dict[Reason, float] = {
    # Shares of right answers on the half of the cases in benchmarks/geocoder.py that the scores were set on.
    "exact": 1.0, "alias": 0.98, "short-name": 0.98, "former-name": 0.97, "address": 0.98, "typo": 0.9,
}  # fmt: skip
_BY_CONTEXT = 0.9
_ALSO_FORMER = 0.8  # a county of today by whose name another was known
_BARE = 0.8  # a county's short name and nothing else: 平安 is also a word
_RUN_ON = 0.5  # a county's short name that something follows directly: 东方锅炉厂 is not in 东方市
_TURNED = 0.9
_PARTLY_READ = 0.2
_JOINS = frozenset("到至和与及以同往、~～—-")
_LABEL = re.compile(
    "(?:详细|联系|通讯|通信|公司|单位|注册|项目|企业|收货)?(?:地址|住址|地点|所在地|位置|住所)[:：]? ?|(?:位于|地处|坐落于|坐落在) ?"
)
_LABELS = frozenset("详联通公单注项企收地住所位坐")
# What makes a text worth a closer look before it is read.
_DOUBTFUL = re.compile(
    "[<>{}$`=\\\\\"?!*^~;'。…\ufffd\u0590-\u08ff\u200b-\u200f\u202a-\u202e\u2066-\u2069\u2600-\u27bf\ud800-\udfff\U0001f000-\U0001faff"
    "\x00-\x08\x0e-\x1f]|--"
)
# What no address holds: code, emoji, letters written from right to left, replacement and control characters.
_STRANGE = re.compile(
    '[<>{}$`=\\\\"?!*^~\ufffd\u0590-\u08ff\u200b-\u200f\u202a-\u202e\u2066-\u2069\u2600-\u27bf\ud800-\udfff\U0001f000-\U0001faff'
    "\x00-\x08\x0e-\x1f]|--|[;'][a-z ]*(?:drop|select|insert|delete|update|or|union)\\b"
)
_SENTENCE = re.compile(r"[。;!?…].*[一-龥]")
_COMMAS = 5
_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


Areas = tuple[frozenset[Place], ...]
"""The places that each word of a row may mean, which says in which area the row's place lies."""

Plain = tuple[str, str, float, float | None, str, float | None, float, str, str, Reason, str, str]
"""id, name, lon, lat, level, radius_m, score, matched, rest, reason, position_of, note."""
_Made = tuple[str, str, str, float | None, float | None, float | None, str, str]


class Everywhere:
    """Answers for the places of one project and of all China.

    Parameters
    ----------
    project : the project's own places; they come first.
    home : id of the place whose project it is; between equal names the one inside it is meant.
    national : the gazetteer of the package.
    suggests : offer names that are spelt nearly so where a text is unknown; looking for them takes longer than any answer.
    """

    def __init__(
        self, project: Gazetteer | None = None, *, home: str = "", national: National | None = None, suggests: bool = True
    ) -> None:
        self.places = Merged(national or everyone(), project or Gazetteer(()))
        self.reader = Reader(self.places)
        self._home, self._suggests = home, suggests
        self._simple = self.places.national.simple
        self._traditional = re.compile(f"[{''.join(map(chr, self._simple))}]").search
        self._decided: dict[tuple[State, Areas, str], tuple[Hit | None, Reason, float]] = {}
        self._made: dict[tuple[Hit, str], _Made] = {}

    def __contains__(self, identifier: str) -> bool:
        return self.places.place(identifier) is not None

    def position(self, identifier: str) -> Position | None:
        """Where the place with an id lies; None for an unknown one and for one without any position."""
        place = self.places.place(identifier)
        return None if place is None else self.places.position(place)

    def ancestors(self, identifier: str) -> tuple[str, ...]:
        """Ids of the areas that a place lies in."""
        place = self.places.place(identifier)
        held = self.places.closure(place) if place is not None else frozenset()
        return tuple(sorted({self.places.id(one) for one in held} - {identifier}))

    def locate(self, text: str, *, within: Sequence[str] = ()) -> Answer:
        """Candidates for a name or an address; ``within`` are names or ids of areas that hold it.

        A text on which the program itself fails has no answer, for the reason ``internal-error``.
        """
        try:
            return self.answer(text, self.areas(within))
        except MemoryError:
            raise
        except Exception as error:
            return failed(text, error)

    def areas(self, within: Iterable[str]) -> Areas:
        """The places that each word of a row may mean; none for a word that is not known, and nothing lies in that."""
        found: list[frozenset[Place]] = []
        for word in within:
            folded = self._fold(word)
            if not folded:
                continue
            place = self.places.place(folded)
            if place is not None:
                found.append(frozenset((place,)))
                continue
            if self.places.knows(folded):
                found.append(frozenset(one for one, _ in self.places.hits(folded)))
                continue
            reading = self.reader.read(folded)
            read = reading is not None and not reading.conflict
            found.append(frozenset(one for one, _ in reading.state) if read and reading else frozenset())
        return tuple(found)

    def answer(self, text: str, areas: Areas = ()) -> Answer:
        """The answer inside areas as `areas` gives them."""
        if len(text) > _LONGEST:
            return Answer(text, None, (), "unknown")
        folded = self._fold(text)
        if not folded:
            return Answer(text, None, (), "empty")
        if _STRANGE.search(folded) or _SENTENCE.search(folded) or folded.count(",") > _COMMAS:
            return Answer(text, None, (), "unknown")
        if self.places.knows(folded):
            return self._answer(text, Reading(self.places.hits(folded), folded, len(folded)), folded, areas)
        if folded.isascii():
            found = read_latin(self.reader, folded)
            if found is None:
                return self._unknown(text, folded)
            return self._answer(text, found[0], folded, areas, rest=found[1])
        reading = self.reader.read(folded)
        if reading is None and (numeral := folded.translate(_DIGITS)) != folded:
            reading = self.reader.read(numeral)
        if reading is None and (turned := self._turned(folded)) is not None:
            return self._answer(text, turned[0], turned[1], areas, score=_TURNED)
        if reading is None:
            mended = spelling.mended_start(self.reader, folded)
            if mended is None:
                return self._villages(text, folded, areas) or self._unknown(text, folded)
            return self._typo(text, folded, areas, *mended)
        if not reading.conflict and reading.end < len(folded):
            start = skip(folded, reading.end)
            if folded[start : start + 1].isdigit():  # 7星关区
                again = self.reader.read(folded[:start] + folded[start:].translate(_DIGITS))
                if again is not None and not again.conflict and again.end > start:
                    return self._answer(text, again, folded, areas)
            if (unit := self.reader.unread_unit(folded[start:])) and self._is_wide(reading.state, unit):
                child = spelling.mended(self.reader, reading.state, folded, start)
                if child is not None:
                    return self._typo(text, folded, areas, *child)
                return self._answer(text, reading, folded, areas, score=_PARTLY_READ)
        return self._answer(text, reading, folded, areas)

    def plain(self, text: str, areas: Areas = ()) -> Plain | None:
        """What `answer` says of a text that is a plain Chinese address, as bare values; None for any other text.

        For many texts at once, where the objects of an answer would take half of the time.
        """
        if len(text) > _LONGEST:
            return None
        folded = self._fold(text)
        if folded.isascii() or self.places.knows(folded) or _DOUBTFUL.search(folded) or folded.count(",") > _COMMAS:
            return None
        reading = self.reader.read(folded)
        if reading is None or reading.conflict:
            return None
        end = reading.end
        rest = folded[skip(folded, end) :]
        if rest and (
            rest[0].isdigit() or len(rest) > _LONGEST_REST or self.reader.unread_unit(rest) or folded[end] in _JOINS
        ):
            return None
        state = reading.state
        if len(state) == 1 and not areas:  # what `_choose` says of one place that nothing speaks against
            hit, most = state[0], 1.0
        else:
            key = (state, areas, reading.form)
            decided = self._decided.get(key)
            if decided is None:
                decided = self._decided[key] = self._choose(*key)
            if decided[0] is None:
                return None
            hit, most = decided[0], decided[2]
        identifier, name, level, lon, lat, radius, of, note = self._said(hit, reading.form)
        if lon is None:
            return None
        reason: Reason = "address" if rest else _REASONS[hit[1]]
        score = min(most, _SCORES[reason], self._alone(hit, folded[:end], reading.form, areas, rest))
        return identifier, name, lon, lat, level, radius, score, folded[:end], rest, reason, of, note

    def _is_wide(self, state: State, unit: str) -> bool:
        """Whether a unit that was not read would lie deeper than what was."""
        kinds = {self.places.kind(one) for one, _ in state}
        return bool(kinds & {"province", "city"}) or (unit[-1] in "镇乡道" and "district" in kinds)

    def _typo(
        self, text: str, folded: str, areas: Areas, reading: Reading, note: str, score: float
    ) -> Answer:
        return self._answer(text, reading, folded, areas, reason="typo", note=note, score=score)

    def _fold(self, text: str) -> str:
        folded = fold(text).strip("。.,，;； \"'“”‘’")
        folded = folded.translate(self._simple) if self._traditional(folded) else folded
        if folded[:1] in _LABELS and (label := _LABEL.match(folded)):
            folded = folded[label.end() :]
        return folded

    def _answer(
        self, text: str, reading: Reading, folded: str, areas: Areas, *,
        rest: str | None = None, reason: Reason | None = None, note: str = "", score: float | None = None,
    ) -> Answer:  # fmt: skip
        end = reading.end
        if rest is None:
            rest = folded[skip(folded, end) :]
            if len(rest) > _LONGEST_REST:
                return Answer(text, None, (), "unknown")
        matched = folded[:end].strip()
        other = self.reader.joined(folded, end) if folded[end : end + 1] in _JOINS else None
        if other is not None and not set(other.state) <= set(reading.state):
            both = self._listed((*reading.state, *other.state), reading.form, matched, rest, "ambiguous", 0.3)
            return Answer(text, None, both, "ambiguous")
        if reading.conflict:
            listed = self._listed(reading.state, reading.form, matched, rest, "conflict", 0.3)
            return Answer(text, None, listed, "conflict")
        key = (reading.state, areas, reading.form)
        if key not in self._decided:
            self._decided[key] = self._choose(*key)
        hit, why, most = self._decided[key]
        if hit is None:
            return Answer(text, None, self._listed(reading.state, reading.form, matched, rest, why, 0.3), why)
        given = reason or ("address" if rest else _REASONS[hit[1]])
        grade = (
            score
            if score is not None
            else min(most, _SCORES[given], self._alone(hit, matched, reading.form, areas, rest))
        )
        best = self._candidate(hit, reading.form, given, grade, matched, rest, note)
        others: tuple[Candidate, ...] = ()
        if len(reading.state) > 1:
            lost = tuple(one for one in reading.state if one[0] != hit[0])
            others = self._listed(lost, reading.form, matched, rest, "ambiguous", 0.3)
        return Answer(text, best, (best, *others), best.reason if best.lon is not None else "no-position")

    def _choose(self, state: State, areas: Areas, form: str) -> tuple[Hit | None, Reason, float]:
        """The one place that is meant, or the reason why none is; the best score that the way of deciding allows.

        In this order: what lies in the areas of the row; the project's own place, by its own name before an alias; a full
        name before a short one before a former one; an area before what lies in it (长沙 is 长沙市, not 长沙县); a
        province before anything; a prefecture before counties of that short name, unless a municipality has one of
        them; what lies in the project's home.
        """
        places, lies_in = self.places, self.places.lies_in
        left = [hit for hit in state if all(any(lies_in(hit[0], area) for area in group) for group in areas)]
        if not left:
            return None, "conflict", 0.0
        own = [hit for hit in left if isinstance(hit[0], str)]
        if own:
            named = [hit for hit in own if hit[1] == EXACT]
            left = named if len(named) == 1 else own
            return (left[0], "exact", 1.0) if len(left) == 1 else (None, "ambiguous", 0.0)
        doubtful = False
        for tier in ((EXACT,), (SHORT, ALIAS), (FORMER,)):
            if held := [hit for hit in left if hit[1] in tier]:
                # 山西省矿区: that of 阳泉 today, and until 2018 also one of 大同.
                doubtful = tier == (EXACT,) and any(hit[1] == FORMER for hit in left)
                left = held
                break
        if len(left) == 1:  # every town of the mainland is known, so a name that one of them has is its alone
            return left[0], "exact", _ALSO_FORMER if doubtful else 1.0
        outer = [hit for hit in left if all(lies_in(other[0], hit[0]) for other in left)]
        if len(outer) == 1:
            return outer[0], "exact", 1.0
        for kind in ("province", "city"):
            wide = [hit for hit in left if places.kind(hit[0]) == kind]
            urban = any(
                places.kind(hit[0]) == "district" and places.id(hit[0]).startswith(_MUNICIPALITIES) for hit in left
            )
            if len(wide) == 1 and (kind == "province" or not urban) and left[0][1] != FORMER:
                return wide[0], "exact", _BY_CONTEXT if kind == "city" else 1.0
        home = [hit for hit in left if self._home and lies_in(hit[0], self._home)]
        if len(home) == 1:
            return home[0], "exact", _BY_CONTEXT
        return None, "ambiguous", 0.0

    def _alone(self, hit: Hit, matched: str, form: str, areas: Areas, rest: str) -> float:
        """The best score of a name that stands without any other: a county's short name is often just a word."""
        place, kind = hit
        if (
            kind not in (SHORT, FORMER)
            or len(form) > 2
            or areas
            or isinstance(place, str)
            or self.places.kind(place) != "district"
        ):
            return 1.0
        if matched not in (form, "中国" + form) or (self._home and self.places.lies_in(place, self._home)):
            return 1.0
        return _RUN_ON if rest else _BARE

    def _turned(self, folded: str) -> tuple[Reading, str] | None:
        """An address that begins with its smallest part and names its units behind: 解放路1号，綦江区，重庆市."""
        parts = [part.strip() for part in re.split("[,;、 ]", folded) if part.strip()]
        if not 2 <= len(parts) <= _COMMAS:
            return None
        turned = ",".join(reversed(parts))
        reading = self.reader.read(turned)
        if reading is None or reading.conflict or len(reading.form) < 3:
            return None
        return reading, turned

    def _listed(
        self, state: State, form: str, matched: str, rest: str, reason: Reason, score: float
    ) -> tuple[Candidate, ...]:
        found = (self._candidate(hit, form, reason, score, matched, rest) for hit in dict.fromkeys(state))
        return tuple(sorted(found, key=lambda one: (isinstance(self.places.place(one.id), int), one.id))[:12])

    def _candidate(
        self, hit: Hit, form: str, reason: Reason, score: float, matched: str, rest: str, note: str = ""
    ) -> Candidate:
        identifier, name, level, lon, lat, radius, of, own_note = self._said(hit, form)
        within = self.places.within(hit[0])
        return Candidate(
            identifier, name, level, lon, lat, radius, score, matched, rest, reason, of, note or own_note, within
        )

    def _said(self, hit: Hit, form: str) -> _Made:
        """What is said of a place that was read by that name."""
        made = self._made.get((hit, form))
        if made is None:
            made = self._made[hit, form] = self._make(*hit, form)
        return made

    def _make(self, place: Place, kind: int, form: str) -> _Made:
        """What a candidate says of its place, whatever the text around its name."""
        at = self.places.position(place)
        own = self.places.id(place), self.places.name(place)
        if at is None:
            return (*own, "unresolved", None, None, None, "", self._note(place, kind, form))
        return (*own, at.level, at.lon, at.lat, at.radius_m, at.position_of, self._note(place, kind, form))

    def _note(self, place: Place, kind: int, form: str) -> str:
        if isinstance(place, int) and place >= TOWN:
            return ""
        row = self.places.unit(place)
        if row is None:
            return ""
        national = self.places.national
        if year := national.until(row):
            return f"{national.name(row)} → {national.name(national.parent(row))} ({year})"
        if kind != FORMER and not any(hit == (row, FORMER) for hit in national.hits(form)):
            return ""
        year = national.year(form, row)
        return f"{form} → {self.places.name(place)}" + (f" ({year})" if year else "")

    def _villages(self, text: str, folded: str, areas: Areas) -> Answer | None:
        """A village's name that many villages have: ambiguous, with some of the towns that have one."""
        if not folded.endswith(("村", "社区")) or len(folded) > 6:
            return None
        held = self.places.national.villages.get(folded)
        if held is None:
            return None
        state = tuple((int(code), ALIAS) for code in held[1:])
        listed = tuple(
            replace(one, matched="", rest=folded) for one in self._listed(state, "", "", "", "ambiguous", 0.1)
        )
        return Answer(text, None, listed, "ambiguous")

    def _unknown(self, text: str, folded: str) -> Answer:
        return Answer(text, None, (), "unknown", spelling.near(self.places, folded) if self._suggests else ())


_everyone: list[National] = []


def everyone() -> National:
    """The gazetteer of the package, read once."""
    if not _everyone:
        _everyone.append(National())
    return _everyone[0]
