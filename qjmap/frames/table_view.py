"""Describe the table of a layer for the page: its columns with kinds, labels and facets (filters), and their cells for the payload."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.errors import UsageError
from qjmap.frames.bins import Bins, date_bins, number_bins
from qjmap.frames.convert_columns import EMPTY, Cells, cells_of
from qjmap.frames.read_frame import FrameLayer
from qjmap.i18n import text
from qjmap.payload.column_block import MOST_CODES
from qjmap.schema import fold

_LABELS = (
    "name", "名称", "名字", "姓名", "title", "标题", "label", "namezh", "name_zh", "namecn", "name_en", "地名", "单位名称", "企业名称", "项目名称",
)  # fmt: skip
"""Names of columns that usually contain the name of a row, the best first."""
_LONGEST_NAME = 120
"""Maximum length of a text that is taken for the name of a row, unless the column's name is one of `_LABELS`."""
_FEW_WORDS = 50
"""Maximum number of distinct texts of a column of texts or lists that becomes a facet by default; for categories four times as many."""
_MOST_FACETS = 60
_TOOLTIP = 8
"""Number of columns in a tooltip by default."""
WHY = "why"
"""Key of the column with the reason why a row is not on the map."""
CLASS = "/class"
"""Key of the facet whose values are the classes of the legend."""

Codes = npt.NDArray[np.int64]


@dataclass
class ColumnView:
    """A column of the page's table.

    Attributes
    ----------
    key : name of the column in the payload.
    label : name of the column that the page shows.
    source : name of the column in the frame; None for the index and for columns that the program adds.
    cells : kind and values of the cells.
    coded : index of each row's value, shape (n,), and the distinct values, if the payload stores the column as codes; else None.
    bins : bins of numbers or dates, by which rows are filtered.
    is_facet, is_searched : whether a reader can filter by the column, and search in it.
    """

    key: str
    label: str
    source: Any
    cells: Cells
    coded: tuple[Codes, list[Any]] | None = None
    bins: Bins | None = None
    is_facet: bool = False
    is_searched: bool = False

    def filter(self) -> str:
        """Return the name of the payload's column of codes by which rows are filtered; "" if the column is not a facet."""
        if not self.is_facet:
            return ""
        return f"/{self.key}" if self.bins is not None or self.cells.kind == "list" else self.key

    def metadata(self) -> dict[str, Any]:
        """Return the metadata of the column for the page (name, kind, label, filter ...), as values for JSON."""
        order = self.bins.names if self.bins is not None else self.cells.order
        return {
            "name": self.key,
            "kind": self.cells.kind,
            "unit": "",
            "label": {"zh": self.label, "en": self.label},
            **({"filter": self.filter()} if self.is_facet else {}),
            **({"order": list(order)} if order is not None and self.is_facet else {}),
            **({"bins": True} if self.bins is not None and self.is_facet and len(self.bins.names) > 1 else {}),
            **({"searched": True} if self.is_searched else {}),
        }


@dataclass
class TableView:
    """A table of the page: the description of a layer's rows.

    Attributes
    ----------
    name, title : name in the page's data ("t0"), and the name that readers see.
    columns : all columns, in the order in which the page shows them.
    label : column with the names of the rows; None if no column, or several, have them.
    names : name of each row.
    tooltip, popup : keys of the columns in a tooltip, and in a pop-up; popup None to open the panel instead.
    times : columns of the time bar: start, and end if any.
    classes : title of the legend, names of its classes, and the class of each row (len(names) for missing); None without classes.
    """

    name: str
    title: str
    layer: FrameLayer
    columns: list[ColumnView]
    label: ColumnView | None
    names: list[str]
    tooltip: list[str] = field(default_factory=list)
    popup: list[str] | None = None
    times: list[ColumnView] = field(default_factory=list)
    classes: tuple[str, list[str], Codes] | None = None

    def own(self) -> list[dict[str, Any]]:
        """Return the metadata of each column, as `ColumnView.metadata`; for the column of the rows' names also "title"."""
        return [{**column.metadata(), **({"title": True} if column is self.label else {})} for column in self.columns]

    def find(self, name: Any) -> ColumnView | None:
        """Return the first column that has a name in the frame; None if there is none."""
        return next(
            (column for column in self.columns if column.source is not None and _same(column.source, name)), None
        )


@dataclass(frozen=True)
class Choice:
    """The arguments of explore() that choose columns: for search, filters, the time bar, names of rows, tooltips and pop-ups.

    The attributes have the names and meanings of the arguments; see `explore`.
    """

    search: bool | Sequence[Any] = True
    filters: Any = "auto"
    time: Any = None
    label: Any = None
    tooltip: Any = True
    popup: Any = None


def describe(layer: FrameLayer, number: int, title: str, choice: Choice) -> TableView:
    """Describe the table of a layer.

    Its columns are the index unless it is only a numbering, the columns of the frame, and the reasons why rows are not drawn, if any.

    Parameters
    ----------
    number : index of the layer on the page.
    title : name of the layer that readers see.
    choice : columns for search, filters and so on.

    Raises
    ------
    UsageError : there is no column of a chosen name, or the time bar is to use a column without dates.
    """
    columns = _columns(layer)
    view = TableView(f"t{number}", title, layer, columns, None, [])
    _choose_label(view, choice.label)
    _choose_facets(view, choice)
    if (layer.why != "").any():
        words = [
            text(f"explore.why.{word}", "zh") + " / " + text(f"explore.why.{word}", "en") if word else ""
            for word in layer.why.tolist()
        ]
        why = ColumnView(WHY, text("explore.why", "zh") + " / " + text("explore.why", "en"), None, Cells("word", words))
        why.is_facet = True
        view.columns.append(why)
    for column in view.columns:
        _encode(column)
    searched = [column for column in view.columns if column.cells.kind in ("text", "word", "link", "list")]
    if choice.search is not True:
        names = [choice.search] if isinstance(choice.search, str) else choice.search or ()
        searched = [_named(view, name, "search") for name in names]
    for column in searched:
        column.is_searched = True
    view.tooltip = _shown(view, choice.tooltip, "tooltip", _TOOLTIP)
    view.popup = (
        None if choice.popup is None or choice.popup is True else _shown(view, choice.popup, "popup", len(view.columns))
    )
    return view


def _columns(layer: FrameLayer) -> list[ColumnView]:
    frame, found = layer.frame, list[tuple[str, Any, Any]]()
    index = frame.index
    plain = isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1 and index.name is None
    if not plain and len(frame):
        for level in range(index.nlevels):
            values = index.get_level_values(level)
            name = values.name if values.name is not None else "index" if index.nlevels == 1 else f"index {level}"
            found.append((str(name), None, pd.Series(values)))
    found += [(_text_of_name(name), name, frame.iloc[:, at]) for at, name in enumerate(frame.columns)]
    used: dict[str, int] = {}
    columns = []
    for at, (name, source, series) in enumerate(found):
        name = name or f"列 column {at + 1}"
        used[name] = used.get(name, 0) + 1
        shown = name if used[name] == 1 else f"{name} ({used[name]})"
        columns.append(ColumnView(f"c{at}", shown, source, cells_of(series)))
    return columns


def _text_of_name(name: Any) -> str:
    return " / ".join(str(part) for part in name if part != "") if isinstance(name, tuple) else str(name)


def _choose_label(view: TableView, given: Any) -> None:
    """Choose the columns with the rows' names: the given ones, else one of `_LABELS`, else the first of short, mostly distinct texts.

    Sets ``view.label`` and ``view.names``. Names from several given columns are joined, without a label column. If no column is given, a
    row without a name is named by its index, or by the layer's title and its number.
    """
    rows = view.layer.shapes.rows
    if given is not None:
        names = list(given) if isinstance(given, (list, tuple)) else [given]
        columns = [_named(view, name, "label") for name in names]
        view.label = columns[0] if len(columns) == 1 else None
        texts = [_shown_texts(column) for column in columns]
        view.names = [" · ".join(filter(None, parts)) for parts in zip(*texts, strict=True)] if texts else [""] * rows
        return
    texts_of = [column for column in view.columns if column.cells.kind in ("text", "word")]
    usual = [column for word in _LABELS for column in texts_of if fold(column.label) == fold(word)]
    several = (column for column in texts_of if _names_rows(column.cells, rows))
    view.label = usual[0] if usual else next(several, None)
    view.names = _shown_texts(view.label) if view.label else [""] * rows
    index = view.layer.frame.index
    if any(not name for name in view.names):
        rest = [_text_of_name(value) for value in index.tolist()] if not isinstance(index, pd.RangeIndex) else None
        view.names = [
            name or (rest[row] if rest else f"{view.title} {row + 1}".strip()) for row, name in enumerate(view.names)
        ]


def _names_rows(cells: Cells, rows: int) -> bool:
    """Return whether the cells of a column may be names of rows: texts that are short and mostly distinct."""
    if cells.kind != "text" or not cells.is_plain:
        return False
    return len({*cells.values}) * 2 > rows and max(map(len, cells.values), default=0) <= _LONGEST_NAME


def _shown_texts(column: ColumnView) -> list[str]:
    """Return each cell as a text of one line."""
    values: list[Any] = list(column.cells.values)
    if column.cells.kind == "number":
        return ["" if value != value else f"{value:.12g}" for value in values]
    if column.cells.kind == "bool":
        return [("false", "true", "")[code] for code in values]
    return [
        " ".join(("、".join(value) if isinstance(value, list) else value).replace(EMPTY, "").split())
        for value in values
    ]


def _choose_facets(view: TableView, choice: Choice) -> None:
    if choice.filters == "auto":
        wanted = [column for column in view.columns if _tells_apart(column)][:_MOST_FACETS]
    else:
        names = (
            choice.filters if isinstance(choice.filters, (list, tuple)) else [choice.filters] if choice.filters else []
        )
        wanted = [_named(view, name, "filters") for name in names]
    times = (
        [] if choice.time is None else list(choice.time) if isinstance(choice.time, (list, tuple)) else [choice.time]
    )
    for name in reversed(times):
        column = _named(view, name, "time")
        if column.cells.numbers is None or column.cells.kind not in ("date", "time"):
            raise UsageError("frame-no-time", column=str(name))
        wanted = [column, *(one for one in wanted if one is not column)]
    view.times = wanted[: len(times)]
    for column in wanted:
        column.is_facet = True
    if times:  # the facets of time come first
        view.columns[:] = [*view.times, *(column for column in view.columns if column not in view.times)]


def _tells_apart(column: ColumnView) -> bool:
    kind, values = column.cells.kind, column.cells.values
    if kind in ("number", "exact", "date", "time"):
        return True  # `_encode` gives up the facet of numbers that are all the same
    if kind == "list":
        return 1 < len({item for items in values for item in items}) <= _FEW_WORDS
    if kind == "bool":
        return len(np.unique(values)) > 1
    distinct = len({*values})
    if kind == "word":
        return 1 < distinct <= 4 * _FEW_WORDS
    return kind == "text" and 1 < distinct <= _FEW_WORDS and distinct * 2 <= max(4, len(values))


def _encode(column: ColumnView) -> None:
    """Set the codes of a column of booleans or words, and the codes or bins of a facet.

    A facet that cannot be encoded is given up: numbers or dates that are all the same, and columns of too many distinct values.
    """
    cells = column.cells
    if cells.kind == "bool":
        column.coded = (cells.values, [False, True, None])
        column.cells = Cells("bool", cells.values, None, ["false", "true"])
        return
    if cells.kind == "word" or (column.is_facet and cells.kind == "text"):
        order = list(cells.order) if cells.order is not None else sorted({*cells.values} - {""})
        if len(order) < MOST_CODES:
            number = {value: code for code, value in enumerate(order)} | {"": len(order)}
            column.coded = (np.array([number[value] for value in cells.values], dtype=np.int64), [*order, ""])
            column.cells = Cells("word", cells.values, None, cells.order)
        else:
            column.is_facet, column.cells = False, Cells("text", cells.values)
        return
    if not column.is_facet:
        return
    if cells.kind == "list":
        column.coded = _list_codes(cells.values)
        column.is_facet = column.coded is not None
    elif cells.numbers is not None:
        column.bins = date_bins(cells.numbers) if cells.kind in ("date", "time") else number_bins(cells.numbers)
        column.is_facet = column.bins is not None
    else:
        column.is_facet = False


def _list_codes(values: Sequence[Sequence[str]]) -> tuple[Codes, list[Any]] | None:
    distinct = sorted({tuple(dict.fromkeys(items)) for items in values})
    if len(distinct) > MOST_CODES:
        return None
    number = {items: code for code, items in enumerate(distinct)}
    codes = np.array([number[tuple(dict.fromkeys(items))] for items in values], dtype=np.int64)
    return codes, [list(items) for items in distinct]


def _shown(view: TableView, given: Any, argument: str, most: int) -> list[str]:
    """Return the keys of the columns that a tooltip or pop-up shows.

    Parameters
    ----------
    given : value of the argument: True for the first ``most`` columns, False or None for none, the number of columns, a name, or several
        names. UsageError if there is no column of a name.
    """
    own = [column for column in view.columns if column is not view.label and column.key != WHY]
    if given is True:
        return [column.key for column in own[:most]]
    if given is False or given is None:
        return []
    if isinstance(given, (int, np.integer)):
        return [column.key for column in own[: int(given)]]
    names = list(given) if isinstance(given, (list, tuple)) else [given]
    return [_named(view, name, argument).key for name in names]


def _named(view: TableView, name: Any, argument: str) -> ColumnView:
    found = view.find(name) or next((column for column in view.columns if column.label == name), None)
    if found is None:
        raise UsageError(
            "frame-no-column", name=str(name), argument=argument, columns=[column.label for column in view.columns]
        )
    return found


def _same(source: Any, name: Any) -> bool:
    """Return whether a column has a name of equal value and type: 1, 1.0 and True are three different names."""
    return type(source) is type(name) and bool(source == name)
