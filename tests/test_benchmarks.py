"""Reports of benchmarks: ratios, targets met, missed and not measured, tables in documents; processes that exceed a limit are stopped."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks import result_tables
from benchmarks.addresses import ABROAD, NO_PLACE, mixed_addresses
from benchmarks.all import Results, building, exporting
from benchmarks.processes import cost
from qjmap.geocoding.county_prefixes import counties_named

pytestmark = pytest.mark.slow

TENTH = result_tables.Asked("build", 100, "build", "seconds", "explore", 1 / 10)
LIMIT = result_tables.Asked("task", 100, "page", "task", at_most=60)
MACHINE = {"cores": "2", "memory": "8 GiB", "python": "3.14", "versions": "qjmap 1"}


def known(**figures: dict[str, object]) -> dict[str, object]:
    """Figures by the tool's name, of builds of 100 sites."""
    return {"machine": MACHINE, **{f"build/{tool}/100": found for tool, found in figures.items()}}


@pytest.mark.parametrize(
    ("theirs", "ratio", "met"),
    [
        ({"seconds": 10.0}, "1/10.0 of 10 s, `explore()`", "yes"),
        ({"seconds": 9.9}, "1/9.9 of 9.90 s, `explore()`", "**no**"),
        ({"seconds": 12.0, "stopped": "time"}, "over 1/12.0 of over 12 s, `explore()`", "yes"),
        ({"seconds": 5.0, "stopped": "memory"}, "over 1/5.0 of over 5.00 s, `explore()`", "open"),
        ({"seconds": None}, "`explore()` none seen", "yes"),
    ],
)
def test_a_share_is_met_missed_or_open(theirs: dict[str, object], ratio: str, met: str) -> None:
    assert result_tables.verdict(TENTH, known(qjmap={"seconds": 1.0}, explore=theirs)) == ("1.00 s", ratio, "1/10", met)


def test_what_was_not_measured_is_not_told_as_met() -> None:
    assert result_tables.verdict(TENTH, known()) is None
    assert result_tables.verdict(TENTH, known(qjmap={"seconds": 1.0})) == ("1.00 s", "not measured", "1/10", "open")


@pytest.mark.parametrize(("task", "met"), [(60.0, "yes"), (61.0, "**no**")])
def test_a_limit_in_numbers(task: float, met: str) -> None:
    assert result_tables.verdict(LIMIT, {"page/qjmap/100": {"task": task}}) == (
        f"{task:.0f} ms",
        "",
        "at most 60 ms",
        met,
    )


def test_time_that_grows_with_the_square_is_told_so() -> None:
    assert result_tables.growth([(100, 7.0), (1_000, 1.0), (10_000, 100.0)]) == "n^2.00"
    assert result_tables.growth([(100, 7.0)]) == ""


def test_tables_stand_between_their_marks_and_nothing_else_changes(tmp_path: Path) -> None:
    readme, picture = tmp_path / "README.md", tmp_path / "cost.svg"
    readme.write_text(f"before\n{result_tables.BEGIN}\nold\n{result_tables.END}\nafter\n", encoding="utf-8")
    found = known(qjmap={"seconds": 1.0, "size": 2e6}, explore={"seconds": 20.0, "size": 3e6})
    for _ in range(2):
        result_tables.write(found, readme, picture)
        text = readme.read_text(encoding="utf-8")
        assert text.startswith(f"before\n{result_tables.BEGIN}\nMeasured with `make bench` on 2 cores")
        assert text.endswith(f"{result_tables.END}\nafter\n")
        assert "old" not in text
        assert "| `explore()` | 20 s, 3.0 MB |" in text
    names = {
        one.text
        for one in ElementTree.fromstring(picture.read_text(encoding="utf-8")).iter("{http://www.w3.org/2000/svg}text")
    }
    assert {"qjmap ", "explore() "} <= names


def test_a_readme_without_marks_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("nothing\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="has no lines"):
        result_tables.write(known(), tmp_path / "README.md", tmp_path / "cost.svg")
    assert not (tmp_path / "cost.svg").exists()


def test_a_process_is_measured_stopped_at_a_limit_or_told_as_failed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write = f"open({str(out)!r}, 'w').write('x' * 5000)"
    done = cost([sys.executable, "-c", write], out)
    assert (done.size, done.stopped) == (5000, "")
    assert done.memory > 1_000_000
    assert cost([sys.executable, "-c", "import time; time.sleep(60)"], out, seconds=0.5).stopped == "time"
    assert (
        cost([sys.executable, "-c", "x = b'x' * 3 * 10**8; import time; time.sleep(60)"], out, memory=2e8).stopped
        == "memory"
    )
    with pytest.raises(RuntimeError, match="no such thing"):
        cost([sys.executable, "-c", "raise SystemExit('no such thing')"], out)


def test_a_hundred_sites_are_built_and_exported_by_ours_and_by_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.all.MOST", {"marker": 100})
    results = Results(tmp_path / "results.json")
    building(results, tmp_path, 100, 1, sys.executable)
    exporting(results, tmp_path, 100, 1, sys.executable)
    kept = Results(tmp_path / "results.json").known
    for name in (
        "build/qjmap",
        "build/marker",
        "build-random/qjmap",
        "export-geojson/qjmap",
        "export-geojson/to-file",
        "export-parquet/to-parquet",
    ):
        assert kept[f"{name}/100"]["size"] > 10_000, name


def test_addresses_are_mixed_as_in_real_tables() -> None:
    one, other = (list(mixed_addresses(np.random.default_rng(seed), 4_000)) for seed in (1, 2))
    assert one == list(mixed_addresses(np.random.default_rng(1), 4_000))
    assert one != other
    assert len({address.text for address in one}) > 3_900
    of_places = [address for address in one if address.point is not None]
    assert 1 - len(of_places) / len(one) == pytest.approx(NO_PLACE, abs=0.03)
    assert not any(counties_named(address.text) for address in one if address.point is None)
    in_china = [address for address in of_places if counties_named(address.text)]
    assert 1 - len(in_china) / len(of_places) == pytest.approx(ABROAD / (1 - NO_PLACE), abs=0.03)
