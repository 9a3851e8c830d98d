"""Functions for both Word documents and slides: open the user's template, and save with fixed dates, so that the bytes are reproducible."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qjmap.errors import UsageError

BODY, HEAD = "仿宋", "黑体"
LATIN = "Times New Roman"
_MADE = datetime.datetime(2021, 1, 1)
"""Date in the document's properties, which must have one; fixed, so that the bytes are reproducible."""
_MOST = 255
"""Maximum number of characters of a property."""
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""Date of the archive's entries, fixed for the same reason."""


def open_template(opened: Callable[[str | None], Any], template: Path | None, *, program: str, suffix: str) -> Any:
    """Return the template as a document of python-docx or python-pptx; without a template an empty one.

    Parameters
    ----------
    opened : function of the library that opens the file at a path; called with None, it returns the library's empty document.
    program, suffix : program for these files ("Word", "PowerPoint") and their suffix, for messages.

    Raises
    ------
    UsageError : the template is of another format, is damaged, or cannot be read.
    """
    try:
        return opened(str(template) if template else None)
    except Exception:  # damaged XML and archives raise errors of many kinds in these libraries
        if template is None:
            raise
        raise UsageError("report-template", path=str(template), program=program, suffix=suffix) from None


def document_bytes(made: Any, title: str) -> bytes:
    """Return a document of python-docx or python-pptx as the bytes of a file, with fixed dates and without an author.

    If the document has no title in its properties, it gets `title`.
    """
    properties = made.core_properties
    properties.created = properties.modified = _MADE
    if properties.title in ("", "PowerPoint Presentation"):
        properties.title = title[:_MOST]
    properties.author = properties.last_modified_by = ""
    saved, out = io.BytesIO(), io.BytesIO()
    made.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _ZIP_DATE), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def drop_thumbnail(package: Any) -> None:
    """Remove the preview image from an empty document of these libraries: it shows another document.

    Parameters
    ----------
    package : package of the document. Its relationships are in ``_rels`` in python-pptx, in ``rels`` in python-docx.
    """
    relations = package._rels if hasattr(package, "_rels") else package.rels
    for key in [key for key, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        relations.pop(key)
