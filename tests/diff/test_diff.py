"""Scripted changes of an atlas are named exactly, in either language; an edition and itself differ in nothing."""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.cli.main import main
from qjmap.diff import changes, open_edition, render
from qjmap.errors import DataFaults, UsageError
from qjmap.pipeline.build import build
from qjmap.pipeline.export import export
from qjmap.project import Project, load_project
from tests.properties import examples
from tests.region import make_region

pytestmark = pytest.mark.slow

Key = tuple[str, str, str, str]
"""Table, id, kind and column of a change."""


class Script:
    """A copy of a project that changes are made in, one row each, and the changes that must be named."""

    def __init__(self, project: Path, seed: int) -> None:
        self.project, self.random = project, random.Random(seed)
        self.expected: set[Key] = set()
        self._touched: set[str] = set()
        self.tables = {path.stem: self._read(path) for path in sorted((project / "data").glob("*.csv"))}

    @staticmethod
    def _read(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def _row(self, table: str, column: str) -> dict[str, str] | None:
        free = [row for row in self.tables[table] if row["id"] not in self._touched and row.get(column)]
        if not free:
            return None
        row = self.random.choice(free)
        self._touched.add(row["id"])
        return row

    def one(self) -> bool:
        """Make one change of a random kind; False where no row is left for it."""
        kind = self.random.choice(["renamed", "status", "value", "moved", "added", "withdrawn", "changed"])
        if kind == "added":
            number = len(self.expected)
            self.tables["sites"].append({"id": f"new-{number}", "name": f"新厂{number}号", "category": "enterprise"})
            self._touched.add(f"new-{number}")
            self.expected.add(("sites", f"new-{number}", "added", ""))
            return True
        if kind == "withdrawn":
            row = self._row("indicators", "name")
            if row is None:
                return False
            self.tables["indicators"].remove(row)
            self.expected.add(("indicators", row["id"], "withdrawn", ""))
            return True
        table, column = {
            "renamed": ("sites", "name"), "status": ("partnerships", "status"), "value": ("indicators", "value"),
            "moved": ("places", "lon"), "changed": ("partnerships", "status_note"),
        }[kind]  # fmt: skip
        row = self._row(table, "name" if kind == "changed" else column)
        if row is None:
            return False
        new = {
            "renamed": lambda: row["name"] + "新名", "value": lambda: str(float(row["value"]) + 7),
            "status": lambda: "ended" if row["status"] != "ended" else "signed",
            "moved": lambda: f"{float(row['lon']) + 0.01:.4f}", "changed": lambda: row["status_note"] + "另有补充",
        }[kind]()  # fmt: skip
        row[column] = new
        self.expected.add((table, row["id"], kind, "position" if kind == "moved" else column))
        return True

    def save(self) -> None:
        for table, rows in self.tables.items():
            path = self.project / "data" / f"{table}.csv"
            header = next(csv.reader(path.open(encoding="utf-8", newline="")))
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)


def atlas_copy(repository: Path, folder: Path) -> Path:
    shutil.copytree(repository / "data", folder / "data", ignore=shutil.ignore_patterns(".qjmap"))
    return folder


def keys(found: list[Any]) -> list[Key]:
    return [(change.table, change.id, change.kind, change.column) for change in found]


@pytest.mark.slow
@examples(6)
@given(seed=st.integers(0, 10_000))
def test_thirty_scripted_changes_are_named_exactly(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("diff")
    old, new = atlas_copy(repository, folder / "old"), atlas_copy(repository, folder / "new")
    script = Script(new, seed)
    while len(script.expected) < 30:
        script.one()
    script.save()
    editions = open_edition(str(old), old), open_edition(str(new), new)
    found = changes(*editions)
    assert set(keys(found)) == script.expected
    assert len(found) == 30
    for lang in ("zh", "en"):
        said = render("text", found, *editions, lang)
        sentences = [line for line in said.splitlines() if line.startswith("- ")]
        assert len({*sentences}) == 30
        for change in found:
            assert sum(f"({change.id})" in line or f"（{change.id}）" in line for line in sentences) == 1
        assert render("text", found, *editions, lang) == said
    back = changes(*reversed(editions))
    assert {change.id for change in back if change.kind == "added"} == {
        key[1] for key in script.expected if key[2] == "withdrawn"
    }


def test_a_project_and_itself_differ_in_nothing(region: Path) -> None:
    edition = open_edition(str(region), region)
    assert changes(edition, edition) == []
    assert "没有变化" in render("text", [], edition, edition, "zh")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["html", "gpkg", "xlsx", "geojson"])
def test_thirty_changes_are_named_between_pages_and_exports(repository: Path, tmp_path: Path, form: str) -> None:
    old, new = atlas_copy(repository, tmp_path / "old"), atlas_copy(repository, tmp_path / "new")
    script = Script(new, 7)
    while len(script.expected) < 30:
        script.one()
    script.save()
    files = [written(load_project(project), project.parent / f"{project.name}-{form}", form) for project in (old, new)]
    editions = [open_edition(str(file), old) for file in files]
    assert set(keys(changes(*editions))) == script.expected
    assert changes(editions[1], editions[1]) == []
    assert set(keys(changes(editions[0], open_edition(str(new), new)))) == script.expected


def written(project: Project, out: Path, form: str) -> Path:
    """A page or an export of a project."""
    if form == "html":
        return build(project, out=out).page
    out = out.with_suffix(f".{form}") if form in ("gpkg", "kml", "xlsx") else out
    export(project, out, form=form)
    return out


@pytest.mark.slow
@pytest.mark.parametrize("form", ["html", "gpkg", "kml", "xlsx", "csv", "parquet", "geojson"])
def test_a_project_and_its_export_are_the_same_edition(region: Path, tmp_path: Path, form: str) -> None:
    out = written(load_project(region), tmp_path / "out", form)
    assert keys(changes(open_edition(str(region), region), open_edition(str(out), region))) == []


@pytest.mark.slow
def test_sentences_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = make_region(tmp_path / "old"), make_region(tmp_path / "new")
    path = new / "data" / "partnerships.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("海湾", "港湾").replace(",signed,", ",operating,"), "utf-8"
    )
    with pytest.raises(SystemExit) as done:
        main(["diff", str(old), str(new), "--lang", "zh"])
    assert done.value.code == 0
    assert "“湾区—山城协议”（pact）的状态由“已签约”变为“运营中”。" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["diff", str(old), str(new), "--json"])
    rows = json.loads(capsys.readouterr().out)["changes"]
    assert [(row["id"], row["kind"], row["en"]) for row in rows] == [
        ("pact", "status", "The status of “湾区—山城协议” (pact) changed from “signed” to “operating”.")
    ]


def test_a_git_revision_is_an_edition(tmp_path: Path) -> None:
    project = make_region(tmp_path / "p")

    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-C", str(project), "-c", "user.name=a", "-c", "user.email=a@example.org", *words],
            check=True,
            capture_output=True,
        )

    git("init", "-q")
    git("add", "data")
    git("commit", "-qm", "first")
    path = project / "data" / "sites.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("湖畔仓库", "湖畔大仓库"), encoding="utf-8")
    found = changes(open_edition("HEAD", project), open_edition(str(project), project))
    assert keys(found) == [("sites", "depot", "renamed", "name")]


@pytest.mark.parametrize(
    ("script", "code"), [("sleep 20", "diff-git-slow"), (None, "diff-git"), ("unusable", "diff-git")]
)
def test_a_git_that_is_slow_or_missing_is_told(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, code: str
) -> None:
    if script:
        git = tmp_path / "git"
        git.write_text(f"#!/bin/sh\nexec {script}\n", encoding="utf-8")
        git.chmod(0o755)
        if script == "unusable":
            git.write_bytes(b"\x7fELF")  # as a program for another machine
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin" if script == "sleep 20" else str(tmp_path))
    monkeypatch.setattr("qjmap.diff.editions._GIT_SECONDS", 0.2)
    with pytest.raises(UsageError) as refusal:
        open_edition("HEAD", region)
    assert refusal.value.code == code
    assert not re.search(r"\{\w+\}", refusal.value.line("zh") + refusal.value.line("en"))


def test_a_damaged_page_and_a_page_of_something_else_are_refused(region: Path, tmp_path: Path) -> None:
    page = build(load_project(region), out=tmp_path / "pages").page
    text = page.read_text(encoding="utf-8")
    at = text.index('data-table="places">') + len('data-table="places">')
    page.write_text(text[: at + 40] + text[at + 60 :], encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        open_edition(str(page), region)
    assert refused.value.code == "diff-page"
    page.write_text("<p>no map</p>", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        open_edition(str(page), region)
    assert refused.value.code == "diff-kind"


def test_faults_name_the_edition_before_the_file(region: Path, tmp_path: Path) -> None:
    faulty = Path(shutil.copytree(region, tmp_path / "second"))
    table = faulty / "data" / "sites.csv"
    with table.open("a", encoding="utf-8") as file:
        file.write(table.read_text(encoding="utf-8").splitlines()[1] + "\n")  # the same id twice
    with pytest.raises(DataFaults) as raised:
        open_edition(str(faulty), region)
    assert {fault.file for fault in raised.value.faults} == {f"{faulty}/data/sites.csv"}
