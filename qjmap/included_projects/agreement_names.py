"""Find the topic of an agreement: the words of its name, without the names of its parties and words such as 合作 or 协议.

The topic of 綦江区与自贡市铁路合作协议, 自贡—綦江铁路合作框架协议 and “自贡綦江共建铁路” is 铁路. The words that are left out are
listed in `assets/included_projects/agreements.json`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from qjmap.schema import SIMPLER

_TOKENS = re.compile(r"[a-z]+|\d+|[\u3400-\u9fff]")
_NUMERAL = re.compile(r"\d+|[一二三四五六七八九十百甲乙丙丁东西南北中上下前后内外大小高低]")
"""Pattern of a numeral or a word for a direction or size, by which the items of a series differ: 二期 from 一期, 东区 from 西区."""
_UNIT = re.compile(
    r"(?:(?:[\u3400-\u9fff]{1,4}族)*自治[州县旗区]|特别行政区|经济技术开发区|高新技术产业开发区|新区|地区|街道|省|市|区|县|州|盟|旗|镇|乡)"
)
"""Pattern of the last part of the name of an administrative unit, its kind. In 积石山保安族自治县, the kind may be 自治县 or 保安族自治县, so
that a name may have several short forms."""
_LEAST = 2
"""Minimum length of a short form in characters: a single character may be part of any word."""
Topic = tuple[tuple[str, int], ...]
"""Sorted pairs (word in Latin letters, number or Chinese character; how often it occurs in the name)."""


def short_forms(names: Iterable[str]) -> frozenset[str]:
    """Return the folded forms in which parties appear in the names of agreements: 綦江区 with and without the kind of unit, 綦江区 and 綦江."""
    plain = {_folded(name) for name in names}
    cut = {name[:at] for name in plain for at in range(_LEAST, len(name)) if _UNIT.fullmatch(name, at)}
    return frozenset(name for name in plain | cut if len(name) >= _LEAST)


def topic(name: str, parties: Collection[str]) -> Topic:
    """Return the topic of an agreement; empty if its name has only parties and general words.

    Parameters
    ----------
    name : name of the agreement in any language.
    parties : short forms (`short_forms`) of its parties and of the places that contain them.
    """
    text = _folded(name)
    for party in sorted(parties, key=len, reverse=True):
        text = text.replace(party, " ")
    for word in _words("generic"):
        text = text.replace(word, " ")
    text = _without_initials(text, parties)
    tokens = [token for token in _TOKENS.findall(text) if token not in _joints()]
    return tuple(sorted(Counter(tokens).items()))


def is_part(less: Topic, more: Topic) -> bool:
    """Return whether one topic is part of another: `more` contains all words of `less`, and its other words mark no separate agreement.

    Numerals, directions, sizes and words such as 补充 mark one. Also False if `less` is empty, or if `more` has more other words than
    `less` has words.
    """
    few, many = Counter(dict(less)), Counter(dict(more))
    rest = many - few
    if not few or few - many or rest.total() > few.total():
        return False
    besides = "".join(rest)
    return not any(_NUMERAL.fullmatch(one) for one in rest) and not any(word in besides for word in _words("distinct"))


def marks(name: str) -> frozenset[str]:
    """Return the parts of a name that distinguish agreements about the same topic: 补充, and the numbers 二 and 3 of 二期 and 第3批."""
    text = _folded(name)
    found = {word for word in _words("distinct") if len(word) > 1 and word in text}
    series = re.findall(r"第?([\d一二三四五六七八九十]+)(?:期|批|轮|号|届|次)", text)
    return frozenset({*found, *series})


def _without_initials(text: str, parties: Collection[str]) -> str:
    """Return a text without two or three one-character names of parties or provinces at its beginning: 川渝铁路 gives 铁路."""
    initials = {party[0] for party in parties if "\u3400" <= party[0] <= "\u9fff"} | {*_data()["provinces"]}
    head = re.match(r"\s*([\u3400-\u9fff]{1,3})", text)
    if head is None:
        return text
    count = next((at for at, one in enumerate(head[1]) if one not in initials), len(head[1]))
    return text[head.start(1) + count :] if count >= _LEAST and len({*head[1][:count]}) == count else text


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().translate(SIMPLER).strip()


@cache
def _data() -> dict[str, Any]:
    path = files("qjmap") / "assets" / "included_projects" / "agreements.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@cache
def _words(kind: str) -> tuple[str, ...]:
    return tuple(sorted(_data()[kind], key=len, reverse=True))


@cache
def _joints() -> frozenset[str]:
    return frozenset({*_data()["joints"], *_data()["generic_en"]})
