"""Compute the points at which the names of provinces, countries, seas and islands are drawn, from geometry and towns."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import shapely
from _coverage import polygons_of
from _places import province_english
from _source_packages import Geometry, Town, Unit

#: Credit that a map with names of countries must show, since they are drawn at towns of GeoNames.
CREDIT: Final = {"zh": "GeoNames CC BY 4.0", "en": "GeoNames CC BY 4.0"}
#: Minimum population of the towns by which the point of a country's name is chosen; if no town has as many people, all count.
TOWN: Final = 15_000
#: Area in square degrees from which the name of a province has rank 1.
WIDE: Final = 2.0


def most_central(towns: Sequence[Town]) -> Geometry:
    """Return the point of the town that has the least sum of distances from the others. It always lies inside the country."""
    xy = np.array([(town.lon * np.cos(np.radians(town.lat)), town.lat) for town in towns])
    sums = [float(np.hypot(*(xy - one).T).sum()) for one in xy]
    best = towns[int(np.argmin(sums))]
    return shapely.Point(best.lon, best.lat)


def widest(shape: Geometry) -> Geometry:
    """Return the centre of the largest circle inside the largest polygon of a shape, where a name has most room."""
    largest = max(polygons_of(shape), key=lambda part: float(part.area))
    return shapely.Point(shapely.maximum_inscribed_circle(largest, tolerance=0.005).coords[0])


def names(
    listed: Sequence[Mapping[str, str]], provinces: Sequence[Unit], water: Geometry, towns: Sequence[Town]
) -> list[dict[str, object]]:
    """Return all names with their class, rank and point, as values for JSON.

    Parameters
    ----------
    listed : rows of names.csv.
    provinces : names and areas of the provinces.
    water : the seas, and the lakes that names.csv lists as seas.
    towns : places of GeoNames.
    """
    country = shapely.union_all([unit.geometry for unit in provinces])
    made = []

    def add(kind: str, name: str, name_en: str, rank: int, point: Geometry) -> None:
        at = {"lon": round(float(point.x), 3), "lat": round(float(point.y), 3)}
        made.append({"class": kind, "name": name, "name_en": name_en, "rank": rank, **at})

    for unit in provinces:
        add(
            "province",
            unit.name,
            province_english(unit.name),
            1 if unit.geometry.area > WIDE else 2,
            widest(unit.geometry),
        )
    for row in listed:
        if row["class"] == "country":
            own = [town for town in towns if town.country == row["key"]]
            point = most_central([town for town in own if town.population >= TOWN] or own)
        else:
            box = shapely.box(*(float(edge) for edge in row["key"].split()))
            if row["class"] == "sea":
                point = widest(shapely.intersection(box, water))
            else:
                islands = shapely.intersection(country, box)
                if islands.is_empty:
                    raise ValueError(f"no islands where {row['name']} is to stand")
                point = shapely.box(*islands.bounds).centroid
        add(row["class"], row["name"], row["name_en"], int(row["rank"]), point)
    return made
