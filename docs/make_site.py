"""Make the pages of the documentation site: those of docs/, the guide to the tables, the architecture, the Python interface.

``python docs/make_site.py FOLDER`` writes them into FOLDER, and ``mkdocs.yml`` beside it. ``make site`` then builds the site.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from qjmap.scaffold import guide

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PICTURE = "qijiang.png"
PAGES = {"../README.md": "index.md", "../data/README.md": "tables.md", "../CONTRIBUTING.md": "architecture.md"}
"""Document outside of docs/ -> page of the site that has its content."""
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s:]*/)([^)\s/:]+)\)")
"""Pattern of a picture in another folder of the repository."""
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s#]+)((?:#[^)\s]*)?)\)")
API = """# Python interface: reference

::: qjmap.api.project
    options:
      members: [open_project, new_project, Project]

::: qjmap.api.atlas
    options:
      members: [Atlas]

::: qjmap.api.locating
    options:
      members: [locate, geocode, reverse]

::: qjmap.layers
    options:
      members: [Background, Corridors, Districts, Partnerships, Places, Sites]
"""
START = """# qjmap

{first}

![A map]({picture})

| | |
|---|---|
| 办公室：填表、检查、出图 | [给办事员](clerk.zh.md) |
| 别的区县，一步一步 | [别的区县](another-district.md) |
| 许多区县，一张地图 | [合图](atlas.md) |
| Files for QGIS, GDAL, geopandas | [For GIS users](gis.md) |
| GeoDataFrames, locating, layers on your own map | [Python](python.md), [reference](api.md) |
| What each table, column and setting means | [表格](tables.zh.md), [Tables](tables.md) |
| How the program is built | [Architecture](architecture.md) |
"""


def with_links(text: str) -> str:
    """Return a document of docs/ whose links lead to pages of the site. A link to another file of the repository becomes its name."""

    def link(found: re.Match[str]) -> str:
        words, target, anchor = found.groups()
        if "://" in target or ((DOCS / target).exists() and "/" not in target):
            return found[0]
        return f"[{words}]({PAGES[target]})" if target in PAGES else f"{words} ({target.removeprefix('../')}{anchor})"

    return _PICTURE.sub(r"![\1](\3)", _LINK.sub(link, text))


def architecture() -> str:
    """Return the page on the architecture: that section of CONTRIBUTING.md, and its glossary."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = re.search(r"^## Architecture\n(.*?)^## ", text, re.M | re.S)
    glossary = re.search(r"^## Glossary\n.*", text, re.M | re.S)
    if section is None or glossary is None:
        raise SystemExit("CONTRIBUTING.md has no section on architecture or no glossary")
    return f"# Architecture\n{section[1]}\n{glossary[0]}".replace("(docs/", "(")


def pages() -> dict[str, str]:
    """Return file name -> text, of all pages of the site."""
    found = {path.name: with_links(path.read_text(encoding="utf-8")) for path in sorted(DOCS.glob("*.md"))}
    readme = (ROOT / "README.md").read_text(encoding="utf-8").split("\n\n")
    first = next(part for part in readme if part and not part.startswith(("#", "!", "|", "`", "<")))
    return {
        **found,
        "index.md": START.format(first=re.sub(_LINK, r"\1", first), picture=PICTURE),
        "tables.md": f"# Tables\n\n{guide('en')}",
        "tables.zh.md": f"# 表格\n\n{guide('zh')}",
        "architecture.md": architecture(),
        "api.md": API,
    }


def main(folder: Path) -> None:
    """Write the pages, their pictures and the settings of the site."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
    for page in DOCS.glob("*.md"):
        for _, path, name in _PICTURE.findall(page.read_text(encoding="utf-8")):
            shutil.copy(DOCS / path / name, folder)
    shutil.copy(ROOT / "maps" / PICTURE, folder)
    for picture in DOCS.glob("*.svg"):
        shutil.copy(picture, folder)
    shutil.copy(DOCS / "mkdocs.yml", folder.parent / "mkdocs.yml")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
