"""What LibreOffice makes of the slides of a report: `python -m tests.slides PROJECT...` fails where a text runs over or is missing.

The slides of each project, in both languages, with and without a template of 4:3, become a PDF. Of every page each line of text must lie
on the paper and on no other line, and the page must have every character that its slide has.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pptx
import pypdfium2

from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project
from qjmap.report import build_report
from qjmap.report.contents import contents
from qjmap.report.slide_deck import slide_deck

_SECONDS = 300
_APART = 3.0
"""Points that boxes of lines may lie over one another: they have room for accents above the letters."""

Box = tuple[float, float, float, float]


def lines_of(page: pypdfium2.PdfPage) -> list[tuple[Box, str]]:
    """Return the lines of text of a page with their boxes: left, bottom, right, top in points."""
    text = page.get_textpage()
    boxes = [text.get_rect(number) for number in range(text.count_rects())]
    return [(box, text.get_text_bounded(*box)) for box in boxes]


def overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes lie over one another."""
    return all(min(one[k + 2], other[k + 2]) - max(one[k], other[k]) > _APART for k in (0, 1))


def faults(deck: Path, pdf: Path) -> Iterator[str]:
    """Yield what is wrong with the pages of a deck."""
    slides, document = list(pptx.Presentation(str(deck)).slides), pypdfium2.PdfDocument(pdf)
    if len(slides) != len(document):
        yield f"{len(slides)} slides became {len(document)} pages"
    for number, (slide, page) in enumerate(zip(slides, document, strict=False), 1):
        width, height = page.get_size()
        lines = lines_of(page)
        for box, words in lines:
            if min(box[:2]) < 0 or box[2] > width or box[3] > height:
                yield f"page {number}: {words!r} leaves the paper"
        for (one, words), (other, others) in combinations(lines, 2):
            if overlap(one, other):
                yield f"page {number}: {words!r} lies on {others!r}"
        wanted = Counter("".join(said(slide).replace("-", "").split()))  # PDF has hyphens at ends of lines as soft ones
        missing = wanted - Counter("".join(page.get_textpage().get_text_range().split()))
        if missing:
            yield f"page {number} lacks {''.join(sorted(missing))!r}"


def said(slide: pptx.slide.Slide) -> str:
    """Return the texts of a slide, its number apart."""
    cells = (cell for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells)
    frames = [shape.text_frame for shape in slide.shapes if shape.has_text_frame]
    return "".join([*(frame.text for frame in frames), *(cell.text for cell in cells)])


def main(projects: list[str]) -> int:
    """Make and check the slides of projects; returns the number of faults."""
    program, found = shutil.which("soffice") or shutil.which("libreoffice"), 0
    if program is None:
        sys.stdout.write("LibreOffice is not installed.\n")
        return 1
    for project in projects:
        atlas = load_atlas(load_project(project))[0]
        report = build_report(atlas)
        for lang in ("zh", "en"):
            for template in (False, True):
                with tempfile.TemporaryDirectory() as folder:
                    own, deck = Path(folder, "own.pptx"), Path(folder, "deck.pptx")
                    pptx.Presentation().save(str(own))
                    texts = contents(atlas, report, lang, changed=["…"], credits=["GeoNames CC BY 4.0"])
                    deck.write_bytes(slide_deck(texts, {}, template=own if template else None))
                    command = [program, f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless"]
                    subprocess.run(
                        [*command, "--convert-to", "pdf", "--outdir", folder, str(deck)],
                        check=True,
                        capture_output=True,
                        timeout=_SECONDS,
                    )
                    wrong = list(faults(deck, deck.with_suffix(".pdf")))
                found += len(wrong)
                told = [f"{project} {lang}{' 4:3' if template else ''}: {len(wrong)} faults", *wrong]
                sys.stdout.write("\n  ".join(told) + "\n")
    return found


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
