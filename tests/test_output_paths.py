"""No output overwrites an input, by whatever path; the format of a file is that of its name."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import pytest

from qjmap.cli.main import main
from qjmap.errors import UsageError
from qjmap.output_paths import LAYER_FILES, check_outputs, output_format
from tests.cli.system_errors.helpers import NEW, everything


def refused(target: Path, project: Path | None = None, *read: Path) -> str:
    with pytest.raises(UsageError) as caught:
        check_outputs([target], project=project, read=read)
    return caught.value.code


@pytest.mark.parametrize("form", ["plain", "dots", "absolute", "link", "linked folder", "capitals", "new name"])
@pytest.mark.parametrize("file", ["data/sites.csv", "data/project.toml", "geo/districts.geojson"])
def test_the_tables_settings_and_geometry_are_kept(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, file: str
) -> None:
    monkeypatch.chdir(region)
    folder, name = file.split("/")
    target = Path(file)
    if form == "dots":
        target = Path("maps", "..", folder, ".", "..", folder, name)
    elif form == "absolute":
        target = region / file
    elif form == "link":
        target = tmp_path / "link"
        target.symlink_to(region / file)
    elif form == "linked folder":
        (tmp_path / "there").symlink_to(region / folder)
        target = tmp_path / "there" / name
    elif form == "capitals":
        target = Path(folder.upper(), name.upper())
    elif form == "new name":
        target = Path(folder, "nothing-of-the-kind.csv")
    assert refused(target) == "output-project"
    assert refused(target, region) == "output-project"
    assert refused(target, region / "data") == "output-project"


def test_a_hard_link_to_an_input_is_refused_as_output(region: Path, tmp_path: Path) -> None:
    os.link(region / "data" / "sites.csv", tmp_path / "same.csv")
    assert refused(tmp_path / "same.csv", region) == "output-project"


def test_a_table_that_lies_elsewhere_is_kept_where_it_lies(region: Path, tmp_path: Path) -> None:
    table, elsewhere = region / "data" / "sites.csv", tmp_path / "shared.csv"
    table.rename(elsewhere)
    table.symlink_to(elsewhere)
    assert refused(elsewhere, region) == "output-project"


def test_what_is_read_is_kept(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "a.csv").write_text("", encoding="utf-8")
    assert refused(tmp_path / "a.csv", None, tmp_path / "a.csv") == "output-input"
    assert refused(tmp_path / "parts" / "b.csv", None, tmp_path / "parts") == "output-input"
    check_outputs([tmp_path / "b.csv"], read=(tmp_path / "a.csv", tmp_path / "parts"))


def test_output_may_be_written_to_paths_that_are_not_inputs(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(region)
    free = [
        "out.csv",
        "maps/x.html",
        "geo/export/sites.geojson",
        "geo/mine/a.gpkg",
        "database/sites.csv",
        "out/data/sites.csv",
    ]
    check_outputs([*map(Path, free), tmp_path / "data" / "sites.csv"], project=region)


COMMANDS = [
    ("report", "--format", "csv", "--table", "partners", "-o", "data/places.csv"),
    ("report", "--format", "json", "-o", "data/project.toml"),
    ("report", "-o", "data"),
    ("export", "--layer", "sites", "--format", "geojson", "-o", "data/project.toml"),
    ("export", "--layer", "sites", "--format", "csv", "-o", "data/sites.csv"),
    ("export", "--layer", "sites", "-o", "geo/districts.geojson"),
    ("export", "-o", "data"),
    ("export", "-o", "geo"),
    ("export", "-o", "data/all.gpkg"),
    ("build", "--out", "data"),
    ("build", "--out", "maps/../data"),
    ("locate", "--file", "data/sites.csv", "-o", "data/sites.csv"),
    ("locate", "--file", "new.csv", "-o", "new.csv"),
    ("locate", "--file", "new.csv", "-o", "./maps/../new.csv"),
    ("locate", "--file", "new.csv", "-o", "data/located.csv"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_writes_to_an_input_of_the_project(
    region: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(region)
    (region / "new.csv").write_text(NEW, encoding="utf-8")
    before = everything(region)
    with pytest.raises(SystemExit) as done:
        main([*arguments, "--json", "--lang", "en"] if arguments[0] != "report" else [*arguments, "--json"])
    assert done.value.code == 2
    (one,) = json.loads(capsys.readouterr().out)
    assert one["code"] in ("output-project", "output-input")
    assert one["file"]
    assert everything(region) == before


@pytest.mark.slow
def test_refused_rows_of_a_file_among_the_tables_are_kept_elsewhere(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (region / "data" / "new.csv").write_text(NEW, encoding="utf-8")
    for folder in (region, region / "data"):
        monkeypatch.chdir(folder)
        with pytest.raises(SystemExit):
            main(["add", str(region / "data" / "new.csv"), "--project", str(region)])
        assert (region / "new.csv.refused.csv").is_file()
        (region / "new.csv.refused.csv").unlink()
    assert not list((region / "data").glob("*.refused.csv"))


ALLOWED = ("geojson", "gpkg", "parquet", "fgb", "kml", "csv")


def test_the_name_tells_the_format_and_nothing_contradicts_it() -> None:
    for (suffix, named), told in itertools.product(LAYER_FILES.items(), (None, *ALLOWED)):
        for out in (Path(f"x{suffix}"), Path(f"x.y{suffix.upper()}")):
            if told in (None, named) and named in ALLOWED:
                assert output_format(out, told, LAYER_FILES, ALLOWED, "geojson") == named
            else:
                with pytest.raises(UsageError):
                    output_format(out, told, LAYER_FILES, ALLOWED, "geojson")


def test_other_names_tell_nothing() -> None:
    for name in ("sites", "sites.2024", "2024.05"):
        assert output_format(Path(name), None, LAYER_FILES, ALLOWED, "geojson") == "geojson"
    assert output_format(Path("sites.txt"), "csv", LAYER_FILES, ALLOWED, "geojson") == "csv"
    with pytest.raises(UsageError) as caught:
        output_format(Path("sites.dxf"), None, LAYER_FILES, ALLOWED, "geojson")
    assert caught.value.code == "form-unknown"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (("export", "--layer", "sites", "-o", "x.gpkg"), b"SQLite format 3"), (("export", "-o", "x.gpkg"), b"SQLite format 3"),
        (("export", "--layer", "sites", "-o", "x.fgb"), b"fgb"), (("export", "--layer", "sites", "-o", "x.kml"), b"<?xml"),
        (("export", "--layer", "sites", "-o", "x.parquet"), b"PAR1"), (("export", "--layer", "sites", "-o", "x.csv"), b"\xef\xbb\xbfid,"),
        (("export", "--layer", "sites", "-o", "x.json"), b'{"type":"FeatureCollection"'), (("export", "--layer", "sites", "-o", "x"), b'{"type"'),
        (("export", "--layer", "sites", "--format", "csv", "-o", "x.txt"), b"\xef\xbb\xbf"), (("report", "-o", "x.json"), b"{"),
        (("report", "--table", "gaps", "-o", "x.csv"), b"\xef\xbb\xbf"), (("export", "--layer", "sites", "--format", "kml", "-o", "x.gpkg"), b""),
        (("export", "--layer", "sites", "-o", "x.shp"), b""), (("export", "-o", "x.geojson"), b""),
        (("report", "--format", "json", "-o", "x.csv"), b""),
        (("report", "-o", "x.xlsx"), b""), (("locate", "--file", "new.csv", "-o", "x.gpkg"), b""),
        (("export", "-o", "x.xlsx"), b"PK"), (("export", "-o", "x.csv"), b""),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else "",
)  # fmt: skip
def test_a_file_holds_what_its_name_says_or_is_not_written(
    region: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], start: bytes
) -> None:
    monkeypatch.chdir(region)
    (region / "new.csv").write_text(NEW, encoding="utf-8")
    with pytest.raises(SystemExit) as done:
        main(list(arguments))
    out = region / arguments[arguments.index("-o") + 1]
    if start:
        assert not done.value.code
        assert out.read_bytes().startswith(start)
    else:
        assert done.value.code == 2
        assert not out.exists()
