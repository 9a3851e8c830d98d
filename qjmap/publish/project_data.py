"""The data of one project that the rules check: settings, tables, own columns, lines of legs, background geometry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, NamedTuple

from qjmap.errors import Fault
from qjmap.model.ground_files import PUBLISHED_PROPERTIES, GroundFiles, read_ground_files
from qjmap.model.leg_line_file import LegLines, read_lines
from qjmap.project import SETTINGS_FILE, Project
from qjmap.setting_values import View
from qjmap.tables import ROW, Parsed
from qjmap.tables.own_columns import OwnColumn
from qjmap.validation import Checked
from qjmap.validation.own_column_warnings import decide_own_columns
from qjmap.vocabulary import SETTING_OF

_MAP_SETTINGS = ("title", "title_en", "review_number", "views")
"""Settings whose texts the page shows if the project is that of the map. It shows in any case the credits of the settings
(`attribution`), and the labels that they give to values of vocabularies and to own columns."""


class PublishedText(NamedTuple):
    """A published text outside of the cells of tables.

    Attributes
    ----------
    file : its file, as faults name it.
    row : number of its feature in a file of background geometry, from 1; None for any other text.
    column : name of the column, setting or property that holds it.
    params : parameters of its faults: ``name`` of the file of background geometry without the suffix, ``leg``, the id of a leg with a line.
    """

    file: str
    row: int | None
    column: str
    text: str
    params: Mapping[str, object] = {}

    def fault(self, value: str | None, code: str) -> Fault:
        """Return a fault in the text; `value` is the part of the text to show, None for nothing."""
        return Fault(self.file, self.row, self.column, value, code, self.params)


@dataclass(frozen=True)
class ProjectData:
    """The data of one project that the rules check.

    Attributes
    ----------
    checked : the checked tables. If they have faults, `qjmap.publish.check.find` returns these and runs no rule.
    with_pages : whether the built pages in the project's ``maps`` are checked too.
    is_included : whether the project of the map includes this one, so that the map shows its tables, geometry, credits and labels,
        but not its title.
    """

    project: Project
    checked: Checked
    with_pages: bool = True
    is_included: bool = False

    @cached_property
    def tables(self) -> Mapping[str, Parsed]:
        """The tables by name."""
        return self.checked.tables

    @cached_property
    def own(self) -> Mapping[str, tuple[OwnColumn, ...]]:
        """Table -> types and visibility of its own columns."""
        return decide_own_columns(self.project, self.tables)

    @cached_property
    def lines(self) -> LegLines:
        """Lines of corridor legs along networks, from ``geo/corridor_legs.geojson``; empty without this file."""
        return read_lines(self.project.geo, self.project.display_path(self.project.geo / "corridor_legs.geojson"))

    @cached_property
    def ground(self) -> GroundFiles:
        """The project's own background geometry, from its folder ``geo``."""
        return read_ground_files(self.project)

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Yield each row of a table as a dict: column -> typed cell, with the row number under `ROW`."""
        frame = self.tables[table].frame
        names = [str(name) for name in frame]
        for cells in zip(*(frame[name].tolist() for name in names), strict=True):
            yield dict(zip(names, cells, strict=True))

    def like(self, vocabulary: str, value: str) -> str:
        """Return the built-in value that a value of a vocabulary is treated as; the value itself, unless the project has added it."""
        return self.project.settings.vocabularies.likes(vocabulary).get(value, value)

    def shown_texts(self, table: str) -> Iterator[tuple[int, str, str]]:
        """Yield row number, column and text of every filled text cell that is published; of a list, such as aliases, each item.

        Left out are the cells of hidden columns, since they are not published, and numbers.
        """
        frame = self.tables[table].frame
        hidden = {column.name for column in self.own[table] if column.hidden}
        for name in frame:
            if name not in hidden and name != ROW:
                for row, cell in zip(frame[ROW].tolist(), frame[name].tolist(), strict=True):
                    for text in _texts_in(cell):
                        yield row, str(name), text

    def other_texts(self) -> Iterator[PublishedText]:
        """Yield every filled text that is published and is in no cell of a table.

        These are texts of the settings, headers and labels of own columns, the texts that the map takes from the project's own
        geometry, and the credits of that geometry and of the lines of legs.
        """
        settings, file = self.project.settings, self.settings_file
        names = ("attribution", *(() if self.is_included else _MAP_SETTINGS))
        told = {name: getattr(settings, name) for name in names}
        for vocabulary, words in settings.vocabularies.added_words().items():
            told[SETTING_OF[vocabulary]] = words
        for name, value in told.items():
            yield from (PublishedText(file, None, name, text) for text in _texts_in(value))
        for table, columns in self.own.items():
            for column in (column for column in columns if not column.hidden):
                yield PublishedText(self.tables[table].raw.file, None, column.name, column.name)
                labels = (column.settings.label, column.settings.label_en, column.settings.unit)
                yield from (PublishedText(file, None, "columns", text) for text in _texts_in(labels))
        for name, features in self.ground.features.items():
            shown = self.ground_file(name)
            for credit in self.ground.attributions.get(name, ()):
                yield PublishedText(shown, None, "attribution", credit, {"name": name})
            for number, (properties, _) in enumerate(features, 1):
                for key in PUBLISHED_PROPERTIES:
                    for text in _texts_in(properties.get(key)):
                        yield PublishedText(shown, number, key, text, {"name": name})
        for leg, line in sorted(self.lines.lines.items()):
            for key in ("origin", "attribution", "licence"):
                for text in _texts_in(getattr(line, key)):
                    yield PublishedText(self.lines.file, None, key, text, {"leg": leg})

    def fault(self, table: str, row: Any, column: str, value: object, code: str, **params: object) -> Fault:
        """Return a fault in a cell of a table. An empty `value` ("" or None) becomes None."""
        text = None if value is None or value == "" else str(value)
        return Fault(self.tables[table].raw.file, int(row), column, text, code, params)

    @property
    def settings_file(self) -> str:
        """The file of the settings, as faults name it."""
        return self.project.display_path(self.project.data / SETTINGS_FILE)

    def ground_file(self, name: str) -> str:
        """Return the file of the project's own geometry with this name, as faults name it."""
        return self.project.display_path(self.project.geo / f"{name}.geojson")

    def setting(self, column: str, value: object, code: str, **params: object) -> Fault:
        """Return a fault in the settings; `column` is the name of the setting."""
        return Fault(self.settings_file, None, column, str(value) if value else None, code, params)


def _texts_in(value: Any) -> Iterator[str]:
    """Yield the filled texts in a value: a text itself, or those in a list's items, a mapping's keys and values, the fields of a view."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, Mapping):
        yield from _texts_in([*value, *value.values()])
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _texts_in(item)
    elif isinstance(value, View):
        yield from _texts_in([getattr(value, field.name) for field in fields(value)])
