"""A table in parts is the table: the same faults and the same bytes, however its rows are cut."""

from __future__ import annotations

import csv
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import qjmap
from benchmarks.invented_enterprises import make
from qjmap.cli.main import commands
from qjmap.edit import add
from qjmap.engine.serial import Here
from qjmap.errors import DataFaults, Fault, UsageError
from qjmap.geocoding.china_gazetteer import ChinaGazetteer, load_china_gazetteer
from qjmap.geocoding.geocode_file import locate_file
from qjmap.partitioned import merge_facts, parse_partition
from qjmap.pipeline.build import build
from qjmap.pipeline.export import export, geojson_parts
from qjmap.pipeline.load import find_faults, load, load_atlas
from qjmap.pipeline.project_locator import project_locator
from qjmap.project import load_project
from qjmap.tables import partitions
from qjmap.tables.columns import operations
from qjmap.tables.columns.operations import hash_array
from qjmap.validation import check, check_file
from qjmap.validation.long_tables import VARIABLE
from tests.partitioned.cutting import cut_up, row_in_one_table
from tests.properties import examples
from tests.region import make_region
from tests.test_long_tables import spoilt

pytestmark = pytest.mark.slow

FORMS = ("geojson", "parquet", "csv")


def exported(project: Path, form: str, out: Path, **how: Any) -> bytes:
    export(load_project(project), out, layer="sites", form=form, **how)
    return out.read_bytes()


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented register; its rows 100 to 199 have no id, and some of these one name."""
    project = make(600, tmp_path_factory.mktemp("register") / "one", seed=4)
    path = project / "data" / "sites.csv"
    table = pd.read_csv(path, dtype=str, na_filter=False)
    table.loc[100:199, "id"] = ""
    table.loc[150:160, "name"] = "同名厂"
    table.loc[155:156, table.columns != "id"] = table.loc[155, table.columns != "id"].to_numpy()
    table.loc[170:172, "name"] = ["短名", "s7", "d00"]
    table.loc[300:320, ["lon", "lat"]] = ""
    table.loc[330:335, ["lon", "lat", "place"]] = ""
    table.loc[340:345, "datum"] = "gcj02"
    table.loc[350, "description"] = '两行\n"引号"，逗号,'
    table["part_of"] = ""
    table.loc[310, "part_of"] = "s20"
    table.loc[[156], "start"] = "2001-01-01"
    table.to_csv(path, index=False, lineterminator="\n")
    return project


@pytest.mark.parametrize("form", FORMS)
@examples(5)
@given(
    ends=st.lists(st.integers(0, 600), max_size=5).map(sorted), turned=st.booleans(), kinds=st.sets(st.integers(0, 5))
)
def test_however_the_rows_are_cut_the_files_are_the_same(
    register: Path, form: str, ends: list[int], turned: bool, kinds: set[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "100")
        whole = exported(register, form, Path(folder, "one"), districts=True)
        project = cut_up(register, Path(folder, "cut"), ends, parquet=sorted(kinds), turned=turned)
        here = Here(rows_per_range=50)
        assert exported(project, form, Path(folder, "many"), districts=True, engine=here) == whole


@pytest.mark.parametrize("engine", [None, Here(partition_bytes=20_000)])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("long", [False, True])
def test_every_fault_of_one_table_is_told_of_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, long: bool, engine: Here | None
) -> None:
    if long:
        monkeypatch.setenv(VARIABLE, "100")
    one = spoilt(tmp_path / "one", seed)
    ends = [90, 91, 250]
    project = cut_up(one, tmp_path / "cut", ends) if engine is None else one
    expected = check(load_project(one))[1]
    found = find_faults(load_project(project), engine=engine)
    if engine is not None:
        assert counted(found, []) == counted(expected, [])
        return
    assert counted(found, ends) == counted(expected, [])


def counted(faults: list[Fault], ends: list[int]) -> Counter[tuple[Any, ...]]:
    """Faults row by row under the rows of one table: what concerns several rows may be told file by file."""
    every: Counter[tuple[Any, ...]] = Counter()
    for fault in faults:
        file, table = fault.file, re.sub(r"/part-.*", ".csv", fault.file)
        table = table.removesuffix(".csv") + ".csv"
        rows: list[Any] = [fault.row] if fault.row is not None else list(fault.params.get("rows", [None]))  # type: ignore[call-overload]
        for row in rows:
            if isinstance(row, str):
                file, _, number = row.rpartition(":")
                row = int(number)
            if row is not None and "part-" in file:
                row = row_in_one_table(file, row, ends)
            told = fault.row is not None and "rows" not in fault.params
            every[table, row, fault.column, fault.code, fault.value if told else None, fault.severity] += 1
    return every


def test_a_row_is_told_with_its_file(tmp_path: Path) -> None:
    project = make(30, tmp_path / "one")
    table = pd.read_csv(project / "data" / "sites.csv", dtype=str, na_filter=False)
    table.loc[25, "id"] = "s3"
    table.loc[27, "lon"] = "谁知道"
    table.to_csv(project / "data" / "sites.csv", index=False)
    faults = find_faults(load_project(cut_up(project, tmp_path / "cut", [10, 20])))
    told = {fault.code: fault for fault in faults}
    assert (told["id-duplicate"].file, told["id-duplicate"].row) == ("data/sites/part-002.csv", 7)
    assert (told["id-duplicate"].params["file_of"], told["id-duplicate"].params["row_of"]) == (
        "data/sites/part-000.csv",
        5,
    )
    assert (told["lon-form"].file, told["lon-form"].row, told["lon-form"].value) == (
        "data/sites/part-002.csv",
        9,
        "谁知道",
    )


def test_faults_that_are_not_listed_are_counted(tmp_path: Path) -> None:
    project = make(2_300, tmp_path / "one")
    table = pd.read_csv(project / "data" / "sites.csv", dtype=str, na_filter=False)
    table["lon"] = "东经"
    table.to_csv(project / "data" / "sites.csv", index=False)
    faults = find_faults(load_project(cut_up(project, tmp_path / "cut", [1_100])))
    told = Counter(fault.code for fault in faults)
    assert told["lon-form"] == 2 * parse_partition.LISTED
    assert (told["faults-unlisted"], told["warnings-unlisted"]) == (1, 0)
    assert sum(fault.count for fault in faults if fault.severity == "fault") == 2_300


def test_of_more_duplicates_than_anybody_reads_the_first_are_listed() -> None:
    names = hash_array(np.array([f"名{at // 2}" for at in range(200)], dtype=object))
    listed, left_out = merge_facts.limit_duplicates([names[:101], names[101:]], 10)
    assert (len(listed), left_out) == (5, 95)
    assert set(listed) == set(names[:10])


def test_warnings_that_are_not_listed_stop_nothing(tmp_path: Path) -> None:
    """Each row lies in the county of s0 and names another one in its address: a warning a row, more than are listed."""
    project = make(2_600, tmp_path / "one", seed=3)
    path = project / "data" / "sites.csv"
    table = pd.read_csv(path, dtype=str, na_filter=False)
    china = load_china_gazetteer()
    units = [row for code, row in china.row_by_id.items() if not code.endswith("00")]
    table["address"] = ["".join(chain(china, units[at])) for at in range(len(table))]
    table["lon"], table["lat"], table["datum"] = table.loc[0, "lon"], table.loc[0, "lat"], "wgs84"
    table.to_csv(path, index=False)
    folder = cut_up(project, tmp_path / "cut", [2_500])
    told = {run("check", root, *engine) for root in (project, folder) for engine in ((), ("--engine", "here"))}
    ((code, summary),) = told
    assert code == 0
    assert int(summary.split()[2]) > parse_partition.LISTED
    assert run("export", folder, "--layer", "sites", "-o", tmp_path / "sites.csv")[0] == 0
    assert run("build", folder)[0] == 0
    assert run("check", folder, "--strict")[0] == 1


def chain(china: ChinaGazetteer, row: int) -> list[str]:
    """The names of a unit and of those that hold it, the province first."""
    names: list[str] = []
    while row >= 0 and china.kind(row) != "country":
        names.insert(0, china.name(row))
        row = china.parent(row)
    return list(dict.fromkeys(names))


def run(*words: str | Path) -> tuple[int, str]:
    """A command's exit code and the last line that it prints."""
    result = CliRunner().invoke(commands, [*map(str, words)], standalone_mode=False, catch_exceptions=False, obj="en")
    return int(result.return_value or 0), result.stdout.splitlines()[-1]


def test_the_awkward_region_is_the_same_map(tmp_path: Path) -> None:
    one = make_region(tmp_path / "one")
    many = cut_up(one, tmp_path / "cut", [3, 4])
    built, parted = build(load_project(one)), build(load_project(many))
    assert parted.page.read_bytes() == built.page.read_bytes()
    assert [path.read_bytes() for path in parted.exports] == [path.read_bytes() for path in built.exports]
    assert parted.counts == built.counts


def test_other_tables_may_be_folders_too(tmp_path: Path) -> None:
    one = make_region(tmp_path / "one")
    many = cut_up(one, tmp_path / "cut", [2])
    folder = many / "data" / "places"
    folder.mkdir()
    head, *rows = (many / "data" / "places.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (many / "data" / "places.csv").unlink()
    (folder / "a.csv").write_text(head + "".join(rows[:3]), encoding="utf-8")
    (folder / "b.csv").write_text(head + "".join(rows[3:]), encoding="utf-8")
    assert [path.read_bytes() for path in build(load_project(many)).exports] == [
        path.read_bytes() for path in build(load_project(one)).exports
    ]
    assert project_locator(load_project(many)).locate("湾区").best is not None


def test_a_folder_and_a_file_of_one_table_are_one_too_many(tmp_path: Path, register: Path) -> None:
    project = cut_up(register, tmp_path / "cut", [300])
    (project / "data" / "sites.csv").write_bytes((register / "data" / "sites.csv").read_bytes())
    (project / "data" / "sites" / "more.xlsx").write_bytes(b"")
    with pytest.raises(DataFaults) as found:
        export(load_project(project), tmp_path / "out.geojson", layer="sites")
    assert [fault.code for fault in found.value.faults] == ["table-twice", "part-kind"]
    assert not (tmp_path / "out.geojson").exists()


def test_a_failed_run_leaves_every_file_as_it_was(tmp_path: Path, register: Path) -> None:
    project = cut_up(register, tmp_path / "cut", [300])
    part = project / "data" / "sites" / "part-001.csv"
    part.write_text(part.read_text(encoding="utf-8").replace("wgs84", "西安80", 1), encoding="utf-8")
    out = tmp_path / "out.geojson"
    out.write_text("kept", encoding="utf-8")
    with pytest.raises(DataFaults):
        export(load_project(project), out, layer="sites")
    assert out.read_text(encoding="utf-8") == "kept"


def test_a_table_in_parts_is_not_edited_row_by_row(tmp_path: Path, register: Path) -> None:
    project = cut_up(register, tmp_path / "cut", [300])
    with pytest.raises(UsageError, match="data/sites"):
        add(load_project(project), register / "data" / "sites.csv")
    assert not (project / "data" / "sites.csv").exists()


def test_all_rows_at_once_are_the_atlas(tmp_path: Path, register: Path) -> None:
    one = load_atlas(load_project(register))[0]
    many = load_atlas(load_project(cut_up(register, tmp_path / "cut", [10, 500])))[0]
    assert many.sites["id"].tolist() == one.sites["id"].tolist()
    assert many.sites.geometry.equals(one.sites.geometry)


def test_a_great_file_is_cut_where_its_rows_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, register: Path
) -> None:
    path = register / "data" / "sites.csv"
    stretches = partitions.split_file(path, "sites.csv", 20_000)
    assert len(stretches) > 5
    whole = exported(register, "geojson", tmp_path / "one.geojson")
    assert exported(register, "geojson", tmp_path / "many.geojson", engine=Here(partition_bytes=20_000)) == whole
    with path.open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    found = [(name, row) for part in stretches for name, row in _names(part)]
    assert found == [(name, at + 2) for at, name in enumerate(names)]


def _names(part: partitions.Partition) -> list[tuple[str, int]]:
    frame = partitions.read_partition(part, parse_partition.TABLES["sites"]).frame
    return list(
        zip(operations.to_objects(operations.column(frame, "name")).tolist(), frame["_row"].tolist(), strict=True)
    )


def test_a_great_parquet_file_is_cut_between_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, register: Path
) -> None:
    project = cut_up(register, tmp_path / "cut", [], parquet=[0])
    path = project / "data" / "sites" / "part-000.parquet"
    pd.read_parquet(path).to_parquet(path, index=False, row_group_size=100)
    assert len(partitions.split_file(path, "x", 20_000)) > 1
    whole = exported(register, "geojson", tmp_path / "one.geojson")
    engine = Here(partition_bytes=20_000)
    assert exported(project, "geojson", tmp_path / "many.geojson", engine=engine) == whole


def test_points_of_a_geoparquet_part_are_read(tmp_path: Path, register: Path) -> None:
    from qjmap.tables.readers.parquet import read_parquet

    out = tmp_path / "sites.parquet"
    atlas = load_atlas(load_project(register))[0]
    atlas.sites[["name", "geometry"]].to_parquet(out)
    grid = read_parquet(out, parse_partition.TABLES["sites"], shown="sites.parquet")
    assert (grid.header, grid.datum) == (["name", "lon", "lat"], "wgs84")
    known = atlas.sites.geometry.dropna()
    assert [float(text) for text in grid.columns[1] if text] == known.x.tolist()  # type: ignore[index]


def test_lists_in_a_parquet_part_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pd.DataFrame({"name": ["a"], "parties": [["x", "y"]]}).to_parquet(path)
    with pytest.raises(UsageError, match="parties"):
        partitions.read_partition(partitions.Partition(path, "a.parquet"), parse_partition.TABLES["sites"])


def test_a_folder_is_located_as_its_rows_in_one_file(tmp_path: Path, register: Path) -> None:
    locator = project_locator(load_project(register))
    project = cut_up(register, tmp_path / "cut", [7, 200])
    one, many = tmp_path / "one.csv", tmp_path / "many.csv"
    assert locate_file(locator, project / "data" / "sites", many) == locate_file(
        locator, register / "data" / "sites.csv", one
    )
    assert many.read_bytes() == one.read_bytes()


def test_columns_that_only_some_parts_have_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    (folder / "a.csv").write_text("名称,省\n渝北区,重庆市\n没有的地方,\n", encoding="utf-8")
    (folder / "b.csv").write_text("备注,名称\n乙,綦江县\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    from qjmap.geocoding import OfflineLocator

    assert locate_file(OfflineLocator(), folder, out) == (3, 2)
    rows = [row[:3] for row in csv.reader(out.read_text(encoding="utf-8-sig").splitlines())]
    assert rows == [["名称", "省", "备注"], ["渝北区", "重庆市", ""], ["没有的地方", "", ""], ["綦江县", "", "乙"]]
    assert (tmp_path / "out.unresolved.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("3,没有的地方")


def test_the_python_face_takes_parts_too(tmp_path: Path, register: Path) -> None:
    project = cut_up(register, tmp_path / "cut", [150])
    part = project / "data" / "sites" / "part-001.csv"
    part.write_text(part.read_text(encoding="utf-8").replace("wgs84", "西安80", 2), encoding="utf-8")
    found = qjmap.open_project(project).check()
    assert found == find_faults(load_project(project))
    assert sum(fault.severity == "fault" for fault in found) == 2


def test_a_parquet_file_is_taken_wherever_a_table_is(tmp_path: Path, register: Path) -> None:
    frame = pd.read_csv(register / "data" / "sites.csv", dtype=str, na_filter=False).iloc[:20]
    path = tmp_path / "new.parquet"
    frame.assign(id="", lat=[*frame["lat"][:19], "290.3"]).to_parquet(path, index=False)
    (wrong,) = [fault for fault in check_file(path, "sites") if fault.severity == "fault"]
    assert (wrong.code, wrong.row) == ("lat-range", 21)
    assert locate_file(project_locator(load_project(register)), path, tmp_path / "out.csv")[0] == 20


@pytest.mark.parametrize("long", [False, True])
def test_places_of_the_gazetteer_are_those_of_one_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, long: bool
) -> None:
    """Names are looked up once for all partitions; the sites may use the ids that these places would have."""
    if long:
        monkeypatch.setenv(VARIABLE, "20")
    one = make(60, tmp_path / "one")
    path = one / "data" / "sites.csv"
    table = pd.read_csv(path, dtype=str, na_filter=False)
    table.loc[::3, "place"] = ["自贡市", "四川省泸州市", "鼓楼区", "某某园区"] * 5
    table.loc[::3, ["lon", "lat"]] = ""
    table.loc[1::3, "place"] = "石柱县"
    table.loc[1::3, ["lon", "lat"]] = ""
    table.loc[1::3, "address"] = "石柱县黄水镇1号"
    table.loc[7, "id"] = "zigongshi"
    table.to_csv(path, index=False, lineterminator="\n")
    cut = cut_up(one, tmp_path / "cut", [10, 11, 40])
    faults = [find_faults(load_project(project)) for project in (one, cut)]
    told = [counted(faults[0], []), counted(faults[1], [10, 11, 40])]
    assert told[0] == told[1]
    assert {"place-implied", "place-ambiguous", "place-unknown"} <= {fault.code for fault in faults[0]}
    for project, engine in ((one, None), (one, Here(partition_bytes=4_000)), (cut, None)):
        build(load_project(project), out=tmp_path / "maps", engine=engine)
        for layer in ("places", "sites"):
            export = (project / "geo" / "export" / f"{layer}.geojson").read_bytes()
            first = tmp_path / f"{layer}.geojson"
            if not first.is_file():
                first.write_bytes(export)
            assert export == first.read_bytes()
    assert b'"id":"zigongshi-' in (tmp_path / "places.geojson").read_bytes()


def test_all_tables_as_geojson_are_those_of_one_table(register: Path, tmp_path: Path) -> None:
    found = []
    for project in (register, cut_up(register, tmp_path / "cut", [200, 400])):
        with load(load_project(project), form="geojson", rows=0) as loaded:
            tables = loaded.atlas.export_tables()
            parts = geojson_parts(loaded.atlas, tables=tables, sites=loaded.sites_file)
            assert list(parts) == list(tables)
            found.append({name: b"".join(chunks) for name, chunks in parts.items()})
        assert (loaded.sites_file is None) == (project == register)
    assert found[0] == found[1]
