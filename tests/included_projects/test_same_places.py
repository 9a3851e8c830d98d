"""One place that several projects have is one place; what only looks like it stays apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.geocoding.project_gazetteer import Position
from qjmap.included_projects.same_places import PlaceFacts, names_of, same_places
from tests.included_projects.projects import make, merged
from tests.properties import examples


def at(lon: float, radius_m: float = 1_000.0) -> Position:
    return Position(lon, 29.0, "site", radius_m, "")


def facts(own: str, part: int, name: str = "港口", **more: object) -> PlaceFacts:
    return PlaceFacts(own, part, names_of(name, ()), **more)  # type: ignore[arg-type]


def are_one(first: PlaceFacts, second: PlaceFacts) -> bool:
    return same_places([first, second]).members(first.id) == {first.id, second.id}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"code": "500110"}, {"code": "500110", "name": "另一名称"}, True),
        ({"code": "500110"}, {"code": "500111"}, False),
        ({"position": at(106)}, {"position": at(106.01)}, True),
        ({"position": at(106)}, {"position": at(106.1)}, False),
        ({"position": at(106)}, {"position": at(106), "name": "另一港口"}, False),
        ({"position": at(106), "kind": "port"}, {"position": at(106), "kind": "station"}, False),
        ({"position": at(106), "kind": "port"}, {"position": at(106), "kind": "other"}, True),
        ({"position": at(106), "parent": "p"}, {"position": at(106), "parent": "q"}, False),
        ({"position": at(106), "parent": "p"}, {"position": at(106)}, True),
        ({"parent": "p"}, {}, False),
        ({"parent": "p"}, {"parent": "p"}, True),
    ],
)
def test_code_or_name_parent_and_position_decide(one: dict[str, object], other: dict[str, object], same: bool) -> None:
    assert are_one(facts("a.x", 0, **one), facts("b.x", 1, **other)) is same  # type: ignore[arg-type]


def test_rows_of_one_project_stay_apart_whatever_another_has() -> None:
    rows = [facts("a.x", 0, position=at(106)), facts("a.y", 0, position=at(106.01)), facts("b.x", 1, position=at(106))]
    assert same_places(rows).of([row.id for row in rows]) == []


def test_places_within_places_that_are_one_are_one() -> None:
    rows = [
        *(facts(f"{part}.up", at_, "上级", code="7") for at_, part in enumerate("ab")),
        *(facts(f"{part}.in", at_, "园区", parent=f"{part}.up") for at_, part in enumerate("ab")),
        *(facts(f"{part}.deep", at_, "码头", parent=f"{part}.in") for at_, part in enumerate("ab")),
    ]
    assert {len(group) for group in same_places(rows).of([row.id for row in rows])} == {2}
    assert len(same_places(rows).of([row.id for row in rows])) == 3


PLACES = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from("甲乙丙"), st.sampled_from(["", "", "1", "2"]),
        st.sampled_from([None, 106.0, 106.01, 106.02, 107.0]), st.sampled_from(["", "port", "other"]),
    ),
    max_size=12,
)  # fmt: skip


@given(PLACES, st.randoms(use_true_random=False))
@examples(300)
def test_groups_depend_on_no_order_and_hold_one_row_of_a_project(
    rows: list[tuple[int, str, str, float | None, str]], random: object
) -> None:
    places = [
        facts(f"{number:02}", part, name, code=code, kind=kind, position=None if lon is None else at(lon))
        for number, (part, name, code, lon, kind) in enumerate(rows)
    ]
    shuffled = [*places]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    ids = [place.id for place in places]
    groups = {*same_places(places).of(ids)}
    assert groups == {*same_places(shuffled).of(ids)}
    of = {place.id: place for place in places}
    for group in groups:
        assert len({of[one].project for one in group}) == len(group)
        assert len({of[one].code for one in group} - {""}) <= 1
    assert sum(map(len, groups)) == len(set().union(*groups))


def test_a_unit_is_one_place_by_its_code_and_by_its_name(tmp_path: Path) -> None:
    make(tmp_path / "a", places=[{"id": "zg", "name": "自贡市", "adcode": "510300"}, {"id": "x", "name": "綦江区"}])
    make(
        tmp_path / "b",
        places=[
            {"id": "zigong", "name": "自贡市", "parent": "四川省"},
            {"id": "qj", "name": "綦江", "adcode": "500110"},
        ],
    )
    make(
        tmp_path / "atlas",
        include={"a": "../a", "b": "../b"},
        places=[{"id": "home", "name": "自贡市", "adcode": "510300"}],
    )
    _, atlas = merged(tmp_path / "atlas")
    assert {*atlas.joined["places"]} == {frozenset(("home", "a.zg", "b.zigong")), frozenset(("a.x", "b.qj"))}
    assert atlas.ids["b.zigong"] == "home"
    assert atlas.ids["b.qj"] == "a.x"
