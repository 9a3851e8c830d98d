"""Index page of a project with several views."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from qjmap.errors import DataFaults
from qjmap.pipeline.build import build
from qjmap.project import load_project

VIEWS = """
[[views]]
id = "factories"
title = "工厂"
title_en = "Factories"
language = "en"
layers = ["places", "sites"]
opening = ["lake"]
filter = { category = ["enterprise"] }

[[views]]
id = "deals"
title = "合作 <b>&"
layers = ["places", "partnerships"]
"""


@pytest.fixture
def views(region: Path) -> Path:
    settings = region / "data" / "project.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + VIEWS, encoding="utf-8")
    return region


@pytest.mark.slow
def test_each_view_is_a_page_and_the_index_leads_to_all(views: Path) -> None:
    built = build(load_project(views))
    names = sorted(path.name for path in built.page.parent.glob("*.html"))
    assert names == sorted([built.page.name, "deals.html", "factories.html", "index.html"])
    index = (built.page.parent / "index.html").read_text(encoding="utf-8")
    assert sorted(re.findall(r'href="([^"]+)"', index)) == sorted(set(names) - {"index.html"})
    assert "合作 &lt;b&gt;&amp;" in index
    assert index.count("<svg") == 3
    assert index.count('class="partnerships"') == 2
    assert "script" not in index
    assert "Factories" in (built.page.parent / "factories.html").read_text(encoding="utf-8").partition("</title>")[0]


@pytest.mark.slow
def test_the_index_is_the_same_on_every_build(views: Path) -> None:
    first = hashlib.sha256((build(load_project(views)).page.parent / "index.html").read_bytes()).hexdigest()
    assert hashlib.sha256((build(load_project(views)).page.parent / "index.html").read_bytes()).hexdigest() == first


@pytest.mark.slow
def test_without_views_there_is_no_index(region: Path) -> None:
    assert not (build(load_project(region)).page.parent / "index.html").exists()


@pytest.mark.parametrize(
    "bad",
    [
        'views = ["x"]',
        '[[views]]\nid = "a"',
        '[[views]]\nid = "index"\ntitle = "x"',
        '[[views]]\nid = "a"\ntitle = "x"\nlayers = ["nothing"]',
        '[[views]]\nid = "a"\ntitle = "x"\n[[views]]\nid = "a"\ntitle = "y"',
        '[[views]]\nid = "a"\ntitle = "x"\nopening = ["no-such-place"]',
    ],
)
def test_an_invalid_view_in_the_settings_is_a_fault(region: Path, bad: str) -> None:
    settings = region / "data" / "project.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{bad}\n{text}" if bad.startswith("views") else f"{text}\n{bad}\n", encoding="utf-8")
    with pytest.raises(DataFaults):
        build(load_project(region))
