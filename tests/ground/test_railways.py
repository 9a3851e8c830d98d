"""Railways come with a package of their own; without it a map has none, and says nothing of them."""

from __future__ import annotations

import importlib
import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from qjmap.ground import ground_of
from qjmap.ground.page_ground import _ground
from qjmap.ground.railways import FILE, PACKAGE, _installed

CREDIT = {"zh": "铁路：某某", "en": "Railways: somebody"}
HOME = "330782"


def package(folder: Path) -> None:
    """Write a package with two lines of two steps: one near home, a short one far away. Steps of 1 / 1000 degree, zigzag-coded."""
    columns = {
        "size": [3, 2],
        "first_x": [120_000, -30_000],
        "first_y": [29_300, 700],
        "x": [100, 100, 10],
        "y": [0, 50, 0],
    }
    planes = b""
    described = {}
    for name, values in columns.items():
        described[name] = [len(values), 3]
        coded = [value << 1 if value >= 0 else -value * 2 - 1 for value in values]
        planes += b"".join(bytes(code >> 8 * place & 0xFF for code in coded) for place in range(3))
    header = json.dumps({"per_degree": 1000, "credit": CREDIT, "columns": described}).encode()
    (folder / PACKAGE).mkdir()
    (folder / PACKAGE / "__init__.py").write_text("")
    (folder / PACKAGE / FILE).write_bytes(zlib.compress(len(header).to_bytes(4, "little") + header + planes))


def forget() -> None:
    """Look for the package again, and make the ground of a page anew."""
    _installed.cache_clear()
    _ground.cache_clear()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    package(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    forget()
    yield
    sys.modules.pop(PACKAGE, None)
    forget()


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    forget()
    yield
    forget()


@pytest.mark.usefixtures("installed")
def test_an_installed_package_is_found_drawn_and_credited() -> None:
    ground = ground_of(HOME, {HOME}, None)
    assert [line.geometry.coords[:] for line in ground.railways] == [[(120.0, 29.3), (120.1, 29.3), (120.2, 29.35)]]
    assert ground.credits[-1] == (CREDIT["zh"], CREDIT["en"])


@pytest.mark.usefixtures("absent")
def test_without_the_package_there_are_no_railways_and_no_credit() -> None:
    ground = ground_of(HOME, {HOME}, None)
    assert ground.railways == []
    assert not [credit for credit in ground.credits if "OpenStreetMap" in credit[1]]


def test_the_package_of_the_repository_is_as_its_readme_says(repository: Path) -> None:
    from qjmap.ground.asset_columns import Columns
    from qjmap.ground.line_vertices import Lines

    folder = repository / "geo" / "rail"
    columns = Columns((folder / PACKAGE / FILE).read_bytes())
    lines = Lines(columns)
    vertices, _ = lines.vertices()
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert f"{len(lines):,} lines, {len(vertices):,} vertices" in readme
    assert "ODbL 1.0" in columns.header["credit"]["en"]
    west, south, east, north = (*vertices.min(axis=0) / lines.per_degree, *vertices.max(axis=0) / lines.per_degree)
    assert 72 < west < 80
    assert 17 < south < 24
    assert 130 < east < 137
    assert 48 < north < 55
