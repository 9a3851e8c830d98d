"""The code meets the project's rules: lint, types, the direction of imports, the size of modules, the public names."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import qjmap

PACKAGE = Path(qjmap.__file__).parent
SCRIPTS = [*PACKAGE.glob("web/*.mjs"), *PACKAGE.glob("web/src/**/*.js"), *PACKAGE.glob("web/test/**/*.js")]
LONGEST = 450
"""Lines of a module."""
OLD_MODULES = (
    "address_fronts", "asking", "checks", "doubts", "entrance", "everywhere", "forms", "front_rows", "gather", "grids", "journal", "known_fronts",
    "leglines", "locators", "making", "of_project", "of_table", "parts", "placing", "road", "settling", "siting",
    "slugs", "spoken", "stores", "ties", "twins",
)  # fmt: skip
"""Former names of modules that docstrings may no longer point to."""
MODULES = [path for path in PACKAGE.rglob("*.py") if "node_modules" not in path.parts]


def run(folder: Path, *command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_ruff_finds_nothing(repository: Path) -> None:
    run(repository, "ruff", "check", ".")


@pytest.mark.slow
def test_code_is_formatted(repository: Path) -> None:
    run(repository, "ruff", "format", "--check", ".")


@pytest.mark.slow
def test_mypy_strict_finds_nothing(repository: Path) -> None:
    run(repository, "mypy")


@pytest.mark.slow
def test_mypy_strict_finds_nothing_in_the_scripts_of_geo(repository: Path) -> None:
    for script in ("make_areas.py", "make_gazetteer.py", "make_ground.py", "make_rail.py"):
        run(repository / "geo", "mypy", "--config-file", "../pyproject.toml", script)


@pytest.mark.slow
def test_imports_go_down_only(repository: Path) -> None:
    script = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([script], cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_folder_has_an_import_contract(repository: Path) -> None:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = [one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    assert all(contract["exhaustive"] for contract in contracts)
    folders = {path.parent for path in MODULES if path.name != "__init__.py"}
    dotted = {".".join(("qjmap", *folder.relative_to(PACKAGE).parts)) for folder in folders}
    assert {name for contract in contracts for name in contract["containers"]} == dotted


def test_no_module_is_too_long() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in [*MODULES, *SCRIPTS]}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST} == {}


@pytest.mark.slow
def test_docstrings_name_no_former_module() -> None:
    former = re.compile(rf"`(?:\w+\.)*(?:{'|'.join(OLD_MODULES)})(?:\.\w+)*`")
    stale = {}
    for path in MODULES:
        nodes = (ast.Module, ast.ClassDef, ast.FunctionDef)
        documented = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, nodes)]
        if names := former.findall("\n".join(ast.get_docstring(node) or "" for node in documented)):
            stale[str(path)] = names
    assert stale == {}


def test_the_package_exports_exactly_what_all_lists() -> None:
    assert sorted(qjmap.__all__) == qjmap.__all__
    assert all(getattr(qjmap, name) is not None for name in qjmap.__all__)
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        qjmap.nothing_of_the_kind  # noqa: B018


@pytest.mark.parametrize("arguments", [["--help"], ["locate", "綦江", "--project", "{root}"]])
def test_a_quick_command_imports_nothing_slow(repository: Path, arguments: list[str]) -> None:
    given = [word.format(root=repository) for word in arguments]
    code = (
        "import sys\nfrom qjmap.cli.main import main\n"
        f"try:\n    main({given!r})\nexcept SystemExit as stop:\n    assert not stop.code, stop.code\n"
        "print(sorted({'pandas', 'geopandas', 'numpy', 'pypinyin', 'folium', 'shapely'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_scripts_make_no_markup_from_text() -> None:
    """innerHTML, eval and the like have no place in a page that shows what anyone typed."""
    forbidden = re.compile(
        r"innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function|\bfetch\(|XMLHttp"
    )
    found = {
        f"{path.parent.name}/{path.name}": set(forbidden.findall(path.read_text(encoding="utf-8")))
        for path in SCRIPTS
        if forbidden.search(path.read_text(encoding="utf-8"))
    }
    # The frame of `qjmap serve` is no page that travels: it talks to the server that it comes from.
    assert found == {"serve/serve-controls.js": {"fetch("}}
