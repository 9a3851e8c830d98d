"""Base class of the map's layers: a folium element whose data travel as compressed blocks.

A layer works on any ``folium.Map``: it brings the script that draws it, once for all layers of a map.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pandas as pd
from folium.map import Layer as FoliumLayer

from qjmap.layers.frame_columns import texts
from qjmap.layers.script_elements import Raw, add_map_script, block_element, root_figure, table_element
from qjmap.payload import Block, ChunkedTable, script_json
from qjmap.schema import OPEN_VOCABULARIES, TABLES
from qjmap.vocabulary import BUILT_IN, Vocabularies


class MapLayer(FoliumLayer):
    """Base of the map's layers.

    Parameters
    ----------
    name : the layer's name in folium's layer control
    show : whether it is visible when the map opens
    language : zh or en, of the texts that the layer draws
    vocabularies : words of the project that the rows are of; its own are drawn like the built-in ones that they name
    """

    kind: ClassVar[str]
    """Name of the layer, of its script ``web/src/layers/<kind>.js`` and of its factory in ``QJMap.layers``."""

    table: str = ""
    """Table that the page reads from this layer, when the layer carries all of its columns."""

    def __init__(
        self, *, name: str, show: bool = True, language: str = "zh", vocabularies: Vocabularies = BUILT_IN
    ) -> None:
        super().__init__(name=name, overlay=True, control=True, show=show)
        self._name = f"qjmap_{self.kind}"
        self.language = language
        self.vocabularies = vocabularies

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """The layer's blocks, each with the suffix of its element's id; ``data`` is the first."""
        yield from ()

    def chunked_table(self) -> ChunkedTable | None:
        """The layer's rows as a table of any size, in place of a block ``data``; None for a layer of blocks."""
        return None

    def options(self) -> dict[str, Any]:
        """Options of the factory in the page; JSON only."""
        return {"language": self.language, **({"likes": likes} if (likes := self._likes()) else {})}

    def drawn(self, column: str, frame: pd.DataFrame) -> list[str]:
        """Values of a column of a vocabulary as the layer draws them: a project's own as the built-in ones that they are like."""
        likes = self._likes().get(column, {})
        return [likes.get(value, value) for value in texts(frame, column)]

    def _likes(self) -> dict[str, dict[str, str]]:
        """Column -> a project's own value -> the built-in one that it is drawn like."""
        if self.kind not in TABLES:
            return {}
        tables = ("corridors", "corridor_legs") if self.kind == "corridors" else (self.kind,)
        columns = [column for table in tables for column in TABLES[table].columns if column.vocab in OPEN_VOCABULARIES]
        likes = {column.name: self.vocabularies.likes(column.vocab or "") for column in columns}
        return {name: values for name, values in likes.items() if values}

    def render(self, **kwargs: Any) -> str:
        """Add script, blocks and call to the figure; the same elements however often this is called."""
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
