"""Whether the column of ids that a file has is ours, or a running number or a code of whoever made the file.

Our ids are lower-case ASCII slugs that speak: qijiang, land-sea-1. Numbers (1, 0007), letters with numbers (A001, CQ-0001,
s12), GUIDs, ids of map services (B0FFG1ABCD) and division codes (500110) are somebody else's: two lists that are both
numbered 1, 2, 3 are about different things. The column as a whole is judged:

- Under `id` or 标识 it is ours when at least half of its different cells are slugs that speak; what is no slug then is a fault
  of its row.
- Under another header of ids (编号, 代码, code …) only when every cell is such a slug.
- In a file that is evidently ours whatever it holds: one with all columns of the table, or with those that only our exports
  have, or one whose ids are in the table and mean rows of the same names there.

What is not ours is kept as a column of its own, and the rows get ids from their names. The tables in `data/` are not judged:
an id there may be a number.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from qjmap.checks.duplicates import name_column, same_name
from qjmap.messages import Note
from qjmap.schema import DERIVED, ORIGINAL, fold
from qjmap.tables import Parsed, TableFrame, cells
from qjmap.tables import columns as cols
from qjmap.tables.frames import ROW, frame_of
from qjmap.tables.headers import header
from qjmap.tables.slugs import ID

_OURS = frozenset(fold(word) for word in ("id", "标识"))
"""Headers under which we write ids ourselves."""
_KEPT = "orig_id"
"""What the column is called where its own header would be read as our ids."""
_WORD = 3
"""Letters of a word; fewer before a number are a prefix."""
_PART = re.compile(r"[-_.]")


def speaks(cell: str) -> bool:
    """Whether a cell is a slug that somebody made of words, and no number or code."""
    low = cell.lower()
    if not ID.fullmatch(low):
        return False
    parts = _PART.split(low)
    numbers = [part for part in parts if part.isdigit()]
    words = [part for part in parts if part.isalpha()]
    if len(words) == len(parts):
        return True
    if any(len(number) > 1 and number.startswith("0") for number in numbers):
        return False  # CQ-0001, station-007
    joined = "".join(parts)
    if len(joined) >= 16 and not re.search(r"[^0-9a-f]", joined):
        return False  # a GUID some of whose groups have no digit
    return any(len(word) >= _WORD for word in words)


def with_own_ids(raw: TableFrame, there: Parsed) -> tuple[TableFrame, frozenset[str]]:
    """The file with its column of ids, or with that column as one of its own, and what it held then: the foreign ids.

    Parameters
    ----------
    there : the table of the project that the rows are to be added to.
    """
    for name in raw.unknown:
        if header(name, raw.table).column == "id" and (kept := _kept(name, raw, there)) != name:
            raw = _moved(raw, name, kept)
    if "id" not in raw.typed or _evidently_ours(raw):
        return raw, frozenset()
    values = cols.trimmed(cols.column(raw.frame, "id"))
    filled = ~cols.empty(values)
    if not filled.any():
        return raw, frozenset()
    found = cols.distinct(values[filled])
    spoken = sum(map(speaks, found))
    own = fold(raw.typed["id"]) in _OURS
    if 2 * spoken >= len(found) if own else spoken == len(found) and all(one == one.lower() for one in found):
        return raw, frozenset()
    if _known(raw, values, there):
        return raw, frozenset()
    kept = _kept("id", raw, there)
    note = Note("note-foreign-ids", {"column": raw.typed["id"], "kept": kept})
    return replace(_moved(raw, "id", kept), notes=(*raw.notes, note)), frozenset(found)


def _evidently_ours(raw: TableFrame) -> bool:
    heads = {head.strip() for head in raw.header}
    derived = DERIVED.get(raw.table.name)
    return {*raw.table.names} <= heads or {*ORIGINAL} <= heads or bool(derived and {*derived} <= heads)


def _known(raw: TableFrame, values: object, there: Parsed) -> bool:
    """Whether the ids are in the table and mean rows of the same names there, more often than rows of other names."""
    title = name_column(raw.table.name)
    wanted = cols.column(there.frame, "id")
    values = cols.each(values, lambda texts: [text.lower() for text in texts])
    at = np.flatnonzero(cols.among(values, cols.distinct(wanted)))
    if not at.size:
        return False
    rows = {own: row for row, own in enumerate(cols.objects(wanted))}
    names = cols.objects(cols.column(raw.frame, title))
    ids = cols.objects(values)
    typed = cols.objects(cols.column(there.raw.frame, title))
    aliases = there.frame["aliases"].to_numpy() if "aliases" in there.frame else None
    same = 0
    for one in at.tolist():
        row = rows[ids[one]]
        others = () if aliases is None else aliases[row]
        same += same_name(cells.clean(names[one]), (), typed[row], others)
    return 2 * same > len(at)


def _kept(name: str, raw: TableFrame, there: Parsed) -> str:
    """What a column of foreign ids is called: by its header, unless the table would read that as our ids."""
    label, taken = raw.typed.get(name, name).strip(), {*raw.unknown} - {name}
    beside_id = fold(label) != "id" and fold(there.raw.typed.get("id", "")) == "id"
    kept = label if beside_id else _KEPT
    while kept in taken or kept in raw.table or kept == ROW:
        kept += "_"
    return kept


def _moved(raw: TableFrame, name: str, kept: str) -> TableFrame:
    """The file with one of its columns as one of its own, under another name."""
    columns = {str(one): cols.column(raw.frame, str(one)) for one in raw.frame if one not in (ROW, name)}
    columns |= {kept: cols.column(raw.frame, name)}
    if name in raw.table:
        columns = {one: columns.get(one, cols.filled(len(raw.frame), "")) for one in (*raw.table.names, *columns)}
    return replace(
        raw,
        frame=frame_of(columns | {ROW: raw.frame[ROW].to_numpy()}),
        typed={one: typed for one, typed in raw.typed.items() if one != name},
        letters={kept if one == name else one: letter for one, letter in raw.letters.items()},
        unknown=(*(one for one in raw.unknown if one != name), kept),
    )
