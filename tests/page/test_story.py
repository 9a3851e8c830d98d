"""Numbers and chapters of the opening card, written in the settings or worked out from the tables."""

from __future__ import annotations

from pathlib import Path

from qjmap.model.relations import Relations
from qjmap.page.metadata import bulk
from qjmap.page.story import MOST_PARTNERS, story
from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project
from tests.region import ROWS, make_region


def test_a_project_without_views_tells_of_home_main_partners_and_corridors(tmp_path: Path) -> None:
    atlas = load_atlas(load_project(make_region(tmp_path / "region")))[0]
    told = story(atlas, Relations(atlas))
    assert told["numbers"]["partnerships"] == len(ROWS["partnerships"])
    assert told["numbers"]["sites"] == len(ROWS["sites"])
    chapters = told["chapters"]
    assert [chapters[0]["id"], chapters[-1]["id"]] == ["home", "corridors"]
    partners = chapters[1:-1]
    assert 0 < len(partners) <= MOST_PARTNERS
    shared = [int(chapter["lines"][0]["zh"].split(" ")[1]) for chapter in partners]
    assert shared == sorted(shared, reverse=True)
    for chapter in chapters:
        (south, west), (north, east) = chapter["bounds"]
        assert south < north and west < east
        assert set(chapter["title"]) == {"zh", "en"}
        assert all(set(line) == {"zh", "en"} for line in chapter["lines"])
    assert story(atlas, Relations(atlas)) == told


def test_views_are_chapters_and_pages_only_where_they_ask_for_one(tmp_path: Path) -> None:
    region = make_region(tmp_path / "region")
    settings = region / "data" / "project.toml"
    text = settings.read_text(encoding="utf-8")
    text += '\n[[views]]\nid = "one"\ntitle = "一章"\npage = false\nlines = ["甲。", "乙。"]\n'
    settings.write_text(text, encoding="utf-8")
    atlas = load_atlas(load_project(region))[0]
    (chapter,) = story(atlas, Relations(atlas))["chapters"]
    assert chapter["title"] == {"zh": "一章", "en": "一章"}
    assert chapter["lines"] == [{"zh": "甲。", "en": "甲。"}, {"zh": "乙。", "en": "乙。"}]
    assert [view.id for view in load_project(region).settings.pages] == [load_project(region).settings.id]
    settings.write_text(text + '\n[[views]]\nid = "two"\ntitle = "二章"\n', encoding="utf-8")
    assert [view.id for view in load_project(region).settings.pages][1:] == ["two"]


def test_one_far_year_does_not_stretch_the_range() -> None:
    assert bulk([*[2020] * 17, 2021, 2021, 2021, 2022, 2035]) == [*[2020] * 17, 2021, 2021, 2021, 2022]
    assert bulk([1950, *range(2000, 2020)]) == list(range(2000, 2020))
    assert bulk([2000, 2010, 2020]) == [2000, 2010, 2020]  # nothing is the bulk
    assert bulk([2019]) == [2019]
    assert bulk([]) == []
