"""Background layer: land, water, boundaries, rivers and their labels, all of it inside the page."""

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
from qjmap.layers.frame_columns import texts
from qjmap.layers.map_layer import MapLayer
from qjmap.model.points import axes
from qjmap.payload import Block
from qjmap.tables.readers import geojson

_FILES = ("land", "lakes", "districts", "borders", "coast", "rivers", "national_lines", "areas")
"""GeoJSON files of ``geo/`` in their drawing order, lowest first; each is optional."""

_CLASS_OF_FILE = {
    "land": "land",
    "lakes": "lake",
    "borders": "province",
    "coast": "coast",
    "rivers": "river",
    "national_lines": "national",
    "areas": "area",
}


def read_background(folder: Path) -> dict[str, gpd.GeoDataFrame]:
    """Read the background files of a project's ``geo`` folder; GeoDataFrames in EPSG:4326 by file name.

    Raises
    ------
    UsageError : a file is not GeoJSON, or has a geometry that cannot be drawn.
    """
    paths = {name: folder / f"{name}.geojson" for name in (*_FILES, "names")}
    return {
        name: read_background_file(path, f"{folder.name}/{path.name}") for name, path in paths.items() if path.is_file()
    }


def read_background_file(path: Path, display_name: str) -> gpd.GeoDataFrame:
    """Read the features of a GeoJSON file in any of its CRS; EPSG:4326, feature ids in a column ``id``.

    Without GDAL, which would also open other files that the file refers to.
    """
    document, _ = geojson.parse_json(path.read_bytes(), shown=display_name)
    rows, shapes = [], []
    for number, feature in enumerate(geojson.features_of(document, display_name), 1):
        try:
            identifier = {} if feature.get("id") is None else {"id": str(feature["id"])}
            rows.append({**identifier, **(feature.get("properties") or {})})
            shapes.append(shape(feature["geometry"]) if feature.get("geometry") else None)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError) as error:
            raise UsageError("ground-shape", path=display_name, number=number, detail=str(error)) from None
    frame = pd.DataFrame(rows, index=range(len(rows)))
    int32_columns = [name for name in frame.select_dtypes("int64") if frame[name].between(-(2**31), 2**31 - 1).all()]
    crs = geojson.reference_of(document, display_name)
    if crs is not None and crs.datum not in ("", "wgs84", "cgcs2000"):
        raise UsageError("crs-unknown", path=display_name, crs=crs.name)
    if crs is not None and crs.transformer:
        shapes = shapely.transform(shapes, lambda points: np.column_stack(crs.transformer.transform(*points.T)))
    return gpd.GeoDataFrame(frame.astype(dict.fromkeys(int32_columns, "int32")), geometry=shapes, crs="EPSG:4326")


class Background(MapLayer):
    """The background of a map.

    Parameters
    ----------
    frames
        Lines and polygons in EPSG:4326 by file name (see `read_background`); ``names`` holds points with labels.
    home : adcode of the home district
    partners : adcodes of the districts and cities of its partners
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
        """Bounding box (west, south, east, north) of the land; None without land."""
        land = self.frames.get("land")
        return None if land is None or not len(land) else tuple(map(float, land.total_bounds))  # type: ignore[return-value]

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Shapes, then labels."""
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

    def _class(self, file: str, stated: str, level: str, adcode: str) -> str:
        if file != "districts":
            return stated or _CLASS_OF_FILE[file]
        kind = self.area_class(adcode)
        return level if kind == "district" and level in ("city", "district") else kind

    def area_class(self, adcode: str) -> str:
        """Class of a district by its adcode: home, partner or district."""
        if adcode and adcode == self.home:
            return "home"
        return "partner" if adcode in self.partners else "district"


def _rows(shapes: pd.DataFrame, adcodes: list[str]) -> Iterator[Any]:
    return zip(texts(shapes, "_file"), texts(shapes, "class"), texts(shapes, "level"), adcodes, strict=True)


def _ranks(frame: pd.DataFrame) -> list[int]:
    if "rank" not in frame.columns:
        return [0] * len(frame)
    # Text that is not a number ranks like an empty cell.
    ranks = pd.to_numeric(frame["rank"], errors="coerce").to_numpy(dtype=float)
    return [int(rank) if np.isfinite(rank) else 0 for rank in ranks]
