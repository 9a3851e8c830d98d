"""Projects with planted faults fail the check before publication on these and no other; the clean twin of each passes."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.cli.main import main
from qjmap.i18n import LANGS
from qjmap.pipeline.build import build
from qjmap.project import load_project
from qjmap.publish import BASES, RULES, find
from tests.properties import examples
from tests.publish.planted import FAULTS, NUMBER, SOUND, Plant, TakenError, Way

PLANTED = 20
"""Faults of a project with many."""


def found_in(project: Path, plant: Plant) -> set[tuple[str, str, str]]:
    """The findings as `Plant.expect` writes them."""
    ids = {table: [row["id"] for row in rows] for table, rows in plant.rows.items()}
    found = set()
    for fault in find(load_project(project)):
        path = Path(fault.file)
        if "geo" in path.parts:
            found.add((fault.code, "geo", str(fault.params.get("leg") or fault.params.get("name"))))
        elif "maps" in path.parts:
            found.add((fault.code, "maps", path.stem))
        elif path.suffix == ".toml":
            where = str(fault.params.get("name") or fault.column or "title_en")
            found.add((fault.code, "project.toml", where))
        else:
            found.add((fault.code, path.stem, ids[path.stem][fault.row - 2] if fault.row else str(fault.column)))
        for lang in LANGS:
            assert fault.message(lang)
            assert re.search("依据|Basis", fault.message(lang))
    return found


def planted(plant: Plant, ways: list[Way], count: int) -> int:
    """Plant by ways in random order until there are so many; returns how many there are."""
    done = 0
    for way in plant.random.sample(ways, len(ways)):
        if done < count:
            try:
                way(plant)
            except TakenError:
                continue
            done += 1
    return done


@pytest.mark.slow
@examples(20)
@given(seed=st.integers(0, 100_000))
def test_the_planted_faults_are_found_and_no_other(seed: int) -> None:
    plant = Plant(seed)
    assert planted(plant, [way for ways in FAULTS.values() for way in ways], PLANTED) == PLANTED
    assert len(plant.expected) == PLANTED
    with tempfile.TemporaryDirectory() as folder:
        found = found_in(plant.write(Path(folder, "p")), plant)
    assert found == plant.expected


@pytest.mark.slow
@examples(20)
@given(seed=st.integers(0, 100_000))
def test_what_comes_near_to_a_fault_passes(seed: int) -> None:
    plant = Plant(seed)
    assert planted(plant, [way for ways in SOUND.values() for way in ways], PLANTED) == PLANTED
    with tempfile.TemporaryDirectory() as folder:
        assert found_in(plant.write(Path(folder, "p")), plant) == set()


@pytest.mark.slow
def test_the_clean_twin_passes_and_its_map_says_so(tmp_path: Path) -> None:
    project = Plant(0).write(tmp_path / "p")
    assert find(load_project(project)) == []
    page = build(load_project(project)).page.read_text(encoding="utf-8")
    assert "公开前检查通过（2021-05-06" in page
    assert NUMBER in page
    assert find(load_project(project)) == []


@pytest.mark.slow
def test_pages_that_a_build_replaces_do_not_count_for_its_line(tmp_path: Path) -> None:
    project = Plant(0).write(tmp_path / "p")
    fresh = build(load_project(project)).page.read_bytes()
    (project / "maps" / "t.html").write_text("<p>旧图</p>", encoding="utf-8")
    assert [fault.code for fault in find(load_project(project))] == ["publish-review-hidden"]
    assert build(load_project(project)).page.read_bytes() == fresh


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(FAULTS))
def test_each_fault_is_found_alone_and_what_comes_near_is_not(code: str, tmp_path: Path) -> None:
    for number, way in enumerate((*FAULTS[code], *SOUND[code])):
        plant = Plant(number)
        way(plant)
        assert bool(plant.expected) == (number < len(FAULTS[code]))
        assert found_in(plant.write(tmp_path / str(number)), plant) == plant.expected


OF_MAP = {code for rule in RULES if rule.of_map for code in rule.codes}


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted({*FAULTS} - OF_MAP))
def test_each_fault_of_an_included_project_is_found_too(code: str, tmp_path: Path) -> None:
    for number, way in enumerate((*FAULTS[code], *SOUND[code])):
        plant, clean = Plant(number), Plant(0)
        way(plant)
        folder = tmp_path / str(number)
        plant.write(folder / "below")
        clean.settings |= {"include.b": '"../below"'}
        found = found_in(clean.write(folder / "top"), plant)
        assert found == {
            one for one in plant.expected if one[1:] != ("project.toml", "title_en") or code == "publish-secret"
        }


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(OF_MAP))
def test_what_only_the_settings_of_the_map_decide_is_no_fault_of_an_included_project(code: str, tmp_path: Path) -> None:
    for number, way in enumerate(FAULTS[code]):
        plant, clean = Plant(number), Plant(0)
        way(plant)
        plant.write(tmp_path / str(number) / "below")
        clean.settings |= {"include.b": '"../below"'}
        assert find(load_project(clean.write(tmp_path / str(number) / "top"))) == []


def test_every_code_has_a_rule_and_every_rule_a_basis(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    codes = {code for rule in RULES for code in rule.codes}
    assert codes == {*FAULTS} == {*SOUND}
    assert all(len(ways) >= 2 for ways in FAULTS.values())
    assert {rule.basis for rule in RULES} == {*BASES}
    project = Plant(0).write(tmp_path / "p")
    with pytest.raises(SystemExit) as done:
        main(["check", str(project), "--publish", "--lang", "zh"])
    assert done.value.code == 0
    assert "不是法律意见" in capsys.readouterr().out
