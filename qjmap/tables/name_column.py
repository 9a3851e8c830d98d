"""Find by its contents the column that names the rows, if no header says which it is: short, mostly distinct texts, no numbers, codes or
addresses.
"""

from __future__ import annotations

from collections.abc import Sequence

from qjmap.tables.column_samples import MOST, NEARLY_ALL, Sample, is_address, is_code, is_name, is_text

_SHORT = 40
"""Upper limit of the mean length of names, in characters."""
_LONG = 160
"""Upper limit of the mean length of texts that stand in for names, in characters."""


def find_name(samples: Sequence[Sample], choices: Sequence[Sequence[int]]) -> int | None:
    """Return the index of the first column that can name the rows; None if none can.

    First at least 90% of the texts of a column must be distinct; if no column passes, half of them are enough.

    Parameters
    ----------
    choices : groups of column indices, the likelier groups first.
    """
    for distinct in (NEARLY_ALL, MOST):
        for group in choices:
            for at in group:
                if _is_of_names(samples[at], distinct):
                    return at
    return None


def find_stand_in(samples: Sequence[Sample], columns: Sequence[int]) -> int | None:
    """Return the first of `columns` (indices) whose texts can stand in for names: they may be long or addresses, but at least half must be
    distinct. None if there is none.
    """
    return next((at for at in columns if _can_stand_in(samples[at])), None)


def _can_stand_in(sample: Sample) -> bool:
    """Whether a column may stand in for names: hardly any cell is empty, and at least half the texts are distinct. They may be long or
    addresses, but no numbers, codes, e-mail or web addresses.
    """
    texts = sample.texts
    return (
        bool(texts)
        and len(texts) >= NEARLY_ALL * min(sample.rows, 200)
        and len(sample.distinct) >= MOST * len(texts)
        and sum(map(len, texts)) <= _LONG * len(texts)
        and sample.share(_is_plain_text) >= NEARLY_ALL
    )


def _is_plain_text(text: str) -> bool:
    return is_text(text) and not is_code(text) and "@" not in text and "://" not in text


def _is_of_names(sample: Sample, distinct: float) -> bool:
    """Whether a column may hold names: hardly any cell is empty, at least a share `distinct` of the texts is distinct, and most are short,
    no numbers, codes or addresses.
    """
    texts = sample.texts
    return (
        bool(texts)
        and len(texts) >= NEARLY_ALL * min(sample.rows, 200)
        and len(sample.distinct) >= distinct * len(texts)
        and sum(map(len, texts)) <= _SHORT * len(texts)
        and sample.share(is_name) >= NEARLY_ALL
        and sample.share(is_code) <= 0.5
        and sample.share(is_address) <= 0.5
    )
