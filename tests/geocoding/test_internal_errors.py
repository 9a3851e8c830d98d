"""An internal error on one text leaves that text unresolved and all others located."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import qjmap
from qjmap import internal_errors
from qjmap.cli.main import main
from qjmap.errors import DataFaults
from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.address_parser import AddressParser
from qjmap.geocoding.geocode_file import locate_file
from qjmap.geocoding.locate_many import locate_many
from qjmap.geocoding.online import messages
from qjmap.pipeline import project_locator
from tests.geocoding.online.conftest import Opener, clock, offline, opened, providers

__all__ = ["clock", "offline", "opened", "providers"]
GOOD = ["重庆市綦江区古南街道1号", "成都市武侯区", "没有这个地方"]
BAD = "重庆市綦江区坏路1号"


def deep(text: str) -> Any:
    return deep(text)


def wrong(text: str) -> Any:
    raise TypeError(f"nobody foresaw {text}")


@pytest.fixture(params=[wrong, deep])
def failing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A parser that fails on 坏; returns the log file."""
    fails: Callable[[str], Any] = request.param
    parse = AddressParser.parse
    monkeypatch.setattr(AddressParser, "parse", lambda self, text: fails(text) if "坏" in text else parse(self, text))
    project_locator._china_locator.cache_clear()  # one that has read other addresses parses no prefix of theirs again
    log = tmp_path / "errors.log"
    monkeypatch.setenv(internal_errors.LOG, str(log))
    monkeypatch.setattr(internal_errors, "_logged", set())
    return log


def table(folder: Path, *texts: str, head: str = "名称,地址") -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "a.csv"
    file.write_text("\n".join([head, *(f"n{number},{text}" for number, text in enumerate(texts))]), encoding="utf-8")
    return file


def test_locate_many_isolates_the_failing_text(failing: Path) -> None:
    china = OfflineLocator(suggests=False)
    texts = [GOOD[0], BAD, GOOD[1], BAD, GOOD[2]]
    found = locate_many(china, texts, [(), (), (), ("坏地方",), ("重庆市",)])
    assert found["reason"][1] == found["reason"][3] == "internal-error"
    assert found["level"][1] == "unresolved"
    assert str(failing) in found["note"][1]
    alone = [china.locate(one) for one in GOOD]
    assert [found["place_id"][at] for at in (0, 2)] == [one.best.id for one in alone[:2] if one.best]
    assert found["reason"][4] == alone[2].reason


def test_failing_area_name(failing: Path) -> None:
    found = locate_many(OfflineLocator(suggests=False), GOOD, [(), ("坏地方",), ()])
    assert [one == "internal-error" for one in found["reason"]] == [False, True, False]


def test_locate_reports_an_internal_error(failing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = qjmap.locate(BAD)
    assert (answer.best, answer.reason) == (None, "internal-error")
    assert str(failing) in answer.note
    assert list(qjmap.geocode([GOOD[0], BAD])["reason"]) == ["address", "internal-error"]


@pytest.mark.parametrize("folder", [False, True])
def test_table_is_complete_and_the_row_a_fault(failing: Path, tmp_path: Path, folder: bool) -> None:
    file = table(tmp_path / "in", GOOD[0], BAD, GOOD[1])
    out = tmp_path / "out.csv"
    with pytest.raises(DataFaults) as stopped:
        locate_file(OfflineLocator(suggests=False), file.parent if folder else file, out)
    (fault,) = stopped.value.faults
    assert (fault.code, fault.row, fault.value) == ("row-failed", 3, BAD)
    assert "a.csv" in fault.line("zh")
    assert str(failing) in fault.line("en")
    with out.open(encoding="utf-8-sig", newline="") as written:
        rows = list(csv.DictReader(written))
    assert [row["place_id"] for row in rows] == ["500110003", "", "510107"]
    assert rows[1]["reason"] == "internal-error"
    assert BAD in out.with_name("out.unresolved.csv").read_text(encoding="utf-8-sig")


def test_command_exits_1_with_the_other_rows(
    failing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = table(tmp_path, GOOD[0], BAD)
    with pytest.raises(SystemExit) as ended:
        main(["locate", "--file", str(file), "-o", "out.csv"])
    assert ended.value.code == 1
    assert "500110003" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    said = capsys.readouterr()
    assert BAD in said.out + said.err
    assert str(failing) in said.out + said.err
    with pytest.raises(SystemExit) as ended:
        main(["locate", BAD, GOOD[0], "--json"])
    assert ended.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["reason"] for one in told] == ["internal-error", "address"]
    assert str(failing) in told[0]["note"]


def test_failing_provider_answer_is_isolated(opened: Opener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    log = tmp_path / "errors.log"
    monkeypatch.setenv(internal_errors.LOG, str(log))
    monkeypatch.setattr(internal_errors, "_logged", set())
    online = opened("amap")
    judged = type(online)._decide

    def failing(self: Any, before: Any, *rest: Any) -> Any:
        if "9号" in before.text:
            raise TypeError(f"with the key {self.client.secret}")
        return judged(self, before, *rest)

    monkeypatch.setattr(type(online), "_decide", failing)
    texts = ["重庆市綦江区石佛路8号", "重庆市綦江区石佛路9号"]
    found = locate_many(online.offline, texts)
    assert online.fill_unresolved(texts, None, found).outcome == ["answered", "internal-error"]
    assert found["level"] == ["site", "district"]  # what was known before stays
    assert messages.summary_lines(online, "en")[1] == 1
    assert "TypeError" in log.read_text(encoding="utf-8")
    assert online.client.secret not in log.read_text(encoding="utf-8")
    out = tmp_path / "out.csv"
    with pytest.raises(DataFaults) as stopped:
        locate_file(online.offline, table(tmp_path / "in", *texts), out, online=online)
    assert [fault.row for fault in stopped.value.faults] == [3]
    assert "internal-error" in out.read_text(encoding="utf-8-sig")


def test_memory_error_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: AddressParser, text: str) -> Any:
        raise MemoryError

    monkeypatch.setattr(AddressParser, "parse", full)
    china = OfflineLocator(suggests=False)
    for ask in (lambda: china.locate(BAD), lambda: locate_many(china, [BAD])):
        with pytest.raises(MemoryError):
            ask()
