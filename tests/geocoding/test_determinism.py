"""The answer to a text does not depend on the order of texts or on earlier ones; any text is answered."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.geocoding import OfflineLocator, ProjectGazetteer
from qjmap.geocoding.address_parser import AddressParser
from qjmap.geocoding.china_gazetteer import ChinaGazetteer, load_china_gazetteer
from qjmap.geocoding.locate_many import COLUMNS, locate_many
from qjmap.geocoding.merged_gazetteer import MergedGazetteer
from qjmap.pipeline.project_locator import locator_at
from tests.properties import examples

NATIONAL = load_china_gazetteer()
FORMS = sorted(NATIONAL.forms)
COUNTIES = [row for row in range(len(NATIONAL.ids)) if NATIONAL.kind(row) == "district"]
JOINTS = [
    "",
    "",
    "",
    " ",
    "，",
    ",",
    "-",
    "市辖区",
    "办事处",
    "到",
    "和",
    "与",
    "~",
    "（",
    "）",
    "、",
    "。",
    "?",
    "--",
    "\n",
]
ENDS = [
    "人民路12号", "解放西路", "南大街3号楼", "一环路", "北路", "东街", "大道", "桥", "城区", "新区", "开发区", "工业园区A区", "县城",
    "市民广场", "区政府", "村三组", "街道办", "镇", "乡", "街道", "社区", "厂", "7号", "16--7", "x", "\ud800", "\U0001f600", "\u202e", "\x00", "１２",
]  # fmt: skip


def chain(row: int, draw: random.Random) -> str:
    """Return the units that contain a county, each in full, shortened, twice or not at all."""
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
    """Return a random address: names of units, of other places, roads, unusual characters."""
    parts = [chain(draw.choice(COUNTIES) if county is None else county, draw)] if county or draw.random() < 0.6 else []
    for _ in range(draw.randint(1, 3)):
        parts += [draw.choice(JOINTS), piece(draw)]
    return "".join(parts)


addresses = st.integers(0, 2**32).map(lambda seed: address(random.Random(seed)))
texts = st.one_of(addresses, addresses, st.text(alphabet=st.characters(), max_size=60))


def neighbours(seed: int) -> list[str]:
    """Return addresses of one county, with equal and different beginnings."""
    draw = random.Random(seed)
    county = draw.choice(COUNTIES)
    return [address(draw, county) for _ in range(30)]


def answers(locator: OfflineLocator, asked: list[str]) -> list[Any]:
    """Return the whole answer to each text."""
    return [locator.locate(text) for text in asked]


def columns(locator: OfflineLocator, asked: list[str]) -> list[tuple[Any, ...]]:
    found = locate_many(locator, asked)
    return list(zip(*(found[name] for name in COLUMNS), strict=True))


@pytest.fixture(scope="module")
def used() -> OfflineLocator:
    """A locator whose caches are full of other texts."""
    locator = OfflineLocator(suggests=False)
    answers(locator, [address(random.Random(seed)) for seed in range(3_000)])
    return locator


@pytest.mark.slow
@examples(60)
@given(
    st.one_of(st.integers(0, 2**32).map(neighbours), st.lists(texts, min_size=1, max_size=12)),
    st.randoms(use_true_random=False),
)
def test_answers_do_not_depend_on_earlier_texts(
    used: OfflineLocator, asked: list[str], shuffler: random.Random
) -> None:
    before = list(asked)
    shuffler.shuffle(before)
    fresh = OfflineLocator(suggests=False)
    expected = dict(zip(before, answers(fresh, before), strict=True))
    assert answers(used, asked) == [expected[text] for text in asked]
    assert columns(used, asked) == columns(fresh, asked)
    assert answers(OfflineLocator(suggests=False), asked[-1:]) == [expected[asked[-1]]]


@pytest.mark.slow
@examples(300)
@given(texts)
def test_locate_many_equals_locate(used: OfflineLocator, text: str) -> None:
    answer, best = used.locate(text), used.locate(text).best
    (row,) = columns(used, [text])
    if best is None:
        assert row == ("", "", None, None, "unresolved", None, 0.0, "", "", answer.reason, "", "")
    else:
        assert row == (
            best.id, best.name, best.lon, best.lat, best.level, best.radius_m, best.score, best.matched, best.rest,
            answer.reason, best.position_of, best.note,
        )  # fmt: skip


class NameByName(AddressParser):
    """Parser without a cache of prefixes."""

    def __init__(self, places: MergedGazetteer) -> None:
        super().__init__(places)
        self.prefixes.find = lambda text: None  # type: ignore[method-assign]


NAME_BY_NAME = NameByName(MergedGazetteer(NATIONAL, ProjectGazetteer(())))


@examples(1_500)
@given(addresses)
def test_cached_prefixes_change_no_parse(used: OfflineLocator, text: str) -> None:
    assert used.parser.parse(text) == NAME_BY_NAME.parse(text)


@pytest.mark.slow
@examples(300)
@given(st.integers(0, 2**32).map(neighbours))
def test_rows_by_cached_prefix_are_those_of_whole_texts(asked: list[str]) -> None:
    locator = OfflineLocator(suggests=False)
    columns(locator, asked)
    columns(locator, asked)
    assert columns(locator, asked) == columns(OfflineLocator(suggests=False), asked)
    assert [locator.parser.parse(text) for text in asked] == [NAME_BY_NAME.parse(text) for text in asked]


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
def test_foreign_name_in_a_road_belongs_to_the_rest(used: OfflineLocator, text: str, place: str, rest: str) -> None:
    for locator in (used, OfflineLocator(suggests=False)):
        best = locator.locate(text).best
        assert best is not None
        assert (best.id, best.rest) == (place, rest)


@pytest.mark.slow
def test_names_in_roads_never_fail(used: OfflineLocator) -> None:
    draw = random.Random(7)
    roads = ["路6号", "北路", "东街18号", "江西路5弄", "大道", "山南路", "一路7号", "新村"]
    for _ in range(3_000):
        text = chain(draw.choice(COUNTIES), draw) + draw.choice(FORMS) + draw.choice(FORMS)[:2] + draw.choice(roads)
        assert used.locate(text).text == text


@pytest.mark.slow
@examples(30)
@given(
    st.lists(st.sampled_from(FORMS + [name for name, _ in NATIONAL.towns_of(NATIONAL.row_by_id["500110"])]), max_size=8)
)
def test_town_search_equals_town_index_for_any_names(names: list[str]) -> None:
    few, many = ChinaGazetteer(), ChinaGazetteer()
    many._towns._searches = 1_000_000
    assert [few.towns_named(name) for name in names] == [many.towns_named(name) for name in names]


PLACES = st.integers(0, 2**32).map(lambda seed: places(random.Random(seed)))


def places(draw: random.Random) -> list[dict[str, Any]]:
    """Return a small table of places that contain each other at random, also in cycles; some are units of China."""
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


@examples(150)
@given(PLACES, st.randoms(use_true_random=False))
def test_cyclic_places_do_not_depend_on_query_order(rows: list[dict[str, Any]], shuffler: random.Random) -> None:
    ids: list[str | int] = [
        *(row["id"] for row in rows),
        NATIONAL.row_by_id["500110"],
        NATIONAL.row_by_id["510300"],
        500_110_111,
    ]

    def said() -> list[Any]:
        merged = MergedGazetteer(NATIONAL, ProjectGazetteer(rows))
        order = list(ids)
        shuffler.shuffle(order)
        found = {one: (merged.position(one), merged.containing(one), merged.counties([one])) for one in order}
        return [found[one] for one in ids]

    assert said() == said()


def test_members_and_areas_do_not_inherit_in_a_cycle() -> None:
    rows = [
        {"id": "zone", "name": "开发区", "kind": "development-zone", "parent": "city", "members": ("inner",)},
        {"id": "inner", "name": "园中园", "kind": "park", "parent": "zone"},
        {"id": "city", "name": "甲市", "kind": "city", "lon": 106.0, "lat": 29.0},
    ]
    for order in (["zone", "inner"], ["inner", "zone"]):
        held = ProjectGazetteer(rows)
        found = {one: held.position(one) for one in order}
        assert all(
            at is not None and (at.lon, at.lat, at.position_of) == (106.0, 29.0, "city") for at in found.values()
        )


def test_changed_table_of_places_is_reread(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "project.toml").write_text('id = "x"\ntitle = "甲"\n', encoding="utf-8")
    table = tmp_path / "data" / "places.csv"
    found = []
    for name, lon in (("甲乙园", 106.0), ("甲乙园", 107.0), ("丙丁园", 107.0)):
        table.write_text(f"id,name,kind,lon,lat,datum\nzone,{name},park,{lon},29.0,wgs84\n", encoding="utf-8")
        best = locator_at(tmp_path).locate("甲乙园").best
        found.append(best.lon if best else None)
        assert locator_at(tmp_path) is locator_at(tmp_path)
    assert found == [106.0, 107.0, None]
