"""Legend of styled files: titles of layers, labels of columns and values, and symbols, in the project's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from qjmap.i18n import text, texts
from qjmap.schema import TABLES
from qjmap.symbols import MODE_COLORS, PLACE_COLOR, STATUS_COLORS, UNSURE_STATUSES, symbols
from qjmap.vocabulary import BUILT_IN, OTHER, Vocabularies

CLASSIFIED: Mapping[str, str] = MappingProxyType(
    {"places": "kind", "sites": "category", "partnerships": "status", "corridors": "status", "corridor_legs": "mode"}
)
"""For each layer the column whose values determine symbols and groups."""


@dataclass(frozen=True)
class Symbol:
    """Symbol of the rows of a layer that have one value in its `CLASSIFIED` column.

    Attributes
    ----------
    value, label : canonical value, and its label in the project's language.
    color : ``#rrggbb``.
    outline : vertices of a point's shape in units of its radius; None for a circle, and for lines.
    dashed : whether a line is dashed.
    """

    value: str
    label: str
    color: str
    outline: tuple[tuple[float, float], ...] | None = None
    dashed: bool = False


@dataclass(frozen=True)
class Legend:
    """Labels and symbols in the exported files of one project.

    Attributes
    ----------
    title : title of the map.
    lang : "zh" or "en".
    vocabularies : values and labels of the project.
    credits : attribution statements that must be shown with the data.
    as_of : date that the facts hold for, ISO 8601; "" if unknown.
    file : name of the file that is written, to which a QGIS project inside it refers.
    opening : ids of the places that a map shows when it opens; without any it shows all sites.
    """

    title: str = "qjmap"
    lang: str = "zh"
    vocabularies: Vocabularies = BUILT_IN
    credits: tuple[str, ...] = ()
    as_of: str = ""
    file: str = ""
    opening: tuple[str, ...] = ()

    def table(self, name: str) -> str:
        """Return the title of a table."""
        return text(f"export.table.{name}", self.lang)

    def column(self, table: str, name: str) -> str:
        """Return the Chinese label of a column; in English, and for a column that the user added, its name."""
        if name in TABLES[table]:
            return TABLES[table].column(name).label if self.lang == "zh" else name
        return column_labels().get(name, name) if self.lang == "zh" else name

    def word(self, table: str, column: str, value: str) -> str:
        """Return the label of a value, or the value itself if the column has no vocabulary or the vocabulary has no label for it."""
        vocabulary = TABLES[table].column(column).vocab if column in TABLES[table] else None
        return (self.vocabularies.label(vocabulary, value, self.lang) if vocabulary else "") or value

    def symbols(self, layer: str) -> tuple[Symbol, ...]:
        """Return the symbols of a layer in the order of its vocabulary, last the one for all other values."""
        return self._symbols[layer]

    @cached_property
    def _symbols(self) -> Mapping[str, tuple[Symbol, ...]]:
        of_sites = symbols(self.vocabularies)
        return {
            layer: tuple(self._symbol(layer, value, of_sites) for value in self._values(layer)) for layer in CLASSIFIED
        }

    def _values(self, layer: str) -> tuple[str, ...]:
        vocabulary = TABLES[layer].column(CLASSIFIED[layer]).vocab or ""
        values = [value for value in self.vocabularies.entries(vocabulary) if value != OTHER]
        return (*values, OTHER)

    def _symbol(self, layer: str, value: str, of_sites: Mapping[str, Any]) -> Symbol:
        label = self.word(layer, CLASSIFIED[layer], value)
        if layer == "sites":
            symbol = of_sites.get(value, of_sites[OTHER])
            outline = tuple((float(x), float(y)) for x, y in symbol["outline"]) if symbol["outline"] else None
            return Symbol(value, label, symbol["color"], outline)
        if layer == "places":
            return Symbol(value, label, PLACE_COLOR)
        if layer == "corridor_legs":
            return Symbol(value, label, MODE_COLORS.get(value, MODE_COLORS[OTHER]), dashed=value in ("sea", "economic"))
        colors = STATUS_COLORS if layer == "partnerships" else dict.fromkeys(STATUS_COLORS, MODE_COLORS["road"])
        return Symbol(value, label, colors.get(value, colors[OTHER]), dashed=value in UNSURE_STATUSES)


def column_labels() -> dict[str, str]:
    """Return name of a column that an export adds -> its Chinese label."""
    prefix = "export.column."
    return {key.removeprefix(prefix): both["zh"] for key, both in texts("export").items() if key.startswith(prefix)}
