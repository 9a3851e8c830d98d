"""Notes that say how the columns of a file were understood, one for each kind of decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qjmap.i18n import Note
from qjmap.schema import Table
from qjmap.tables.choose_columns import Choice


def choice_notes(choice: Choice, header: Sequence[str], table: Table) -> Iterator[Note]:
    """Yield the notes about a choice of columns."""
    title = next((name for name in ("name", "title") if name in table), "")
    if choice.proposed:
        if choice.columns:
            yield Note("note-headless", _pairs(choice.columns, header, table, [*choice.columns]))
    elif choice.name_why:
        named = [at for at, name in choice.columns.items() if name == title]
        yield Note(f"note-name-{choice.name_why}", {"column": header[named[0]], "title": _label(title, table)})
    if choice.degrees:
        parts = [header[at] for parts in choice.degrees.values() for at in parts]
        yield Note("note-degrees", {"columns": parts})
    if choice.parties:
        yield Note("note-parties", {"columns": [header[at] for at in choice.parties]})
    if choice.beside:
        columns = {at: taken for at, taken in choice.beside.items() if (taken, at) not in choice.twice}
        if columns:
            both = [f"{header[at]}（{header[taken]}）" for at, taken in columns.items()]
            yield Note("note-beside", {"columns": both})
    if choice.unfit:
        yield Note("note-unfit", _unfit(choice, header, table))
    if choice.shapes:
        yield Note("note-shapes", {"columns": [header[at] for at in choice.shapes]})
    if choice.spread:
        yield Note("note-spread", {"columns": [header[at] for at in choice.spread]})
    if choice.near:
        first, name = next(iter(choice.near.items()))
        params = _pairs(choice.near, header, table, [*choice.near])
        yield Note("note-near", {**params, "title": _label(name, table), "column": header[first]})
    if choice.dropped:
        yield Note("note-running-numbers", {"columns": [header[at] for at in sorted(choice.dropped)]})


def _label(name: str, table: Table) -> dict[str, str]:
    """Return the label of a column of the table in both languages."""
    label = "坐标" if name == "lonlat" else table.column(name).label
    return {"zh": label, "en": "coordinates" if name == "lonlat" else name}


def _pairs(
    meanings: Mapping[int, str], header: Sequence[str], table: Table, columns: Sequence[int]
) -> dict[str, object]:
    """Return the parameter `columns` of a note: some headers, each with the column of the table that it was taken for, in both languages.

    Parameters
    ----------
    meanings : index -> canonical column.
    columns : indices of the columns to name.
    """
    labels = [(header[at], _label(meanings[at], table)) for at in sorted(columns)]
    return {
        "columns": {
            "zh": "、".join(f"{typed}→{label['zh']}" for typed, label in labels),
            "en": ", ".join(f"{typed} → {label['en']}" for typed, label in labels),
        }
    }


def _unfit(choice: Choice, header: Sequence[str], table: Table) -> dict[str, object]:
    """Return the parameter `columns` of a note: headers that the cells do not confirm, each with its meaning and an example cell."""
    rows = [(header[at], _label(name, table), example[:40]) for at, (name, example) in sorted(choice.unfit.items())]
    return {
        "columns": {
            "zh": "、".join(f"“{typed}”（{label['zh']}，如“{example}”）" for typed, label, example in rows),
            "en": ", ".join(f"“{typed}” ({label['en']}, as in “{example}”)" for typed, label, example in rows),
        }
    }
