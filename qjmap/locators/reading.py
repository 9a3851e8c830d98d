"""How a Chinese address is read: names one after the other, in any order, each in or around the ones before.

A state is what the names so far leave possible: a tuple of (place, kind of name), empty before the first name. Every step
depends on the state and the next name alone, so it is worked out once for all the addresses that share it.

What a text is read as depends on the text alone: whatever is kept is the value of a function of its key, so that no text
that was read before decides how the next one is read.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from qjmap.locators.merged import Merged
from qjmap.locators.national import ALIAS, EXACT, SHORT, TOWN_ENDS, Hit, lengths, town_stem

State = tuple[Hit, ...]
_Towns = tuple[dict[str, State], tuple[int, ...]]
"""The towns of a state by name, and the lengths of the names, longest first."""

_GAP = re.compile(
    r"(?:[\s,，、;；:：·•\-—–_/|()（）\[\]【】.。#]|市辖区|省直辖县级行政区划|自治区直辖县级行政区划|办事处)*"
)
_GAP_STARTS = frozenset(" \t\n,，、;；:：·•-—–_/|()（）[]【】.。#市省自办")
_ROAD = re.compile("(?:[东西南北中前后上下内外]|[一二三四五六七八九十]+)?(?:路|街|大道|大街|巷|弄|桥|胡同|里弄)")
_SORTS = ("城区", "郊区", "矿区")
"""Names of districts that are also what any town has: 綦江城区."""
_JOINED = re.compile("(?:以及|[到至和与及同往、~～—-])")
_UNITS = ("镇", "乡", "村", "街道", "县", "区", "市", "省", "州", "旗", "盟", "社区")
_COUNTY = "区县市旗"
_ENDS = "省市区县州旗盟"
_LONGEST_TOWN = 12
_LONGEST_HEAD = 24
_HEADS = 50_000  # kept at most
_UNREAD = ""
_COUNTY_END = re.compile(f"[{_COUNTY}]")
_INNER_DISTRICTS = ("北区", "南区", "中区")
"""After 市 these may be the rest of 市北区, 市南区, 市中区: 青岛市北区."""
_UNKNOWN_UNIT = re.compile(r"[一-龥]{1,7}?(?:省|市|州|县|区|旗|镇|乡|街道)")
_NO_UNIT = re.compile(
    r"(?:园|小|开发|新|社|校|景|厂|库|矿|片|山|地|保税|高新|经开|示范|工业|合作|自贸|城|住宅|生活)区$"
)


class Reading(NamedTuple):
    """What was read: the state, the last name, where in the text it ends, and whether names contradict each other."""

    state: State
    form: str
    end: int
    conflict: bool = False


class _Head(NamedTuple):
    """How an address begins, up to a county: the state there, and the last name, as `Reading` has it."""

    state: State
    form: str
    name: str


class Reader:
    """Reads folded, simplified text over the merged places."""

    def __init__(self, places: Merged) -> None:
        self.places = places
        national = places.national
        self._provinces = national.provinces
        self._named, self._starts = national.named, national.starts
        own: dict[str, list[str]] = {}
        for form in places.project.forms():
            if len(form) > 1:
                own.setdefault(form[:2], []).append(form)
        if own:
            own = {start: [*self._named.get(start, ()), *held] for start, held in own.items()}
            self._named = {**self._named, **own}
            self._starts = {**self._starts, **lengths(own)}
        self._steps: dict[tuple[State, str], State | None] = {}
        self._counties: dict[State, _Towns | None] = {}
        self._towns: dict[tuple[int, ...], _Towns] = {}
        self._heads: dict[str, _Head | None] = {}

    def read(self, text: str) -> Reading | None:
        """Reads names from the start of the text; None where it does not begin with one."""
        found = self._read(text, skip(text, 0), ())
        if len(text) > 2 and text[:2] not in self._provinces and (province := self.places.hits(text[0])):
            # 渝綦江: one character is a province before what lies in it, if that explains more: 渝北碚 is not 渝北.
            inside = self._read(text, 1, province)
            if inside and inside.end > (0 if found is None or found.conflict else found.end) and not inside.conflict:
                return inside
        return found

    def _read(self, text: str, at: int, state: State) -> Reading | None:
        last, end, town_read = "", 0, False
        if not state and (begun := self._begun(text)) is not None:
            (state, last, _), end = begun
            at = skip(text, end)
        while at < len(text):
            form = self._next(text, at, state) if text[at : at + 2] in self._starts else None
            step = None if form is None else self.step(state, form)
            if not town_read and (step is None or form is None or self._may_be_town(form, text, at, state)):
                town = self.town(text, at, state)
                if town is not None and (
                    form is None or len(town[1]) > len(form) or (step is None and form[-1] not in _ENDS)
                ):
                    state, last = town
                    end = at + len(last)
                    at, town_read = skip(text, end), True
                    if at == end:
                        break
                    continue  # what holds the town may still follow: 打通镇，綦江区，重庆市
            if form is None:
                break
            after = at + len(form)
            if step is None:
                if not end or self._in_passing(form, text, after):
                    break
                return Reading((*state, *self.places.hits(form)), form, after, True)
            last = last if end and set(step) <= set(state) else form
            state, end = step, after
            at = skip(text, after)
        return Reading(state, last, end) if end else None

    def _may_be_town(self, form: str, text: str, at: int, state: State) -> bool:
        """Whether a short name may be the beginning of a town's: 双桥子街道 is not 双桥, 天河区天河南街道 not 天河."""
        if form[-1] in _ENDS or (state and self._towns_in(state) is None):
            return False
        return any(c in "镇乡道木" for c in text[at + len(form) : at + _LONGEST_TOWN])

    def _begun(self, text: str) -> tuple[_Head, int] | None:
        """How the text begins, up to its first county, and where that ends: what most addresses of a long list share."""
        for found in _COUNTY_END.finditer(text, 1, _LONGEST_HEAD):
            length = found.end()
            begun = text[:length]
            head = self._heads.get(begun, _UNREAD)
            if isinstance(head, str):
                if len(self._heads) >= _HEADS:
                    self._heads.clear()
                head = self._heads[begun] = self._head(begun)
            if head is not None:
                name = head.name
                if len(name) == 2 and not stands_alone(name, text, length):
                    return None
                if name[-1] == "市" and text.startswith(_INNER_DISTRICTS, length):
                    return None
                return head, length
        return None

    def _head(self, text: str) -> _Head | None:
        """What the beginning of an address is read as, if it is read so whatever follows; None else.

        It consists of units down to counties, one after the other, each the longest name that begins where it does, and
        no name of a unit or a town that is known begins in it and goes on behind it.
        """
        at, last, form = skip(text, 0), "", ""
        state: State = ()
        while at < len(text):
            rest = text[at:]
            named = self._named.get(rest[:2], ())
            form = max((one for one in named if rest.startswith(one)), key=len, default="")
            after = at + len(form)
            if not form or any(len(one) > len(rest) and one.startswith(rest) for one in named):
                return None
            alone = after == len(text) or stands_alone(form, text, after)
            step = self.step(state, form) if alone else None
            if step is None or self._next(text, at, state) != form:
                return None
            if form[-1] not in _ENDS and (
                (state and self._towns_in(state) is not None)
                or self.places.national.town_begins(rest)
                or self.town(text, at, state) is not None
            ):
                return None
            last = last if state and set(step) <= set(state) else form
            state, at = step, skip(text, after)
        if not state or form[-1] not in _COUNTY or any(self.places.kind(one) != "district" for one, _ in state):
            return None
        return _Head(state, last, form)

    def _next(self, text: str, at: int, state: State) -> str | None:
        """The longest name of a unit that begins here and stands alone."""
        knows = self.places.knows
        for length in self._starts.get(text[at : at + 2], ()):
            form, after = text[at : at + length], at + length
            if len(form) < length or not knows(form):
                continue
            if not stands_alone(form, text, after) and not self._goes_on(form, text, after, state):
                continue
            if form[-1] == "市" and text[after : after + 2] in _INNER_DISTRICTS and knows(form[:-1]):
                outer = self.step(state, form[:-1])
                inner = outer and self.step(outer, text[after - 1 : after + 2])
                if inner and set(inner) <= set(self.places.hits(text[after - 1 : after + 2])):
                    return form[:-1]  # 青岛市北区: 青岛 and 市北区
            return form
        return None

    def _goes_on(self, form: str, text: str, after: int, state: State) -> bool:
        """Whether a name is followed by that of a place in it, so that its next character is no kind: 山东市南, 河北路南."""
        step = self.step(state, form)
        if step is None:
            return False
        for length in self._starts.get(text[after : after + 2], ()):
            name = text[after : after + length]
            if self.places.knows(name) and stands_alone(name, text, after + length):
                inner = self.step(step, name)
                if inner and set(inner) <= set(self.places.hits(name)):
                    return True
        towns = self._towns_in(step)
        return towns is not None and self._town_of(towns, text, after) is not None

    def step(self, state: State, form: str) -> State | None:
        """The state after one more name; None where the name contradicts it."""
        key = (state, form)
        if key not in self._steps:
            self._steps[key] = self._narrowed(state, self.places.hits(form))
        return self._steps[key]

    def _narrowed(self, state: State, here: State) -> State | None:
        if not state:
            return here
        lies_in = self.places.lies_in
        inner = tuple(hit for hit in here if any(lies_in(hit[0], one) for one, _ in state))
        if inner:
            return inner
        # A wider name after a narrower one (朝阳区, 北京) decides which is meant.
        return tuple(one for one in state if any(lies_in(one[0], outer) for outer, _ in here)) or None

    def _in_passing(self, form: str, text: str, after: int) -> bool:
        """Whether a name that contradicts is part of something else, as in 朝阳区四川大厦, and no statement of place."""
        if form in _SORTS:
            return True
        if form.endswith(_UNITS):
            return False
        return after < len(text) and skip(text, after) == after and self._next(text, after, ()) is None

    def town(self, text: str, at: int, state: State) -> tuple[State, str] | None:
        """The town that is named here: any way to write it in its county, its full name elsewhere."""
        if state:
            counties = self._towns_in(state)
            if counties is not None:
                return self._town_of(counties, text, at)
        named = self.places.national.towns_named
        for length in range(min(_LONGEST_TOWN, len(text) - at), 2, -1):
            form = text[at : at + length]
            if form[-1] not in "镇乡道木" or not (held := named(form)):
                continue
            if not state:
                return tuple((code, EXACT) for code in held), form
            inside = tuple((code, EXACT) for code in held if any(self.places.lies_in(code, one) for one, _ in state))
            if inside:
                return inside, form
        return None

    def _towns_in(self, state: State) -> _Towns | None:
        if state not in self._counties:
            counties = self.places.counties([place for place, _ in state])
            self._counties[state] = None if counties is None else self._towns_of(tuple(dict.fromkeys(counties)))
        return self._counties[state]

    def _towns_of(self, counties: tuple[int, ...]) -> _Towns:
        """The towns of counties by every way to write them."""
        if counties not in self._towns:
            forms: dict[str, State] = {}
            for county in counties:
                for name, code in self.places.national.towns_of(county):
                    forms[name] = (*forms[name], (code, EXACT)) if name in forms else ((code, EXACT),)
                    short = town_stem(name)
                    if short != name:
                        forms[short] = (*forms[short], (code, SHORT)) if short in forms else ((code, SHORT),)
            self._towns[counties] = forms, tuple(sorted(set(map(len, forms)), reverse=True))
        return self._towns[counties]

    def _town_of(self, towns: _Towns, text: str, at: int) -> tuple[State, str] | None:
        forms, lengths = towns
        for length in lengths:
            form = text[at : at + length]
            found = forms.get(form)
            if found is None:
                continue
            if form.endswith(TOWN_ENDS):
                return found, form
            # 通惠镇 that has become 通惠街道 is still written so.
            for end in TOWN_ENDS:
                if text.startswith(end, at + length):
                    return tuple((code, ALIAS) for code, _ in found), form + end
            # A bare name is the town only where nothing runs on from it: 綦江三江 yes, 綦江三江水泥厂 no.
            if at + length == len(text) or skip(text, at + length) > at + length:
                return found, form
        return None

    def joined(self, text: str, at: int) -> Reading | None:
        """The other place that a text names beside the one before: 重庆到綦江, 自贡与泸州交界."""
        word = _JOINED.match(text, at)
        other = None if word is None else self.read(text[word.end() :])
        return None if other is None or other.conflict else other

    def unread_unit(self, rest: str) -> str:
        """The unit that the rest names and nobody knows, such as 纂江区; empty where it names none."""
        found = _UNKNOWN_UNIT.match(rest)
        return "" if found is None or _NO_UNIT.search(found[0]) or _ROAD.match(rest, found.end()) else found[0]


def stands_alone(form: str, text: str, after: int) -> bool:
    """Whether a name really ends there: 重庆路 is a road, 西湖镇 is not 西湖."""
    if after >= len(text) or (len(form) > 2 and form.endswith(_UNITS)):  # 新乡 and 广州 only look like units
        return True
    if _ROAD.match(text, after):
        return False
    return not text.startswith(_UNITS, after) or text.startswith(
        ("市区", "县城", "城区", "市民", "区政府", "县政府", "市政府", "镇政府"), after
    )


def skip(text: str, at: int) -> int:
    """Where the next name may begin: behind white space, punctuation and words that stand for no unit."""
    if text[at : at + 1] not in _GAP_STARTS:
        return at
    found = _GAP.match(text, at)
    return found.end() if found else at


__all__ = ["Reader", "Reading", "State", "skip", "stands_alone"]
