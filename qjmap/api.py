"""Public API: functions, and the classes `Project` and `Atlas`, which delegate to the other modules."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qjmap.geocoding import Answer, OfflineLocator
from qjmap.project import Project as _ProjectFolder
from qjmap.project import Settings, load_project

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd

    from qjmap.edit import AddReport, Duplicates, ResolveReport, SheetsReport
    from qjmap.errors import Fault
    from qjmap.geocoding.online.online_locator import OnlineLocator
    from qjmap.geocoding.reverse import Surroundings
    from qjmap.model.atlas import Atlas as _Model
    from qjmap.pipeline.build import Built
    from qjmap.report import Report
    from qjmap.routing import Routed


class Atlas:
    """The checked and located tables of a project, as GeoDataFrames in WGS 84 (EPSG:4326). A notebook displays an atlas as a map.

    Columns of texts have the pandas dtype `str`, numbers float64, and lists object (tuples), whatever the number of rows. Each access to
    a table returns a copy.
    """

    def __init__(self, model: _Model) -> None:
        self._model = model

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

    def _public(self, table: str) -> pd.DataFrame:
        from qjmap.tables import public_frame

        return public_frame(getattr(self._model, table), table)

    def map(self) -> folium.Map:
        """Return a folium map with the layers of the atlas, to which other elements can be added."""
        from qjmap.pipeline.map import make_map

        return make_map(self._model, shell=False)

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

    def to_geojson(self, layer: str | None = None) -> Any:
        """Return GeoJSON (RFC 7946) as text: of one layer, or of all layers as name -> text if `layer` is None.

        Layers are places, sites, partnerships, corridors and corridor_legs; KeyError for another name.
        """
        from qjmap.pipeline.export import geojson_texts

        texts = geojson_texts(self._model)
        return texts if layer is None else texts[layer]

    def _repr_html_(self) -> str:
        page = html.escape(self.to_html(), quote=True)
        return f'<iframe srcdoc="{page}" width="100%" height="640" frameborder="0"></iframe>'

    def __repr__(self) -> str:
        sizes = ", ".join(f"{len(frame)} {name}" for name, frame in self._model.layer_rows().items())
        return f"<Atlas {self._model.project.settings.id}: {sizes}>"


class Project:
    """A project: a folder with tables, geometry and pages."""

    def __init__(self, folder: _ProjectFolder) -> None:
        self._folder = folder

    @property
    def root(self) -> Path:
        """Folder that contains ``data/``."""
        return self._folder.root

    @property
    def settings(self) -> Settings:
        """Settings in ``data/project.toml``."""
        return self._folder.settings

    def check(self) -> list[Fault]:
        """Return all faults and warnings of the tables and of the lines of corridor legs."""
        from qjmap.pipeline.load import find_faults

        return find_faults(self._folder)

    def atlas(self, *, strict: bool = False) -> Atlas:
        """Check, join and locate the tables. Raise DataFaults if there are faults or, with `strict`, warnings."""
        from qjmap.pipeline.load import load_atlas

        return Atlas(load_atlas(self._folder, strict=strict)[0])

    def report(self) -> Report:
        """Return the statistics of the tables; see `Atlas.report`."""
        return self.atlas().report()

    def build(self, out: str | Path | None = None, *, tiles: str | Sequence[str] = (), strict: bool = False) -> Built:
        """Write ``maps/<id>.html`` and ``geo/export/<layer>.geojson``.

        Parameters
        ----------
        out : folder of the pages; by default ``maps`` in the project.
        tiles : name or names of online basemaps that readers may turn on.
        strict : treat warnings as faults.

        Raises
        ------
        DataFaults : the tables have faults. Nothing is written.
        """
        from qjmap.pipeline.build import build

        names = [tiles] if isinstance(tiles, str) else list(tiles)
        return build(self._folder, out=Path(out) if out is not None else None, tiles=names, strict=strict)

    def route(self) -> Routed:
        """Find lines for corridor legs on the rail, road and sea networks and write them to ``geo/corridor_legs.geojson``.

        Needs the extra ``route``.
        """
        from qjmap.routing import route

        return route(self._folder)

    def add(
        self, file: str | Path, *, table: str | None = None, datum: str | None = None, sheet: str | None = None,
        encoding: str | None = None, columns: str | Mapping[str, str] | None = None, update: bool = False,
        duplicates: Duplicates = "refuse", yes: bool = False,
        dry_run: bool = False, lang: str = "zh", step: Callable[..., None] | None = None,
    ) -> AddReport:  # fmt: skip
        """Add the valid rows of a table file to a table of the project; write the faulty rows to a file beside it.

        Parameters, result and errors as in `qjmap.edit.add`.
        """
        from qjmap.edit import add

        return add(
            self._folder, Path(file), table=table, datum=datum, sheet=sheet, encoding=encoding, columns=columns, update=update,
            duplicates=duplicates, yes=yes, dry_run=dry_run, lang=lang, step=step,
        )  # fmt: skip

    def add_sheets(
        self, file: str | Path, *, table: str | None = None, datum: str | None = None, encoding: str | None = None,
        columns: str | Mapping[str, str] | None = None, duplicates: Duplicates = "refuse", yes: bool = False,
        dry_run: bool = False, lang: str = "zh", step: Callable[..., None] | None = None,
    ) -> SheetsReport:  # fmt: skip
        """Add the valid rows of all worksheets of a workbook, each worksheet to the table that it belongs to.

        Parameters, result and errors as in `qjmap.edit.add_sheets`.
        """
        from qjmap.edit import add_sheets

        return add_sheets(
            self._folder, Path(file), table=table, datum=datum, encoding=encoding, columns=columns, duplicates=duplicates,
            yes=yes, dry_run=dry_run, lang=lang, step=step,
        )  # fmt: skip

    def resolve(self, answers: Mapping[str, str] | None = None) -> ResolveReport:
        """Decide which places unknown or ambiguous names in the tables mean; return the names that are still open.

        Parameters
        ----------
        answers : name -> adcode or full name of its place, or id or name of a row. The name becomes an alias of that row.
        """
        from qjmap.edit import resolve_names

        return resolve_names(self._folder, answers)

    def gazetteer(self) -> OfflineLocator:
        """Return the locator of names and addresses, which searches the project's places first and then all of China."""
        from qjmap.pipeline.project_locator import project_locator

        return project_locator(self._folder)

    def __repr__(self) -> str:
        return f"<Project {self.settings.id} at {self.root}>"


def open_project(path: str | Path = ".") -> Project:
    """Open the project in a folder that contains ``data/project.toml``. Raise UsageError if it does not."""
    return Project(load_project(Path(path)))


def new_project(name: str, folder: str | Path | None = None, *, within: str = "", example: bool = False) -> Project:
    """Make the project of a county, prefecture or province of China, and open it. See `qjmap.scaffold.new_project`.

    Parameters
    ----------
    name : name or adcode of the unit.
    folder : folder to write, which must be missing or empty; by default a folder in the current one with the name of the unit.
    within : name or adcode of an area that contains the unit, if several units have the name.
    example : fill the tables with invented firms and agreements.
    """
    from qjmap.scaffold import new_project as make

    return open_project(make(name, folder, within=within, example=example).folder)


def locate(text: str, *, within: Sequence[str] = (), project: str | Path = ".", online: str | None = None) -> Answer:
    """Locate a name or an address offline, first among the places of the project and then in all of China.

    Parameters
    ----------
    within : names or ids of areas that contain the place, and names or codes (ISO 3166-1) of its country.
    project : folder of the project. If it is no project, only the gazetteer is searched.
    online : provider to ask over the network if the offline answer is unresolved, as `qjmap locate --online` does. Its answer is a
        candidate with ``provider``, ``provider_datum`` and ``asked_on``.

    Raises
    ------
    UsageError : the provider is unknown, or its key is missing.
    """
    from qjmap.pipeline.project_locator import locator_at

    locator = locator_at(project)
    return (_online(online, locator) if online else locator).locate(text, within=within)


def _online(provider: str, locator: OfflineLocator) -> OnlineLocator:
    import os  # imported here to save start-up time

    from qjmap.geocoding.online.environment import open_online

    return open_online(provider, locator, os.environ)


def reverse(lon: float, lat: float) -> Surroundings:
    """Return the province, city and county whose polygons contain a point (WGS 84 degrees), and the nearest known town; offline."""
    from qjmap.geocoding.reverse import reverse

    return reverse(lon, lat)


def geocode(
    names: str | Iterable[str],
    *,
    countries: Iterable[str] | None = None,
    project: str | Path = ".",
    online: str | None = None,
) -> gpd.GeoDataFrame:
    """Locate names or addresses. The result has the form of that of `geopandas.tools.geocode`.

    Parameters
    ----------
    names : text or texts; the index of a Series is kept.
    countries : for each text the country, by its Chinese or English name or its code (ISO 3166-1). A text whose place lies in another
        country is a conflict. A missing country, or a text that is no country, has no effect.
    project : folder of the project, as in `locate`.
    online : provider to ask over the network about texts whose offline answer is unresolved.

    Returns
    -------
    GeoDataFrame in EPSG:4326 with one row for each text: geometry (None if unresolved), address, level, radius_m (metres), score,
    place_id and reason. With ``online`` also provider, provider_datum, asked_on and provider_reason, the outcome of the question.
    """
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    import shapely

    from qjmap.geocoding.country_columns import country_ids
    from qjmap.geocoding.locate_many import locate_many
    from qjmap.pipeline.project_locator import locator_at

    given = [names] if isinstance(names, str) else names
    series = given if isinstance(given, pd.Series) else pd.Series(list(given), dtype=object)
    texts = ["" if missing else str(name) for name, missing in zip(series, series.isna(), strict=True)]
    locator = locator_at(project)
    within = None
    if countries is not None:
        codes = country_ids(["" if pd.isna(country) else country for country in countries], locator.places.countries)
        within = [(code,) if code else () for code in codes]
    columns = locate_many(locator, texts, within)
    provider_columns: dict[str, list[str]] = {}
    if online:
        answers = _online(online, locator).fill_unresolved(texts, within, columns)
        provider_columns = {
            "provider": answers.provider,
            "provider_datum": answers.provider_datum,
            "asked_on": answers.asked_on,
            "provider_reason": answers.outcome,
        }
    points = np.array([columns["lon"], columns["lat"]], dtype=float).T
    geometry = np.full(len(texts), None, dtype=object)
    located = np.isfinite(points).all(axis=1)
    geometry[located] = shapely.points(points[located])
    return gpd.GeoDataFrame(
        {
            "address": [name or None for name in columns["name"]],
            **{name: columns[name] for name in ("level", "radius_m", "score", "place_id", "reason")},
            **provider_columns,
        },
        geometry=geometry,
        index=series.index,
        crs="EPSG:4326",
    )
