"""Make a map, or a file, of a table by another tool. all.py runs this with the interpreter of an environment that has the tools.

    python rival_maps.py TOOL sites.csv OUT

Each tool is used as its documentation says, with a pop-up or tooltip of all columns if the tool has one by default.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def _table(path: str) -> Any:
    import pandas as pd

    return pd.read_csv(path)


def _frame(path: str) -> Any:
    import geopandas as gpd

    table = _table(path)
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table.lon, table.lat), crs=4326)


def explore(path: str, out: str) -> None:
    """Make a map by `GeoDataFrame.explore()`: all columns in a tooltip, markers on a canvas."""
    _frame(path).explore().save(out)


def marker(path: str, out: str) -> None:
    """Make a map with a `folium.Marker` and a pop-up for each row."""
    import folium

    found = folium.Map()
    for row in _table(path).itertuples(index=False):
        folium.Marker((row.lat, row.lon), popup=folium.Popup(folium.Html(row.name))).add_to(found)
    found.fit_bounds(found.get_bounds())
    found.save(out)


def marker_cluster(path: str, out: str) -> None:
    """Make the same map with the markers in a `MarkerCluster`."""
    import folium
    from folium.plugins import MarkerCluster

    found = folium.Map()
    table = _table(path)
    points = list(zip(table.lat, table.lon, strict=True))
    MarkerCluster(points, popups=list(table.name)).add_to(found)
    found.fit_bounds([[table.lat.min(), table.lon.min()], [table.lat.max(), table.lon.max()]])
    found.save(out)


def fast_marker_cluster(path: str, out: str) -> None:
    """Make a map by `FastMarkerCluster`, which takes positions only, without text."""
    import folium
    from folium.plugins import FastMarkerCluster

    found = folium.Map()
    table = _table(path)
    FastMarkerCluster(list(zip(table.lat, table.lon, strict=True))).add_to(found)
    found.fit_bounds([[table.lat.min(), table.lon.min()], [table.lat.max(), table.lon.max()]])
    found.save(out)


def geojson_canvas(path: str, out: str) -> None:
    """Make a map by `folium.GeoJson`, with circle markers on a canvas and a tooltip of the name."""
    import folium

    frame = _frame(path)
    found = folium.Map(prefer_canvas=True)
    folium.GeoJson(frame, marker=folium.CircleMarker(radius=4), tooltip=folium.GeoJsonTooltip(["name"])).add_to(found)
    west, south, east, north = frame.total_bounds
    found.fit_bounds([[south, west], [north, east]])
    found.save(out)


def pyecharts(path: str, out: str) -> None:
    """Make a scatter map by `Geo` of pyecharts, with the coordinates registered."""
    from pyecharts import options
    from pyecharts.charts import Geo

    table = _table(path)
    found = Geo().add_schema(maptype="china")
    for row in table.itertuples(index=False):
        found.add_coordinate(row.id, row.lon, row.lat)
    found.add(
        "", [(row.id, row.name) for row in table.itertuples(index=False)], label_opts=options.LabelOpts(is_show=False)
    )
    found.render(out)


def kepler(path: str, out: str) -> None:
    """Make a map by `save_to_html` of kepler.gl."""
    from keplergl import KeplerGl

    KeplerGl(data={"sites": _table(path)}).save_to_html(file_name=out)


def lonboard(path: str, out: str) -> None:
    """Make a map by `viz(...).to_html` of lonboard."""
    from lonboard import viz

    viz(_frame(path)).to_html(out)


def to_file(path: str, out: str) -> None:
    """Write GeoJSON by `GeoDataFrame.to_file`."""
    _frame(path).to_file(out, driver="GeoJSON")


def to_parquet(path: str, out: str) -> None:
    """Write GeoParquet by `GeoDataFrame.to_parquet`."""
    _frame(path).to_parquet(out)


TOOLS: dict[str, Callable[[str, str], None]] = {
    "explore": explore, "marker": marker, "marker-cluster": marker_cluster, "fast-marker-cluster": fast_marker_cluster,
    "geojson-canvas": geojson_canvas, "pyecharts": pyecharts, "kepler": kepler, "lonboard": lonboard,
    "to-file": to_file, "to-parquet": to_parquet,
}  # fmt: skip

if __name__ == "__main__":
    TOOLS[sys.argv[1]](sys.argv[2], sys.argv[3])
