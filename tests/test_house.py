"""The house keeps its order: lint, types, the direction of imports, the size of modules, what the public face lists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import qjmap

PACKAGE = Path(qjmap.__file__).parent
SCRIPTS = [*PACKAGE.glob("web/*.mjs"), *PACKAGE.glob("web/src/**/*.js"), *PACKAGE.glob("web/test/**/*.js")]
MODULES = [path for path in PACKAGE.rglob("*.py") if "node_modules" not in path.parts]


def run(folder: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing(repository: Path) -> None:
    run(repository, "ruff", "check", ".")


def test_mypy_strict_finds_nothing(repository: Path) -> None:
    run(repository, "mypy")


def test_mypy_strict_finds_nothing_in_the_scripts_of_geo(repository: Path) -> None:
    for script in ("make_background.py", "make_gazetteer.py"):
        run(repository / "geo", "mypy", "--config-file", "../pyproject.toml", script)


def test_imports_go_down_only(repository: Path) -> None:
    script = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([script], cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", sorted(MODULES) + sorted(SCRIPTS), ids=lambda p: p.name)
def test_a_module_stays_one_thought(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 450


def test_the_face_lists_what_it_gives() -> None:
    assert sorted(qjmap.__all__) == qjmap.__all__
    assert all(getattr(qjmap, name) is not None for name in qjmap.__all__)
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        qjmap.nothing_of_the_kind  # noqa: B018


@pytest.mark.parametrize("arguments", [["--help"], ["locate", "綦江", "--project", "{root}"]])
def test_a_quick_command_imports_nothing_slow(repository: Path, arguments: list[str]) -> None:
    given = [word.format(root=repository) for word in arguments]
    code = (
        "import sys\nfrom qjmap.cli import main\n"
        f"try:\n    main({given!r})\nexcept SystemExit as stop:\n    assert not stop.code, stop.code\n"
        "print(sorted({'pandas', 'geopandas', 'numpy', 'pypinyin', 'folium', 'shapely'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_scripts_make_no_markup_from_text() -> None:
    """innerHTML, eval and the like have no place in a page that shows what anyone typed."""
    forbidden = re.compile(r"innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function|\bfetch\(|XMLHttp")
    found = {
        path.name: forbidden.findall(path.read_text(encoding="utf-8"))
        for path in SCRIPTS
        if forbidden.search(path.read_text(encoding="utf-8"))
    }
    assert found == {}
