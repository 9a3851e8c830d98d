"""folium elements that add texts, scripts and data to a page without passing them through a template.

branca treats the text of an `Element` as a Jinja template and would run an expression from a cell. Here the text of a cell never becomes
HTML or script: blocks are base64, and options are escaped JSON.
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
"""End of the opening tag of a chunk; by the attribute the page finds the chunks."""


@cache
def asset(path: str) -> str:
    """Return the text of a file in `assets`, given by its path there; each file is read once."""
    return files("qjmap").joinpath("assets", path).read_text(encoding="utf-8")


def root_figure(element: Element) -> Figure:
    """Return the figure that contains an element. Raise UsageError if there is none, since folium cannot render the element then."""
    figure = element.get_root()
    if not isinstance(figure, Figure):
        raise UsageError("map-root")
    return figure


class Raw(Element):
    """Element that renders as its text, unchanged and without a template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        """Return the text."""
        return self.text


class Deferred(Raw):
    """Script elements with data that an offline page puts after its scripts, so that it paints before the browser has parsed them.

    Parameters
    ----------
    elements : (opening tag, text) of each element; texts are base64, so that nothing in them needs escaping
    chunks : (opening tag, function that waits for the text and returns it) of each chunk
    """

    def __init__(
        self, elements: Sequence[tuple[str, str]], chunks: Sequence[tuple[str, Callable[[], str]]] = ()
    ) -> None:
        super().__init__("")
        self.elements, self.chunks = elements, chunks

    def render(self, **kwargs: Any) -> str:
        """Return the text of all elements. It is used in a page that folium itself writes; an offline page places them itself."""
        elements = [*self.elements, *((tag, text()) for tag, text in self.chunks)]
        return "".join(f"{tag}{text}</script>" for tag, text in elements)


class Script(Raw):
    """Script element with a bundle of scripts. By its class the offline page finds it, to move it and compute its hash.

    Parameters
    ----------
    name : name of the bundle, see `qjmap.web.bundle`
    """

    def __init__(self, name: str) -> None:
        self.source = bundle(name)
        super().__init__(f"<script>{self.source}</script>")


def add_map_script(figure: Figure) -> None:
    """Add the script of all layers to a figure; another call adds nothing."""
    figure.header.add_child(Script("map"), name="qjmap:map")


def block_element(identifier: str, text: str) -> str:
    """Return the HTML of a script element with an id that carries the text of a block as data; the browser does not run it."""
    return f'<script type="text/plain" class="qjmap-block" id="{identifier}">{text}</script>'


def table_element(identifier: str, table: ChunkedTable, *, name: str = "") -> Deferred:
    """Return the script elements of a chunked table.

    Parameters
    ----------
    identifier : id of the element with the block ``data``; the ids of the other elements have a suffix (``-ids``, ``-0``, ``-1``, …)
    name : name of the table that the page reads from these elements; "" for a table that only a layer reads
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
