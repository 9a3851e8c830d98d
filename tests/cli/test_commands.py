"""The commands as a clerk types them: what they say, what they leave, how they exit."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qjmap.geocoding.geocode_file import ANSWER_COLUMNS
from tests.commands import Result, run_command

NEW = """名称,类别,地址,经度,纬度,坐标系,来源
新厂一,企业,,100.51,30.51,WGS84,survey
新厂二,企业,山城市,,,,survey
新厂三,物流园区,,100.512,30.513,GCJ02,survey
坏厂,企业,,100.5,290.3,WGS84,survey
"""


def qjmap(*arguments: str, cwd: Path, **environment: str) -> Result:
    return run_command(*arguments, cwd=cwd, environment=environment)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "command", [[], ["build"], ["add"], ["check"], ["locate"], ["export"], ["undo"], ["report"], ["resolve"]]
)
def test_every_command_explains_itself(tmp_path: Path, command: list[str], lang: str) -> None:
    done = qjmap(*command, "--help", "--lang", lang, cwd=tmp_path)
    assert done.returncode == 0
    assert ("显示本说明" in done.stdout) == (lang == "zh")


@pytest.mark.slow
def test_build_names_the_map_and_counts_its_rows(region: Path) -> None:
    done = qjmap("build", "--lang", "zh", cwd=region)
    assert done.returncode == 0, done.stderr
    assert "maps/bay.html" in done.stdout
    assert "地点 7" in done.stdout


@pytest.mark.slow
def test_add_adds_the_good_rows_and_names_and_keeps_the_bad_one(region: Path) -> None:
    (region / "new.csv").write_text(NEW, encoding="utf-8")
    done = qjmap("add", "new.csv", "--lang", "zh", cwd=region)
    assert done.returncode == 1
    for word in ("new.csv", "第5行", "纬度", "290.3"):
        assert word in done.stdout
    with (region / "new.csv.refused.csv").open(encoding="utf-8-sig", newline="") as file:
        (refused,) = csv.DictReader(file)
    assert refused["名称"] == "坏厂"
    assert refused["错误"]
    assert qjmap("build", cwd=region).returncode == 0
    names = [
        one["properties"]["name"]
        for one in json.loads((region / "geo/export/sites.geojson").read_text("utf-8"))["features"]
    ]
    assert {"新厂一", "新厂二", "新厂三"} <= set(names)
    assert "坏厂" not in names


def test_undo_gives_the_table_back_byte_for_byte(region: Path) -> None:
    before = (region / "data/sites.csv").read_bytes()
    (region / "new.csv").write_text(NEW, encoding="utf-8")
    qjmap("add", "new.csv", cwd=region)
    assert (region / "data/sites.csv").read_bytes() != before
    assert qjmap("undo", cwd=region).returncode == 0
    assert (region / "data/sites.csv").read_bytes() == before


def test_reports_for_machines_are_lists_of_faults(region: Path) -> None:
    (region / "new.csv").write_text(NEW, encoding="utf-8")
    done = qjmap("check", "new.csv", "--json", "--lang", "en", cwd=region)
    assert done.returncode == 1
    fault = next(one for one in json.loads(done.stdout) if one["severity"] == "fault")
    assert {"file", "row", "column", "value", "code", "message", "cure"} <= set(fault)
    assert (fault["file"], fault["row"], fault["value"], fault["code"]) == ("new.csv", 5, "290.3", "lat-range")


@pytest.mark.slow
def test_check_of_a_file_says_how_it_was_read(region: Path) -> None:
    (region / "new.csv").write_bytes(NEW.replace("来源", "电话").replace(",", ";").encode("gb18030"))
    done = qjmap("check", "new.csv", "--lang", "zh", cwd=region)
    assert done.returncode == 1
    for word in ("GB18030", "分号", "电话", "290.3"):
        assert word in done.stdout
    done = qjmap("check", "data/places.csv", "--lang", "en", cwd=region)
    assert "comma" in done.stdout
    assert qjmap("check", "gone.csv", "--lang", "en", cwd=region).returncode == 2


@pytest.mark.slow
def test_rows_that_are_there_with_other_content(region: Path) -> None:
    (region / "new.csv").write_text("名称,状态,来源\n海湾齿轮厂,已结束,survey\n", encoding="utf-8")
    before = (region / "data/sites.csv").read_bytes()
    done = qjmap("add", "new.csv", "--json", "--lang", "en", cwd=region)
    assert done.returncode == 1
    (fault,) = (one for one in json.loads(done.stdout) if one["severity"] == "fault")
    assert fault["code"] == "name-duplicate"
    for option in ("--update", "--skip", "--add-anyway"):
        assert option in fault["cure"]
    assert qjmap("add", "new.csv", "--skip", cwd=region).returncode == 0
    assert (region / "data/sites.csv").read_bytes() == before
    assert qjmap("add", "new.csv", "--skip", "--update", cwd=region).returncode == 2
    assert qjmap("add", "new.csv", "--add-anyway", cwd=region).returncode == 0
    assert (region / "data/sites.csv").read_bytes().count(b"\n") == before.count(b"\n") + 1
    assert qjmap("undo", cwd=region).returncode == 0
    assert qjmap("add", "new.csv", "--update", cwd=region).returncode == 0
    with (region / "data/sites.csv").open(encoding="utf-8", newline="") as file:
        assert next(row["status"] for row in csv.DictReader(file) if row["id"] == "works") == "ended"


@pytest.mark.slow
def test_strict_makes_warnings_faults(region: Path) -> None:
    table = region / "data" / "sites.csv"
    table.write_text(table.read_text("utf-8") + "w,无来源厂,,,enterprise,,,lake,,,,,,,,,,,,,,,,,\n", encoding="utf-8")
    assert qjmap("check", cwd=region).returncode == 0
    assert qjmap("check", "--strict", cwd=region).returncode == 1
    assert qjmap("build", "--strict", cwd=region).returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "no-such-folder"],
        ["add", "no-such-file.csv"],
        ["nonsense"],
        ["locate"],
        ["export"],
        ["build", "--tiles", "Nowhere"],
    ],
    ids=" ".join,
)
def test_wrong_use_exits_2_and_says_so_in_words(region: Path, arguments: list[str]) -> None:
    done = qjmap(*arguments, "--lang", "zh", cwd=region)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_locate_answers_or_says_why_not(region: Path) -> None:
    done = qjmap("locate", "湾县", "山城高新区", "不存在镇", "西湖", "--json", cwd=region)
    found, zone, unknown, ambiguous = json.loads(done.stdout)
    assert found["candidates"][0]["id"] == "harbour"
    assert zone["candidates"][0]["level"] == "city"
    assert (unknown["resolved"], unknown["reason"]) == (False, "unknown")
    assert (ambiguous["resolved"], ambiguous["reason"]) == (False, "ambiguous")
    assert {one["id"] for one in ambiguous["candidates"]} == {"330106", "360103"}


def test_a_point_is_told_by_what_holds_it(region: Path) -> None:
    done = qjmap("locate", "--at", "106.65,29.03", "--at", "103.85,1.29", "--json", cwd=region)
    home, abroad = json.loads(done.stdout)
    assert (home["province"], home["county"], home["adcode"]) == ("重庆市", "綦江区", "500110")
    assert abroad["adcode"] == ""
    assert qjmap("locate", "--at", "106.65,29.03", "--lang", "zh", cwd=region).stdout.startswith(
        "106.65,29.03 在重庆市 綦江区"
    )
    assert qjmap("locate", "--at", "103.85,1.29", "--strict", cwd=region).returncode == 1
    assert qjmap("locate", "--at", "somewhere", cwd=region).returncode == 2


def test_locate_gives_every_row_and_column_of_a_table_back(region: Path) -> None:
    (region / "list.csv").write_text(
        "序号,地址,省份,备注\n1,山城市人民路1号,海岸省,甲\n2,不知何处,,乙\n3,湖畔,海岸省,丙\n", encoding="gb18030"
    )
    done = qjmap("locate", "--file", "list.csv", "-o", "out.csv", cwd=region)
    assert done.returncode == 0, done.stderr
    with (region / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["备注"] for row in rows] == ["甲", "乙", "丙"]
    assert tuple(rows[0])[4:] == ANSWER_COLUMNS
    assert [row["place_id"] for row in rows] == ["hill", "", ""]
    assert rows[2]["reason"] == "conflict"  # 湖畔市 is not known to lie in 海岸省


@pytest.mark.slow
def test_export_then_add_gives_the_same_table_back(region: Path) -> None:
    before = (region / "data/sites.csv").read_bytes()
    assert qjmap("export", "--layer", "sites", "-o", "sites.geojson", cwd=region).returncode == 0
    done = qjmap("add", "sites.geojson", "--lang", "en", cwd=region)
    assert done.returncode == 0, done.stdout
    assert (region / "data/sites.csv").read_bytes() == before
    (region / "data/sites.csv").write_bytes(before.split(b"\n", 1)[0] + b"\n")
    (region / "data/partnerships.csv").write_bytes(
        (region / "data/partnerships.csv").read_bytes().split(b"\n", 1)[0] + b"\n"
    )
    assert qjmap("add", "sites.geojson", cwd=region).returncode == 0
    with (region / "data/sites.csv").open(encoding="utf-8", newline="") as file:
        again = {row["id"]: row for row in csv.DictReader(file)}
    assert again == {row["id"]: row for row in csv.DictReader(io.StringIO(before.decode("utf-8"), newline=""))}


@pytest.mark.slow
def test_a_console_that_cannot_write_a_character_does_not_stop_anything(region: Path) -> None:
    (region / "new.csv").write_text(NEW.replace("坏厂", "坏厂𠀀😀"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "qjmap", "add", "new.csv"],
        cwd=region,
        env={**os.environ, "PYTHONIOENCODING": "gbk"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
def test_report_shows_writes_and_prints_the_same_numbers(region: Path) -> None:
    shown = qjmap("report", "--lang", "zh", cwd=region)
    assert shown.returncode == 0, shown.stderr
    assert "海口湾区：6 项合作，6 个伙伴，1 项共建，其中下级 1 项，已签约金额500万元" in shown.stdout
    printed = json.loads(qjmap("report", "--format", "json", cwd=region).stdout)
    assert qjmap("report", "-o", "numbers.json", cwd=region).returncode == 0
    assert json.loads((region / "numbers.json").read_text(encoding="utf-8")) == printed
    done = qjmap("report", "-o", "numbers", cwd=region, LC_ALL="en_US.UTF-8")
    assert done.returncode == 0
    assert len(list((region / "numbers").iterdir())) == 6
    partners = (region / "numbers" / "partners.csv").read_bytes()
    assert partners.startswith("\ufeff编号,名称".encode())  # the project's language, whatever the locale
    assert qjmap("report", "--table", "partners", "-o", "p.csv", cwd=region).returncode == 0
    assert (region / "p.csv").read_bytes() == partners
    assert qjmap("report", "--format", "csv", cwd=region).returncode == 2
    assert qjmap("report", "-o", "all.csv", cwd=region).returncode == 2
    assert qjmap("report", "--table", "legs", "--format", "json", cwd=region).returncode == 2
    assert not (region / "all.csv").exists()


@pytest.mark.slow
def test_the_end_of_input_at_a_question_interrupts(tmp_path: Path) -> None:
    """Ctrl-D on a terminal: a district of that name lies in several cities, so that the command asks."""
    pty = pytest.importorskip("pty")  # not on Windows
    here, there = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "qjmap", "new", "鼓楼区", "-o", "x"],
        cwd=tmp_path,
        stdin=there,
        stdout=there,
        stderr=there,
    )
    os.close(there)
    said = b""
    while not said.rstrip().endswith((b":", "：".encode())):
        said += os.read(here, 4096)
    os.write(here, b"\x04")
    assert done.wait(timeout=60) == 130
    os.close(here)
    assert not (tmp_path / "x").exists()
