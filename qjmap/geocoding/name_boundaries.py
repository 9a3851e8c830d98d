"""Tell where a name in an address ends, and which characters may separate two names (a gap); words are in assets/addresses/words.json."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

WORDS: dict[str, Any] = json.loads((files("qjmap") / "assets" / "addresses" / "words.json").read_text("utf-8"))
"""Words and patterns around names; assets/addresses/README.md states their origin."""

FIRST_IDEOGRAPH = "\u4e00"
"""The first of the CJK unified ideographs."""

UNIT_SUFFIXES = "省市区县州旗盟"
"""Last characters of the full names of units down to counties."""

GAP = re.compile(
    r"[\s,，、;；:：·•\-—–_/|()（）\[\]【】.。#~?!*^'\"]|市辖区|省直辖县级行政区划|自治区直辖县级行政区划|办事处"
)
"""Pattern of a character or word that may separate two names of units."""
_GAPS = re.compile(f"(?:{GAP.pattern})*")
GAP_STARTS = frozenset(" \t\n,，、;；:：·•-—–_/|()（）[]【】.。#~?!*^'\"市省自办")
_SUFFIXES = tuple(WORDS["suffixes"])
UNIT_END = re.compile(f"[{''.join(sorted({suffix[-1] for suffix in _SUFFIXES}))}]")
"""Pattern of the last characters of the suffixes of units (区, 镇, 村, 社区 ...)."""
_OFFICES = tuple(WORDS["offices"])
_NO_UNITS, _NO_UNIT_ENDS = frozenset(WORDS["no_units"]), tuple(WORDS["no_unit_ends"])
_ROAD = re.compile(WORDS["road"])
_UNIT_ENDS, _MAX_UNIT = frozenset(UNIT_SUFFIXES + "镇乡道"), 9
_UNKNOWN_UNIT = re.compile(WORDS["unknown_unit"])


def ends_as_unit(form: str) -> bool:
    """Whether a name is long enough to be full and ends as the name of a unit does: 綦江区, but not 新乡 or 广州."""
    return len(form) > 2 and form.endswith(_SUFFIXES)


def stands_alone(form: str, text: str, after: int) -> bool:
    """Whether a name in a text is a word of its own and not the beginning of a longer one: 重庆路 is a road, 西湖镇 is not 西湖.

    Parameters
    ----------
    form : the name.
    after : index in the text after the name.
    """
    if after >= len(text) or ends_as_unit(form):
        return True
    if _ROAD.match(text, after):
        return False
    return not text.startswith(_SUFFIXES, after) or text.startswith(_OFFICES, after)


def skip_gap(text: str, start: int) -> int:
    """Return the index after the gap (`GAP`) that begins at an index, where the next name may begin; the same index if there is no gap."""
    if text[start : start + 1] not in GAP_STARTS:
        return start
    gap = _GAPS.match(text, start)
    return gap.end() if gap else start


def unknown_unit(rest: str) -> str:
    """Return what looks like the name of a unit at the beginning of a text (纂江区); "" if nothing does.

    Callers pass text in which no known name was found, so that the unit is not in the gazetteer.
    """
    if _UNIT_ENDS.isdisjoint(rest[1:_MAX_UNIT]):
        return ""
    match = _UNKNOWN_UNIT.match(rest)
    return (
        ""
        if match is None or match[0] in _NO_UNITS or match[0].endswith(_NO_UNIT_ENDS) or _ROAD.match(rest, match.end())
        else match[0]
    )
