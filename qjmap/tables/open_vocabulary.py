"""Parse columns of open vocabularies, which accept any word: the canonical values, and the unknown words as typed."""

from __future__ import annotations

from typing import Any

from qjmap.errors import Fault
from qjmap.i18n import Note
from qjmap.schema import Column
from qjmap.tables import cell_values
from qjmap.tables.columns import operations as cols
from qjmap.tables.distinct_cells import parse_distinct
from qjmap.tables.table_frame import ROW, TableFrame
from qjmap.vocabulary import OTHER, SETTING_OF


def parse_words(tf: TableFrame, column: Column, faults: list[Fault], notes: list[Note]) -> tuple[Any, Any]:
    """Parse a column of an open vocabulary.

    One warning in `faults` lists the unknown words. One note in `notes` lists those whose category a tree of a map service gives.

    Returns
    -------
    values : canonical values, `other` for unknown words; "" for empty cells. A column, as `words` is.
    words : the texts of cells that the vocabulary does not have, as typed; "" for other cells.
    """
    raw = cols.column(tf.frame, column.name)
    vocabulary = column.vocab or ""
    if column.name not in tf.typed or cols.is_empty(raw).all():
        blank = cols.full(len(raw), "")
        return blank, blank
    unknown = dict[str, str]()
    mapped = dict[str, str]()

    def read(text: str) -> tuple[str, str]:
        value, word = cell_values.read_word(text, vocabulary, tf.vocabularies)
        if word:
            (unknown if value == OTHER else mapped)[text] = value
        return value, word

    codes, distinct = parse_distinct(tf, column.name, raw, read, ("", ""), faults)
    if unknown:
        rows = tf.frame[ROW].to_numpy()[cols.isin(raw, unknown)].tolist()
        words = list(dict.fromkeys(map(cell_values.clean, unknown)))
        params = {"words": words, "rows": rows, "setting": SETTING_OF[vocabulary]}
        faults.append(tf.fault(None, column.name, None, "vocab-other", severity="warning", **params))
    if mapped:
        labels = [
            {
                lang: f"{cell_values.clean(text)} → {tf.vocabularies.label(vocabulary, value, lang)}"
                for lang in ("zh", "en")
            }
            for text, value in mapped.items()
        ]
        notes.append(Note("note-category-trees", {"column": tf.typed[column.name], "words": labels}))
    values, words_of = ([cell[part] for cell in distinct] for part in (0, 1))
    return cols.from_codes(values, codes), cols.from_codes(words_of, codes)
