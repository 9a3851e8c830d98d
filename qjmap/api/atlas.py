"""`Atlas`: the tables of a project with positions, to query, draw and export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd

    from qjmap.api.project import Project
    from qjmap.model.atlas import Atlas as _Model
    from qjmap.model.filter_atlas import Date, Names
    from qjmap.page import PageMap
    from qjmap.report import Report


class Atlas:
    """The checked and located tables of a project, as GeoDataFrames in WGS 84 (EPSG:4326). A notebook displays an atlas as a map.

    Columns of texts have the pandas dtype `str`, numbers float64, and lists object (tuples), whatever the number of rows. Each access to
    a table returns a copy, without the columns that the program uses internally.
    """

    def __init__(self, model: _Model) -> None:
        self._model = model

    @classmethod
    def from_frames(
        cls, *, places: pd.DataFrame | None = None, sites: pd.DataFrame | None = None, partnerships: pd.DataFrame | None = None,
        corridors: pd.DataFrame | None = None, corridor_legs: pd.DataFrame | None = None, indicators: pd.DataFrame | None = None,
        sources: pd.DataFrame | None = None, like: Atlas | Project | None = None, title: str | None = None, home: str | None = None,
        language: str | None = None, strict: bool = False,
    ) -> Atlas:  # fmt: skip
        """Make an atlas from DataFrames, which are read and checked in the same way as table files.

        ``Atlas.from_frames(**atlas.tables(), like=atlas)`` is the same atlas again.

        Parameters
        ----------
        places, sites, partnerships, corridors, corridor_legs, indicators, sources : tables with any headers and words that a table file
            may have; the points of a GeoDataFrame in any CRS are positions. A table that is not given is empty.
        like : atlas or project whose settings, vocabularies, lines of legs and background geometry are used. If None, the settings are
            the defaults, the vocabularies and background geometry the built-in ones, and legs have no lines along networks.
        title, home, language : title of the map, name or id of the place that it is about, and "zh" or "en"; None keeps the setting.
        strict : treat warnings as faults.

        Raises
        ------
        DataFaults : all faults; the file of a fault is the name of the table, and rows are counted from 1.
        TypeError : a table is not a DataFrame.
        UsageError : the language is neither "zh" nor "en".
        """
        frames = {
            "places": places, "sites": sites, "partnerships": partnerships, "corridors": corridors,
            "corridor_legs": corridor_legs, "indicators": indicators, "sources": sources,
        }  # fmt: skip
        given = {name: frame for name, frame in frames.items() if frame is not None}
        return cls(_model_of(given, like, {"title": title, "home": home, "language": language}, strict))

    @property
    def places(self) -> gpd.GeoDataFrame:
        """Places and areas, with point geometry."""
        return self._public("places")

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """Facilities and organisations, with point geometry."""
        return self._public("sites")

    @property
    def partnerships(self) -> gpd.GeoDataFrame:
        """Agreements and joint projects, with lines between the parties."""
        return self._public("partnerships")

    @property
    def corridors(self) -> gpd.GeoDataFrame:
        """Corridors of goods, people or policy, with the lines of their legs."""
        return self._public("corridors")

    @property
    def corridor_legs(self) -> gpd.GeoDataFrame:
        """Legs of corridors, with line geometry."""
        return self._public("corridor_legs")

    @property
    def indicators(self) -> pd.DataFrame:
        """Figures that sources state about rows of any table."""
        return self._public("indicators")

    @property
    def sources(self) -> pd.DataFrame:
        """Documents from which the facts are taken."""
        return self._public("sources")

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all tables by name, each as the property of that name returns it."""
        return {name: self._public(name) for name in self._model.table_rows()}

    def _public(self, table: str) -> pd.DataFrame:
        from qjmap.model.point_layers import OF_THE_PROGRAM
        from qjmap.tables import public_frame

        frame: pd.DataFrame = getattr(self._model, table)
        internal = [name for name in frame if name in OF_THE_PROGRAM and str(name).startswith("_")]
        return public_frame(frame.drop(columns=internal), table)

    def filter(
        self, *, partners: Names | None = None, kind: Names | None = None, category: Names | None = None,
        status: Names | None = None, since: Date | None = None, until: Date | None = None,
    ) -> Atlas:  # fmt: skip
        """Return a new atlas of the rows that meet all conditions, and of the rows to which these refer.

        A condition applies to those of sites, partnerships and corridors that have its column. With ``partners`` or ``kind``, a site or
        corridor is kept only if it is a party or part (`part_of`) of a kept partnership, or the partnership is about it, or if it is a
        corridor through a partner. Parties, places and sources to which a kept row refers are included whether they meet the conditions
        or not, and so are the places that the settings name; references in `part_of` and `about` to rows that are left out are removed.

        Parameters
        ----------
        partners : ids, names or aliases of places or organisations. Partnerships are kept in which one of them, or something within it,
            takes part.
        kind : kinds of partnerships: "agreement", "共建项目".
        category : categories of sites: "enterprise", "物流园区".
        status : statuses of partnerships, sites and corridors: "operating", "运营".
        since, until : earliest and latest start of partnerships, sites and corridors: 2020, "2020-09", ``datetime.date``. Two dates are
            compared to the precision that both have; rows without a start are left out.

        Raises
        ------
        UsageError : a name, word or date is unknown, or a name means several rows.
        """
        from qjmap.model.filter_atlas import filter_atlas, read_conditions

        conditions = read_conditions(
            self._model, partners=partners, kind=kind, category=category, status=status, since=since, until=until
        )
        return Atlas(filter_atlas(self._model, conditions))

    def map(self) -> folium.Map:
        """Return a `folium.Map` with the layers of the atlas, to which other folium elements can be added."""
        from qjmap.pipeline.map import make_map

        return make_map(self._model, shell=False)

    def explore(self, *, tiles: str | Sequence[str] = ()) -> PageMap:
        """Return the self-contained page as a folium map, which a notebook displays; it has ``save(path)`` and ``to_html()``.

        Parameters
        ----------
        tiles : name or names of online basemaps that readers may turn on, besides those of the settings: osm, amap, amap-imagery, imagery,
            tianditu, tianditu-imagery, or any provider of xyzservices.

        Raises
        ------
        UsageError : a basemap is unknown, needs a key that is missing, or has tiles that cannot be placed in WGS 84.
        """
        from qjmap.pipeline.map import page_map

        return page_map(self._model, tiles=[tiles] if isinstance(tiles, str) else list(tiles))

    def report(self) -> Report:
        """Return the statistics of the atlas, a `Report` with six DataFrames: places, partners, corridors, legs, status and gaps."""
        from qjmap.report import build_report

        return build_report(self._model)

    def to_html(self) -> str:
        """Return the self-contained page as HTML."""
        from qjmap.pipeline.map import page_html

        return page_html(self._model)

    def save(self, path: str | Path) -> None:
        """Write the self-contained page to a file."""
        from qjmap import atomic_write
        from qjmap.pipeline.map import page_bytes

        atomic_write.write_all({Path(path): page_bytes(self._model)}, durable=False)

    @overload
    def to_geojson(self, layer: None = None) -> dict[str, str]: ...

    @overload
    def to_geojson(self, layer: str) -> str: ...

    def to_geojson(self, layer: str | None = None) -> dict[str, str] | str:
        """Return GeoJSON (RFC 7946) as text: of one layer, or of all layers as name -> text if `layer` is None.

        Layers are places, sites, partnerships, corridors and corridor_legs; KeyError for another name.
        """
        from qjmap.pipeline.export import geojson_texts

        texts = geojson_texts(self._model)
        return texts if layer is None else texts[layer]

    def _repr_html_(self) -> str:
        return self.explore()._repr_html_()

    def __repr__(self) -> str:
        sizes = ", ".join(f"{len(frame)} {name}" for name, frame in self._model.layer_rows().items())
        return f"<Atlas {self._model.project.settings.id}: {sizes}>"


def _model_of(
    frames: Mapping[str, Any], like: Atlas | Project | None, settings: Mapping[str, str | None], strict: bool
) -> _Model:
    """Check frames and build an atlas from them; see `Atlas.from_frames`."""
    from dataclasses import replace

    import pandas as pd

    from qjmap.errors import UsageError
    from qjmap.pipeline.from_frames import atlas_from_frames
    from qjmap.project import Project as ProjectFolder
    from qjmap.project import Settings

    for name, frame in frames.items():
        if not isinstance(frame, pd.DataFrame):
            raise TypeError(f"{name} must be a DataFrame or a GeoDataFrame, not {type(frame).__name__}")
    if settings["language"] not in (None, "zh", "en"):
        raise UsageError("frame-argument", name="language", value=str(settings["language"]), allowed="zh, en")
    model, folder = None, None
    if isinstance(like, Atlas):
        model, folder = like._model, like._model.project
    elif like is not None:
        folder = like._folder
    base = folder or ProjectFolder(Path(), Settings("atlas", "atlas"))
    changes: dict[str, Any] = {name: value for name, value in settings.items() if value is not None}
    project = replace(base, settings=replace(base.settings, **changes))
    return atlas_from_frames(frames, project, like=model, has_folder=folder is not None, strict=strict)[0]
