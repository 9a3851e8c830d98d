"""Scripted changes of an atlas are named exactly, in either language; an edition and itself differ in nothing."""

from __future__ import annotations

import csv
import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.cli.main import main
from qjmap.diff import changes, open_edition, render
from qjmap.pipeline.export import export
from qjmap.project import load_project
from tests.properties import examples
from tests.region import make_region

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
        assert said.count("\n- ") == 30
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
@pytest.mark.parametrize("form", ["gpkg", "kml", "xlsx", "csv", "parquet", "geojson"])
def test_a_project_and_its_export_are_the_same_edition(region: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / (f"all.{form}" if form in ("gpkg", "kml", "xlsx") else "out")
    export(load_project(region), out, form=form)
    assert keys(changes(open_edition(str(region), region), open_edition(str(out), region))) == []


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
