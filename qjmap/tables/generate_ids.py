"""Generate ids for rows that have none: the pinyin of the name, independent of the order of the rows."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from qjmap.tables.columns import operations as cols
from qjmap.tables.slugs import slugs

PLAIN, SIX, TWELVE = range(3)
"""Forms of an id: the slug alone, or the slug with 6 or 12 digits of the hash of the row's contents."""

Hashes = npt.NDArray[np.uint64]
Forms = npt.NDArray[np.uint8]
Contents = Callable[[Sequence[int]], Iterable[str]]
"""Function that takes row indices in ascending order and returns the contents of each of these rows as one text."""

ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
"""Pattern of an id: lower-case letters and digits in parts joined by `-`, `_` or `.`."""

_SLUG_CHARACTERS = 48
"""Maximum length of a slug in an id."""
_DIGITS = 6
"""Number of hexadecimal digits of the hash in an id; twice as many if rows with different contents share these."""


def fill(names: Sequence[str], contents: Contents, existing: Sequence[str], taken: Container[str]) -> list[str]:
    """Return an id for every row: its own, or one generated from its name. Generated ids do not depend on the order of the rows.

    Parameters
    ----------
    names : texts from which the slugs are made, one for each row.
    contents : returns the contents of rows as texts, whose hashes distinguish rows with equal slugs.
    existing : the rows' ids, which are kept; "" for none.
    taken : ids used elsewhere, which generated ids avoid.
    """
    ids = list(existing)
    missing = [index for index, own in enumerate(existing) if not own]
    made = slugs([names[index] for index in missing])
    used, counts = {own for own in existing if own}, Counter(made)
    doubtful: list[tuple[int, str, bool]] = []  # row index; slug; whether it is an id already
    for index, short in zip(missing, made, strict=True):
        is_taken = short in used or short in taken
        if is_taken or counts[short] > 1 or not 0 < len(short) <= _SLUG_CHARACTERS:
            doubtful.append((index, short, is_taken))
        else:
            ids[index] = short
    digests = [*map(digest_of, contents([index for index, *_ in doubtful]))]
    possible = [possible_ids(short, digest) for (_, short, _), digest in zip(doubtful, digests, strict=True)]
    if possible:
        texts = [np.array(column, dtype=object) for column in zip(*possible, strict=True)]
        plain, six, _ = [cols.hash_array(column) for column in texts]
        of_contents = cols.hash_array(np.array(digests, dtype=object))
        form = choose_forms(plain, six, of_contents, np.array([is_taken for *_, is_taken in doubtful]))
        for (index, *_), own in zip(doubtful, np.choose(form, texts), strict=True):
            ids[index] = own
    return ids


def digest_of(contents: str) -> str:
    """Return the SHA-256 of the contents of a row in hexadecimal."""
    return hashlib.sha256(contents.encode("utf-8", "surrogatepass")).hexdigest()


def possible_ids(short: str, digest: str) -> tuple[str, str, str]:
    """Return the three possible ids of a row: its slug ("" if too long), and the slug with 6 and with 12 digits of the hash of its
    contents. An empty slug is replaced by "row" in the two longer forms.
    """
    plain = short if len(short) <= _SLUG_CHARACTERS else ""
    return plain, _marked(short, digest, _DIGITS), _marked(short, digest, 2 * _DIGITS)


def choose_forms(plain: Hashes, six: Hashes, contents: Hashes, taken: npt.NDArray[np.bool_]) -> Forms:
    """Choose for each row which of its three `possible_ids` becomes its id.

    Parameters
    ----------
    plain, six : hashes of the first two forms; 0 for an empty text.
    contents : hashes of the contents. Rows with equal slugs and equal contents get equal ids.
    taken : mask of the rows whose slug is used as an id already.

    Returns
    -------
    PLAIN, SIX or TWELVE for each row.
    """
    marked = (plain == 0) | taken | _differ(plain, contents)
    form = np.where(marked, SIX, PLAIN).astype(np.uint8)
    # If many rows have equal slugs, some of them also share the first 6 digits of their hashes; these get 12 digits.
    form[np.flatnonzero(marked)[_differ(six[marked], contents[marked])]] = TWELVE
    return form


def _marked(short: str, digest: str, digits: int) -> str:
    """Return an id made of a truncated slug ("row" for an empty one), a hyphen and the first digits of a hash."""
    return f"{short[:_SLUG_CHARACTERS].rstrip('-') or 'row'}-{digest[:digits]}"


def _differ(keys: Hashes, contents: Hashes) -> npt.NDArray[np.bool_]:
    """Return a mask of the rows whose key also belongs to a row with other contents."""
    order = np.lexsort((contents, keys))
    sorted_keys, sorted_contents = keys[order], contents[order]
    new_key = np.ones(len(keys), dtype=bool)
    new_key[1:] = sorted_keys[1:] != sorted_keys[:-1]
    new_pair = new_key.copy()
    new_pair[1:] |= sorted_contents[1:] != sorted_contents[:-1]
    group = np.cumsum(new_key) - 1
    several = np.bincount(group, weights=new_pair) > 1 if len(group) else np.zeros(0, dtype=bool)
    mask = np.zeros(len(keys), dtype=bool)
    mask[order] = several[group]
    return mask
