"""The same input gives the same bytes; a failed build leaves everything as it was."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qjmap.errors import DataFaults
from qjmap.pipeline.build import build
from qjmap.pipeline.export import export
from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project
from tests.region import make_region

OUTPUTS = (
    "maps/bay.html",
    *(f"geo/export/{name}.geojson" for name in ("places", "sites", "partnerships", "corridors", "corridor_legs")),
)


def digests(root: Path) -> dict[str, str]:
    return {name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in OUTPUTS}


def run(root: Path, cwd: Path, **environment: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "qjmap", "build", str(root)],
        cwd=cwd,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
    )


@pytest.mark.slow
def test_clock_locale_hash_seed_folder_and_row_order_change_no_byte(tmp_path: Path) -> None:
    one, other = make_region(tmp_path / "one"), make_region(tmp_path / "two words", shuffle=7)
    run(one, tmp_path, PYTHONHASHSEED="1", TZ="Asia/Shanghai", LC_ALL="C.UTF-8", LANG="zh_CN.UTF-8")
    run(other, other, PYTHONHASHSEED="4242", TZ="America/New_York", LC_ALL="C", LANG="en_US.UTF-8")
    assert digests(one) == digests(other)


@pytest.mark.slow
def test_the_atlas_exports_in_git_are_those_of_a_fresh_build(repository: Path, tmp_path: Path) -> None:
    project = load_project(repository)
    fresh = {path.name: path.read_bytes() for path in export(project, tmp_path)}
    committed = {path.name: path.read_bytes() for path in (repository / "geo" / "export").glob("*.geojson")}
    assert committed.keys() == {f"{layer}.geojson" for layer in load_atlas(project)[0].export_rows()}
    for name, content in committed.items():
        assert fresh[name] == content, f"{name}: run `qjmap build` and commit geo/export"


@pytest.mark.slow
def test_faults_stop_the_build_and_every_file_stays_as_it_was(region: Path) -> None:
    build(load_project(region))
    before = digests(region)
    table = region / "data" / "sites.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text + "bad,坏厂,,,enterprise,,,,,,,100.5,290.3,wgs84,,,,,,,,,,survey,\n", encoding="utf-8")
    with pytest.raises(DataFaults) as caught:
        build(load_project(region))
    assert [fault.code for fault in caught.value.faults] == ["lat-range"]
    assert digests(region) == before
    assert not list(region.rglob("*.new"))


@pytest.mark.slow
def test_a_region_without_any_geometry_of_its_own_still_builds(tmp_path: Path) -> None:
    root = make_region(tmp_path / "bare")
    (root / "geo" / "districts.geojson").unlink()
    assert build(load_project(root)).page.exists()


@pytest.mark.slow
def test_tiles_are_an_option_that_names_its_hosts_in_the_policy(region: Path) -> None:
    page = build(load_project(region), tiles=["osm"]).page.read_text(encoding="utf-8")
    assert "img-src data: blob: https://" in page
