"""A folium map whose `save` writes a page of qjmap, and which a notebook shows as that page, without a network."""

from __future__ import annotations

import html
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import folium

from qjmap import atomic_write
from qjmap.i18n import text

MOST_IN_NOTEBOOK = 20_000_000
"""Maximum size in bytes of a page that a notebook shows. Since the notebook stores it, a larger page is saved to a temporary file."""


class PageMap(folium.Map):
    """A folium map whose page is written by a function.

    Parameters
    ----------
    write : function that takes the map and yields the text of its page in pieces.
    language : "zh" or "en", language of messages in a notebook.
    setting : any value, kept for `write` as an attribute.
    options : options of `folium.Map`.
    """

    def __init__(
        self, write: Callable[[PageMap], Iterator[str]], language: str, setting: Any = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self._write, self.language, self.setting = write, language, setting
        self.drawn: list[Any] = []
        """The layers that were added so far, for the function that adds the next one."""
        self.notes: list[str] = []
        """Notes on how the data were read and changed, as sentences."""

    def to_html(self, path: str | Path | None = None) -> str:
        """Return the page as one text, and write it to a file if `path` is given. Errors are as in `save`."""
        page = "".join(self._write(self))
        if path is not None:
            self._save(path, [page])
        return page

    def save(self, outfile: str | bytes | Path | BinaryIO, close_file: bool = True, **kwargs: Any) -> None:
        """Write the page to a file, which opens without a network.

        Parameters
        ----------
        outfile : path, or a binary file that is open for writing.
        close_file : close such a file afterwards.
        kwargs : ignored; they are options of `folium.Map.save`.

        Raises
        ------
        UsageError : an element of the map is not allowed in a page, see `offline_page.offline_html`.
        OSError : the file cannot be written.
        """
        self._save(outfile, self._write(self))
        if close_file and not isinstance(outfile, (str, bytes, Path)):
            outfile.close()

    def _save(self, outfile: str | bytes | Path | BinaryIO, pieces: Iterable[str]) -> None:
        encoded = (piece.encode("utf-8") for piece in pieces)
        if isinstance(outfile, (str, bytes, Path)):
            atomic_write.write_all({Path(os.fsdecode(outfile)): encoded}, durable=False)
        else:
            outfile.writelines(encoded)

    def _repr_html_(self, **_: Any) -> str:
        page = self.to_html()
        size = len(page.encode("utf-8"))
        if size > MOST_IN_NOTEBOOK:
            folder = Path(tempfile.mkdtemp(prefix="qjmap-"))
            path = folder / "map.html"
            self._save(path, [page])
            said = text("explore.too_large", self.language, size=f"{size / 1e6:.0f}", path=str(path))
            return f"<p>{html.escape(said)}</p>"
        shown = html.escape(page, quote=True)
        return f'<iframe srcdoc="{shown}" style="width:100%;height:640px;border:0" allowfullscreen></iframe>'
