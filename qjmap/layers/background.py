"""Background layer: land, water, boundaries, rivers, railways and their labels, all carried by the page.

The boundaries of the package are written as arcs, each arc once. A unit lists its cells; its outline consists of the arcs that have one
of these cells on exactly one side. Geometry from the files of a project is written as lines and rings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from qjmap.ground import Ground, outline
from qjmap.ground.polygons import country
from qjmap.layers.frame_columns import texts
from qjmap.layers.map_layer import MapLayer
from qjmap.model.ground_files import LAYERS, NAMES, GroundFiles
from qjmap.model.point_layers import axes
from qjmap.payload import Block

_CLASS_OF_FILE = {
    "land": "land",
    "lakes": "lake",
    "borders": "province",
    "coast": "coast",
    "rivers": "river",
    "national_lines": "national",
    "areas": "area",
}
"""Geometry file of a project -> class of its features that state none."""
_HIDDEN_BY = {"coast": ("land", "coast"), "province": ("borders",), "national": ("borders",)}
"""Kind of arcs -> files of a project that replace them: if the project has one of the files, these arcs are not drawn."""
_ARC_STEPS, _LAND_STEPS, _WATER_STEPS = 2000, 200, 1000
"""Steps in a degree of the coordinates of boundaries, of land abroad, and of lakes, rivers and lines, as in `assets/ground`."""

_Row = tuple[str, str, str, int, Any]
"""A feature: its class, name, English name, rank and geometry."""


def frames_of(files: GroundFiles) -> dict[str, gpd.GeoDataFrame]:
    """Return the geometry files of a project as file name -> GeoDataFrame in EPSG:4326, with the ids of features in a column ``id``."""
    return {name: _frame(features) for name, features in files.features.items()}


def _frame(features: Sequence[tuple[dict[str, Any], Any]]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame([properties for properties, _ in features], index=range(len(features)))
    int32_columns = [name for name in frame.select_dtypes("int64") if frame[name].between(-(2**31), 2**31 - 1).all()]
    shapes = [shape for _, shape in features]
    return gpd.GeoDataFrame(frame.astype(dict.fromkeys(int32_columns, "int32")), geometry=shapes, crs="EPSG:4326")


class Background(MapLayer):
    """The background of a map: the ground of the package, the geometry files of a project, or both.

    Parameters
    ----------
    frames : file name (see `qjmap.model.ground_files`) -> lines and polygons in EPSG:4326; ``names`` has points with labels. With a
        ground, a row of ``districts`` replaces the unit with its adcode, a row of ``rivers`` the river with its name, and a row of
        ``names`` the label with its class and name. The files ``land`` (which also replaces the coast), ``coast``, ``borders`` and
        ``national_lines`` replace their part of the ground as a whole; ``lakes`` and ``areas`` are added.
    ground : the ground of the package; None for the frames alone
    home : adcode of the home district
    partners : adcodes of the districts and cities of its partners
    unit_names : adcode -> name of the units of the ground
    credits : credits for the frames that the page must show, each in Chinese and in English
    name : name of the layer in folium's layer control
    show : whether it is visible when the map opens
    language : "zh" or "en", of the labels
    """

    kind = "background"

    def __init__(
        self,
        frames: Mapping[str, gpd.GeoDataFrame],
        *,
        ground: Ground | None = None,
        home: str = "",
        partners: Collection[str] = (),
        unit_names: Mapping[str, str] | None = None,
        credits: Sequence[tuple[str, str]] = (),
        name: str = "底图 Background",
        show: bool = True,
        language: str = "zh",
    ) -> None:
        super().__init__(name=name, show=show, language=language)
        self.frames, self.ground, self.home, self.partners = frames, ground, home, frozenset(partners)
        self.unit_names = unit_names or {}
        self.credits = (*credits, *(ground.credits if ground else ()))

    def extent(self) -> tuple[float, float, float, float] | None:
        """Return the extent (west, south, east, north in degrees) of the ground, else of the file ``land``; None if there is neither."""
        if self.ground is not None:
            return self.ground.extent
        land = self.frames.get("land")
        return None if land is None or not len(land) else tuple(map(float, land.total_bounds))  # type: ignore[return-value]

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Yield the blocks: ``data`` (lines and areas of the frames), those of the ground, and ``names`` (labels)."""
        yield "data", self._shapes()
        if self.ground is not None:
            yield "arcs", self._arcs(self.ground)
            yield "units", self._units(self.ground)
            if "land" not in self.frames:
                yield (
                    "land",
                    _features([("abroad", "", "", 0, shape) for shape in self.ground.land_abroad], _LAND_STEPS),
                )
            yield "water", _features(self._water(self.ground), _WATER_STEPS)
        if self.ground is not None or NAMES in self.frames:
            yield "names", self._names()

    def _shapes(self) -> Block:
        parts = [self.frames[name].assign(_file=name) for name in LAYERS if name in self.frames]
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
        """Return the class by which a district is drawn, given its adcode: "home", "partner" or "district"."""
        if adcode and adcode == self.home:
            return "home"
        return "partner" if adcode in self.partners else "district"

    def _shade(self, adcode: str) -> str:
        """Return how a unit of the ground is shaded: "home", "partner" or "".

        A province is not shaded as a partner, since that would hide the partners inside it.
        """
        kind = self.area_class(adcode)
        return kind if kind == "home" or (kind == "partner" and not adcode.endswith("0000")) else ""

    def _own_adcodes(self) -> frozenset[str]:
        """Return the adcodes of the units whose outline is in the file ``districts`` of the project."""
        districts = self.frames.get("districts")
        return frozenset(() if districts is None else texts(districts, "adcode")) - {""}

    def _arcs(self, ground: Ground) -> Block:
        """Return a block of the arcs between cells: kind ("" if not drawn), cells on the left and right (-1 outside of China), line."""
        edges = ground.boundaries
        given = {kind for kind, files in _HIDDEN_BY.items() if not self.frames.keys().isdisjoint(files)}
        replaced = {cell for adcode in self._own_adcodes() for cell in edges.units.get(adcode, ())}
        kinds = [
            "" if kind in given or (kind in ("city", "district") and (left in replaced or right in replaced)) else kind
            for kind, left, right in zip(edges.kinds, edges.left, edges.right, strict=True)
        ]
        block = Block(len(kinds))
        block.dictionary("class", kinds)
        block.integers("left", edges.left, delta=True)
        block.integers("right", edges.right)
        block.geometry(edges.arcs, per_degree=_ARC_STEPS)
        block.header(land="land" not in self.frames)
        return block

    def _units(self, ground: Ground) -> Block:
        """Return a block of the units of the ground that no row of ``districts`` replaces: adcode, name, shading and cells."""
        own = self._own_adcodes()
        units = {adcode: cells for adcode, cells in ground.boundaries.units.items() if adcode not in own}
        block = Block(len(units))
        block.json("adcode", list(units))
        block.json("name", [self.unit_names.get(adcode, "") for adcode in units])
        block.dictionary("class", [self._shade(adcode) for adcode in units])
        block.integers("count", [len(cells) for cells in units.values()])
        block.integers("cells", [cell for cells in units.values() for cell in cells], delta=True)
        return block

    def _water(self, ground: Ground) -> list[_Row]:
        rivers = self.frames.get("rivers")
        own = {name for name in ([] if rivers is None else texts(rivers, "name")) if name}
        lines = [river for river in ground.rivers if river.name not in own]
        if "national_lines" not in self.frames:
            lines += ground.national_lines
        return [*(("lake", "", "", 0, lake) for lake in ground.lakes), *ground.railways, *lines]

    def _names(self) -> Block:
        own = self.frames.get(NAMES, gpd.GeoDataFrame({"geometry": []}))
        columns = {column: texts(own, column) for column in ("class", "name", "name_en")}
        taken = {*zip(columns["class"], columns["name"], strict=True)}
        added = [one for one in (self.ground.names if self.ground else ()) if (one.kind, one.name) not in taken]
        block = Block(len(own) + len(added))
        block.dictionary("class", [*columns["class"], *(one.kind for one in added)])
        block.dictionary("name", [*columns["name"], *(one.name for one in added)])
        block.dictionary("name_en", [*columns["name_en"], *(one.name_en for one in added)])
        block.integers("rank", [*_ranks(own), *(one.rank for one in added)])
        lon, lat = axes(own)
        block.positions((np.append(lon, [one.lon for one in added]), np.append(lat, [one.lat for one in added])))
        return block

    def areas(self) -> dict[str, list[Any]]:
        """Return class -> polygons (WGS 84), the lowest first, for thumbnails: land, home, partners, and the districts of the frames."""
        found: dict[str, list[Any]] = {"land": []}
        if "land" in self.frames:
            found["land"] += self.frames["land"].geometry
        elif self.ground is not None:
            found["land"] += [*self.ground.land_abroad, country()]
        own = self._own_adcodes()
        for adcode in sorted({self.home, *self.partners} - own) if self.ground else ():
            if (kind := self._shade(adcode)) and (shape := outline(adcode)) is not None:
                found.setdefault(kind, []).append(shape)
        districts = self.frames.get("districts")
        if districts is not None:
            for adcode, shape in zip(texts(districts, "adcode"), districts.geometry, strict=True):
                found.setdefault(self.area_class(adcode), []).append(shape)
        return found

    def national_lines(self) -> list[Any]:
        """Return the lines of the national boundary at sea. A map that shows the national territory must show all of them."""
        if "national_lines" in self.frames:
            return list(self.frames["national_lines"].geometry)
        return [line.geometry for line in self.ground.national_lines] if self.ground else []


def _features(rows: Sequence[_Row], per_degree: int) -> Block:
    """Return a block of features with their class, name, English name, rank and geometry."""
    block = Block(len(rows))
    classes, names, english, ranks, shapes = zip(*rows, strict=True) if rows else ((),) * 5
    for column, values in (("class", classes), ("name", names), ("name_en", english)):
        block.dictionary(column, values)
    block.integers("rank", ranks)
    block.geometry(shapes, per_degree=per_degree)
    return block


def _rows(shapes: pd.DataFrame, adcodes: list[str]) -> Iterator[Any]:
    """Return an iterator over (file, class, level, adcode) of the rows."""
    return zip(texts(shapes, "_file"), texts(shapes, "class"), texts(shapes, "level"), adcodes, strict=True)


def _ranks(frame: pd.DataFrame) -> list[int]:
    """Return the column ``rank``, with 0 for an empty cell and for text that is no number; all 0 without such a column."""
    if "rank" not in frame.columns:
        return [0] * len(frame)
    ranks = pd.to_numeric(frame["rank"], errors="coerce").to_numpy(dtype=float)
    return [int(rank) if np.isfinite(rank) else 0 for rank in ranks]
