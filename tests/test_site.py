"""The pages of the documentation site: all of them in its navigation, every link to one of them, nothing from another host."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

_LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")
_CODE = re.compile(r"^( *)```.*?^\1```|`[^`\n]+`", re.M | re.S)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    folder = tmp_path_factory.mktemp("site") / "pages"
    script = repository / "docs" / "make_site.py"
    subprocess.run([sys.executable, script, folder], check=True, capture_output=True)
    return folder


@pytest.mark.slow
def test_every_page_stands_once_in_the_navigation(pages: Path) -> None:
    navigation = (pages.parent / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    assert sorted(re.findall(r"[\w.-]+\.md", navigation)) == sorted(path.name for path in pages.glob("*.md"))


@pytest.mark.slow
def test_links_lead_to_pages_and_pictures(pages: Path) -> None:
    for path in pages.glob("*.md"):
        text = _CODE.sub("", path.read_text(encoding="utf-8"))
        targets = [target for target in _LINK.findall(text) if "://" not in target]
        assert [target for target in targets if not (pages / target).exists()] == [], path.name


@pytest.mark.slow
def test_neither_type_nor_pictures_come_from_another_host(pages: Path) -> None:
    settings = (pages.parent / "mkdocs.yml").read_text(encoding="utf-8")
    assert "font: false" in settings
    assert "http" not in settings
    assert not [
        path.name for path in pages.glob("*.md") if re.search(r"!\[[^\]]*\]\(https?:", path.read_text(encoding="utf-8"))
    ]
