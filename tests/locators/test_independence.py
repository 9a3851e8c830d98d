"""A text has one answer: alone or among others, in any order, whatever was read before; and no text at all is too odd."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qjmap.locators import Everywhere, Gazetteer
from qjmap.locators.batch import COLUMNS, locate_many
from qjmap.locators.everywhere import everyone
from qjmap.locators.merged import Merged
from qjmap.locators.national import National
from qjmap.locators.of_project import locator_at
from qjmap.locators.reading import Reader, Reading

NATIONAL = everyone()
FORMS = sorted(NATIONAL.forms)
COUNTIES = [row for row in range(len(NATIONAL.ids)) if NATIONAL.kind(row) == "district"]
JOINTS = ["", "", "", " ", "，", ",", "-", "市辖区", "办事处", "到", "和", "与", "~", "（", "）", "、", "。", "?", "--", "\n"]
ENDS = [
    "人民路12号", "解放西路", "南大街3号楼", "一环路", "北路", "东街", "大道", "桥", "城区", "新区", "开发区", "工业园区A区", "县城",
    "市民广场", "区政府", "村三组", "街道办", "镇", "乡", "街道", "社区", "厂", "7号", "16--7", "x", "\ud800", "\U0001f600", "\u202e", "\x00", "１２",
]  # fmt: skip


def chain(row: int, draw: random.Random) -> str:
    """The units that hold a county, each in full, shortened, twice or not at all."""
    names = []
    while row >= 0 and NATIONAL.kind(row) != "country":
        name = NATIONAL.names[row]
        names.insert(0, draw.choice([name, name, name[:-1], name[:2], "", name + name]))
        row = NATIONAL.parent(row)
    return "".join(names)


def piece(draw: random.Random) -> str:
    kind = draw.random()
    county = draw.choice(COUNTIES)
    if kind < 0.35:
        towns = NATIONAL.towns_of(county)
        town = draw.choice(towns)[0] if towns else ""
        return chain(county, draw) + draw.choice(["", town, town, town[:-1], town[:-2] + "镇"])
    if kind < 0.6:
        return draw.choice(FORMS)
    return draw.choice(ENDS)


def address(draw: random.Random, county: int | None = None) -> str:
    """Something like an address: the beginning of one, names of other places in it, roads, odd characters."""
    parts = [chain(draw.choice(COUNTIES) if county is None else county, draw)] if county or draw.random() < 0.6 else []
    for _ in range(draw.randint(1, 3)):
        parts += [draw.choice(JOINTS), piece(draw)]
    return "".join(parts)


addresses = st.integers(0, 2**32).map(lambda seed: address(random.Random(seed)))
texts = st.one_of(addresses, addresses, st.text(alphabet=st.characters(), max_size=60))


def neighbours(seed: int) -> list[str]:
    """Addresses of one county, which begin alike and differently."""
    draw = random.Random(seed)
    county = draw.choice(COUNTIES)
    return [address(draw, county) for _ in range(30)]


def answers(locator: Everywhere, asked: list[str]) -> list[Any]:
    """The whole answer to each text, one after the other."""
    return [locator.locate(text) for text in asked]


def columns(locator: Everywhere, asked: list[str]) -> list[tuple[Any, ...]]:
    found = locate_many(locator, asked)
    return list(zip(*(found[name] for name in COLUMNS), strict=True))


@pytest.fixture(scope="module")
def warmed() -> Everywhere:
    """A locator that has read much before."""
    locator = Everywhere(suggests=False)
    answers(locator, [address(random.Random(seed)) for seed in range(3_000)])
    return locator


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.integers(0, 2**32).map(neighbours), st.lists(texts, min_size=1, max_size=12)), st.randoms(use_true_random=False))
def test_what_was_read_before_changes_no_answer(warmed: Everywhere, asked: list[str], shuffler: random.Random) -> None:
    before = list(asked)
    shuffler.shuffle(before)
    fresh = Everywhere(suggests=False)
    expected = dict(zip(before, answers(fresh, before), strict=True))
    assert answers(warmed, asked) == [expected[text] for text in asked]
    assert columns(warmed, asked) == columns(fresh, asked)
    assert answers(Everywhere(suggests=False), asked[-1:]) == [expected[asked[-1]]]


@settings(max_examples=300, deadline=None)
@given(texts)
def test_many_at_once_say_every_field_as_alone(warmed: Everywhere, text: str) -> None:
    answer, best = warmed.locate(text), warmed.locate(text).best
    (row,) = columns(warmed, [text])
    if best is None:
        assert row == ("", "", None, None, "unresolved", None, 0.0, "", "", answer.reason, "", "")
    else:
        assert row == (
            best.id, best.name, best.lon, best.lat, best.level, best.radius_m, best.score, best.matched, best.rest,
            answer.reason, best.position_of, best.note,
        )  # fmt: skip


class NameByName(Reader):
    """Reads every address from its first name on, none by its known beginning."""

    def _begun(self, text: str) -> None:
        return None


NAME_BY_NAME = NameByName(Merged(NATIONAL, Gazetteer(())))
"""Kept, since it is the reading itself that is compared."""


@settings(max_examples=1_500, deadline=None)
@given(addresses)
def test_a_known_beginning_is_read_as_name_by_name(warmed: Everywhere, text: str) -> None:
    def read(reader: Reader) -> Reading | None:
        return reader.read(text)

    assert read(warmed.reader) == read(NAME_BY_NAME)


@pytest.mark.parametrize(
    ("text", "place", "rest"),
    [
        # What contradicts is a name in a road's: the state before the next name is that of no place yet.
        ("重庆綦江区清河龙岗路6号", "500110", "清河龙岗路6号"),
        ("北京市海淀区昆明湖南路51号", "110108", "昆明湖南路51号"),
        ("成都市武侯区桐梓林北路2号", "510107", "桐梓林北路2号"),
        ("武汉市江岸区黄浦江南路1号", "420102", "黄浦江南路1号"),
        # 西乡 is a town's short name that ends as towns do.
        ("深圳市宝安区西乡街道办新湖路1号", "440306003", "办新湖路1号"),
    ],
)
def test_a_name_from_elsewhere_that_another_follows_is_part_of_the_rest(
    warmed: Everywhere, text: str, place: str, rest: str
) -> None:
    for locator in (warmed, Everywhere(suggests=False)):
        best = locator.locate(text).best
        assert best is not None
        assert (best.id, best.rest) == (place, rest)


def test_every_name_in_passing_before_every_kind_of_road_is_read(warmed: Everywhere) -> None:
    draw = random.Random(7)
    roads = ["路6号", "北路", "东街18号", "江西路5弄", "大道", "山南路", "一路7号", "新村"]
    for _ in range(3_000):
        text = chain(draw.choice(COUNTIES), draw) + draw.choice(FORMS) + draw.choice(FORMS)[:2] + draw.choice(roads)
        warmed.locate(text)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(FORMS + [name for _, name in NATIONAL._towns._held("500110").items()]), max_size=8))
def test_towns_are_found_alike_one_by_one_and_in_order(names: list[str]) -> None:
    few, many = National(), National()
    many._towns._asked = 1_000_000
    assert [few.towns_named(name) for name in names] == [many.towns_named(name) for name in names]


PLACES = st.integers(0, 2**32).map(lambda seed: places(random.Random(seed)))


def places(draw: random.Random) -> list[dict[str, Any]]:
    """A small table of places that hold each other in any way, circles among them; some are units of China."""
    ids = [f"p{number}" for number in range(draw.randint(2, 7))]
    units = ["500110", "500000", "510300", "510000", "", "", "", "", ""]
    return [
        {
            "id": one, "name": f"甲{one}园", "kind": draw.choice(["area", "district", "development-zone"]),
            "parent": draw.choice([*ids, "", ""]), "members": tuple(draw.sample(ids, draw.choice([0, 0, 1, 2]))),
            "adcode": draw.choice(units), "lon": lon, "lat": None if lon is None else 29.0,
        }
        for one in ids
        for lon in [draw.choice([None, None, 106.0 + draw.random()])]
    ]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(PLACES, st.randoms(use_true_random=False))
def test_a_table_of_places_in_circles_says_the_same_whatever_is_asked_first(
    rows: list[dict[str, Any]], shuffler: random.Random
) -> None:
    ids: list[str | int] = [*(row["id"] for row in rows), NATIONAL.number["500110"], NATIONAL.number["510300"], 500_110_111]

    def said() -> list[Any]:
        merged = Merged(NATIONAL, Gazetteer(rows))
        order = list(ids)
        shuffler.shuffle(order)
        found = {one: (merged.position(one), merged.closure(one), merged.counties([one])) for one in order}
        return [found[one] for one in ids]

    assert said() == said()


def test_members_and_areas_lend_each_other_a_point_once() -> None:
    rows = [
        {"id": "zone", "name": "开发区", "kind": "development-zone", "parent": "city", "members": ("inner",)},
        {"id": "inner", "name": "园中园", "kind": "park", "parent": "zone"},
        {"id": "city", "name": "甲市", "kind": "city", "lon": 106.0, "lat": 29.0},
    ]
    for order in (["zone", "inner"], ["inner", "zone"]):
        held = Gazetteer(rows)
        found = {one: held.position(one) for one in order}
        assert all(at is not None and (at.lon, at.lat, at.position_of) == (106.0, 29.0, "city") for at in found.values())


def test_a_table_of_places_that_changes_is_read_anew(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "project.toml").write_text("id = \"x\"\ntitle = \"甲\"\n", encoding="utf-8")
    table = tmp_path / "data" / "places.csv"
    found = []
    for name, lon in (("甲乙园", 106.0), ("甲乙园", 107.0), ("丙丁园", 107.0)):
        table.write_text(f"id,name,kind,lon,lat,datum\nzone,{name},park,{lon},29.0,wgs84\n", encoding="utf-8")
        best = locator_at(tmp_path).locate("甲乙园").best
        found.append(best.lon if best else None)
        assert locator_at(tmp_path) is locator_at(tmp_path)
    assert found == [106.0, 107.0, None]
