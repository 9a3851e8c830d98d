"""Every block of commands, settings and tables in docs/ works as it stands, in a temporary project.

Blocks of ``sh`` are run line by line, each with what those before it left; ``某某县`` is a real county there. Blocks of ``console`` are for
another machine (installing, a cluster of one's own): their commands of qjmap are held by `test_docs`. Python blocks: `test_docs`.
``text`` is a listing.
"""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from qjmap.project import load_project
from qjmap.scaffold import new_project
from tests.commands import run_command

DOCS = Path(__file__).parents[1] / "docs"
_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.M | re.S)
REAL = {
    "某某县": "义乌市",
    "某某区，某某市": "鼓楼区，南京市",
    "某某区": "鼓楼区",
    "某某市": "金华市",
    "某某省": "浙江省",
}
LANGUAGES = {"sh", "console", "python", "toml", "text", ""}
NAMES = "某某经济圈.txt"


def blocks(name: str, language: str) -> list[str]:
    return [text for _, of, text in _BLOCK.findall((DOCS / name).read_text(encoding="utf-8")) if of == language]


def real(text: str) -> str:
    for placeholder, name in REAL.items():
        text = text.replace(placeholder, name)
    return text


def documents(language: str) -> list[str]:
    return [path.name for path in sorted(DOCS.glob("*.md")) if blocks(path.name, language)]


def test_every_block_says_what_it_is() -> None:
    found = {of for path in DOCS.glob("*.md") for _, of, _ in _BLOCK.findall(path.read_text(encoding="utf-8"))}
    assert found <= LANGUAGES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the documents speak of; it is a project itself."""
    new_project("义乌市", tmp_path / "made", example=True)
    shutil.move(tmp_path / "made" / "data", tmp_path / "data")
    (tmp_path / "addresses.csv").write_text("名称,地址\n甲厂,义乌市佛堂镇\n乙厂,鼓楼区\n", encoding="utf-8")
    (tmp_path / "新地点.csv").write_text("名称,所在地\n丁厂,义乌市\n", encoding="utf-8")
    (tmp_path / NAMES).write_text("义乌市\n东阳市\n", encoding="utf-8")
    (tmp_path / "我的项目").symlink_to(tmp_path)
    (tmp_path / "sites.geojson").write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"丙厂"},'
        '"geometry":{"type":"Point","coordinates":[120.07,29.31]}}]}',
        encoding="utf-8",
    )
    buildings = gpd.GeoDataFrame(
        {"storeys": [3]}, geometry=[shapely.box(120.07, 29.31, 120.08, 29.32)], crs="EPSG:4326"
    )
    buildings.to_file(tmp_path / "buildings.gpkg")
    run_command("locate", "--file", "addresses.csv", "-o", "located.xlsx", cwd=tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("name", documents("sh"))
def test_commands_run(name: str, folder: Path) -> None:
    wrong = []
    for line in "".join(blocks(name, "sh")).splitlines():
        words = shlex.split(real(line.replace(NAMES, "@")).replace("@", NAMES), comments=True)
        if not words:
            continue
        assert words[0] == "qjmap", f"{line}: of another program; write such blocks as ```console"
        done = run_command(*[word for word in words[1:] if word != "--open"], cwd=folder)
        if done.returncode:
            wrong.append(f"{line}: {done.returncode} {done.stdout[-300:]}{done.stderr[-300:]}")
    assert wrong == []


@pytest.mark.parametrize("name", documents("toml"))
def test_settings_are_settings(name: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for block in blocks(name, "toml"):
        tomllib.loads(block)
        (tmp_path / "data" / "project.toml").write_text(f'id = "p"\ntitle = "p"\n{block}', encoding="utf-8")
        load_project(tmp_path)


@pytest.mark.slow
def test_tables_are_read(folder: Path) -> None:
    seen = 0
    for name in documents(""):
        for block in blocks(name, ""):
            if "," in block.splitlines()[0]:
                (folder / "table.csv").write_text(real(block), encoding="utf-8")
                done = run_command("check", "table.csv", cwd=folder)
                assert done.returncode == 0, block + done.stdout
                seen += 1
    assert seen >= 2
