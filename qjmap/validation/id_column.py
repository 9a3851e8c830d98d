"""Decide whether a file's column of ids holds ids of this program, or running numbers or codes of another system.

Ids of this program are lower-case ASCII slugs of words: qijiang, land-sea-1. Numbers (1, 0007), letters with numbers (A001,
CQ-0001, s12), GUIDs, ids of map services (B0FFG1ABCD) and division codes (500110) are foreign ids: two lists that are both
numbered 1, 2, 3 describe different things. The decision is made for the column as a whole. It holds ids of this program

- under the header `id` or 标识, if at least half of its distinct cells are slugs of words; the other cells are then faults;
- under another header of ids (编号, 代码, code …), if every cell is such a slug;
- in a file of this program, whatever the cells are. Such a file has all columns of the table or those that only exports have, or
  its ids are also in the table, mostly for rows of the same names.

A column of foreign ids is kept like a column that the table does not define, and the rows get ids made from their names. A column
that only counts the rows (编号 1, 2, 3 ...) is left out. All this is for files that are added; the tables in `data/` may have any ids.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from qjmap.i18n import Note
from qjmap.schema import DERIVED, ORIGINAL, fold
from qjmap.tables import Parsed, TableFrame, cell_values
from qjmap.tables.choose_columns import are_running_numbers, is_running_header
from qjmap.tables.columns import operations as cols
from qjmap.tables.generate_ids import ID
from qjmap.tables.headers import parse_header
from qjmap.tables.table_frame import ROW, frame_of
from qjmap.validation.duplicates import name_column, same_name

_ID_HEADERS = frozenset(fold(word) for word in ("id", "标识"))
"""Headers under which this program writes ids."""
_FOREIGN_COLUMN = "orig_id"
"""New name of a column of foreign ids whose own header could be taken for that of ids of this program."""
_WORD_LETTERS = 3
"""Minimum number of letters of a word; fewer letters are the prefix of a code."""
_SEPARATOR = re.compile(r"[-_.]")


def is_word_slug(cell: str) -> bool:
    """Whether a cell is a slug of words, not a number or a code."""
    lowered = cell.lower()
    if not ID.fullmatch(lowered):
        return False
    parts = _SEPARATOR.split(lowered)
    numbers = [part for part in parts if part.isdigit()]
    words = [part for part in parts if part.isalpha()]
    if len(words) == len(parts):
        return True
    if any(len(number) > 1 and number.startswith("0") for number in numbers):
        return False  # CQ-0001, station-007
    joined = "".join(parts)
    if len(joined) >= 16 and not re.search(r"[^0-9a-f]", joined):
        return False  # a GUID with groups that have no digit
    return any(len(word) >= _WORD_LETTERS for word in words)


def separate_foreign_ids(raw: TableFrame, target: Parsed) -> tuple[TableFrame, frozenset[str]]:
    """Turn a column of foreign ids into one that the table does not define; leave out running numbers.

    Parameters
    ----------
    target : the table of the project to which the rows are to be added.

    Returns
    -------
    The file, with a note if its column `id` was renamed or left out, and the distinct foreign ids; an empty set if the file has no such
    column, or has ids of this program. Further columns with a header of ids are renamed too, if need be (`_foreign_name`), without a note.
    """
    for name in raw.unknown:
        if parse_header(name, raw.table).column == "id" and (kept := _foreign_name(name, raw, target)) != name:
            raw = _as_unknown(raw, name, kept)
    if "id" not in raw.typed or _is_own_file(raw):
        return raw, frozenset()
    values = cols.strip(cols.column(raw.frame, "id"))
    filled = ~cols.is_empty(values)
    if not filled.any():
        return raw, frozenset()
    distinct = cols.unique(values[filled])
    slugs = sum(map(is_word_slug, distinct))
    if fold(raw.typed["id"]) in _ID_HEADERS:
        accepted = 2 * slugs >= len(distinct)
    else:
        accepted = slugs == len(distinct) and all(cell == cell.lower() for cell in distinct)
    if accepted or _are_known(raw, values, target):
        return raw, frozenset()
    kept = _foreign_name("id", raw, target)
    if is_running_header(raw.typed["id"]) and are_running_numbers(cols.to_objects(values[filled]).tolist()):
        note = Note("note-running-numbers", {"columns": [raw.typed["id"]]})
        raw = _without(_as_unknown(raw, "id", kept), kept)
    else:
        note = Note("note-foreign-ids", {"column": raw.typed["id"], "kept": kept})
        raw = _as_unknown(raw, "id", kept)
    return replace(raw, notes=(*raw.notes, note)), frozenset(distinct)


def _is_own_file(raw: TableFrame) -> bool:
    """Whether a file comes from this program: it has all columns of the table, or the columns that only exports have."""
    header = {head.strip() for head in raw.header}
    derived = DERIVED.get(raw.table.name)
    return {*raw.table.names} <= header or {*ORIGINAL} <= header or bool(derived and {*derived} <= header)


def _are_known(raw: TableFrame, values: object, target: Parsed) -> bool:
    """Whether most of the ids in `values` that also occur in `target` belong to rows of the same name there; False if none occurs."""
    title = name_column(raw.table.name)
    target_ids = cols.column(target.frame, "id")
    values = cols.map_unique(values, lambda texts: [text.lower() for text in texts])
    shared = np.flatnonzero(cols.isin(values, cols.unique(target_ids)))
    if not shared.size:
        return False
    target_rows = {identifier: row for row, identifier in enumerate(cols.to_objects(target_ids))}
    names = cols.to_objects(cols.column(raw.frame, title))
    ids = cols.to_objects(values)
    target_names = cols.to_objects(cols.column(target.raw.frame, title))
    aliases = target.frame["aliases"].to_numpy() if "aliases" in target.frame else None
    same = 0
    for row in shared.tolist():
        target_row = target_rows[ids[row]]
        others = () if aliases is None else aliases[target_row]
        same += same_name(cell_values.clean(names[row]), (), target_names[target_row], others)
    return 2 * same > len(shared)


def _foreign_name(name: str, raw: TableFrame, target: Parsed) -> str:
    """Return the new name for a column of foreign ids, with "_" appended while another column has it.

    It is the column's header, if that is not `id` and the target table has its ids under the header `id`; otherwise `_FOREIGN_COLUMN`.
    """
    label, taken = raw.typed.get(name, name).strip(), {*raw.unknown} - {name}
    beside_id = fold(label) != "id" and fold(target.raw.typed.get("id", "")) == "id"
    kept = label if beside_id else _FOREIGN_COLUMN
    while kept in taken or kept in raw.table or kept == ROW:
        kept += "_"
    return kept


def _as_unknown(raw: TableFrame, name: str, kept: str) -> TableFrame:
    """Return the file with the column `name` renamed to `kept`, and listed as a column that the table does not define."""
    columns = {str(column): cols.column(raw.frame, str(column)) for column in raw.frame if column not in (ROW, name)}
    columns[kept] = cols.column(raw.frame, name)
    if name in raw.table:
        blank = cols.full(len(raw.frame), "")
        columns = {column: columns.get(column, blank) for column in (*raw.table.names, *columns)}
    return replace(
        raw,
        frame=frame_of(columns | {ROW: raw.frame[ROW].to_numpy()}),
        typed={column: header for column, header in raw.typed.items() if column != name},
        letters={kept if column == name else column: letter for column, letter in raw.letters.items()},
        unknown=(*(column for column in raw.unknown if column != name), kept),
    )


def _without(raw: TableFrame, name: str) -> TableFrame:
    """Return the file without a column that the table does not define."""
    return replace(raw, frame=raw.frame.drop(columns=name), unknown=tuple(one for one in raw.unknown if one != name))
