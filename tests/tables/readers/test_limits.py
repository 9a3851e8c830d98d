"""Oversized files are refused quickly and in little memory, with the limit and how to raise it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from qjmap.errors import UsageError
from qjmap.tables.partitions import split_file
from qjmap.tables.readers.choose_reader import read_grid
from qjmap.tables.readers.limits import LIMITS, check_limit, limit, variable
from tests.tables.helpers import SITES, codes, parsed, read
from tests.tables.oversized_files import BOMBS, SPARSE, make_sparse, workbook

resource = pytest.importorskip("resource")

READER = """
import signal, sys
from pathlib import Path
from qjmap.errors import UsageError
from qjmap.schema import TABLES
from qjmap.tables import read_table
for path in sorted(Path(sys.argv[1]).iterdir()):
    print(path.name, end="\\t", flush=True)
    signal.alarm(20)
    try:
        read_table(path, TABLES["sites"], shown="x")
        print("read", flush=True)
    except UsageError as refusal:
        print(refusal.code, refusal.line("en"), flush=True)
"""


def outcomes(folder: Path) -> dict[str, str]:
    """Outcome of each file of a folder in a process of 4 GB, in 20 seconds each."""
    done = subprocess.run(
        [sys.executable, "-c", READER, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30)),
    )
    lines = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    assert done.returncode == 0, (lines[-1:], done.stderr[-500:])
    return dict(line[:2] for line in lines)


@pytest.mark.slow
def test_every_bomb_is_refused(tmp_path: Path) -> None:
    names = {}
    for number, (what, (name, make)) in enumerate(BOMBS.items()):
        names[f"{number:02}{Path(name).suffix}"] = what
        (tmp_path / f"{number:02}{Path(name).suffix}").write_bytes(make())
    found = outcomes(tmp_path)
    assert len(found) == len(names)
    expected = ("file-limit", "sheet-too-large", "file-unreadable", "kind-not-read")
    assert [(names[name], said) for name, said in found.items() if not said.startswith(expected)] == []
    raised = [said for said in found.values() if said.startswith(("file-limit", "sheet-too-large"))]
    assert len(raised) > 20
    assert all("QJMAP_MAX_" in said for said in raised)


@pytest.mark.slow
def test_a_large_file_of_nothing_is_refused_by_its_size(tmp_path: Path) -> None:
    for name in SPARSE:
        make_sparse(tmp_path / f"sparse{name.removeprefix('a')}")
    found = outcomes(tmp_path)
    assert len(found) == len(SPARSE)
    assert all(said.startswith("file-limit") for said in found.values()), found


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.kml", "a.geojson", "a.parquet", "a"])
def test_only_regular_files_are_opened(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    os.mkfifo(path)
    for read_it in (lambda: read_grid(path, SITES, shown=name), lambda: split_file(path, name)):
        with pytest.raises(UsageError) as caught:
            read_it()
        assert caught.value.code == "file-not-regular"
    path.unlink()
    path.symlink_to("/dev/zero")
    with pytest.raises(UsageError) as caught:
        read_grid(path, SITES, shown=name)
    assert caught.value.code == "file-not-regular"
    path.unlink()
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(path))
        with pytest.raises(UsageError) as caught:
            read_grid(path, SITES, shown=name)
    assert caught.value.code == "file-not-regular"
    path.unlink()
    path.mkdir()
    with pytest.raises(UsageError) as caught:
        read_grid(path, SITES, shown=name)
    assert caught.value.code == "file-folder"


@pytest.mark.parametrize("name", ["no.csv", "no\0.csv", "a/b.csv"])
def test_files_that_are_not_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(UsageError) as caught:
        read_grid(tmp_path / name, SITES, shown=name)
    assert caught.value.code == "file-missing"


def test_a_link_to_a_regular_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("名称\n甲\n")
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    assert read_grid(tmp_path / "a.csv", SITES, shown="a").rows == [["甲"]]


def test_a_limit_is_raised_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LIMITS:
        assert limit(name) == LIMITS[name]
        check_limit(name, LIMITS[name], shown="a")
        with pytest.raises(UsageError) as caught:
            check_limit(name, LIMITS[name] + 1, shown="a")
        assert variable(name) in caught.value.line("zh") and variable(name) in caught.value.line("en")
        monkeypatch.setenv(variable(name), str(LIMITS[name] + 1))
        check_limit(name, LIMITS[name] + 1, shown="a")
        monkeypatch.setenv(variable(name), "none")
        assert limit(name) == LIMITS[name]


def test_a_package_is_counted_as_it_is_unpacked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QJMAP_MAX_EXPANDED_MB", "1")
    with pytest.raises(UsageError) as caught:
        read(tmp_path, workbook("<row><c><v>1</v></c></row>" * 50_000), "a.xlsx")
    assert caught.value.code == "file-limit"


def test_a_cell_that_is_too_long_is_its_rows_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QJMAP_MAX_CELL_CHARACTERS", "200")
    rows = [f"第{number}厂,说明,备注" for number in range(3)]
    rows[1] = f"第1厂,{'长' * 201},备注"
    found = parsed(tmp_path, "名称,说明,备用\n" + "\n".join(rows) + "\n")
    assert [(fault.code, fault.row, fault.column) for fault in found.faults if fault.severity == "fault"] == [
        ("cell-too-long", 3, "说明")
    ]
    assert found.bad_rows == {3}
    assert len(found.raw.cells[1][1]) == 201, "the row is given back as it was"
    assert "200" in next(fault for fault in found.faults if fault.code == "cell-too-long").line("zh")


@pytest.mark.slow
def test_a_cell_over_the_limit_in_a_large_file_is_its_row_s_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QJMAP_MAX_CELL_CHARACTERS", "300")
    lines = [f"第{number}厂,{'说' * 20}{number},x" for number in range(40_000)]
    lines[7] = f"第7厂,{'长' * 301},x"
    found = parsed(tmp_path, "名称,说明,备用\n" + "\n".join(lines) + "\n")
    assert found.bad_rows == {9}


@pytest.mark.parametrize(
    "rows",
    [
        "<table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>"
    ],
)
def test_blank_rows_and_columns_to_the_end_of_a_sheet_do_no_harm(tmp_path: Path, rows: str) -> None:
    from tests.tables.oversized_files import CELL, document

    head = (
        f"<table:table-row>{CELL.format('')}<table:table-cell table:number-columns-repeated='16383'/></table:table-row>"
    )
    cell = "<table:table-cell office:value-type='string'><text:p>甲</text:p></table:table-cell>"
    body = f"<table:table-row table:number-rows-repeated='3'>{cell}</table:table-row>"
    assert list(read(tmp_path, document(head + body + rows), "a.ods").frame["name"]) == ["甲"] * 3


def test_blank_formatted_cells_far_out_do_no_harm(tmp_path: Path) -> None:
    from tests.tables.oversized_files import HEADER

    row = '<row r="2"><c r="A2" t="inlineStr"><is><t>甲</t></is></c></row>'
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    found = read(tmp_path, workbook(HEADER + row + far), "a.xlsx")
    assert list(found.frame["name"]) == ["甲"]
    assert codes(found) == []
