"""Folium elements that carry text, scripts and data of a page without passing through a template.

branca reads the text of an `Element` as a Jinja template, which would run what a cell says. Text of a cell never becomes HTML
or script: blocks are base64, options are escaped JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any

from branca.element import Element, Figure

from qjmap.errors import UsageError
from qjmap.payload import ChunkedTable
from qjmap.web import bundle

CHUNK_TAG_END = " data-texts>"
"""End of the opening tag of a chunk of texts."""


@cache
def asset(path: str) -> str:
    """Text of a file under ``assets/``."""
    return files("qjmap").joinpath("assets", path).read_text(encoding="utf-8")


def root_figure(element: Element) -> Figure:
    """Figure that contains an element; UsageError for an element outside of any figure, which folium cannot render."""
    figure = element.get_root()
    if not isinstance(figure, Figure):
        raise UsageError("map-root")
    return figure


class Raw(Element):
    """Element that renders as its text, unchanged."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        """Return the text."""
        return self.text


class Deferred(Raw):
    """Script elements that an offline page puts behind its scripts, so that it paints before it has parsed them.

    Parameters
    ----------
    elements : opening tag and text of each; texts are base64, so nothing in them needs escaping
    chunks : opening tag of each chunk of texts, and the function that waits for its text
    """

    def __init__(
        self, elements: Sequence[tuple[str, str]], chunks: Sequence[tuple[str, Callable[[], str]]] = ()
    ) -> None:
        super().__init__("")
        self.elements, self.chunks = elements, chunks

    def render(self, **kwargs: Any) -> str:
        """Return all elements in place, for a page that folium itself writes."""
        elements = [*self.elements, *((tag, text()) for tag, text in self.chunks)]
        return "".join(f"{tag}{text}</script>" for tag, text in elements)


class Script(Raw):
    """Bundle of scripts, in a class of its own so that the offline page can order and hash it.

    Parameters
    ----------
    name : name of the bundle in `qjmap.web.bundle`
    """

    def __init__(self, name: str) -> None:
        self.source = bundle(name)
        super().__init__(f"<script>{self.source}</script>")


def add_map_script(figure: Figure) -> None:
    """Add the layers' script to a figure, once however often this is called."""
    figure.header.add_child(Script("map"), name="qjmap:map")


def block_element(identifier: str, text: str) -> str:
    """Script element that carries the text of a block; the browser does not run it."""
    return f'<script type="text/plain" class="qjmap-block" id="{identifier}">{text}</script>'


def table_element(identifier: str, table: ChunkedTable, *, name: str = "") -> Deferred:
    """Return the script elements of a chunked table.

    Parameters
    ----------
    identifier : id of the element of the block ``data``; ids of the others have a suffix (``-ids``, ``-0``)
    name : table that the page reads from these elements, if any
    """
    attribute = f' data-table="{name}"' if name else ""

    def tag(word: str, end: str) -> str:
        attributes = f'id="{identifier}"{attribute}' if word == "data" else f'id="{identifier}-{word}"'
        return f'<script type="text/plain" class="qjmap-block" {attributes}{end}'

    chunks = [
        (tag(str(number), CHUNK_TAG_END), partial(table.chunks.__getitem__, number))
        for number in range(len(table.chunks))
    ]
    return Deferred([(tag(word, ">"), text) for word, text in table.blocks()], chunks)
