"""Write the changes between two editions: as text, Markdown or JSON, or as a page of both, on which added, withdrawn and changed rows are
marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from qjmap.atomic_write import write_all
from qjmap.diff import Change, Edition, render
from qjmap.output_paths import check_outputs
from qjmap.pipeline.both_editions import both_editions
from qjmap.pipeline.map import page_bytes

Form = Literal["text", "json", "markdown", "html"]
_SUFFIXES: dict[str, Form] = {".md": "markdown", ".json": "json", ".html": "html", ".htm": "html"}


def form_of(out: Path) -> Form:
    """Return the form of output that the suffix of a file means; "text" for any suffix not in `_SUFFIXES`."""
    return _SUFFIXES.get(out.suffix.lower(), "text")


def write_comparison(
    out: Path, found: Sequence[Change], old: Edition, new: Edition, folder: Path, *, form: Form | None, lang: str
) -> Path:
    """Write the changes between two editions to a file, and return its path.

    Parameters
    ----------
    found : the changes from `old` to `new`.
    folder : as in `both_editions`.
    form : form of the output, "html" for the page of both editions; None for that of the suffix.
    lang : language of the text; a page has both languages.

    Raises
    ------
    UsageError : `out` is an edition, or an input of the project.
    DataFaults : the tables have faults; raised for a page only.
    """
    check_outputs([out], project=folder, read=[path for one in (old, new) if (path := Path(one.name)).is_file()])
    if (form or form_of(out)) == "html":
        old_name = Path(old.name).resolve().stem if Path(old.name).exists() else old.name
        both = both_editions(old, new, folder, old_name=old_name)
        write_all({out: page_bytes(both.atlas, view=both.view, changes=both.changes)}, durable=False)
    else:
        write_all({out: render(form or form_of(out), found, old, new, lang).encode()}, durable=False)
    return out
