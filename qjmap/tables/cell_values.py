"""Text of one cell -> its value: blanks, forbidden characters, lists, roles, vocabulary words and web addresses.

Most `read_...` functions raise `CellError` with a fault code for a text that is no value. Dates and numbers are read in `dates` and
`numbers`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qjmap.schema import BLANKS
from qjmap.tables.category_trees import mapped_category
from qjmap.tables.datum_words import find_datum
from qjmap.vocabulary import BUILT_IN, OTHER, Vocabularies


class CellError(ValueError):
    """The text of a cell is not a valid value of its column.

    Attributes
    ----------
    code : the fault code.
    params : parameters of the fault's message.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def clean(text: str) -> str:
    """Strip blanks from both ends, full-width and invisible ones included."""
    return text.strip(BLANKS)


def clean_all(texts: Sequence[str]) -> Sequence[str]:
    """Apply `clean` to each text; return the same sequence if no text holds a blank."""
    joined = "".join(texts)
    return [text.strip(BLANKS) for text in texts] if any(blank in joined for blank in BLANKS) else texts


_PLANE_ENDS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_FORBIDDEN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_PLANE_ENDS}]")


def check_characters(text: str) -> None:
    """Check that a text holds only characters that every file format can carry.

    Raises
    ------
    CellError : `text-broken` for a replacement character (U+FFFD), the trace of a failed conversion; `text-control` for control
        characters other than tab, line feed and carriage return, for lone surrogates and for Unicode noncharacters. XML forbids or
        advises against them.
    """
    if "\ufffd" in text:
        raise CellError("text-broken")
    if match := _FORBIDDEN.search(text):
        raise CellError("text-control", point=f"U+{ord(match[0]):04X}")


def read_list(text: str) -> tuple[str, ...]:
    """Split `a|b` into unique, non-empty items. The full-width ｜ separates too; without either bar, 、 and ； do."""
    parts = re.split(r"[|｜]" if "|" in text or "｜" in text else r"[|、；]", text)
    return tuple(dict.fromkeys(part for part in map(clean, parts) if part))


def read_roles(text: str) -> tuple[tuple[str, str], ...]:
    """Parse `id:role|id:role` into ((id, role), ...), each role as its canonical value.

    Raises
    ------
    CellError : `roles-form`, an item is not `id:role`; `vocab-unknown`, there is no such role.
    """
    pairs = []
    for item in read_list(text):
        party, colon, role = item.replace("：", ":").rpartition(":")
        if not colon or not clean(party) or not clean(role):
            raise CellError("roles-form", item=item)
        pairs.append((clean(party), read_vocab(role, "role")))
    return tuple(pairs)


def find_vocab(text: str, vocabulary: str, vocabularies: Vocabularies = BUILT_IN) -> str | None:
    """Return the canonical value that a text names in a vocabulary, as value, label or synonym in either language; else None."""
    return vocabularies.find(text, vocabulary)


def read_vocab(text: str, vocabulary: str) -> str:
    """Return the canonical value that a text names in a closed vocabulary. A datum may have generic words around it (WGS84坐标系).

    Raises
    ------
    CellError : `vocab-unknown`, with the allowed words.
    """
    value = BUILT_IN.find(text, vocabulary) or (find_datum(text) if vocabulary == "datum" else None)
    if value is None:
        entries = BUILT_IN.entries(vocabulary)
        allowed = {
            "zh": "、".join(entry["zh"] or value for value, entry in entries.items()),
            "en": ", ".join(entries),
        }
        raise CellError("vocab-unknown", allowed=allowed)
    return value


def read_word(text: str, vocabulary: str, vocabularies: Vocabularies = BUILT_IN) -> tuple[str, str]:
    """Look up a text in an open vocabulary.

    Returns (value, "") for a known word. For any other text it returns (value, text): the value is the category that the text means
    in the category tree of a map service, else `other`.
    """
    value = vocabularies.find(text, vocabulary)
    if value is not None:
        return value, ""
    mapped = mapped_category(text, vocabularies) if vocabulary == "category" else None
    return mapped or OTHER, clean(text)


_URL = re.compile(r"^(?:https?|ftp)://[^\s<>\"]+$", re.IGNORECASE)
_HOST = re.compile(r"^(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?#][^\s<>\"]*)?$", re.IGNORECASE)


def all_urls(texts: Sequence[str]) -> bool:
    """Return True only if `read_url` would return every filled text unchanged. This is a quick test: it also returns False for some such
    texts (ftp addresses). Empty texts are allowed.
    """
    joined = "\n" + "\n".join(texts) + "\n"
    if any(character in joined for character in ' <>"\ufffd') or not joined.replace("\n", "").isprintable():
        return False
    filled = len(texts) - joined.count("\n\n")
    valid = joined.count("\nhttp://") + joined.count("\nhttps://") - joined.count("//\n")
    return valid == filled and joined.count("\n") == len(texts) + 1


def read_url(text: str) -> str:
    """Return a text that is a web address (http, https, ftp) without blanks around it; a host without a scheme (`www.example.cn`) gets
    `http://` in front.

    Raises
    ------
    CellError : `url-form` for anything else, above all for what a browser would run (`javascript:`).
    """
    plain = clean(text)
    if _URL.match(plain):
        return plain
    if _HOST.match(plain):
        return "http://" + plain
    raise CellError("url-form")
