"""Adding rows: all of them or named, nothing half-written, the rest of the table byte for byte, and the way back."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.edit import add, undo
from qjmap.edit.csv_patch import CsvPatch
from qjmap.edit.project_lock import locked
from qjmap.errors import DataFaults, QjmapError, UsageError
from qjmap.project import Project, load_project
from qjmap.schema import TABLES
from qjmap.tables.readers.delimited import all_neutralised
from qjmap.validation import check
from tests.properties import examples
from tests.validation.test_check_project import made

NEW = (
    "企业名称,类别,经度,纬度,联系人\n华芯智造,企业,106.651,29.03,张三\n开拓卫星,企业,106.66,29.05,\n"
    "南舟科技,企业,106.67,29.06,\n坏公司,企业,106.67,290.3,王五\n"
)
HEADER = ",".join(TABLES["sites"].names)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made(tmp_path / "p", sites=HEADER + "\n")


def given_file(folder: Path, content: str | bytes, name: str = "new.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sites(project: Project) -> Path:
    return project.table_path("sites")


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def lines_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.slow
def test_columns_that_are_told_are_remembered(project: Project, tmp_path: Path) -> None:
    file = given_file(tmp_path, "甲列,乙列\n甲厂,乙厂\n丙厂,丁厂\n")
    add(project, file, columns="名称=乙列", dry_run=True)
    assert not (project.state / "columns.json").exists()
    assert add(project, file, columns="名称=乙列").added == [2, 3]
    again = add(project, file)
    assert (again.already, [row["name"] for row in rows_of(sites(project))]) == ([2, 3], ["乙厂", "丁厂"])
    assert any("名称=乙列" in note.text("zh") for note in again.notes)
    assert add(project, file, columns="").added == [2, 3]
    assert not any("名称=乙列" in note.text("zh") for note in add(project, file).notes)


def test_columns_of_a_file_of_which_nothing_is_added_are_not_remembered(project: Project, tmp_path: Path) -> None:
    add(project, given_file(tmp_path, "甲列,乙列\n,甲\n,乙\n"), columns={"名称": "甲列"})
    assert not (project.state / "columns.json").exists()


@pytest.mark.slow
def test_three_good_rows_and_a_bad_one(project: Project, tmp_path: Path) -> None:
    report = add(project, given_file(tmp_path, NEW.encode("gb18030")), datum="gcj02")
    assert (report.added, report.refused) == ([2, 3, 4], [5])
    fault = next(fault for fault in report.faults if fault.severity == "fault")
    assert (fault.row, fault.column, fault.value, fault.code) == (5, "纬度", "290.3", "lat-range")
    kept = (tmp_path / "new.csv.refused.csv").read_bytes()
    assert kept.startswith(b"\xef\xbb\xbf")
    assert report.refused_file == tmp_path / "new.csv.refused.csv"
    assert lines_of(kept)[1][:5] == ["坏公司", "企业", "106.67", "290.3", "王五"]
    assert "错误" in kept.decode("utf-8-sig").splitlines()[0]
    there = rows_of(sites(project))
    assert [row["name"] for row in there] == ["华芯智造", "开拓卫星", "南舟科技"]
    assert [row["id"] for row in there] == ["huaxinzhizao", "kaituoweixing", "nanzhoukeji"] == report.ids
    assert there[0]["datum"] == "gcj02" and there[0]["category"] == "enterprise" and there[0]["联系人"] == "张三"
    for lang in ("zh", "en"):
        assert "{" not in report.summary(lang)
    json.dumps(report.as_dict("en"))
    assert check(project)[0]["sites"].bad_rows == frozenset()


@pytest.mark.slow
def test_adding_a_file_twice_adds_its_rows_once(project: Project, tmp_path: Path) -> None:
    path = given_file(tmp_path, NEW)
    add(project, path)
    once = sites(project).read_bytes()
    report = add(project, path)
    assert (report.added, report.already, report.refused, report.undo) == ([], [2, 3, 4], [5], "")
    assert sites(project).read_bytes() == once


@pytest.mark.slow
def test_the_refused_rows_corrected_are_added(project: Project, tmp_path: Path) -> None:
    refused = add(project, given_file(tmp_path, NEW)).refused_file
    assert refused is not None
    refused.write_text(
        refused.read_text(encoding="utf-8-sig").replace("106.67,290.3", "106.67,29.03"), encoding="utf-8-sig"
    )
    report = add(project, refused)
    assert report.added == [2]
    assert "错误" not in sites(project).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_untouched_rows_keep_every_byte(tmp_path: Path, end: str, last: bool, encoding: str) -> None:
    project = made(tmp_path / "p")
    text = (
        f'lat,lon,name,"说明"{end}29.0,106.0,"甲, 公司","两{end}行"{end}29.10,106.10,乙,"""引"" "{end if last else ""}'
    )
    sites(project).write_bytes(text.encode(encoding))
    before = sites(project).read_bytes()
    report = add(project, given_file(tmp_path, "name,lon,lat,description\n丙,106.2,29.2,=1+1\n"))
    after = sites(project).read_bytes()
    assert report.added == [2]
    assert report.new_columns == ["id"]
    body = after[len(after) - len(before) :]
    assert text.split(end, 1)[1].encode(encoding.replace("-sig", "").replace("utf-16", "utf-16-le")) in after, body
    tail = f"29.2,106.2,丙,'=1+1,bing{end}"
    assert after.endswith(tail.encode(encoding.replace("-sig", "").replace("utf-16", "utf-16-le")))
    frame = check(project)[0]["sites"].frame
    assert list(frame["name"]) == ["甲, 公司", "乙", "丙"]
    assert frame["description"].to_list() == [f"两{end}行", '"引"', "=1+1"]


def test_without_new_columns_the_old_file_is_the_beginning_of_the_new(project: Project, tmp_path: Path) -> None:
    add(project, given_file(tmp_path, "name\n甲\n"))
    before = sites(project).read_bytes()
    add(project, given_file(tmp_path, "name\n乙\n"))
    assert sites(project).read_bytes().startswith(before)


def test_a_table_that_is_not_there_is_made(tmp_path: Path) -> None:
    project = made(tmp_path / "p")
    report = add(project, given_file(tmp_path, "name\n甲\n"))
    assert report.added == [2]
    assert sites(project).read_text(encoding="utf-8").splitlines()[0] == HEADER
    undo(project)
    assert not sites(project).exists()


def test_an_empty_file_as_table(tmp_path: Path) -> None:
    project = made(tmp_path / "p", sites="")
    assert add(project, given_file(tmp_path, "name\n甲\n")).added == [2]


def test_undo_takes_back_one_addition_after_the_other(project: Project, tmp_path: Path) -> None:
    first = sites(project).read_bytes()
    report = add(project, given_file(tmp_path, NEW))
    assert "qjmap undo" in report.undo
    second = sites(project).read_bytes()
    add(project, given_file(tmp_path, "name\n另一个\n"))
    assert "1" in undo(project).summary("zh")
    assert sites(project).read_bytes() == second
    assert undo(project).ids == tuple(report.ids)
    assert sites(project).read_bytes() == first
    with pytest.raises(UsageError) as caught:
        undo(project)
    assert caught.value.code == "undo-nothing"


def test_what_was_changed_since_is_not_undone(project: Project, tmp_path: Path) -> None:
    add(project, given_file(tmp_path, NEW))
    changed = sites(project).read_bytes() + b"x,y\n"
    sites(project).write_bytes(changed)
    with pytest.raises(QjmapError) as caught:
        undo(project)
    assert caught.value.code == "undo-changed"
    assert "huaxinzhizao" in caught.value.line("zh")
    assert sites(project).read_bytes() == changed


def test_a_dry_run_writes_nothing(project: Project, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in project.data.glob("*.csv")}
    report = add(project, given_file(tmp_path, NEW), dry_run=True)
    assert (report.added, report.refused, report.refused_file, report.undo) == ([2, 3, 4], [5], None, "")
    assert report.new_columns == ["联系人"]
    assert {path: path.read_bytes() for path in project.data.glob("*.csv")} == before
    assert not (tmp_path / "new.csv.refused.csv").exists()


@pytest.mark.slow
def test_duplicates_are_refused_skipped_updated_or_added(project: Project, tmp_path: Path) -> None:
    add(project, given_file(tmp_path, "id,name,lon,lat,datum,status\na,甲,106.6,29.0,wgs84,在建\n,乙,,,,规划\n"))
    by_id = given_file(tmp_path, "id,name,status\na,甲,已投产\n")
    report = add(project, by_id)
    assert [fault.code for fault in report.faults if fault.severity == "fault"] == ["row-differs"]
    assert "status" in report.faults[-1].message("zh")
    by_name = given_file(tmp_path, "name,status\n乙,已投产\n甲,已投产\n")
    report = add(project, by_name)
    assert [fault.code for fault in report.faults if fault.severity == "fault"] == ["name-duplicate"] * 2
    assert add(project, by_name, duplicates="skip").already == [2, 3]
    before = sites(project).read_bytes()
    report = add(project, by_name, update=True)
    assert report.updated == [2, 3]
    assert [row["status"] for row in rows_of(sites(project))] == ["operating", "operating"]
    assert rows_of(sites(project))[0]["lon"] == "106.6"
    undo(project)
    assert sites(project).read_bytes() == before
    report = add(project, by_name, duplicates="add")
    assert report.added == [2, 3]
    assert len({row["id"] for row in rows_of(sites(project))}) == 4


@pytest.mark.slow
def test_the_same_name_far_away_is_another_thing(project: Project, tmp_path: Path) -> None:
    add(project, given_file(tmp_path, "name,lon,lat,datum\n加油站,106.60,29.00,wgs84\n"))
    assert add(project, given_file(tmp_path, "name,lon,lat,datum\n加油站,106.70,29.00,wgs84\n")).added == [2]
    report = add(project, given_file(tmp_path, "name,lon,lat,datum\n加油站,106.6005,29.0005,wgs84\n"))
    assert report.refused == [2]


def test_ids_of_other_tables_are_taken(project: Project, tmp_path: Path) -> None:
    report = add(project, given_file(tmp_path, "id,name\nqijiang,甲\n"))
    assert [fault.code for fault in report.faults if fault.severity == "fault"] == ["id-duplicate"]


@pytest.mark.slow
def test_a_file_with_the_same_row_twice(project: Project, tmp_path: Path) -> None:
    report = add(project, given_file(tmp_path, "name,address\n甲,一\n甲,一\n甲,二\n"))
    assert (report.added, report.already, report.refused) == ([2, 4], [3], [])  # another address: another branch
    assert [fault.code for fault in report.faults if fault.column == "name"] == ["name-twice"]
    again = add(project, given_file(tmp_path, "name,address\n甲,一\n甲,一\n甲,二\n"))
    assert again.already == [2, 3, 4]


def test_references_by_name_and_to_rows_of_the_same_file(project: Project, tmp_path: Path) -> None:
    report = add(
        project, given_file(tmp_path, "名称,所在地,所属,纬度\n总厂,綦江县,,\n一车间,,总厂,\n坏厂,,,99\n二车间,,坏厂,\n")
    )
    assert report.added == [2, 3]
    assert [row["place"] for row in rows_of(sites(project))] == ["qijiang", ""]
    assert rows_of(sites(project))[1]["part_of"] == "zongchang"
    assert {fault.code for fault in report.faults if fault.row == 5} == {"reference-refused"}
    assert check(project)[0]["sites"].bad_rows == frozenset()


def test_every_row_is_accounted_for_when_the_file_is_faulty(project: Project, tmp_path: Path) -> None:
    report = add(project, given_file(tmp_path, "经度,纬度\n106.65,29.03\n106.66,\n"))
    assert report.refused == [2, 3]
    assert sites(project).read_text(encoding="utf-8") == HEADER + "\n"
    assert "column-missing" in [fault.code for fault in report.faults]


@pytest.mark.slow
def test_refused_rows_run_nothing_in_a_spreadsheet(project: Project, tmp_path: Path) -> None:
    hostile = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1"]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["name", "lat"], *([cell, "99"] for cell in hostile)])
    kept = add(project, given_file(tmp_path, out.getvalue())).refused_file
    assert kept is not None
    cells = [row[0] for row in csv.reader(io.StringIO(kept.read_text(encoding="utf-8-sig"), newline=""))][1:]
    assert all(cell[0] == "'" for cell in cells)
    kept.write_text(kept.read_text(encoding="utf-8-sig").replace(",99,", ",,"), encoding="utf-8-sig", newline="")
    add(project, kept)
    assert list(check(project)[0]["sites"].frame["name"]) == [cell.strip() for cell in hostile]


def test_the_refused_go_to_the_current_folder_when_need_be(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "here"
    there.mkdir()
    monkeypatch.chdir(there)
    path = given_file(tmp_path, NEW)
    (tmp_path / "new.csv.refused.csv").mkdir()
    assert add(project, path).refused_file == there / "new.csv.refused.csv"


def test_wrong_arguments_of_add_are_usage_errors(project: Project, tmp_path: Path) -> None:
    path = given_file(tmp_path, NEW)
    for options, code in (({"table": "things"}, "table-unknown"), ({"datum": "beijing54"}, "datum-unknown")):
        with pytest.raises(UsageError) as caught:
            add(project, path, **options)  # type: ignore[arg-type]
        assert caught.value.code == code
    with pytest.raises(UsageError):
        add(project, tmp_path / "none.csv")
    sites(project).write_text("经度,纬度\n1,2\n", encoding="utf-8")
    with pytest.raises(DataFaults):
        add(project, path)


def test_a_read_only_table_is_said_and_left(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sites(project).read_bytes()
    original = Path.replace

    def refuse(self: Path, target: str | Path) -> Path:
        if Path(target).name == "sites.csv":
            raise PermissionError(13, "open in Excel")
        return original(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(QjmapError) as caught:
        add(project, given_file(tmp_path, NEW))
    assert caught.value.code == "file-in-use"
    assert sites(project).read_bytes() == before
    monkeypatch.undo()
    assert not list(project.data.glob(".*.new"))
    with pytest.raises(UsageError):
        undo(project)


@pytest.mark.slow
def test_one_writer_at_a_time(project: Project, tmp_path: Path) -> None:
    with locked(project), pytest.raises(QjmapError) as caught, locked(project, wait_s=0.2):
        pass
    assert caught.value.code == "locked"
    threads = [
        threading.Thread(target=add, args=(project, given_file(tmp_path, f"name\n企业{i}\n", f"{i}.csv")))
        for i in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(row["name"] for row in rows_of(sites(project))) == [f"企业{i}" for i in range(6)]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_at_any_moment_the_table_is_the_old_or_the_new(project: Project, tmp_path: Path) -> None:
    rows = "".join(f"企业{i},106.{i:05},29.0\n" for i in range(3000))
    path = given_file(tmp_path, "name,lon,lat\n" + rows)
    before = sites(project).read_bytes()
    code = (
        "import sys\nfrom qjmap.edit import add\nfrom qjmap.project import load_project\n"
        "print('go', flush=True)\nadd(load_project(sys.argv[1]), sys.argv[2])\n"
    )
    ends = set()
    for delay in (0.0, 0.1, 0.2, 0.3, 0.45, 0.7):
        sites(project).write_bytes(before)
        process = subprocess.Popen([sys.executable, "-c", code, str(project.root), str(path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        now = sites(project).read_bytes()
        assert now == before or now.count(b"\n") == 3001
        ends.add(len(now))
    sites(project).write_bytes(before)
    add(project, path)  # the lock is free, what was left lying is gone
    assert sites(project).read_bytes().count(b"\n") == 3001
    assert not list(project.data.glob(".*.new"))


@pytest.mark.slow
def test_an_export_added_to_an_empty_table_gives_the_table_back(repository: Path, tmp_path: Path) -> None:
    ours = load_project(repository)
    tables, _, _ = check(ours)
    settings_ = (repository / "data" / "project.toml").read_text(encoding="utf-8")
    for name in ("sites", "partnerships"):
        one = tables[name]
        features = []
        for _, row in one.frame.iterrows():
            properties = {
                column: row[column] for column in one.raw.table.names if column not in ("lon", "lat", "datum")
            }
            properties = json.loads(json.dumps(properties, default=lambda value: value.item()))
            properties = {key: None if value != value else value for key, value in properties.items()}
            if "lon" in one.raw.table:
                properties |= {key: row[key] for key in ("orig_lon", "orig_lat", "orig_datum")}
            features.append({"type": "Feature", "id": row["id"], "geometry": None, "properties": properties})
        target = tmp_path / name
        (target / "data").mkdir(parents=True)
        (target / "data" / "project.toml").write_text(settings_, encoding="utf-8")
        for other in tables:
            if other != name:
                (target / "data" / f"{other}.csv").write_bytes(ours.table_path(other).read_bytes())
        file = given_file(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), f"{name}.geojson")
        report = add(load_project(target), file, table=name)
        assert report.refused == []
        again = check(load_project(target))[0][name]
        assert again.frame.drop(columns="_row").equals(one.frame.drop(columns="_row"))
        assert add(ours, file, table=name, dry_run=True).already == list(range(1, len(features) + 1))


@pytest.mark.slow
@examples(40)
@given(data=st.data())
def test_no_row_is_lost_whatever_the_file(tmp_path: Path, data: st.DataObject) -> None:
    folder = Path(data.draw(st.just(tmp_path))) / str(time.monotonic_ns())
    project = made(folder, sites=HEADER + "\n")
    usual = ["106.65", "29.03", "290.3", "綦江区", "企业", "2020年", "=1", '"', "a|b", "0"]
    cell = st.one_of(st.text(max_size=8), st.sampled_from(usual))
    heads = ["名称", "类别", "经度", "纬度", "说明", "所在地", "备注2", "开始", "编号"]
    names = data.draw(st.lists(st.sampled_from(heads), min_size=1, max_size=6, unique=True))
    rows = data.draw(st.lists(st.lists(cell, min_size=len(names), max_size=len(names)), max_size=6))
    out = io.StringIO(newline="")
    csv.writer(out).writerows([names, *rows])
    raw = out.getvalue().encode(data.draw(st.sampled_from(["utf-8", "gb18030", "utf-16"])), "replace")
    cut = data.draw(st.integers(0, 3))
    try:
        report = add(project, given_file(folder, raw[: len(raw) - cut]))
    except UsageError:  # a file whose encoding cannot be told is refused as a whole
        assert sites(project).read_text(encoding="utf-8") == HEADER + "\n"
        return
    counted = report.added + report.already + report.updated + report.refused
    assert len(counted) == len(set(counted))
    after = check(project)[0]["sites"]
    assert len(after.frame) == len(report.added)
    assert after.bad_rows == frozenset()


@given(st.lists(st.lists(st.text(alphabet='ab,;"\r\n 中', max_size=6), min_size=2, max_size=2), min_size=1, max_size=5))
@examples(300)
def test_rows_are_written_as_the_csv_module_writes_them(rows: list[list[str]]) -> None:
    patch = CsvPatch(b"id,name\r\n", ["id"])
    patch.append(rows)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(map(all_neutralised, rows))
    assert patch.bytes == b"id,name\r\n" + out.getvalue().encode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_ledger_quotes_every_kind_of_break(end: str) -> None:
    patch = CsvPatch(f"id,name{end}".encode(), ["id"])
    patch.append([["a", "x\ry"], ["b", "x\ny"], ["c", ""]])
    rows = list(csv.reader(io.StringIO(patch.bytes.decode(), newline="")))
    assert rows == [["id", "name"], ["a", "x\ry"], ["b", "x\ny"], ["c", ""]]


def test_a_ledger_replaces_cells_in_place() -> None:
    patch = CsvPatch(b'id,name,note\r\na,"x, y",1\r\n\r\nb,z\r\n', ["id"])
    patch.replace({2: {2: "2"}, 4: {2: "=3"}})
    assert patch.bytes == b'id,name,note\r\na,"x, y",2\r\n\r\nb,z,\'=3\r\n'
