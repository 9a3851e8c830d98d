"""The data of one project that the rules check: settings, tables, own columns, lines of legs, background geometry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from qjmap.errors import Fault
from qjmap.model.ground_files import GroundFiles, read_ground_files
from qjmap.model.leg_line_file import LegLines, read_lines
from qjmap.project import SETTINGS_FILE, Project
from qjmap.tables import ROW, Parsed
from qjmap.tables.own_columns import OwnColumn
from qjmap.validation import Checked
from qjmap.validation.own_column_warnings import decide_own_columns


@dataclass(frozen=True)
class ProjectData:
    """The data of one project that the rules check.

    Attributes
    ----------
    checked : the checked tables. If they have faults, `qjmap.publish.check.find` returns these and runs no rule.
    with_pages : whether the built pages in the project's ``maps`` are checked too.
    """

    project: Project
    checked: Checked
    with_pages: bool = True

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

    def shown_texts(self, table: str) -> Iterator[tuple[int, str, str]]:
        """Yield row number, column and text of every filled text cell that is published.

        Left out are the cells of hidden columns, since they are not published, and columns of lists (such as aliases) and numbers.
        """
        frame = self.tables[table].frame
        hidden = {column.name for column in self.own[table] if column.hidden}
        for name in frame:
            if name not in hidden and name != ROW:
                for row, cell in zip(frame[ROW].tolist(), frame[name].tolist(), strict=True):
                    if isinstance(cell, str) and cell:
                        yield row, str(name), cell

    def fault(self, table: str, row: Any, column: str, value: object, code: str, **params: object) -> Fault:
        """Return a fault in a cell of a table. An empty `value` ("" or None) becomes None."""
        text = None if value is None or value == "" else str(value)
        return Fault(self.tables[table].raw.file, int(row), column, text, code, params)

    def setting(self, column: str, value: object, code: str, **params: object) -> Fault:
        """Return a fault in the settings; `column` is the name of the setting."""
        file = self.project.display_path(self.project.data / SETTINGS_FILE)
        return Fault(file, None, column, str(value) if value else None, code, params)
