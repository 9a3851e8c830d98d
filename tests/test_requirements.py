"""The requirement files lock every package by hash, for every system, and name no package index."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

LOCKED = (
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-minimum.txt",
    "geo/requirements.txt",
    "geo/rail/requirements.txt",
    "docs/requirements.txt",
    "tests/bundle/requirements.txt",
    "benchmarks/rivals.txt",
)


def pins(path: Path) -> dict[str, list[str]]:
    """Name, as comparisons see it -> its pins, each a version with the hashes of its files."""
    found: dict[str, list[str]] = {}
    text = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    for pin in re.split(r"\n(?=\S)", text.replace("\\\n", "")):
        name = re.match(r"[\w.-]+", pin)
        assert name, pin
        found.setdefault(canonical(name[0]), []).append(pin[name.end() :])
    return found


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(*groups: list[str]) -> set[str]:
    names = (re.match(r"[\w.-]+", one) for group in groups for one in group)
    return {canonical(name[0]) for name in names if name} - {"qjmap"}


@pytest.mark.parametrize("name", LOCKED)
def test_every_file_of_every_package_is_known_by_its_hash(repository: Path, name: str) -> None:
    for package, found in pins(repository / name).items():
        for pin in found:
            assert re.match(r"==[\w.+!]+ ?(?:;[^\n]*?)? +--hash=sha256:[0-9a-f]{64}", pin), package
            assert not re.sub(
                r"--hash=sha256:[0-9a-f]{64}", "", pin.partition("--hash")[2].partition(" ")[2]
            ).strip(), package


@pytest.mark.parametrize("name", LOCKED)
def test_requirement_files_name_no_package_index(repository: Path, name: str) -> None:
    assert not re.search(
        r"://|--index|--extra-index|--find-links|--trusted-host|@ ", (repository / name).read_text(encoding="utf-8")
    )


def test_all_that_is_asked_for_is_locked_in_the_same_version(repository: Path) -> None:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    project, build = settings["project"], settings["dependency-groups"]["build"]
    extras = project["optional-dependencies"]
    run, dev, geo = (
        pins(repository / name) for name in ("requirements.txt", "requirements-dev.txt", "geo/requirements.txt")
    )
    assert asked_for(project["dependencies"], build, settings["build-system"]["requires"]) <= run.keys()
    assert asked_for(*(extras[name] for name in ("dev", "test", "geo", "large", "dask", "online"))) <= dev.keys()
    assert asked_for(extras["gazetteer"], extras["geo"]) <= geo.keys()
    for name, found in run.items():
        assert dev[name] == found, name
    for one in (geo, *(pins(repository / name) for name in ("benchmarks/rivals.txt", "tests/bundle/requirements.txt"))):
        for name in one.keys() & dev.keys():
            assert {pin.split()[0] for pin in one[name]} == {pin.split()[0] for pin in dev[name]}, name


def test_what_builds_the_project_is_pinned(repository: Path) -> None:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    [backend] = settings["build-system"]["requires"]
    assert re.fullmatch(r"hatchling==[\d.]+", backend)
    assert backend in settings["dependency-groups"]["build"]


def test_make_installs_nothing_that_is_not_locked(repository: Path) -> None:
    text = (repository / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    variables = dict(re.findall(r"^(PIP|LOCKED|OURS) := (.*)$", text, re.M))
    assert "--require-hashes" in variables["LOCKED"]
    assert "--no-deps" in variables["OURS"]
    assert "--no-build-isolation" in variables["OURS"]
    for line in re.findall(r"^\t.*\bpip\b.* install .*$|^\t.*\$\(PIP\).*$", text, re.M):
        assert "--require-hashes" in line or "uv==$(UV)" in line, line
