"""Who works with whom, over random tables: the same from both sides, and as the definition says, word by word."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.model.partner_pairs import partner_pairs, taking_part
from qjmap.model.relations import NEVER_CONTAINER, Relations
from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project
from qjmap.schema import TABLES
from tests.properties import examples
from tests.region import make_region, write_table

IDS = [f"p{number}" for number in range(8)]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], dict[str, set[str]]]:
    """Parties of partnerships, and what contains each id: a random tree, each parent before its children."""
    parent = {name: draw(st.sampled_from(["", *IDS[:index]])) for index, name in enumerate(IDS)}
    containers = {}
    for name in IDS:
        chain = [name]
        while parent[chain[-1]]:
            chain.append(parent[chain[-1]])
        containers[name] = set(chain)
    parties = draw(st.lists(st.lists(st.sampled_from(IDS), max_size=5, unique=True), max_size=8))
    return parties, containers


@examples(300)
@given(tables())
def test_pairs_are_what_the_definition_says(table: tuple[list[list[str]], dict[str, set[str]]]) -> None:
    parties, containers = table
    pairs = partner_pairs(parties, containers)
    for one, other in permutations(IDS, 2):
        expected = [
            row
            for row, names in enumerate(parties)
            if any(
                one in containers[first]
                and other in containers[second]
                and (one == first or one not in containers[second])
                and (other == second or other not in containers[first])
                for first, second in permutations(names, 2)
            )
        ]
        shared = pairs.get((min(one, other), max(one, other)))
        assert list(shared.rows if shared else ()) == expected
        if shared:
            assert list(shared.own) == [row for row in expected if one in parties[row] and other in parties[row]]


@examples(300)
@given(tables())
def test_who_has_a_partner_takes_part(table: tuple[list[list[str]], dict[str, set[str]]]) -> None:
    parties, containers = table
    taking = taking_part(parties, containers)
    for (one, other), shared in partner_pairs(parties, containers).items():
        assert {*shared.rows} <= {*taking[one].rows} & {*taking[other].rows}
        assert {*shared.own} == {*taking[one].own} & {*taking[other].own}
    for name, shared in taking.items():
        assert list(shared.own) == [row for row, names in enumerate(parties) if name in names]


@pytest.mark.slow
def test_random_projects_count_the_same_from_both_sides(tmp_path: Path) -> None:
    chosen = random.Random(20210413)
    names = ["harbour", "hill", "lake", *(f"p{n}" for n in range(3, 10))]
    region = make_region(tmp_path / "region")
    for _ in range(12):
        kinds = ["province", "city", "district", "development-zone", "country", "area"]
        places = [
            {"id": name, "name": f"地点{n}", "kind": chosen.choice(kinds), "lon": 100 + n, "lat": 30, "datum": "wgs84",
             "parent": chosen.choice(names[:n]) if n and chosen.random() < 0.8 else ""}
            for n, name in enumerate(names)
        ]  # fmt: skip
        sites = [
            {"id": f"s{n}", "name": f"企业{n}", "place": chosen.choice(names) if chosen.random() < 0.6 else "",
             "part_of": f"s{chosen.randrange(n)}" if n and chosen.random() < 0.5 else ""}
            for n in range(8)
        ]  # fmt: skip
        ids = [row["id"] for row in (*places, *sites)]
        deals = [
            {"id": f"d{n}", "name": f"合作{n}", "parties": "|".join(chosen.sample(ids, chosen.randint(1, 5)))}
            for n in range(20)
        ]
        for table, rows in (("places", places), ("sites", sites), ("partnerships", deals)):
            write_table(region / "data" / f"{table}.csv", TABLES[table].names, rows)
        for table in ("corridors", "corridor_legs", "indicators"):
            write_table(region / "data" / f"{table}.csv", TABLES[table].names, [])
        relations = Relations(load_atlas(load_project(region))[0])
        assert relations.pairs
        for subject in relations.links:
            for partner, shared in relations.partners(subject):
                assert dict(relations.partners(partner))[subject] == shared
        countries = {row["id"] for row in places if row["kind"] == NEVER_CONTAINER}
        named = {party for deal in deals for party in deal["parties"].split("|")}
        homes = {row["place"] for row in sites}
        assert {identifier for identifier in relations.links if identifier in countries} <= named | homes
