"""Files of any kind end in rows or in a sentence; and the runner that says so can tell when one does not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.foreign_files import Limits, Outcome, run_command, run_folder
from tests.tables.table_files import WAYS

pytestmark = pytest.mark.slow

ROWS = [["名称", "类别", "经度", "纬度"], ["甲工坊", "企业", "100.51", "30.52"], ["乙中心", "", "", ""]]


def odd_files(folder: Path) -> None:
    """A folder as a shared drive has it: tables saved in many ways, and whatever else lies there."""
    for kind, (name, make) in WAYS.items():
        if kind != "big5":
            (folder / f"{kind}-{name}").write_bytes(make(ROWS))
    contents = {
        "empty.csv": b"",
        "blank.csv": b"\n\n\n",
        "one-line.csv": "名称".encode(),
        "zeros.xlsx": b"\0" * 5000,
        "a picture.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        "letter.docx": b"PK\x03\x04" + b"\0" * 300,
        "page.html": b"<html><body>hello</body></html>",
        "script.json": b'{"a": [1, 2, {"b": null}]}',
        "deep.geojson": b'{"type":"FeatureCollection","features":[' + b"[" * 2000,
        "noise.csv": bytes(range(256)) * 40,
        "no suffix": b"name,lon,lat\nx,1,2\n",
        "名字 (1).tsv": "名称\t备注\n甲\t乙\n".encode("gb18030"),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def test_a_folder_of_odd_files_is_read_or_refused_in_a_sentence(tmp_path: Path) -> None:
    odd_files(tmp_path)
    counts, failures = run_folder(tmp_path, Limits())
    assert failures == []
    assert counts["read"] >= 8
    assert counts["refused"] >= 5


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("print('1 row')", "read"),
        ("raise SystemExit('no column is the name')", "refused"),
        ("raise SystemExit(2)", "silence"),
        ("raise ValueError('x')", "crash"),
        ("import os; os.abort()", "crash"),
        ("import time; time.sleep(60)", "time-out"),
        ("x = bytearray(3 * 1024**3)", "crash"),
        ('print(\'[{"code": "row-failed"}]\'); raise SystemExit(1)', "crash"),
    ],
)
def test_the_runner_recognises_every_way_in_which_a_command_ends(tmp_path: Path, script: str, kind: str) -> None:
    found = run_command([sys.executable, "-c", script], tmp_path, Limits(seconds=3, memory=2 * 1024**3))
    assert found.kind == kind, found


@pytest.mark.parametrize(
    "harm",
    [
        "pathlib.Path('data/sites.csv').write_text('gone')",
        "pathlib.Path('left behind.txt').write_text('x')",
        "pathlib.Path('data/places.csv').unlink(missing_ok=True)",
    ],
)
def test_the_runner_tells_when_a_trial_changes_something(tmp_path: Path, harm: str) -> None:
    (tmp_path / "a.csv").write_text("name\nx\n")
    command = (sys.executable, "-c", f"import pathlib; {harm}; print('fine')")
    counts, failures = run_folder(tmp_path, Limits(), command)
    assert counts["changed"] == 1
    assert "changed" in failures[0]


def test_a_failure_is_any_end_but_rows_or_a_sentence() -> None:
    outcome: Callable[[str], Outcome] = Outcome
    assert [kind for kind in ("read", "refused", "crash", "time-out", "silence", "changed") if outcome(kind).failed] == [
        "crash", "time-out", "silence", "changed",
    ]  # fmt: skip
