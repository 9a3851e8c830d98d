"""No name of a district is in the program, its messages or its assets, except in the gazetteer and the ground."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import qjmap
from qjmap.geocoding.china_gazetteer import load_china_gazetteer

ROOT = Path(qjmap.__file__).parent
TEXTS = (".json", ".md", ".j2", ".css", ".toml", ".html")
OF_NAMES = ("gazetteer", "ground", "pinyin")
"""Assets that are lists of names."""
WORDS = ("老城区", "新城区")
"""Names that are words too."""


Named = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def named() -> Named:
    """Finds full names of counties and prefectures in a text, and the first atlas's however it is written."""
    china = load_china_gazetteer()
    units = {china.names[row] for row in range(len(china.ids)) if china.kind(row) in ("city", "district")}
    full = {name for name in units if len(name) > 2} - {*WORDS}
    lengths = sorted({len(name) for name in full})
    wide = re.compile("[^\x00-\xff]{3,}")  # no name has a sign of Latin 1, and most of a script is that
    assert all(wide.fullmatch(name) for name in full)

    def find(text: str) -> list[str]:
        pieces = [run[at : at + length] for run in wide.findall(text) for at in range(len(run)) for length in lengths]
        return [piece for piece in pieces if piece in full] + re.findall("綦江|万盛|qijiang", text, re.IGNORECASE)

    return find


def strings(path: Path) -> Iterator[str]:
    """The strings of a module; examples in docstrings and comments explain rules."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    statements = [
        one for node in ast.walk(tree) if isinstance(body := getattr(node, "body", None), list) for one in body
    ]
    docstrings = {id(one.value) for one in statements if isinstance(one, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.slow
def test_the_program_names_no_district(named: Named) -> None:
    modules = [path for path in ROOT.rglob("*.py") if "node_modules" not in path.parts]
    assert len(modules) > 200
    assert [(path.name, text) for path in modules for text in strings(path) if named(text)] == []


def test_its_assets_name_no_district(named: Named) -> None:
    assets = [
        path
        for path in (ROOT / "assets").rglob("*")
        if path.suffix in TEXTS and path.relative_to(ROOT / "assets").parts[0] not in OF_NAMES
    ]
    assert len(assets) > 20
    found = {path.name: named(path.read_text(encoding="utf-8")) for path in assets}
    assert {name: words for name, words in found.items() if words} == {}


def test_its_scripts_name_no_district(named: Named) -> None:
    for path in (ROOT / "web" / "dist").glob("*.js"):
        assert named(path.read_text(encoding="utf-8")) == [], path.name


def test_messages_take_the_name_of_the_folder(tmp_path: Path) -> None:
    from qjmap.errors import DataFaults, UsageError
    from qjmap.project import load_project

    for folder, example in (("Duck pond 2", "duck-pond-2"), ("鸭塘", "yatang"), ("。", "my-district")):
        (tmp_path / folder / "data").mkdir(parents=True)
        with pytest.raises(UsageError) as missing:
            load_project(tmp_path / folder)
        assert f'id = "{example}"' in missing.value.line("en")
        (tmp_path / folder / "data" / "project.toml").write_text('id = "a b"\ntitle = "t"\n', encoding="utf-8")
        with pytest.raises(DataFaults) as wrong:
            load_project(tmp_path / folder)
        assert example in wrong.value.line("zh")
