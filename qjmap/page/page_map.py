"""A folium map that is a page of its own: it saves itself and shows itself in a notebook, offline."""

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
"""Bytes of a page up to which a notebook shows it; a larger one is saved, since it would be in the notebook with every run."""


class PageMap(folium.Map):
    """A folium map whose page is written by a function.

    Parameters
    ----------
    write : writes the page of the map, in pieces.
    language : zh or en, of what a notebook says.
    setting : what the function needs to know.
    """

    def __init__(
        self, write: Callable[[PageMap], Iterator[str]], language: str, setting: Any = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self._write, self.language, self.setting = write, language, setting
        self.drawn: list[Any] = []
        """The layers that were added, for whoever adds the next one."""
        self.notes: list[str] = []
        """What was done to the data, one sentence each."""

    def to_html(self, path: str | Path | None = None) -> str:
        """Return the page as one text; write it too where `path` is given."""
        page = "".join(self._write(self))
        if path is not None:
            self._save(path, [page])
        return page

    def save(self, outfile: str | bytes | Path | BinaryIO, close_file: bool = True, **kwargs: Any) -> None:
        """Write the page to a file; it opens without a network."""
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
