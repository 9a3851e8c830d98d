"""The documents agree with the repository: links, paths, commands, options, make targets, the picture of the architecture."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import click
import pytest

from qjmap.cli.main import commands

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    chain(ROOT.glob("*.md"), *(ROOT.glob(f"{name}/*.md") for name in ("docs", "data", "geo", "maps", "qjmap/web")))
)
README_BYTES = 6_000
_CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.M | re.S)
_FOLDERS = "qjmap|tests|docs|data|geo|benchmarks|maps"


def document_id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code_of(path: Path) -> list[str]:
    """Return the code spans and the lines of code blocks of a document."""
    found = _CODE.findall(path.read_text(encoding="utf-8"))
    return [line.strip("` ") for span in found for line in span.splitlines() if not line.startswith("```")]


@pytest.fixture(scope="module")
def group() -> click.Group:
    return commands


@pytest.mark.parametrize("path", DOCUMENTS, ids=document_id)
def test_links_lead_to_files(path: Path) -> None:
    prose = _CODE.sub("", path.read_text(encoding="utf-8"))
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", prose) if "://" not in target]
    assert [target for target in targets if target and not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", [ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=document_id)
def test_paths_exist(path: Path) -> None:
    paths = [word for span in code_of(path) for word in re.findall(rf"^(?:{_FOLDERS})/[\w./*-]*$", span)]
    made = re.compile(r"^(maps/.*\.html|geo/export/\*)")
    assert [one for one in paths if not made.match(one) and not list(ROOT.glob(one.rstrip("/")))] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=document_id)
def test_commands_and_their_options_exist(path: Path, group: click.Group) -> None:
    wrong = []
    for line in code_of(path):
        words = line.partition("#")[0].split()
        if words[:1] != ["qjmap"] or len(words) == 1 or not re.fullmatch(r"[a-z]+", words[1]):
            continue
        command = group.get_command(click.Context(group, obj="en"), words[1])
        options = {name for parameter in command.params for name in parameter.opts} if command else set()
        named = re.findall(r"(?<![\w-])--[a-z][a-z-]*", line.partition("#")[0])
        wrong += (
            [line] if command is None else [f"{line}: {name}" for name in named if name not in {*options, "--help"}]
        )
    assert wrong == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=document_id)
def test_make_targets_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {name for line in code_of(path) for name in re.findall(r"^make ([a-z][a-z-]*)", line)}
    assert named <= targets


@pytest.mark.slow
@pytest.mark.parametrize("name", ["README.md", "docs/python.md"])
def test_python_examples_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    namespace: dict[str, object] = {}
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.M | re.S)
    for block in blocks:
        exec(block, namespace)
    assert "atlas" in namespace


@pytest.mark.slow
def test_examples_of_frames_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    namespace: dict[str, object] = {}
    for block in re.findall(
        r"^```python\n(.*?)^```", (ROOT / "docs/explore.md").read_text(encoding="utf-8"), re.M | re.S
    ):
        exec(block, namespace)
    assert 'id="qjmap-meta"' in str(namespace["html"])


def test_the_readme_is_short() -> None:
    assert (ROOT / "README.md").stat().st_size <= README_BYTES


@pytest.mark.slow
def test_the_picture_of_the_architecture_shows_the_imports(tmp_path: Path) -> None:
    """`python docs/make_architecture.py` was run after the last change of a module's place, imports or first line."""
    made = tmp_path / "architecture.svg"
    subprocess.run([sys.executable, ROOT / "docs" / "make_architecture.py", made], check=True)
    assert made.read_bytes() == (ROOT / "docs" / "architecture.svg").read_bytes()
