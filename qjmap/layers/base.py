"""What every layer shares: a folium element whose data travel as a compressed block.

A layer works on any ``folium.Map``: it brings the script that draws it, once for all layers of a map. Text of a cell never
becomes HTML or script, nor does it pass through a template: blocks are base64, options are escaped JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any, ClassVar

import pandas as pd
from branca.element import Element, Figure
from folium.map import Layer as FoliumLayer

from qjmap.errors import UsageError
from qjmap.payload import Block, Sheet, script_json
from qjmap.web import bundle


@cache
def asset(path: str) -> str:
    """Text of a file under ``assets/``."""
    return files("qjmap").joinpath("assets", path).read_text(encoding="utf-8")


def root_figure(element: Element) -> Figure:
    """The figure that an element stands in, as folium wants it before anything is rendered."""
    figure = element.get_root()
    if not isinstance(figure, Figure):
        raise UsageError("map-root")
    return figure


class Raw(Element):
    """An element that is its text: branca would read it as a template, and so run what a cell says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        """The text."""
        return self.text


TEXTS = " data-texts>"
"""How the opening tag of a sheet's chunk of texts ends."""


class Late(Raw):
    """Script elements that stand behind the scripts of an offline page, so that it paints before it has read them.

    Parameters
    ----------
    elements : opening tag and text of each; texts are base64, so nothing in them needs escaping
    chunks : opening tag of each chunk of texts, and what gives its text when it has been made
    """

    def __init__(self, elements: Sequence[tuple[str, str]], chunks: Sequence[tuple[str, Callable[[], str]]] = ()) -> None:
        super().__init__("")
        self.elements, self.chunks = elements, chunks

    def render(self, **kwargs: Any) -> str:
        """The elements one after the other, for a page that is not ours."""
        made = [*self.elements, *((tag, text()) for tag, text in self.chunks)]
        return "".join(f"{tag}{text}</script>" for tag, text in made)


class Script(Raw):
    """A bundle of scripts, told apart so that the offline page can order and hash it.

    Parameters
    ----------
    name : as `qjmap.web.bundle` knows it
    """

    def __init__(self, name: str) -> None:
        self.source = bundle(name)
        super().__init__(f"<script>{self.source}</script>")


def add_map_script(figure: Figure) -> None:
    """Puts the script of the layers into a figure, once however often it is called."""
    figure.header.add_child(Script("map"), name="qjmap:map")


class MapLayer(FoliumLayer):
    """Base of the map's layers.

    Parameters
    ----------
    name : the layer's name in folium's layer control
    show : whether it is on when the map opens
    """

    kind: ClassVar[str]
    """Name of the layer, of its script ``web/src/layers/<kind>.js`` and of its factory in ``QJMap.layers``."""

    table: str = ""
    """The table of the page that the layer's sheet holds whole, if it does."""

    def __init__(self, *, name: str, show: bool = True, language: str = "zh") -> None:
        super().__init__(name=name, overlay=True, control=True, show=show)
        self._name = f"qjmap_{self.kind}"
        self.language = language

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """The layer's blocks, each with the word that its element's id ends in; ``data`` is the first."""
        yield from ()

    def sheet(self) -> Sheet | None:
        """The layer's rows as a table of any size, in place of a block ``data``; None for a layer of blocks."""
        return None

    def options(self) -> dict[str, Any]:
        """Options of the factory in the page; JSON only."""
        return {"language": self.language}

    def render(self, **kwargs: Any) -> str:
        """Adds script, blocks and call to the figure; the same elements however often it is called."""
        figure = root_figure(self)
        name = self.get_name()
        add_map_script(figure)
        elements: dict[str, str] = {}
        for word, block in self.blocks():
            elements[word] = f"{name}_{word}"
            figure.html.add_child(Raw(block_element(elements[word], block)), name=elements[word])
        if (sheet := self.sheet()) is not None:
            if sheet.overview:
                elements["overview"] = f"{name}_overview"
                tag = f'<script type="text/plain" class="qjmap-block" id="{elements["overview"]}">'
                figure.html.add_child(Raw(f"{tag}{sheet.overview}</script>"), name=elements["overview"])
            figure.html.add_child(sheet_element(f"{name}_data", sheet, table=self.table), name=f"{name}_data")
        options = {**self.options(), "blocks": elements}
        figure.script.add_child(
            Raw(f'var {name} = QJMap.layers.{self.kind}(QJMap.elementOf("{name}_data"), {script_json(options)});'),
            name=name,
        )
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        return ""


def block_element(identifier: str, block: Block) -> str:
    """The script element that carries a block; the browser does not run it."""
    return f'<script type="text/plain" class="qjmap-block" id="{identifier}">{block.text()}</script>'


def sheet_element(identifier: str, sheet: Sheet, *, table: str = "") -> Late:
    """The script elements of a sheet: the block ``data`` under the identifier, the others under it and their word.

    With ``table`` the page reads that table from it.
    """
    mark = f' data-table="{table}"' if table else ""

    def tag(word: str, end: str) -> str:
        own = f'id="{identifier}"{mark}' if word == "data" else f'id="{identifier}-{word}"'
        return f'<script type="text/plain" class="qjmap-block" {own}{end}'

    chunks = [(tag(str(number), TEXTS), partial(sheet.chunks.__getitem__, number)) for number in range(len(sheet.chunks))]
    return Late([(tag(word, ">"), text) for word, text in sheet.heads()], chunks)


def texts(frame: pd.DataFrame, column: str) -> list[str]:
    """A column as plain strings, empty where the frame lacks it or the cell."""
    if column not in frame.columns:
        return [""] * len(frame)
    return [value if isinstance(value, str) else "" for value in frame[column]]


def lists(frame: pd.DataFrame, column: str) -> list[Sequence[str]]:
    """A column of lists, empty where the frame lacks it or the cell."""
    if column not in frame.columns:
        return [[] for _ in range(len(frame))]
    return [list(value) if isinstance(value, (tuple, list)) else [] for value in frame[column]]


def radii(frame: pd.DataFrame) -> list[int]:
    """Uncertainty radii in whole metres, 0 where none is known."""
    if "radius_m" not in frame.columns:
        return [0] * len(frame)
    return frame["radius_m"].fillna(0).round().astype(int).tolist()
