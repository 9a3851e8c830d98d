"""What Word documents and slides have in common: typefaces, own templates, and bytes without a clock."""

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
"""Date in the document's properties, which have to have one."""
_MOST = 255
"""Characters that a property may have."""
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def open_template(opened: Callable[[str | None], Any], template: Path | None, *, program: str, suffix: str) -> Any:
    """Return an empty document, or the template.

    Parameters
    ----------
    opened : function of python-docx or python-pptx that opens a file; without one, its own empty document.
    program, suffix : of the files that it opens, as messages name them.

    Raises
    ------
    UsageError : the template is no such file, is damaged, or cannot be read.
    """
    try:
        return opened(str(template) if template else None)
    except Exception:  # damaged XML and archives raise errors of many kinds in these libraries
        if template is None:
            raise
        raise UsageError("report-template", path=str(template), program=program, suffix=suffix) from None


def document_bytes(made: Any, title: str) -> bytes:
    """Return the file of a document of python-docx or python-pptx, without a clock in it; it has the title if it had none."""
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
    """Remove the picture of another document that the empty documents of these libraries carry.

    Parameters
    ----------
    package : its relationships are ``_rels`` in python-pptx, ``rels`` in python-docx.
    """
    relations = package._rels if hasattr(package, "_rels") else package.rels
    for key in [key for key, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        relations.pop(key)
