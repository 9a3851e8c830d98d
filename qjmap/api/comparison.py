"""`Comparison`: the changes from one edition of the data to another, to read, count and write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from qjmap.diff import Change, Edition, changes, render

if TYPE_CHECKING:
    import pandas as pd

    from qjmap.pipeline.compare import Form


class Comparison:
    """The changes from one edition to another: iterable, with a length. ``print`` shows them as sentences.

    Attributes
    ----------
    old, new : the editions.
    changes : the changes, sorted by table, id and column.
    """

    def __init__(self, old: Edition, new: Edition, folder: Path, language: str) -> None:
        self.old, self.new = old, new
        self.changes: tuple[Change, ...] = tuple(changes(old, new))
        self._folder, self._language = folder, language

    @property
    def counts(self) -> dict[str, int]:
        """Kind (added, withdrawn, moved, renamed, status, value, changed) -> number of changes; without kinds that do not occur."""
        return dict(Counter(change.kind for change in self.changes))

    def to_frame(self) -> pd.DataFrame:
        """Return the changes as a table: one row per change, with table, id, name, kind, column, old, new and distance_m (metres)."""
        from dataclasses import asdict, fields

        import pandas as pd  # imported here, since texts need none

        return pd.DataFrame([asdict(one) for one in self.changes], columns=[field.name for field in fields(Change)])

    def to_text(self, language: str | None = None) -> str:
        """Return the changes as sentences, in "zh" or "en"; by default in the project's language."""
        return self._rendered("text", language)

    def to_markdown(self, language: str | None = None) -> str:
        """Return the changes as Markdown, with a heading for each table."""
        return self._rendered("markdown", language)

    def to_json(self) -> str:
        """Return the changes as JSON text: {old, new, changes: [{table, id, name, kind, ..., zh, en}]}."""
        return self._rendered("json", None)

    def save(self, path: str | Path, *, form: Form | None = None, language: str | None = None) -> Path:
        """Write the changes to a file, and return its path.

        Parameters
        ----------
        form : "text", "json", "markdown", or "html" for the page of both editions; by default that of the suffix, else "text".
        language : as in `to_text`; a page has both languages.

        Raises
        ------
        UsageError : the path is that of a table, of settings or of an edition.
        DataFaults : the tables have faults; raised for a page only.
        """
        from qjmap.pipeline.compare import write_comparison

        return write_comparison(
            Path(path), self.changes, self.old, self.new, self._folder, form=form, lang=language or self._language
        )

    def _rendered(self, form: str, language: str | None) -> str:
        return render(form, self.changes, self.old, self.new, language or self._language)

    def __len__(self) -> int:
        return len(self.changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {kind}" for kind, count in self.counts.items())
        return f"<Comparison {self.old.name} → {self.new.name}: {counts or 'no changes'}>"
