"""Describe the tables of an atlas for the page: columns with the names and kinds of rows, columns of the list, columns whose values the
legend's symbols represent, and columns by which rows are filtered. The page's scripts have no other description of these tables.
"""

from __future__ import annotations

from typing import Any

from qjmap.schema import EDITION_CHANGE, TABLES, Column

_LAYERS = ("places", "sites", "partnerships", "corridors")
"""Tables that have a layer which a reader can turn on and off."""
_UNSOURCED = ("sources", "districts")
"""Tables whose rows do not state sources."""
_KINDS = {"places": "kind", "sites": "category", "partnerships": "kind"}
"""Table -> the column with the kind of a row."""
_SYMBOLS = {
    "places": {"place": "kind"},
    "sites": {"category": "category", "status": "status"},
    "partnerships": {"arc_family": "kind"},
    "corridors": {"mode": "mode"},
}
"""Table -> kind of symbol in its legend -> the column whose values the symbols represent."""
_OWN_SYMBOLS = ("category", "status")
"""Kinds of symbols in which each value that a project adds has its own symbol; in others it has the symbol of a similar built-in value."""
_FORMS = {
    "text": "text", "url": "text", "texts": "texts", "id": "refs", "ids": "refs", "date": "date", "number": "number", "integer": "number",
    "vocab": "word",
}  # fmt: skip
"""Type of a column -> how the list shows and sorts its cells."""
_SHOWN = {
    "name": "name", "status": "status", "source": "source", "value_cny": "money", "value": "quantity", "period": "date",
}  # fmt: skip
"""Column -> how the list shows and sorts its cells, for columns in which the type does not determine it."""
_COMPUTED = {"level": "level", "rows": "count"}
"""Column that the program adds -> how the list shows and sorts its cells."""
_CODED = ("parent", "place")
"""Columns of ids that the page holds as codes, by which the list sorts them."""
_LISTED: dict[str, tuple[str | tuple[str, int], ...]] = {
    "places": ("name", "kind", "parent", ("adcode", 1200), ("aliases", 1200), "level", "source"),
    "sites": ("name", "category", "status", "place", ("address", 1200), ("start", 1200), ("end", 1500), ("aliases", 1900), "level", "source"),
    "partnerships": ("name", "kind", "status", "parties", "start", ("end", 1500), "value_cny", ("aliases", 1900), "source"),
    "corridors": ("name", "status", "area", ("start", 1200), ("aliases", 1200), "source"),
    "corridor_legs": ("name", "corridor", "seq", "mode", "status", "published_km", "source"),
    "indicators": ("name", "subject", "kind", "value", "period", "source"),
    "districts": ("name", "rows"),
    "sources": ("name", "publisher", "published", "licence", "url"),
}  # fmt: skip
"""Table -> columns of its list in their order, each with the width of a window in px from which it is shown, if not always."""
_SORTED: dict[str, dict[str, list[str] | None]] = {
    "places": {"adcode": ["adcode"], "aliases": ["aliases"]},
    "sites": {"address": ["address"], "aliases": ["aliases"]},
    "partnerships": {"aliases": ["aliases"]},
    "corridors": {"aliases": ["aliases"]},
    "corridor_legs": {"name": None},
    "districts": {"name": None},
    "sources": {"name": ["name"]},
}
"""Table -> column of its list -> the text columns of the search index by which it is sorted; None if it is sorted by its text instead. Names
in other tables are sorted by the name column of the page's language."""
_WIDE = ("name", "parties")
"""Columns that are wider than others in the list."""
_FACETS: tuple[tuple[str, dict[str, str]], ...] = (
    ("category", {"sites": "category"}),
    ("kind", {"partnerships": "kind"}),
    ("mode", {"corridors": "mode"}),
    ("status", dict.fromkeys(("sites", "partnerships", "corridors", "corridor_legs"), "status")),
    ("partner", {"partnerships": "partner"}),
    ("precision", {"sites": "level", "places": "level"}),
    (
        "source",
        dict.fromkeys(("sites", "places", "partnerships", "corridors", "corridor_legs", "indicators"), "source"),
    ),
)
"""Key of a facet and the column that it filters in each of its tables."""
_THROUGH = {"mode": {"corridors": ["corridor_legs", "corridor"]}}
"""Facet -> table -> the table whose rows have the column instead, and their column that names the row."""


def table_views(*, two_editions: bool = False) -> list[dict[str, Any]]:
    """Return the descriptions of the tables of an atlas's page in their order, as values for JSON.

    With ``two_editions`` each list has a column that states what became of a row since the earlier edition.

    Each description has the ``name`` of the table; ``layer``, whether it has a layer that can be turned off; ``sources`` and ``id``, whether its rows
    name sources and have ids to show; ``names``, the columns of the Chinese and the English name, or ``ends``, the columns of the two
    rows whose names make up that of the row; ``kind``, [column with the kind of a row, its vocabulary]; ``symbols``, kind of symbol ->
    [column that it represents, vocabulary of the column, or "" if also words that a project adds have symbols of their own]; and
    ``list``, the columns of the list (see `_listed`).
    """
    views = [_view(name) for name in (*TABLES, "districts")]
    if two_editions:
        change = {"name": EDITION_CHANGE, "form": "word", "vocab": EDITION_CHANGE, "coded": True}
        for view in views:
            if view["name"] in TABLES:
                view["list"].insert(1, change)
    return views


def facets(*, two_editions: bool = False) -> list[dict[str, Any]]:
    """Return the facets over all tables, as values for JSON: ``key``, ``vocab`` (null for ids), ``columns`` by table and ``through``.

    ``through`` is the entry in `_THROUGH`. With ``two_editions`` the first facet is what became of a row since the earlier edition.
    """
    change = {
        "key": EDITION_CHANGE,
        "vocab": EDITION_CHANGE,
        "columns": dict.fromkeys(TABLES, EDITION_CHANGE),
        "through": {},
    }
    return [
        *([change] if two_editions else []),
        *(
            {
                "key": key,
                "vocab": "precision" if key == "precision" else _vocabulary(columns),
                "columns": columns,
                "through": _THROUGH.get(key, {}),
            }
            for key, columns in _FACETS
        ),
    ]


def _view(table: str) -> dict[str, Any]:
    kind = _KINDS.get(table)
    return {
        "name": table,
        "layer": table in _LAYERS,
        "sources": table not in _UNSOURCED,
        "id": True,
        **({"ends": ["from", "to"]} if table == "corridor_legs" else {"names": _names(table)}),
        **({"kind": [kind, _column(table, kind).vocab]} if kind else {}),
        "symbols": {
            symbol: [column, "" if symbol in _OWN_SYMBOLS else _vocabulary({table: column})]
            for symbol, column in _SYMBOLS.get(table, {}).items()
        },
        "list": [_listed(table, *((one,) if isinstance(one, str) else one)) for one in _LISTED[table]],
    }


def _names(table: str) -> list[str]:
    return ["title", "title"] if table == "sources" else ["name", "name_en"]


def _listed(table: str, name: str, least: int = 0) -> dict[str, Any]:
    """Return the description of a column of the list: ``name``, ``form`` (of its cells), and those of the following that apply.

    ``vocab`` is the vocabulary of its words; ``coded`` and ``wide`` are true for columns with codes and with more room; ``from`` is the
    width of a window in px from which the column is shown (``least``); ``sorted`` is its entry in `_SORTED`.
    """
    form = _COMPUTED.get(name) or _SHOWN.get(name) or _FORMS[_column(table, name).type]
    vocabulary = _column(table, name).vocab if form == "word" else None
    return {
        "name": name,
        "form": form,
        **({"vocab": vocabulary} if vocabulary else {}),
        **({"coded": True} if name in _CODED or form == "word" else {}),
        **({"wide": True} if name in _WIDE else {}),
        **({"from": least} if least else {}),
        **({"sorted": _SORTED[table][name]} if name in _SORTED.get(table, {}) else {}),
    }


def _vocabulary(columns: dict[str, str]) -> str | None:
    """Return the name of the vocabulary of a facet or symbol; None if its columns hold ids or are added by the program.

    Parameters
    ----------
    columns : table -> its column; all have the same vocabulary. The column that corridors derive from their legs (``mode``) is looked up in
        corridor_legs.
    """
    found = {
        column.vocab
        for table, name in columns.items()
        if table in TABLES
        for column in TABLES[table].columns
        if column.name == name
    } or {TABLES["corridor_legs"].column(name).vocab for name in columns.values() if name in TABLES["corridor_legs"]}
    return found.pop() if found else None


def _column(table: str, name: str) -> Column:
    return TABLES[table].column(name)
