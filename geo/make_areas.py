"""Make the areas of this project that no package has: the approximate area of 万盛.

    python geo/make_areas.py [FOLDER]

writes areas.geojson into FOLDER (by default this one), from the places of GeoNames in the extra `geo` and the boundaries of qjmap.
Coordinates are WGS 84 degrees. The same packages give the same bytes.
"""

import json
import sys
from pathlib import Path
from typing import Final

import _source_packages as packages
import numpy as np
import shapely
from _coverage import polygons_of, rounded
from _source_packages import Geometry, Town

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from qjmap import ground

HERE: Final = Path(__file__).resolve().parent
#: Decimals of every coordinate: 1e-4 degrees is 11 m, a fifth of a pixel at zoom 10.
DECIMALS: Final = 4
#: The seat and the seven further towns of 万盛 that GeoNames has (万东镇 and 东林街道 are not in it), inside 500110.
WANSHENG: Final = ("万盛", "南桐镇", "青年镇", "关坝镇", "丛林镇", "石林镇", "金桥镇", "黑山镇")
WANSHENG_DISTRICT: Final = "500110"
PROPERTIES: Final = {
    "place": "wansheng",
    "name": "万盛（约略范围）",
    "name_en": "Wansheng (approximate area)",
    "precision": "approximate",
    "method": "nearest-town cells (Voronoi) of the GeoNames towns of 万盛 among all GeoNames towns in 500110, "
    "cut to the boundary of 500110",
}
ATTRIBUTION: Final = ["GeoNames CC BY 4.0"]


def wansheng(towns: list[Town]) -> Geometry:
    """Return the approximate area of 万盛: the part of 綦江区 that lies nearer to a town of 万盛 than to any other town."""
    district = ground.outline(WANSHENG_DISTRICT)
    if district is None:
        raise SystemExit(f"the ground has no outline of {WANSHENG_DISTRICT}")
    within = [town for town in towns if town.country == "CN" and district.contains(shapely.Point(town.lon, town.lat))]
    # Distances are compared in a plane in which a degree of longitude is as short as it is at this latitude.
    squeeze = float(np.cos(np.radians(district.centroid.y)))
    points = [shapely.Point(town.lon * squeeze, town.lat) for town in within]
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=shapely.box(105, 28, 108, 30))
    own = [point for point, town in zip(points, within, strict=True) if town.names & set(WANSHENG)]
    if len(own) != len(WANSHENG):
        raise ValueError(f"{len(own)} towns of 万盛 found, {len(WANSHENG)} expected")
    joined = shapely.union_all([cell for cell in shapely.get_parts(cells) if any(cell.contains(p) for p in own)])
    joined = shapely.transform(joined, lambda xy: xy / [squeeze, 1.0])
    area = max(polygons_of(shapely.intersection(joined, district)), key=lambda part: float(part.area))
    return shapely.orient_polygons(shapely.normalize(rounded(area, DECIMALS)), exterior_cw=False)


def main(folder: Path = HERE) -> None:
    """Write areas.geojson (RFC 7946), with a feature on each line."""
    geometry = json.loads(shapely.to_geojson(rounded(wansheng(packages.towns()), DECIMALS)))
    feature = {"type": "Feature", "id": "area-wansheng", "properties": PROPERTIES, "geometry": geometry}
    head = f'{{"type":"FeatureCollection","attribution":{json.dumps(ATTRIBUTION)},"features":[\n'
    text = head + json.dumps(feature, ensure_ascii=False, separators=(",", ":")) + "\n]}\n"
    (folder / "areas.geojson").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*(Path(one).resolve() for one in sys.argv[1:]))
