"""Ids for rows that have none: the pinyin of the name, the same whatever the order of the rows."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
"""What an id looks like."""

_IDS = re.compile(rf"(?:{ID.pattern})?(?:\n(?:{ID.pattern})?)*")
_LONGEST = 48
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
        from pypinyin import Style, lazy_pinyin

        plain = _HAN.sub(
            lambda run: "-" + "".join(lazy_pinyin(run[0], style=Style.NORMAL, errors="ignore", v_to_u=False)) + "-",
            plain,
        )
    letters = "".join(c for c in unicodedata.normalize("NFKD", plain.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def fill(names: Sequence[str], contents: Sequence[str], given: Sequence[str], taken: Collection[str]) -> list[str]:
    """An id for every row.

    Parameters
    ----------
    names : what each row's slug is made of.
    contents : everything that tells the row from others; decides between equal slugs, so that order does not.
    given : the rows' own ids, "" for none; kept as they are.
    taken : ids used elsewhere.
    """
    slugs = ["" if own else slug(name) for name, own in zip(names, given, strict=True)]
    used = set(taken) | {own for own in given if own}
    once: dict[str, set[str]] = {}
    for at, short in enumerate(slugs):
        if not given[at]:
            once.setdefault(short, set()).add(contents[at])
    ids = []
    for at, own in enumerate(given):
        short = slugs[at]
        if own:
            ids.append(own)
        elif short and len(short) <= _LONGEST and short not in used and len(once[short]) == 1:
            ids.append(short)
        else:
            mark = hashlib.sha256(contents[at].encode("utf-8", "surrogatepass")).hexdigest()[:6]
            ids.append(f"{short[:_LONGEST].rstrip('-') or 'row'}-{mark}")
    return ids
