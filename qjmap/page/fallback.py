"""Contents that a page shows if its scripts cannot run: which browser is needed; for an atlas also title, numbers and partnerships."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment

from qjmap.i18n import LANGS, text
from qjmap.layers.raw_elements import asset
from qjmap.model.atlas import Atlas
from qjmap.model.relations import Relations, key_numbers
from qjmap.setting_values import View

MOST_ROWS = 300
"""Maximum number of partnerships in the table; a page contains them as data too, so a longer table would make it large."""
_COLUMNS = ("name", "parties", "kind", "status", "start")


def browser_notice() -> str:
    """Return HTML that states which browser is needed."""
    notice: str = _template().render(needs=_needs())
    return notice


def partnership_table(atlas: Atlas, view: View) -> str:
    """Return HTML that states which browser is needed, followed by title, numbers and a table of the partnerships, in the view's language."""
    language, frame = view.language, atlas.partnership_rows
    title = view.title_en if language == "en" and view.title_en else view.title
    shown = {"shown": MOST_ROWS, "total": len(frame)}
    table: str = _template().render(
        needs=_needs(),
        title=title,
        numbers=text("fallback.numbers", language, **key_numbers(atlas, Relations(atlas))),
        heads=[text(f"fallback.{name}", language) for name in _COLUMNS],
        rows=_rows(atlas, language),
        more=text("fallback.more", language, **shown) if len(frame) > MOST_ROWS else "",
    )
    return table


def _rows(atlas: Atlas, language: str) -> list[tuple[str, ...]]:
    """Return the rows of the table (`_COLUMNS`) as texts, in the given language as far as the data have it; at most `MOST_ROWS`."""
    words, frame = atlas.project.settings.vocabularies, atlas.partnership_rows.iloc[:MOST_ROWS]
    names = {
        identifier: name_en if language == "en" and name_en else name
        for table in (atlas.places, atlas.site_rows)
        for identifier, name, name_en in zip(table["id"], table["name"], table["name_en"], strict=True)
    }
    columns = (frame[name] for name in ("name", "name_en", "parties", "kind", "status", "start"))
    return [
        (
            name_en if language == "en" and name_en else name,
            " · ".join(names.get(party, party) for party in parties),
            words.label("partnership_kind", kind, language),
            words.label("status", status, language),
            start,
        )
        for name, name_en, parties, kind, status, start in zip(*columns, strict=True)
    ]


def _needs() -> dict[str, str]:
    return {lang: text("fallback.needs", lang) for lang in LANGS}


@cache
def _template() -> Any:
    return Environment(autoescape=True, keep_trailing_newline=True).from_string(asset("page/fallback.html.j2"))
