"""Write the report of a project as a document with pictures of its map."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from qjmap.atomic_write import write_all
from qjmap.diff import changes, open_edition
from qjmap.diff.render import Words
from qjmap.errors import UsageError
from qjmap.model.atlas import Atlas
from qjmap.output_paths import check_outputs
from qjmap.pipeline.load import load_atlas
from qjmap.project import Project, display_path
from qjmap.report import Report, build_report
from qjmap.report.contents import MAP, contents, told_partners
from qjmap.report.headless_browser import drawing, find_browser, pdf, picture
from qjmap.report.html_document import html_document
from qjmap.report.slide_deck import open_deck, slide_deck
from qjmap.report.word_document import open_word, word_document

DOCUMENTS = (".docx", ".pptx", ".html", ".pdf")
"""Suffixes of documents."""
_OPENERS = {".docx": open_word, ".pptx": open_deck}
Made = TypeVar("Made")

_PICTURE = (800, 560)
"""Width and height of a picture of the map with the notes below it, in CSS pixels; the smallest names are then 7 points high on A4."""
_DRAWING = (680, 418)
"""Width and height of the map on a slide, in CSS pixels; the smallest names are then 9 points high."""
_NOTES = 68
"""Height of the notes in a picture of `_PICTURE`, in CSS pixels."""
_DENSITY = 2.25
"""Pixels of a picture per CSS pixel; about 280 per inch on A4."""
_BROWSERS = 2
"""Number of browsers that run at the same time."""


def report_document(
    project: Project, out: Path, *, template: Path | None = None, since: str | None = None, language: str | None = None
) -> None:
    """Write the report of a project as a document: .docx, .pptx, .html or .pdf.

    Pictures of the map are drawn by the project's page in a browser on this machine; without a browser there are none.

    Parameters
    ----------
    out : file to write; its suffix determines the format.
    template : .docx or .pptx file whose styles or layouts a file of its kind keeps.
    since : earlier edition, as `diff.open_edition` takes it, for a section on the changes since that edition.
    language : "zh" or "en"; None for the project's.

    Raises
    ------
    UsageError : ``out`` has another suffix or is an input, there is no browser for a .pdf, ``since`` is unknown, the extra ``report`` is
        not installed, or the template is of another format.
    DataFaults : the tables have faults.
    """
    check_outputs([out], project=project.root, read=[template] if template else [])
    form = out.suffix.lower()
    if form not in DOCUMENTS:
        raise UsageError("form-unknown", path=display_path(out), suffix=form, allowed=list(DOCUMENTS))
    if form in _OPENERS:
        _OPENERS[form](template)  # a missing library or invalid template is reported before maps are drawn
    lang, changed = language or project.settings.language, list[str]()
    if since is not None:
        old, new = open_edition(since, project.root), open_edition(str(project.root), project.root)
        words = Words(old, new, lang)
        changed = [words.sentence(change) for change in changes(old, new)]
    atlas = load_atlas(project)[0]
    report = build_report(atlas)
    credits_ = (
        _credits(atlas, lang) if form == ".pptx" else []
    )  # other documents have pictures with notes at their foot
    said = contents(atlas, report, lang, changed=changed, credits=credits_)
    made: bytes | None
    if form == ".pptx":
        made = slide_deck(said, _maps(atlas, report, lang, drawing, _DRAWING, "", 0), template=template)
    elif form == ".docx":
        made = word_document(said, _map_pictures(atlas, report, lang), template=template)
    else:
        made = html_document(said, _map_pictures(atlas, report, lang)).encode()
    if form == ".pdf" and made is not None:
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder, "report.html")
            page.write_bytes(made)
            made = pdf(page)
    if made is None:
        raise UsageError("report-browser")
    write_all({out: made}, durable=False)


def _credits(atlas: Atlas, lang: str) -> list[str]:
    """Return the attributions that must be printed with the map, in a language."""
    from qjmap.page import map_credits
    from qjmap.pipeline.map import ground

    return [pair[0 if lang == "zh" else 1] for pair in map_credits(atlas, ground(atlas).credits)]


def _map_pictures(atlas: Atlas, report: Report, lang: str) -> dict[str, bytes]:
    """Return PNG pictures of the maps, with the notes below them; see `_maps`."""
    return _maps(atlas, report, lang, picture, _PICTURE, "?embed=picture#", _NOTES)


def _maps(
    atlas: Atlas,
    report: Report,
    lang: str,
    made: Callable[..., Made | None],
    size: tuple[int, int],
    query: str,
    foot: int,
) -> dict[str, Made]:
    """Draw maps of the whole atlas and of the partnerships with each partner in `told_partners`.

    Parameters
    ----------
    made : `picture` or `drawing`.
    size : width and height in CSS pixels, of which ``foot`` pixels of the height are for the notes.
    query : part of the page's address before the description of the view.

    Returns
    -------
    Key (`MAP`, or the partner's id) -> map; without those that could not be drawn, {} without a browser.
    """
    if find_browser() is None:
        return {}
    from qjmap.page import opening_view
    from qjmap.pipeline.map import page_bytes

    width, height = size
    home = atlas.project.settings.home
    addresses = {MAP: f"lang={lang}"}
    for partner in told_partners(atlas, report):
        zoom, lat, lon = fitted_view(opening_view(atlas, [home, partner])[0], width, height - foot)
        addresses[partner] = f"lang={lang}&f=partner%3A{partner}&map={zoom}/{lat:.4f}/{lon:.4f}"
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(_BROWSERS) as pool:
        page = Path(folder, "page.html")
        with page.open("wb") as file:
            file.writelines(page_bytes(atlas))
        drawn = pool.map(
            lambda said: made(page, width=width, height=height, scale=_DENSITY, address=query + said),
            addresses.values(),
        )
        return {key: image for key, image in zip(addresses, drawn, strict=True) if image is not None}


def fitted_view(bounds: Sequence[Sequence[float]], width: int, height: int) -> tuple[float, float, float]:
    """Return zoom (a multiple of 0.25), latitude and longitude of the view in which bounds fill at most four fifths of a window.

    Parameters
    ----------
    bounds : [[south, west], [north, east]] in degrees.
    width, height : size of the window in CSS pixels; a Web Mercator tile has 256.
    """
    (south, west), (north, east) = bounds
    low, high = (math.asinh(math.tan(math.radians(lat))) for lat in (south, north))
    across, up = max(east - west, 0.05) / 360, max(high - low, 0.001) / (2 * math.pi)
    zoom = math.log2(0.8 * min(width / across, height / up) / 256)
    return math.floor(zoom * 4) / 4, math.degrees(math.atan(math.sinh((low + high) / 2))), (west + east) / 2
