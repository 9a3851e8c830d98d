"""One cause, one line: what the screen shows of many faults, whatever the file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.cli.fault_groups import MOST_FAULTS, MOST_WARNINGS, fault_lines, group_faults
from qjmap.errors import Fault
from tests.commands import Result, run_command
from tests.properties import examples

MOST_LINES = 60
"""Lines of any output."""


def fault(
    row: int | None, value: str | None = "x", column: str | None = "经度", code: str = "lon-form", **more: object
) -> Fault:
    given: dict[str, object] = {"letter": "D", **more}
    return Fault("表.csv", row, column, value, code, **given)  # type: ignore[arg-type]


def test_one_fault_is_the_line_that_it_always_was() -> None:
    one = fault(5)
    assert fault_lines([one], "zh") == [one.line("zh")]


def test_faults_of_one_cause_are_one_line() -> None:
    (line,) = fault_lines([fault(2, "a"), fault(3, "b"), fault(7, "a"), fault(9, "c")], "zh")
    assert line == (
        "表.csv D列“经度”：4 行（第2-3、7、9行），如第2、7行：“a”不是经度。"
        "还有“b”（第3行）、“c”（第9行）。请写成 106.65 或 106°39′00″E。"
    )


def test_fault_lines_in_english() -> None:
    (line,) = fault_lines([fault(2, "a"), fault(3, "b")], "en")
    assert line == (
        "表.csv, column D “经度”: 2 rows (2-3), such as row 2: “a” is not a longitude. Also “b” (row 3). "
        "Write 106.65 or 106°39′00″E."
    )


def test_the_same_value_is_said_once() -> None:
    (line,) = fault_lines([fault(row, "待定") for row in range(2, 12)], "zh")
    assert line == "表.csv D列“经度”：10 行（第2-11行）：“待定”不是经度。请写成 106.65 或 106°39′00″E。"


def test_of_many_values_the_first_are_shown_and_all_are_counted() -> None:
    (line,) = fault_lines([fault(row, f"v{row}") for row in range(2, 500, 2)], "zh")
    assert "249 行（第2、4、6、8、10……行）" in line
    assert "共 249 种值" in line
    assert [word in line for word in ("“v2”", "“v4”", "“v6”", "“v8”")] == [True, True, True, False]


def test_a_long_value_is_cut() -> None:
    (line,) = fault_lines([fault(row, f"{row}" * 500) for row in (2, 3)], "zh")
    assert len(line) < 200


@pytest.mark.parametrize(
    "other",
    [
        fault(3, column="纬度", letter="E"),
        fault(3, code="lon-range", params={"hint": {"zh": "", "en": ""}}),
        fault(3, severity="warning"),
    ],
    ids=["column", "code", "severity"],
)
def test_faults_of_other_causes_stay_apart(other: Fault) -> None:
    assert len(group_faults([fault(2), other])) == 2


def test_what_is_wrong_stands_before_what_is_doubtful() -> None:
    lines = fault_lines([fault(2, severity="warning"), fault(9, column="lat", code="lat-form")], "zh")
    assert ["提醒" in line for line in lines] == [False, True]


def test_faults_without_a_row_are_counted() -> None:
    twice = [
        Fault("表.csv", None, "名称", name, "name-twice", {"rows": [at, at + 9], "name": name}, "warning", "A")
        for at, name in enumerate(["甲", "乙", "丙", "丁"], 2)
    ]
    (line,) = fault_lines(twice, "zh")
    assert line.startswith("表.csv A列“名称”：提醒：4 处，如：第2、11行的名称都是“甲”。还有“乙”、“丙”等，共 4 种值。")


def test_worksheets_of_one_file_are_one_line() -> None:
    many = [fault(row, f"v{at}", sheet=f"{at}月") for at in range(1, 13) for row in (2, 3)]
    (line,) = fault_lines(many, "zh")
    assert line == (
        "表.csv [1月] 等 12 张工作表 “经度”：24 处，如第2行：“v1”不是经度。还有“v2”、“v3”等，共 12 种值。"
        "请写成 106.65 或 106°39′00″E。"
    )
    (line,) = fault_lines(many, "en")
    assert line.startswith("表.csv [1月] and others, 12 worksheets, column “经度”: 24 times, such as row 2:")


def test_one_cause_in_very_many_columns_is_one_line() -> None:
    many = [fault(row, column=f"列{at}", letter=None) for at in range(100) for row in (2, 3)]
    (line,) = fault_lines(many, "zh")
    assert line.startswith("表.csv “列0”等 100 列：2 行（第2-3行）：“x”不是经度。")


def test_what_asks_for_nothing_is_one_line() -> None:
    named = [
        Fault("表.csv", None, column, None, "reference-named", {"rows": [2], "pairs": ["甲 → jia"]}, "warning", "D")
        for column in ("所在地", "来源", "属于")
    ]
    (line,) = fault_lines(named, "zh")
    assert "“所在地”等 3 列" in line
    assert "3 处" in line


def test_causes_beyond_the_limit_are_counted_and_the_way_to_all_is_told() -> None:
    many = [fault(row, code=f"code-{at}", letter=None) for at in range(100) for row in (2, 3)]
    lines = fault_lines(many, "zh")
    assert len(lines) == MOST_FAULTS + 1
    assert str(2 * (100 - MOST_FAULTS)) in lines[-1]
    assert "--all" in lines[-1]
    assert len(fault_lines(many, "zh", every=True)) == 200


def test_without_a_header_nothing_else_is_said() -> None:
    missing = Fault("表.csv", None, None, None, "column-missing", {"wanted": "名称", "headers": ["甲"]})
    assert fault_lines([fault(3), missing, fault(4)], "zh") == [missing.line("zh")]


FAULTS = st.lists(
    st.builds(
        fault,
        st.none() | st.integers(1, 10**6),
        st.none() | st.text(max_size=80),
        st.none() | st.text(min_size=1, max_size=10),
        st.sampled_from(["lon-form", "vocab-unknown", "cell-error", "no-source", "no-such-code"]),
        severity=st.sampled_from(["fault", "warning"]),
    ),
    max_size=150,
)


@examples(200)
@given(FAULTS, st.sampled_from(["zh", "en"]))
def test_any_list_is_short_and_leaves_no_fault_uncounted(faults: list[Fault], lang: str) -> None:
    lines = fault_lines(faults, lang)
    assert len(lines) <= MOST_FAULTS + MOST_WARNINGS + 1
    assert all("\n" not in line and line.isprintable() for line in lines)
    assert sum(group.count for group in group_faults(faults)) == len(faults)
    assert bool(lines) == bool(faults)


def qjmap(*arguments: str | Path, cwd: Path) -> Result:
    return run_command(*arguments, "--lang", "zh", cwd=cwd)


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.mark.slow
def test_a_table_full_of_faults_is_few_lines_and_ends_with_what_to_do(region: Path) -> None:
    rows = [
        [
            f"厂{at}",
            "wgs84",
            "100.51" if at % 4 else f"x{at}",
            str(29 + at / 1000),
            "2020-09" if at % 3 else f"待定{at}",
        ]
        for at in range(400)
    ]
    write(region / "坏.csv", ["名称", "坐标系", "经度", "纬度", "开始日期"], rows)
    bad = {at for at in range(400) if at % 4 == 0 or at % 3 == 0}
    done = qjmap("add", "坏.csv", cwd=region)
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert len(lines) < 12
    assert lines[0].startswith("坏.csv ")
    assert any("100 行" in line and "“x0”" in line and "共 100 种值" in line for line in lines)
    assert f"退回 {len(bad)} 行" in lines[-3]
    assert "坏.csv.refused.csv" in lines[-2]
    assert "qjmap build" in lines[-1]
    with (region / "坏.csv.refused.csv").open(encoding="utf-8-sig", newline="") as file:
        refused = list(csv.DictReader(file))
    assert len(refused) == len(bad)
    assert all(row["经度"] in row["错误"] for row in refused if row["经度"].startswith("x"))
    every = qjmap("check", "坏.csv.refused.csv", "--all", cwd=region).stdout.splitlines()
    assert len(every) > len(bad)
    as_json = json.loads(qjmap("check", "坏.csv.refused.csv", "--json", cwd=region).stdout)
    assert sum(one["severity"] == "fault" for one in as_json) >= len(bad)


@pytest.mark.slow
def test_a_table_of_a_hundred_bad_columns_is_few_lines(region: Path) -> None:
    header = ["名称", *(f"指标{at}" for at in range(100))]
    write(region / "宽.csv", header, [[f"厂{at}", *["#REF!"] * 100] for at in range(5)])
    done = qjmap("check", "宽.csv", cwd=region)
    assert len(done.stdout.splitlines()) < 8
    assert "“指标0”等 100 列" in done.stdout
    assert len(qjmap("check", "宽.csv", "--all", cwd=region).stdout.splitlines()) > 500


@pytest.mark.parametrize("command", ["add", "check"])
def test_a_file_that_is_no_table_is_one_line(region: Path, command: str) -> None:
    text = "# 说明\n\n这是一份文件，不是表格，写给同事看。\n" + "第二段，比上一段长，多，几，个，逗，号。\n" * 150
    (region / "README.md").write_text(text, encoding="utf-8")
    done = qjmap(command, "README.md", cwd=region)
    assert done.returncode in (1, 2)
    assert len((done.stdout + done.stderr).splitlines()) == 1
    assert not list(region.glob("*.refused.csv"))


@pytest.mark.slow
def test_faults_of_the_project_are_grouped_in_build_too(region: Path) -> None:
    table = region / "data/sites.csv"
    header = table.read_text(encoding="utf-8").splitlines()[0].split(",")
    bad = {"name": "厂", "lon": "x", "lat": "29", "datum": "wgs84"}
    row = ",".join(bad.get(name, "") for name in header)
    with table.open("a", encoding="utf-8", newline="") as file:
        file.writelines(f"{row.replace('厂', f'厂{at}')}\n" for at in range(300))
    few = qjmap("build", cwd=region)
    every = qjmap("build", "--all", cwd=region)
    assert (few.returncode, every.returncode) == (1, 1)
    assert len(few.stderr.splitlines()) <= MOST_LINES
    assert len(every.stderr.splitlines()) >= 300
