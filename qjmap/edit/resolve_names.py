"""Resolve the unknown and ambiguous names in the tables: list them, and write the user's answers to the tables.

An answer is the id or name of a row of places or sites, which gets the unresolved name as an alias; or the code or name of a place in
the gazetteer, which is added to the table of places, unless a row there describes it, which then gets the alias.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qjmap.edit.add_rows import patched
from qjmap.edit.project_lock import locked
from qjmap.edit.undo_changes import undo_command
from qjmap.edit.write_tables import TableChange, write_tables
from qjmap.errors import DataFaults, UsageError
from qjmap.geocoding.exact_names import GazetteerPlace, exact_names, place_row
from qjmap.i18n import text
from qjmap.project import SETTINGS_FILE, Project
from qjmap.schema import LIST_SEPARATOR, TABLES, fold
from qjmap.tables import ROW, Parsed
from qjmap.tables.cell_values import clean, read_list
from qjmap.tables.columns import operations as cols
from qjmap.validation import check
from qjmap.validation.check_project import ids_in_use
from qjmap.validation.places_from_gazetteer import implied_ids, is_looked_up, looks_like_id, project_ids
from qjmap.validation.row_index import RowIndex, reference_columns, references_in
from qjmap.validation.several_names import possible_parts

SKIP = ("", "skip", "跳过")
"""Answers that leave a name unresolved."""
_NAMED_BY = ("places", "sites")
"""Tables whose rows may get a name as an alias."""
_OF_A_UNIT = ("id", "name", "name_en", "kind", "parent", "adcode")
_OF_A_POINT = ("lon", "lat", "datum", "precision", "position_source", "position_locator")
_MOST_LINES = 40
"""Maximum number of names in a summary."""


@dataclass(frozen=True)
class Mention:
    """Where a name occurs.

    Attributes
    ----------
    file : path of the table or of the settings, as messages show it.
    column : header of the column as typed, or name of the setting.
    rows : numbers of the rows; () for a setting.
    """

    file: str
    column: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Question:
    """A name in the tables or settings that is unknown or ambiguous.

    Attributes
    ----------
    name : the name as typed.
    mentions : where it occurs.
    candidates : places that it may mean; empty for an unknown name.
    near : up to three ids or names of rows that are spelt similarly; empty if there are candidates.
    """

    name: str
    mentions: tuple[Mention, ...]
    candidates: tuple[GazetteerPlace, ...]
    near: tuple[str, ...] = ()

    def line(self, lang: str) -> str:
        """Return one line with the name, where it occurs and what it may mean."""
        key = "resolve-ambiguous" if self.candidates else "resolve-unknown"
        choices = " / ".join(f"{place.label} {place.code}" for place in self.candidates)
        return text(key, lang, name=self.name, where=self.where(lang), choices=choices)

    def where(self, lang: str) -> str:
        """Return a phrase with the files, columns and rows where the name occurs."""
        return "；".join(
            text(
                "resolve-where" if one.rows else "resolve-where-setting",
                lang,
                file=one.file,
                column=one.column,
                rows=_some(one.rows),
            )
            for one in self.mentions
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the question as values for JSON."""
        return {
            "name": self.name,
            "mentions": [{"file": one.file, "column": one.column, "rows": list(one.rows)} for one in self.mentions],
            "candidates": [
                {"code": place.code, "name": place.name, "areas": place.areas, "kind": place.kind}
                for place in self.candidates
            ],
            "near": list(self.near),
        }


@dataclass
class ResolveReport:
    """Result of resolving names.

    Attributes
    ----------
    settled : name that was resolved -> the row or place that it now means, as a text for messages.
    added : ids of the rows added to places.
    open : the names that are still unresolved.
    undo : command that undoes the change; "" if nothing was written.
    """

    settled: dict[str, str] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    open: list[Question] = field(default_factory=list)
    undo: str = ""

    def summary(self, lang: str) -> str:
        """Return the result as text, one line for each name."""
        lines = [text("resolve-settled", lang, name=name, row=row) for name, row in self.settled.items()]
        lines += [question.line(lang) for question in self.open]
        if len(lines) > _MOST_LINES:
            lines[_MOST_LINES:] = [text("resolve-left", lang, count=len(lines) - _MOST_LINES)]
        key = "resolve-open" if self.open else "resolve-none"
        lines.append(text(key, lang, count=len(self.open)))
        if self.undo:
            lines.append(text("resolve-undo", lang, command=self.undo))
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as values for JSON."""
        return {
            "settled": self.settled,
            "added": self.added,
            "open": [question.as_dict() for question in self.open],
            "undo": self.undo,
        }


def _some(rows: Sequence[int]) -> str:
    return "、".join(map(str, rows[:8])) + ("…" if len(rows) > 8 else "")


def resolve_names(project: Project, answers: Mapping[str, str] | None = None) -> ResolveReport:
    """Write answers to the tables, and report what was written and which names are still unresolved.

    Parameters
    ----------
    answers : name -> code or name of a place in the gazetteer, or id or name of a row of places or sites; or one of `SKIP`.

    Raises
    ------
    UsageError : an answer is unknown or ambiguous, its name occurs neither in the tables nor in the settings, or a table cannot be read
        or written; nothing is changed.
    DataFaults : the table of places has a fault that concerns the whole table.
    QjmapError : another program is changing the tables, or a table cannot be changed without changing other bytes.
    OSError : a table cannot be written for another reason, such as a full disk.
    """
    given = {name: answer for name, answer in (answers or {}).items() if answer not in SKIP}
    if not given:
        return ResolveReport(open=_questions(_Tables(project)))
    with locked(project):
        tables = _Tables(project)
        report = _Settlement(project, tables, given).run()
    report.open = [question for question in _questions(_Tables(project)) if question.name not in given]
    return report


def _is_in(table: str, file: str) -> bool:
    """Return whether a file holds rows of a table: it is named after the table, or lies in the folder of the table's parts."""
    path = Path(file)
    return table in (path.stem, path.parent.name)


class _Tables:
    """The tables of a project and an index of their rows.

    Attributes
    ----------
    parsed : name of a table -> its rows, with references resolved.
    row_index : index of these rows.
    implied : id of an implied place -> its row, as column -> parsed value.
    """

    def __init__(self, project: Project) -> None:
        checked = check(project)
        self.parsed, self._project = checked.tables, checked.project
        stopping = [
            one for one in checked.faults if one.severity == "fault" and one.row is None and _is_in("places", one.file)
        ]
        if stopping:
            raise DataFaults(stopping)
        self.row_index = RowIndex()
        for table in self.parsed.values():
            self.row_index.add(table)
        self.implied = {row["id"]: row for row in self.parsed["places"].implied}

    def mentions(self) -> Iterator[tuple[str, Mention]]:
        """Yield every reference in settings and tables that is not the id of a row, and where it occurs.

        Such a reference is an unresolved text as typed, or the id of an implied place.
        """
        shown = self._project.display_path(self._project.data / SETTINGS_FILE)
        for key, names in self._project.settings.places_named().items():
            for typed in names:
                if not self.row_index.has(typed):
                    yield typed, Mention(shown, key, ())
        for parsed in self.parsed.values():
            for name in reference_columns(parsed):
                column = parsed.raw.table.column(name)
                if not is_looked_up(column):
                    continue
                rows: dict[str, list[int]] = {}
                values = cols.to_objects(cols.column(parsed.frame, name))
                for row, value in zip(parsed.frame[ROW].tolist(), values, strict=True):
                    for typed in references_in(value):
                        if typed and not self.row_index.has(typed):
                            rows.setdefault(typed, []).append(row)
                header = parsed.raw.typed.get(name, name)
                for typed, several in rows.items():
                    yield typed, Mention(parsed.raw.file, header, tuple(dict.fromkeys(several)))


def _questions(tables: _Tables) -> list[Question]:
    """Return a question for each name that is ambiguous or unknown: first those in the settings, then those in the tables."""
    mentions: dict[str, list[Mention]] = {}
    for typed, mention in tables.mentions():
        if typed not in tables.implied and not looks_like_id(typed):
            mentions.setdefault(typed, []).append(mention)
    names = exact_names()
    questions = []
    for typed, several in mentions.items():
        match = names.find(typed)
        candidates = match.candidates or ((match.place,) if match.place else ())
        near = () if candidates else tuple(tables.row_index.suggestions(typed, _NAMED_BY))
        questions.append(Question(typed, tuple(several), candidates, near))
    return questions


class _Settlement:
    """Writes answers to the tables."""

    def __init__(self, project: Project, tables: _Tables, answers: Mapping[str, str]) -> None:
        self._project, self._tables, self._answers = project, tables, answers
        self._places = tables.parsed["places"]
        self._ids_by_key = project_ids(self._places)
        self._new: dict[int, tuple[GazetteerPlace, list[str]]] = {}
        self._aliases: dict[str, list[str]] = {}
        self._report = ResolveReport()

    def run(self) -> ResolveReport:
        """Write the answers to the tables and return the report; the caller must hold the lock.

        Raises
        ------
        UsageError : a name that is answered occurs nowhere; or as in `_settle`.
        """
        known = self._names()
        for name, answer in self._answers.items():
            if name not in known:
                raise UsageError("resolve-name", name=name)
            self._settle(name, answer)
        changes = [change for table in _NAMED_BY if (change := self._change(table)) is not None]
        if changes:
            write_tables(self._project, changes, source="resolve")
            self._report.undo = undo_command(self._project)
        return self._report

    def _names(self) -> Collection[str]:
        """Return the names that answers may be given for: all texts in columns of references, and unresolved names in the settings."""
        names = {typed for typed, _ in self._tables.mentions()}
        for parsed in self._tables.parsed.values():
            for name in reference_columns(parsed):
                names.update(_cells_of(parsed, name))
        return names

    def _settle(self, name: str, answer: str) -> None:
        """Record what a name means: a place to add, or a row to which the name is added as an alias.

        Raises
        ------
        UsageError : the answer means several rows, or neither a row nor exactly one place of the gazetteer.
        """
        rows = [own for own in self._tables.row_index.find(answer, _NAMED_BY) if own not in self._tables.implied]
        if len(rows) > 1:
            raise UsageError("resolve-several", name=name, answer=answer, ids=rows)
        match = exact_names().with_code(answer) or exact_names().find(answer).place
        if rows:
            self._alias(rows[0], name)
        elif match is None:
            raise UsageError("resolve-answer", name=name, answer=answer)
        elif match.key in self._ids_by_key:
            self._alias(self._ids_by_key[match.key], name)
        else:
            names = self._new.setdefault(match.key, (match, []))[1]
            if fold(name) != fold(match.name):
                names.append(name)
            self._report.settled[name] = f"{match.label} {match.code}"

    def _alias(self, identifier: str, name: str) -> None:
        self._aliases.setdefault(identifier, []).append(name)
        self._report.settled[name] = f"{self._tables.row_index.entry(identifier)[3]}（{identifier}）"

    def _change(self, table: str) -> TableChange | None:
        """Return the change of places or sites, and put the ids of added rows into the report; None if the table does not change."""
        records = self._records() if table == "places" else []
        parsed = self._tables.parsed[table]
        cells = dict(self._alias_cells(parsed))
        if not records and not cells:
            return None
        path = self._project.table_path(table)
        before = path.read_bytes() if path.is_file() else None
        after, _ = patched(before, parsed, records, cells)
        ids = [record["id"] for record in records]
        self._report.added += ids
        return TableChange(path, before, after, ids, len(cells))

    def _alias_cells(self, parsed: Parsed) -> Iterator[tuple[int, dict[str, str]]]:
        frame = parsed.frame
        for identifier, row, aliases in zip(frame["id"], frame[ROW].tolist(), frame["aliases"], strict=True):
            if identifier in self._aliases:
                joined = LIST_SEPARATOR.join(dict.fromkeys((*aliases, *self._aliases[identifier])))
                yield int(row), {"aliases": joined}

    def _records(self) -> list[dict[str, str]]:
        """Return the rows to add to places, each as column -> cell without empty cells."""
        new = [place for place, _ in self._new.values()]
        taken = ids_in_use(self._tables.parsed.values())
        given = {row["position_locator"]: own for own, row in self._tables.implied.items()}
        ids = self._ids_by_key | dict(zip(self._new, implied_ids(new, lambda: taken, given), strict=True))
        records = []
        for place, names in self._new.values():
            row = place_row(place, ids)
            columns = _OF_A_UNIT if place.adcode else (*_OF_A_UNIT, *_OF_A_POINT)
            typed = {"lon": row["orig_lon"], "lat": row["orig_lat"]}
            record = {name: str(typed.get(name, row[name])) for name in columns}
            records.append({**record, "aliases": LIST_SEPARATOR.join(dict.fromkeys(names))})
        return [{name: cell for name, cell in record.items() if cell} for record in records]


def _cells_of(parsed: Parsed, name: str) -> set[str]:
    """Return the texts of a column as typed; of a column of lists also their items, and the names that an item may consist of."""
    column = TABLES[parsed.raw.table.name].column(name)
    cells = {clean(str(cell)) for cell in cols.unique(cols.column(parsed.raw.frame, name))}
    if column.type == "id":
        return cells - {""}
    items = {item for cell in cells for item in (cell, *read_list(cell))}
    return {part for item in items for part in (item, *possible_parts(item))} - {""}
