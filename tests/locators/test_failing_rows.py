"""The program may fail on a row in a way that nobody foresaw: that row is unresolved and told, all others are answered."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import qjmap
from qjmap import defence
from qjmap.cli import main
from qjmap.errors import DataFaults
from qjmap.locators import Everywhere
from qjmap.locators.batch import locate_many
from qjmap.locators.of_table import locate_file
from qjmap.locators.online import telling
from qjmap.locators.reading import Reader
from qjmap.parts.locating import locate_parts
from tests.locators.online.conftest import Opener, clock, everywhere, opened, providers

__all__ = ["clock", "everywhere", "opened", "providers"]
GOOD = ["重庆市綦江区古南街道1号", "成都市武侯区", "没有这个地方"]
BAD = "重庆市綦江区坏路1号"


def deep(text: str) -> Any:
    return deep(text)


def wrong(text: str) -> Any:
    raise TypeError(f"nobody foresaw {text}")


@pytest.fixture(params=[wrong, deep])
def failing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A reader that fails on 坏; the log."""
    fails: Callable[[str], Any] = request.param
    read = Reader.read
    monkeypatch.setattr(Reader, "read", lambda self, text: fails(text) if "坏" in text else read(self, text))
    log = tmp_path / "errors.log"
    monkeypatch.setenv(defence.LOG, str(log))
    monkeypatch.setattr(defence, "_logged", set())
    return log


def table(folder: Path, *texts: str, head: str = "名称,地址") -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "a.csv"
    file.write_text("\n".join([head, *(f"n{number},{text}" for number, text in enumerate(texts))]), encoding="utf-8")
    return file


def test_one_row_of_many_is_its_own(failing: Path) -> None:
    china = Everywhere(suggests=False)
    texts = [GOOD[0], BAD, GOOD[1], BAD, GOOD[2]]
    found = locate_many(china, texts, [(), (), (), ("坏地方",), ("重庆市",)])
    assert found["reason"][1] == found["reason"][3] == "internal-error"
    assert found["level"][1] == "unresolved"
    assert str(failing) in found["note"][1]
    alone = [china.locate(one) for one in GOOD]
    assert [found["place_id"][at] for at in (0, 2)] == [one.best.id for one in alone[:2] if one.best]
    assert found["reason"][4] == alone[2].reason


def test_a_word_that_says_where_a_row_lies_may_fail_too(failing: Path) -> None:
    found = locate_many(Everywhere(suggests=False), GOOD, [(), ("坏地方",), ()])
    assert [one == "internal-error" for one in found["reason"]] == [False, True, False]


def test_alone_it_has_no_answer_and_says_why(failing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = qjmap.locate(BAD)
    assert (answer.best, answer.reason) == (None, "internal-error")
    assert str(failing) in answer.note
    assert list(qjmap.geocode([GOOD[0], BAD])["reason"]) == ["address", "internal-error"]


@pytest.mark.parametrize("locate", [locate_file, locate_parts])
def test_a_table_is_written_whole_and_the_row_is_a_fault(
    failing: Path, tmp_path: Path, locate: Callable[..., Any]
) -> None:
    file = table(tmp_path / "in", GOOD[0], BAD, GOOD[1])
    out = tmp_path / "out.csv"
    with pytest.raises(DataFaults) as stopped:
        locate(Everywhere(suggests=False), file if locate is locate_file else file.parent, out)
    (fault,) = stopped.value.faults
    assert (fault.code, fault.row, fault.value) == ("row-failed", 3, BAD)
    assert "a.csv" in fault.line("zh")
    assert str(failing) in fault.line("en")
    with out.open(encoding="utf-8-sig", newline="") as written:
        rows = list(csv.DictReader(written))
    assert [row["place_id"] for row in rows] == ["500110003", "", "510107"]
    assert rows[1]["reason"] == "internal-error"
    assert BAD in out.with_name("out.unresolved.csv").read_text(encoding="utf-8-sig")


def test_the_command_ends_with_1_and_the_other_rows(
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


def test_an_answer_of_a_provider_may_fail_without_the_others(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "errors.log"
    monkeypatch.setenv(defence.LOG, str(log))
    monkeypatch.setattr(defence, "_logged", set())
    online = opened("amap")
    judged = type(online)._judged

    def failing(self: Any, before: Any, *rest: Any) -> Any:
        if "9号" in before.text:
            raise TypeError(f"with the key {self.asker.secret}")
        return judged(self, before, *rest)

    monkeypatch.setattr(type(online), "_judged", failing)
    texts = ["重庆市綦江区石佛路8号", "重庆市綦江区石佛路9号"]
    found = locate_many(online.offline, texts)
    assert online.improve(texts, None, found).outcome == ["answered", "internal-error"]
    assert found["level"] == ["site", "district"]  # what was known before stays
    assert telling.ending(online, "en")[1] == 1
    assert "TypeError" in log.read_text(encoding="utf-8")
    assert online.asker.secret not in log.read_text(encoding="utf-8")
    out = tmp_path / "out.csv"
    with pytest.raises(DataFaults) as stopped:
        locate_file(online.offline, table(tmp_path / "in", *texts), out, online=online)
    assert [fault.row for fault in stopped.value.faults] == [3]
    assert "internal-error" in out.read_text(encoding="utf-8-sig")


def test_no_memory_is_nobodys_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Reader, text: str) -> Any:
        raise MemoryError

    monkeypatch.setattr(Reader, "read", full)
    china = Everywhere(suggests=False)
    for ask in (lambda: china.locate(BAD), lambda: locate_many(china, [BAD])):
        with pytest.raises(MemoryError):
            ask()
