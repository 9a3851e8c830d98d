"""Make the ground of the package: boundaries of China, land abroad, lakes, rivers, and the points of names.

    python geo/make_ground.py [FOLDER]

writes the files of qjmap/assets/ground (or FOLDER) from the packages in the extra `geo` and the lists rivers.csv and names.csv. The
same packages and lists give the same bytes. Coordinates are whole steps of a lattice over WGS 84 degrees.
"""

import csv
import json
import sys
from pathlib import Path
from typing import Final

import _ground_boundaries as boundaries
import _ground_files as files
import _ground_names as names
import _ground_water as water
import _source_packages as packages
import shapely
from _source_packages import Unit

HERE: Final = Path(__file__).resolve().parent
OUT: Final = HERE.parent / "qjmap" / "assets" / "ground"
#: Number of steps of the lattice in a degree: a step is 560 m for land abroad, and 110 m for lakes and rivers.
ABROAD_PER_DEGREE, WATER_PER_DEGREE = 200, 1000


def read_list(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV list beside this script."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def provinces(counties: list[Unit]) -> list[Unit]:
    """Return the provinces, as unions of their counties."""
    return [
        Unit(
            unit.adcode,
            unit.name,
            shapely.coverage_union_all([one.geometry for one in counties if one.adcode[:2] == unit.adcode[:2]]),
        )
        for unit in packages.units("province")
    ]


def rivers_file(rivers: list[water.River]) -> bytes:
    """Return the file of the rivers with their ranks and names."""
    columns = {name: [getattr(river, name) for river in rivers] for name in ("name", "name_en", "rank")}
    return files.lines_file([river.line for river in rivers], WATER_PER_DEGREE, credit=water.CREDIT, **columns)


def names_file(made: list[dict[str, object]]) -> bytes:
    """Return the file of the names: JSON with a name on each line."""
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in made]
    credit = json.dumps(names.CREDIT, ensure_ascii=False)
    return (f'{{"credit":{credit},"names":[\n' + ",\n".join(lines) + "\n]}\n").encode("utf-8")


def main(out: Path = OUT) -> None:
    """Write all files and print their sizes."""
    counties, lines = boundaries.counties(), boundaries.national_lines()
    country = shapely.coverage_union_all([unit.geometry for unit in counties])
    abroad, edge_of_land = water.land_abroad(country)
    lakes, listed = water.lakes(country), read_list("rivers.csv")
    rivers = [*water.named_rivers(listed), *water.nameless_rivers(country, listed)]
    dry = shapely.difference(shapely.union_all([country, *abroad]), shapely.union_all(lakes))
    made = names.names(
        read_list("names.csv"), provinces(counties), shapely.difference(water.WORLD, dry), packages.towns()
    )
    contents = {
        "boundaries.z": boundaries.boundaries_file(counties, boundaries.beyond(edge_of_land, lines)),
        "national_lines.z": boundaries.national_lines_file(lines),
        "land_abroad.z": files.areas_file(abroad, ABROAD_PER_DEGREE, credit=water.CREDIT),
        "lakes.z": files.areas_file(lakes, WATER_PER_DEGREE, credit=water.CREDIT),
        "rivers.z": rivers_file(rivers),
        "names.json": names_file(made),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (out / name).write_bytes(content)
        print(f"{name:20}{len(content):>10,} bytes")


if __name__ == "__main__":
    main(*(Path(one).resolve() for one in sys.argv[1:]))
