"""A table of places has one meaning, whether rows name each other by id or by name, and whichever words they use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qjmap.cli.main import main
from qjmap.geocoding import Answer
from qjmap.pipeline.load import load_atlas
from qjmap.pipeline.project_locator import project_locator
from qjmap.scaffold import new_project
from tests.validation.test_check_project import made

IDS = "id,name,kind,parent\nes,西班牙,country,\nmadrid,马德里,city,es\nzone,某开发区,development-zone,madrid\n"
NAMES = "编号,名称,类型,上级\nes,西班牙,国家,\nmadrid,马德里,城市,西班牙\nzone,某开发区,开发区,马德里\n"
MIXED = "id,name,kind,parent\nes,西班牙,country,\nmadrid,马德里,市,西班牙\nzone,某开发区,development-zone,马德里\n"
TEXTS = ("马德里", "西班牙马德里", "某开发区", "Madrid", "义乌市", "没有这个地方")


def answers(folder: Path, places: str, settings: str = "") -> list[Answer]:
    return [project_locator(made(folder, settings, places=places)).locate(text) for text in TEXTS]


@pytest.mark.slow
@pytest.mark.parametrize("places", [NAMES, MIXED])
def test_names_are_as_good_as_ids(tmp_path: Path, places: str) -> None:
    expected = answers(tmp_path / "ids", IDS, 'home = "madrid"\n')
    assert expected[2].best is not None
    assert expected[2].best.position_of == "madrid"
    assert answers(tmp_path / "names", places, 'home = "马德里"\n') == expected


def test_the_table_of_a_new_project_is_read_without_pandas(tmp_path: Path) -> None:
    folder = new_project("义乌市", tmp_path / "p").folder
    script = (
        "import sys; from qjmap.pipeline.project_locator import locator_at\n"
        "best = locator_at(sys.argv[1]).locate('东阳市').best; print(best.id, best.level, 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, folder], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["dongyangshi", "district", "False"]


def test_the_map_draws_places_where_they_are_located(tmp_path: Path) -> None:
    project = made(tmp_path, places=NAMES)
    places = load_atlas(project)[0].places.set_index("id")
    for own in ("es", "madrid", "zone"):
        position = project_locator(project).position(own)
        assert position is not None
        assert (places.loc[own].geometry.x, places.loc[own].geometry.y) == (position.lon, position.lat)


def test_a_parent_that_no_table_has_is_looked_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path, places="名称,上级\n杜伊斯堡,德国\n某园,杜伊斯堡\n")
    with pytest.raises(SystemExit) as ended:
        main(["locate", "某园", "德国", "--project", str(tmp_path), "--lang", "en"])
    assert ended.value.code == 0
    assert "6.765" in capsys.readouterr().out


@pytest.mark.slow
def test_a_row_with_a_fault_is_left_out(tmp_path: Path) -> None:
    locator = project_locator(made(tmp_path, places="id,name,lon,lat\na,某园,106,29\nb,某港,999,29\n"))
    assert locator.locate("某园").resolved
    assert not locator.locate("某港").resolved


def test_an_area_may_have_members_of_other_tables(tmp_path: Path) -> None:
    places = "id,name,kind,members,parent\na,某片区,area,works,重庆市\n"
    locator = project_locator(made(tmp_path, places=places, sites="id,name\nworks,某厂\n"))
    assert locator.locate("某片区").best is not None
