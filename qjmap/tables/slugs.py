"""Ids for rows that have none: the pinyin of the name, the same whatever the order of the rows."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from functools import cache, lru_cache

ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
"""What an id looks like."""

_IDS = re.compile(rf"(?:{ID.pattern})?(?:\n(?:{ID.pattern})?)*")
_LONGEST = 48
_MARK = 6  # hexadecimal digits
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def all_ids(texts: Iterable[str]) -> bool:
    """Whether every text is an id or empty."""
    whole = "\n".join(texts)
    if whole.isascii() and not whole.encode().translate(None, b"abcdefghijklmnopqrstuvwxyz0123456789\n"):
        return True  # no mark in any of them, so none in the wrong place
    return _IDS.fullmatch(whole) is not None


def slug(name: str) -> str:
    """The pinyin of a name as an id: 3D建筑打印 -> 3d-jianzhudayin. Empty when the name holds no letter or digit."""
    plain = unicodedata.normalize("NFKC", name)
    if _HAN.search(plain):
        plain = _HAN.sub(lambda run: f"-{_pinyin(run[0])}-", plain)
    letters = "".join(c for c in unicodedata.normalize("NFKD", plain.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


@lru_cache(100_000)
def _pinyin(run: str) -> str:
    """The pinyin of Chinese characters without tones, as `pypinyin.lazy_pinyin` has it, word by word: words come back
    in name after name, and each is looked up once."""
    from pypinyin.seg.simpleseg import seg

    return "".join(map(_word, seg(run)))


@cache
def _word(word: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(word, style=Style.NORMAL, errors="ignore", v_to_u=False))


def fill(names: Sequence[str], contents: Callable[[int], str], given: Sequence[str], taken: Container[str]) -> list[str]:
    """An id for every row.

    Parameters
    ----------
    names : what each row's slug is made of.
    contents : everything that tells a row (by its place) from others; decides between equal slugs, so that order does not.
    given : the rows' own ids, "" for none; kept as they are.
    taken : ids used elsewhere.
    """
    slugs = ["" if own else slug(name) for name, own in zip(names, given, strict=True)]
    used = {own for own in given if own}
    rows = Counter(short for short, own in zip(slugs, given, strict=True) if not own)
    told: dict[str, set[str]] = {}
    for at, short in enumerate(slugs):
        if not given[at] and rows[short] > 1:
            told.setdefault(short, set()).add(contents(at))
    ids = list(given)
    marked: dict[str, dict[str, list[int]]] = {}
    for at, own in enumerate(given):
        short = slugs[at]
        alone = len(told.get(short, ())) <= 1
        if own:
            continue
        if short and len(short) <= _LONGEST and short not in used and short not in taken and alone:
            ids[at] = short
            continue
        mark = hashlib.sha256(contents(at).encode("utf-8", "surrogatepass")).hexdigest()
        ids[at] = _marked(short, mark, _MARK)
        marked.setdefault(ids[at], {}).setdefault(mark, []).append(at)
    for short, marks in marked.items():
        if len(marks) > 1:  # among a million names that begin alike, six digits do not always tell all apart
            for mark, rows_of in marks.items():
                for at in rows_of:
                    ids[at] = f"{short[:-_MARK]}{mark[: 2 * _MARK]}"
    return ids


def forms(name: str, mark: str) -> tuple[str, str, str]:
    """What a row's id may be: its slug alone ("" where that cannot be), with 6 digits of its mark, with 12."""
    short = slug(name)
    alone = short if len(short) <= _LONGEST else ""
    return alone, _marked(short, mark, _MARK), _marked(short, mark, 2 * _MARK)


def _marked(short: str, mark: str, digits: int) -> str:
    return f"{short[:_LONGEST].rstrip('-') or 'row'}-{mark[:digits]}"
