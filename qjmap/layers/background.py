"""The ground of the map: land, water, boundaries, rivers and their lettering, all of it inside the page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape

from qjmap.errors import UsageError
from qjmap.layers.base import MapLayer, texts
from qjmap.payload import Block
from qjmap.points import axes
from qjmap.tables import geojson

_FILES = ("land", "lakes", "districts", "borders", "coast", "rivers", "national_lines", "areas")
"""Files of ``geo/`` in their drawing order, lowest first; a project has those it needs."""

_CLASS = {
    "land": "land",
    "lakes": "lake",
    "borders": "province",
    "coast": "coast",
    "rivers": "river",
    "national_lines": "national",
    "areas": "area",
}


def read_background(folder: Path) -> dict[str, gpd.GeoDataFrame]:
    """The background files of a project's ``geo`` folder by name; EPSG:4326.

    Raises
    ------
    UsageError : a file is no GeoJSON, or holds what cannot be drawn.
    """
    paths = {name: folder / f"{name}.geojson" for name in (*_FILES, "names")}
    return {name: read_ground(path, f"{folder.name}/{path.name}") for name, path in paths.items() if path.is_file()}


def read_ground(path: Path, shown: str) -> gpd.GeoDataFrame:
    """The features of a GeoJSON file, their ids in a column ``id``; without GDAL, which would open whatever the file names."""
    document, _ = geojson.load(path.read_bytes(), shown=shown)
    rows, shapes = [], []
    for number, feature in enumerate(geojson.features_of(document, shown), 1):
        try:
            own = {} if feature.get("id") is None else {"id": str(feature["id"])}
            rows.append({**own, **(feature.get("properties") or {})})
            shapes.append(shape(feature["geometry"]) if feature.get("geometry") else None)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError) as error:
            raise UsageError("ground-shape", path=shown, number=number, detail=str(error)) from None
    frame = pd.DataFrame(rows, index=range(len(rows)))
    small = [name for name in frame.select_dtypes("int64") if frame[name].between(-(2**31), 2**31 - 1).all()]
    system = geojson.reference_of(document, shown)
    if system is not None and system.datum not in ("", "wgs84", "cgcs2000"):
        raise UsageError("crs-unknown", path=shown, crs=system.name)
    if system is not None and system.plane:
        shapes = shapely.transform(shapes, lambda places: np.column_stack(system.plane.transform(*places.T)))
    return gpd.GeoDataFrame(frame.astype(dict.fromkeys(small, "int32")), geometry=shapes, crs="EPSG:4326")


class Background(MapLayer):
    """The ground.

    Parameters
    ----------
    frames
        Lines and polygons in EPSG:4326 by file name (see `read_background`); ``names`` are points for lettering.
    home : adcode of the home district
    partners : adcodes of the districts and cities that work with it
    """

    kind = "background"

    def __init__(
        self,
        frames: Mapping[str, gpd.GeoDataFrame],
        *,
        home: str = "",
        partners: Collection[str] = (),
        name: str = "底图 Background",
        show: bool = True,
        language: str = "zh",
    ) -> None:
        super().__init__(name=name, show=show, language=language)
        self.frames, self.home, self.partners = frames, home, frozenset(partners)

    def extent(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of the land, beyond which there is nothing to see; None for a map without land."""
        land = self.frames.get("land")
        return None if land is None or not len(land) else tuple(map(float, land.total_bounds))  # type: ignore[return-value]

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Shapes, then the lettering."""
        yield "data", self._shapes()
        names = self.frames.get("names")
        if names is not None:
            block = Block(len(names))
            for column in ("class", "name", "name_en"):
                block.dictionary(column, texts(names, column))
            block.integers("rank", _ranks(names))
            block.positions(axes(names))
            yield "names", block

    def _shapes(self) -> Block:
        parts = [self.frames[name].assign(_file=name) for name in _FILES if name in self.frames]
        shapes = pd.concat(parts, ignore_index=True) if parts else gpd.GeoDataFrame({"geometry": []})
        block = Block(len(shapes))
        adcodes = texts(shapes, "adcode")
        block.dictionary("class", [self._class(*row) for row in _rows(shapes, adcodes)])
        block.dictionary("name", texts(shapes, "name"))
        block.dictionary("name_en", texts(shapes, "name_en"))
        block.dictionary("adcode", adcodes)
        block.dictionary("place", texts(shapes, "place"))
        block.integers("rank", _ranks(shapes))
        block.geometry(shapes.geometry.to_numpy() if len(shapes) else np.zeros(0, dtype=object))
        return block

    def _class(self, file: str, own: str, level: str, adcode: str) -> str:
        if file != "districts":
            return own or _CLASS[file]
        kind = self.area_class(adcode)
        return level if kind == "district" and level in ("city", "district") else kind

    def area_class(self, adcode: str) -> str:
        """What an area is to the map: home, partner or district."""
        if adcode and adcode == self.home:
            return "home"
        return "partner" if adcode in self.partners else "district"


def _rows(shapes: pd.DataFrame, adcodes: list[str]) -> Iterator[Any]:
    return zip(texts(shapes, "_file"), texts(shapes, "class"), texts(shapes, "level"), adcodes, strict=True)


def _ranks(frame: pd.DataFrame) -> list[int]:
    if "rank" not in frame.columns:
        return [0] * len(frame)
    ranks = pd.to_numeric(frame["rank"], errors="coerce").to_numpy(dtype=float)  # what is no number ranks as what has none
    return [int(rank) if np.isfinite(rank) else 0 for rank in ranks]
