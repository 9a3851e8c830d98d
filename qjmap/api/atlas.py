"""`Atlas`: the tables of a project with positions, to ask, to draw and to export."""

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
    a table returns a copy.
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
        """Make an atlas of frames, which are read and checked as tables in files are.

        ``Atlas.from_frames(**atlas.tables(), like=atlas)`` is the same atlas again.

        Parameters
        ----------
        places, sites, partnerships, corridors, corridor_legs, indicators, sources : tables with any headers and words that tables in
            files may have; points of a GeoDataFrame in any CRS are positions. What is not given has no rows.
        like : atlas or project whose settings, words, lines of legs and ground are taken; the built-in ones when None.
        title, home, language : of the map; name or id of the place that it is about; "zh" or "en". They replace those of ``like``.
        strict : treat warnings as faults.

        Raises
        ------
        DataFaults : with every fault; the file of each is the table's name, and rows count from 1.
        TypeError : a table is no DataFrame.
        """
        frames = {
            "places": places, "sites": sites, "partnerships": partnerships, "corridors": corridors,
            "corridor_legs": corridor_legs, "indicators": indicators, "sources": sources,
        }  # fmt: skip
        given = {name: frame for name, frame in frames.items() if frame is not None}
        return cls(_model_of(given, like, {"title": title, "home": home, "language": language}, strict))

    @property
    def places(self) -> gpd.GeoDataFrame:
        """Places and areas, as points."""
        return self._public("places")

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """Facilities and organisations, as points."""
        return self._public("sites")

    @property
    def partnerships(self) -> gpd.GeoDataFrame:
        """Agreements and joint projects, as lines between the parties."""
        return self._public("partnerships")

    @property
    def corridors(self) -> gpd.GeoDataFrame:
        """Corridors of goods, people or policy, as the lines of their legs."""
        return self._public("corridors")

    @property
    def corridor_legs(self) -> gpd.GeoDataFrame:
        """Legs of corridors, as lines."""
        return self._public("corridor_legs")

    @property
    def indicators(self) -> pd.DataFrame:
        """Figures that sources state about rows of any table."""
        return self._public("indicators")

    @property
    def sources(self) -> pd.DataFrame:
        """Documents that the facts are taken from."""
        return self._public("sources")

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all tables by name, as the properties give them."""
        return {name: self._public(name) for name in self._model.table_rows()}

    def _public(self, table: str) -> pd.DataFrame:
        from qjmap.tables import public_frame

        return public_frame(getattr(self._model, table), table)

    def filter(
        self, *, partners: Names | None = None, kind: Names | None = None, category: Names | None = None,
        status: Names | None = None, since: Date | None = None, until: Date | None = None,
    ) -> Atlas:  # fmt: skip
        """Return the rows that meet all conditions, and what they refer to, as an atlas of its own.

        Each condition holds for the tables that have its column. With ``partners`` or ``kind``, of sites and corridors those stay that
        belong to a partnership that stays: parties, what is part of it or what it is about, and corridors through a partner. Parties,
        places and sources of what stays come along whatever they are like; other references to rows that are left out are cut.

        Parameters
        ----------
        partners : ids, names or aliases of places or organisations: partnerships in which one of them takes part, itself or through
            something within it.
        kind : kinds of partnerships: "agreement", "共建项目".
        category : categories of sites: "enterprise", "物流园区".
        status : statuses of partnerships, sites and corridors: "operating", "运营".
        since, until : first and last start of partnerships, sites and corridors: 2020, "2020-09", ``datetime.date``. Dates are compared
            as far as both go; rows without a start are left out.

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
        """Return a folium map with the layers of the atlas, to which other elements can be added."""
        from qjmap.pipeline.map import make_map

        return make_map(self._model, shell=False)

    def explore(self, *, tiles: str | Sequence[str] = ()) -> PageMap:
        """Return the self-contained page as a folium map that shows itself in a notebook, ``save(path)`` and ``to_html()``.

        Parameters
        ----------
        tiles : names of online backgrounds that readers may turn on.
        """
        from qjmap.pipeline.map import page_map

        return page_map(self._model, tiles=[tiles] if isinstance(tiles, str) else list(tiles))

    def report(self) -> Report:
        """Return statistics as six DataFrames: places, partners, corridors, legs, status and gaps."""
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
    """Check frames and make an atlas of them; see `Atlas.from_frames`."""
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
