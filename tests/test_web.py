"""The page's scripts: lint, types, unit tests in Node.js, and bundles that are what their sources say."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from qjmap.web import bundle
from tests.web_cases import write_cases
from tests.web_modules import WEB

BUNDLES = {
    "map",
    "page",
    "atlas",
    "board",
    "editions",
    "editor",
    "figures",
    "frame",
    "import-worker",
    "picture",
    "serve",
}


def run(*command: str, **environment: str) -> str:
    """What a command of the scripts' package says; the tools come from `bash tests/install.sh`."""
    assert (WEB / "node_modules").is_dir(), "the scripts' tools are not installed: bash tests/install.sh"
    done = subprocess.run(
        command,
        cwd=WEB,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_lint_finds_nothing() -> None:
    run("npm", "run", "--silent", "lint")


@pytest.mark.slow
def test_the_scripts_pass_the_type_check() -> None:
    run("npm", "run", "--silent", "types")


@pytest.mark.slow
def test_the_scripts_pass_their_own_tests(tmp_path: Path) -> None:
    write_cases(tmp_path)
    said = run("npm", "test", QJMAP_CASES=str(tmp_path))
    assert "\n# fail 0\n" in said
    assert "\n# skipped 0\n" in said


def test_the_bundles_are_what_the_sources_make(tmp_path: Path) -> None:
    """`make web` was run after the last change of a script; two builds give the same bytes."""
    run("node", "build.mjs", "--out", str(tmp_path))
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in (WEB / "dist").iterdir()}
    assert set(made) == {f"{name}.js" for name in BUNDLES}


@pytest.mark.parametrize("name", ["map", "page", "atlas", "board", "editions", "editor", "figures", "frame", "picture"])
def test_a_bundle_can_stand_in_a_page(name: str) -> None:
    """The import worker travels as compressed data."""
    script = bundle(name)
    assert "</script" not in script.lower()
    assert "<!--" not in script
    assert "sourceMappingURL" not in script


def test_versions_of_tools_are_pinned() -> None:
    tools = (WEB / "package.json").read_text(encoding="utf-8").split('"devDependencies"')[1]
    assert "^" not in tools
    assert "~" not in tools
    assert (WEB / "package-lock.json").is_file()


def test_the_wheel_carries_the_bundles_and_none_of_their_sources(repository: Path) -> None:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    left_out = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["exclude"]
    kept = {path for path in WEB.iterdir() if not any(path.match(pattern) for pattern in left_out)}
    assert {path.name for path in kept} - {"__pycache__"} == {"__init__.py", "dist"}
