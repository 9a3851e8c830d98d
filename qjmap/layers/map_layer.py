"""Base class of the layers: a folium element that carries its data as compressed blocks.

A layer works on any ``folium.Map``: it adds the script that draws it to the page. All layers of a map share one script.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pandas as pd
from folium.map import Layer as FoliumLayer

from qjmap.layers.frame_columns import texts
from qjmap.layers.raw_elements import Raw, add_map_script, block_element, root_figure, table_element
from qjmap.payload import Block, ChunkedTable, script_json
from qjmap.schema import OPEN_VOCABULARIES, TABLES
from qjmap.vocabulary import BUILT_IN, Vocabularies


class MapLayer(FoliumLayer):
    """Base class of the layers.

    Parameters
    ----------
    name : name of the layer in folium's layer control
    show : whether it is visible when the map opens
    language : "zh" or "en", of the texts that the layer draws
    vocabularies : words of the project of the rows. A word that the project has added is drawn like the built-in word that its settings
        name for it.
    """

    kind: ClassVar[str]
    """Name of the layer, of its script in ``web/src/layers`` (of `Features`: ``web/src/frame``), and of its factory in ``QJMap.layers``."""

    table: str = ""
    """Name of the table that the page reads from this layer; "" if the layer does not contain all columns of a table."""

    def __init__(
        self, *, name: str, show: bool = True, language: str = "zh", vocabularies: Vocabularies = BUILT_IN
    ) -> None:
        super().__init__(name=name, overlay=True, control=True, show=show)
        self._name = f"qjmap_{self.kind}"
        self.language = language
        self.vocabularies = vocabularies

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Yield (suffix of the id of its element, block) of each block of the layer, ``data`` first; none for a layer with a table."""
        yield from ()

    def chunked_table(self) -> ChunkedTable | None:
        """Return the rows of the layer as a table of any size, which replaces the block ``data``; None for a layer of blocks."""
        return None

    def options(self) -> dict[str, Any]:
        """Return the options of the factory that makes the layer in the page, as values for JSON."""
        return {"language": self.language, **({"likes": likes} if (likes := self._likes()) else {})}

    def drawn(self, column: str, frame: pd.DataFrame) -> list[str]:
        """Return a column with a vocabulary; a value that a project has added is replaced by the built-in value that it is drawn like."""
        likes = self._likes().get(column, {})
        return [likes.get(value, value) for value in texts(frame, column)]

    def _likes(self) -> dict[str, dict[str, str]]:
        """Return column -> value that the project has added -> built-in value that it is drawn like."""
        if self.kind not in TABLES:
            return {}
        tables = ("corridors", "corridor_legs") if self.kind == "corridors" else (self.kind,)
        columns = [column for table in tables for column in TABLES[table].columns if column.vocab in OPEN_VOCABULARIES]
        likes = {column.name: self.vocabularies.likes(column.vocab or "") for column in columns}
        return {name: values for name, values in likes.items() if values}

    def render(self, **kwargs: Any) -> str:
        """Add the script, the data and the call that makes the layer to the figure; return "", as the element itself shows nothing.

        Calling it again replaces the same elements.
        """
        figure = root_figure(self)
        name = self.get_name()
        add_map_script(figure)
        elements: dict[str, str] = {}

        def add_block(word: str, text: str) -> None:
            elements[word] = f"{name}_{word}"
            figure.html.add_child(Raw(block_element(elements[word], text)), name=elements[word])

        for word, block in self.blocks():
            add_block(word, block.text())
        if (table := self.chunked_table()) is not None:
            if table.overview:
                add_block("overview", table.overview)
            figure.html.add_child(table_element(f"{name}_data", table, name=self.table), name=f"{name}_data")
        options = {**self.options(), "blocks": elements}
        figure.script.add_child(
            Raw(f'var {name} = QJMap.layers.{self.kind}(QJMap.elementOf("{name}_data"), {script_json(options)});'),
            name=name,
        )
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        return ""
