"""The atlas of two editions has the rows of both; what is gone stands where it stood."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from qjmap.cli.main import main
from qjmap.diff import changes, open_edition
from qjmap.model.atlas import Atlas
from qjmap.model.point_layers import axes
from qjmap.pipeline.both_editions import BothEditions, both_editions
from qjmap.pipeline.build import build
from qjmap.project import load_project
from tests.two_editions import make_two_editions


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_two_editions(tmp_path_factory.mktemp("editions"))


def joined(old: str, new: str, folder: Path) -> BothEditions:
    return both_editions(open_edition(old, folder), open_edition(new, folder), folder, old_name="2020")


@pytest.fixture(scope="module")
def both(folders: tuple[Path, Path]) -> BothEditions:
    return joined(str(folders[0]), str(folders[1]), folders[1])


def became(atlas: Atlas, table: str) -> dict[str, str]:
    frame = atlas.table_rows()[table]
    changed = dict(zip(frame["id"], frame["edition_change"], strict=True))
    return {one: change for one, change in changed.items() if change != "same"}


def test_every_row_says_what_became_of_it(both: BothEditions) -> None:
    assert became(both.atlas, "places") == {"lake": "moved", "yard": "withdrawn"}
    assert became(both.atlas, "sites") == {
        "crane": "withdrawn", "depot": "moved|changed", "notes-2": "withdrawn", "port": "added",
    }  # fmt: skip
    assert became(both.atlas, "partnerships") == {"far": "changed", "yard-pact": "withdrawn"}
    assert became(both.atlas, "corridor_legs") == {"rail-2": "withdrawn"}
    assert became(both.atlas, "corridors") == {"rail": "changed"}


def test_rows_that_are_gone_stand_at_places_that_are_gone(both: BothEditions) -> None:
    sites = both.atlas.site_rows.set_index("id")
    assert (sites.loc["crane", "lon"], sites.loc["crane", "lat"]) == (101.4, 29.9)
    assert sites.loc["crane", "position_of"] == "yard"
    pact = both.atlas.partnership_rows.set_index("id").loc["yard-pact"]
    assert sorted(map(tuple, pact["_spots"])) == [(100.5, 30.5), (101.4, 29.9)]
    assert both.atlas.corridor_legs.set_index("id").loc["rail-2"].geometry is not None


def test_a_withdrawn_row_gets_another_id_where_a_new_row_of_another_table_has_its_own(both: BothEditions) -> None:
    ids = [one for frame in both.atlas.table_rows().values() for one in frame["id"]]
    assert len(ids) == len({*ids})
    assert [row["id"] for row in both.changes["rows"] if row["zh"].startswith("撤下“旧站房”")] == ["notes-2"]


def test_rows_stay_sorted_and_numbers_are_those_of_the_new_edition(both: BothEditions) -> None:
    for name, frame in both.atlas.table_rows().items():
        assert [*frame["id"]] == sorted(frame["id"]), name
    assert both.atlas.new is not None
    assert "yard-pact" not in {*both.atlas.new.partnership_rows["id"]}


def test_old_and_new_cells_stand_beside_each_other(both: BothEditions) -> None:
    assert both.changes["cells"]["depot"]["zh"][0] == ["name", "名称", "湖畔仓库", "湖畔大仓库"]
    assert both.changes["cells"]["far"]["en"] == [["status", "status", "proposed", "planned"]]
    assert both.changes["from"]["lake"] == [101.0, 29.2]
    assert "yard" not in both.changes["cells"]


@pytest.mark.slow
def test_pages_and_exports_are_compared_as_projects_are(
    folders: tuple[Path, Path], tmp_path: Path, both: BothEditions
) -> None:
    pages = [build(load_project(one), out=tmp_path / one.name).page for one in folders]
    found = joined(str(pages[0]), str(pages[1]), tmp_path)
    for table in ("places", "sites", "partnerships", "corridors", "corridor_legs"):
        assert became(found.atlas, table) == became(both.atlas, table)
    for mine, theirs in (
        (axes(found.atlas.places), axes(both.atlas.places)),
        (axes(found.atlas.site_rows), axes(both.atlas.site_rows)),
    ):
        assert [axis.round(5).tolist() for axis in mine] == [
            pytest.approx(axis.round(5).tolist(), nan_ok=True) for axis in theirs
        ]


def write_page(*words: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(["diff", *words])
    return int(done.value.code or 0)


@pytest.mark.slow
def test_the_page_of_two_editions_counts_as_the_new_one_and_is_written_the_same_again(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    page, again = tmp_path / "changes.html", tmp_path / "again.html"
    for out in (page, again):
        assert write_page(str(folders[0]), str(folders[1]), "-o", str(out)) == 0
    assert page.read_bytes() == again.read_bytes()
    assert changes(open_edition(str(folders[1]), folders[1]), open_edition(str(page), folders[1])) == []


@pytest.mark.slow
def test_a_revision_is_drawn_with_its_own_tables_and_lines(tmp_path: Path) -> None:
    old, new = make_two_editions(tmp_path)

    def git(*words: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", "-C", str(old), *who, *words], check=True, capture_output=True)

    git("init", "-q")
    git("add", "data", "geo")
    git("commit", "-qm", "first")
    for table in (new / "data").glob("*.csv"):
        (old / "data" / table.name).write_bytes(table.read_bytes())
    edition: Any = open_edition("HEAD", old)
    assert (edition.project.geo / "districts.geojson").is_file()
    root = edition.project.root
    found = both_editions(edition, open_edition(str(old), old), old, old_name="HEAD")
    assert became(found.atlas, "places") == {"lake": "moved", "yard": "withdrawn"}
    del edition
    assert not root.exists()


def test_a_page_needs_a_file(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert write_page(str(folders[0]), str(folders[1]), "--format", "html", "--lang", "en") == 2
    assert "-o changes.html" in capsys.readouterr().err
