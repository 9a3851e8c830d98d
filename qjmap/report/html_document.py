"""A report as one HTML document with styles for print. It has the same contents and pictures as the Word document."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from importlib.resources import files

from jinja2 import Environment

from qjmap.i18n import text
from qjmap.report.contents import MAP, Contents
from qjmap.report.table_layout import SHORT, numeric_columns


def html_document(said: Contents, pictures: Mapping[str, bytes]) -> str:
    """Return a report as HTML, which loads no other file and runs no script. Parameters are as in `word_document`."""
    images = {key: base64.b64encode(picture).decode("ascii") for key, picture in pictures.items()}
    template = files("qjmap").joinpath("assets", "report", "report.html.j2").read_text(encoding="utf-8")
    page: str = Environment(autoescape=True, keep_trailing_newline=True).from_string(template).render(
        lang="zh-CN" if said.lang == "zh" else "en", said=said, images=images, cover=MAP, none=text("document.none", said.lang),
        numeric=numeric_columns, short=SHORT,
    )  # fmt: skip
    return page
