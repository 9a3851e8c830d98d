"""A large table that was begun to be read ahead is the table that is there when it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.schema import TABLES
from qjmap.tables import scanning

pytest.importorskip("pyarrow")

SITES = TABLES["sites"]


def table(path: Path, name: str, rows: int = 200) -> Path:
    path.write_text("id,name\n" + "".join(f"s{at},{name}{at}\n" for at in range(rows)), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "_AHEAD", 0)


def names(found: scanning.Scan | None) -> list[str]:
    assert found is not None
    return found.columns[1].to_pylist()  # type: ignore[no-any-return]


def test_it_is_read_once_and_told_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, told, scans = table(tmp_path / "sites.csv", "厂"), list[tuple[int, int]](), list[Path]()
    scan = scanning.scan

    def counted(path: Path, *more: object) -> scanning.Scan | None:
        scans.append(path)
        return scan(path, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(scanning, "scan", counted)
    scanning.begin(path, SITES)
    found = scanning.scanned(path, SITES, lambda done, total: told.append((done, total)))
    assert names(found) == [f"厂{at}" for at in range(200)]
    assert len(scans) == 1
    assert all(done == total for done, total in told)
    scanning.scanned(path, SITES)
    assert len(scans) == 2


def test_a_table_that_has_changed_since_is_read_as_it_is_now(tmp_path: Path) -> None:
    path = table(tmp_path / "sites.csv", "厂")
    scanning.begin(path, SITES)
    table(path, "仓库", rows=150)
    assert names(scanning.scanned(path, SITES)) == [f"仓库{at}" for at in range(150)]


def test_of_a_table_that_is_not_there_nothing_is_said(tmp_path: Path) -> None:
    scanning.begin(tmp_path / "sites.csv", SITES)
    with pytest.raises(FileNotFoundError):
        scanning.scanned(tmp_path / "sites.csv", SITES)


def test_what_stops_the_scan_is_met_by_who_asks_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table(tmp_path / "sites.csv", "厂")

    def refused(*_: object) -> None:
        raise TimeoutError(110, "the drive does not answer")

    monkeypatch.setattr(scanning, "scan", refused)
    scanning.begin(path, SITES)
    with pytest.raises(TimeoutError, match="does not answer"):
        scanning.scanned(path, SITES)
