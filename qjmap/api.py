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

    from qjmap.edit import AddReport, ApplyReport, Duplicates, Prefer, ResolveReport, SheetsReport
    from qjmap.errors import Fault
    from qjmap.geocoding.online.online_locator import OnlineLocator
    from qjmap.geocoding.reverse import Surroundings
    from qjmap.model.atlas import Atlas as _Model
    from qjmap.pipeline.build import Built
    from qjmap.report import Report
    from qjmap.routing import Routed


class Atlas:
    """The tables of a project with positions, as GeoDataFrames in WGS 84 (EPSG:4326); a notebook displays it as a map.

    Columns of texts have pandas' dtype `str`, numbers float64, lists object (tuples), whatever the number of rows. Frames are copies.
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
        """Agreements and joint projects, as geodesics from the first party to the others."""
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
        """Return a folium map of the layers, to which more can be added."""
        from qjmap.pipeline.map import make_map

        return make_map(self._model, shell=False)

    def report(self) -> Report:
        """Return statistics as six DataFrames: partners, joint projects, values, distances, lengths of corridors, gaps."""
        from qjmap.report import build_report

        return build_report(self._model)

    def to_html(self) -> str:
        """Return the self-contained page."""
        from qjmap.pipeline.map import page_html

        return page_html(self._model)

    def save(self, path: str | Path) -> None:
        """Write the self-contained page to a file."""
        from qjmap import atomic_write
        from qjmap.pipeline.map import page_bytes

        atomic_write.write_all({Path(path): page_bytes(self._model)}, durable=False)

    def to_geojson(self, layer: str | None = None) -> Any:
        """Return GeoJSON (RFC 7946) of one layer as text; of all layers, by name, where `layer` is None."""
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
    """Project in a folder: tables, geometry and pages."""

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
        """Check, join and locate the tables; raise DataFaults where there are faults, or with `strict` warnings."""
        from qjmap.pipeline.load import load_atlas

        return Atlas(load_atlas(self._folder, strict=strict)[0])

    def report(self) -> Report:
        """Return the statistics of the tables; see `Atlas.report`."""
        return self.atlas().report()

    def build(self, out: str | Path | None = None, *, tiles: str | Sequence[str] = (), strict: bool = False) -> Built:
        """Write ``maps/<id>.html`` and ``geo/export/<layer>.geojson``.

        Parameters
        ----------
        out : folder of the pages; the project's ``maps`` by default.
        tiles : names of online backgrounds that readers may turn on.
        strict : treat warnings as faults.
        """
        from qjmap.pipeline.build import build

        names = [tiles] if isinstance(tiles, str) else list(tiles)
        return build(self._folder, out=Path(out) if out is not None else None, tiles=names, strict=strict)

    def route(self) -> Routed:
        """Route the legs of corridors on networks and write ``geo/corridor_legs.geojson``. Needs the extra ``route``."""
        from qjmap.routing import route

        return route(self._folder)

    def add(
        self, file: str | Path, *, table: str | None = None, datum: str | None = None, sheet: str | None = None,
        encoding: str | None = None, columns: str | Mapping[str, str] | None = None, update: bool = False,
        duplicates: Duplicates = "refuse", yes: bool = False,
        dry_run: bool = False, lang: str = "zh", step: Callable[..., None] | None = None,
    ) -> AddReport:  # fmt: skip
        """Add the valid rows of a table file to a table; write faulty rows to a file beside it. See `qjmap.edit.add`."""
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
        """Add the valid rows of all worksheets of a workbook, each to the table that it is of. See `qjmap.edit.add_sheets`."""
        from qjmap.edit import add_sheets

        return add_sheets(
            self._folder, Path(file), table=table, datum=datum, encoding=encoding, columns=columns, duplicates=duplicates,
            yes=yes, dry_run=dry_run, lang=lang, step=step,
        )  # fmt: skip

    def apply(self, changes: str | Path, *, prefer: Prefer = "", dry_run: bool = False) -> ApplyReport:
        """Apply a change file that a map's editor saved. See `qjmap.edit.apply_changes`."""
        from qjmap.edit import apply_changes

        return apply_changes(self._folder, Path(changes), prefer=prefer, dry_run=dry_run)

    def resolve(self, answers: Mapping[str, str] | None = None) -> ResolveReport:
        """Settle names in the tables that are unknown or ambiguous, and return those left open. See `qjmap.edit.resolve_names`.

        Parameters
        ----------
        answers : name -> adcode, full name, or id or name of a row, of which the name becomes an alias.
        """
        from qjmap.edit import resolve_names

        return resolve_names(self._folder, answers)

    def gazetteer(self) -> OfflineLocator:
        """Return the locator of names and addresses: in the project's places first, then in all of China."""
        from qjmap.pipeline.project_locator import project_locator

        return project_locator(self._folder)

    def __repr__(self) -> str:
        return f"<Project {self.settings.id} at {self.root}>"


def open_project(path: str | Path = ".") -> Project:
    """Open the project in a folder with ``data/project.toml``; UsageError where there is none."""
    return Project(load_project(Path(path)))


def new_project(name: str, folder: str | Path | None = None, *, within: str = "", example: bool = False) -> Project:
    """Make the project of a county, prefecture or province of China, and open it. See `qjmap.scaffold.new_project`.

    Parameters
    ----------
    folder : not there yet, or empty; by default one of the unit's name in the current folder.
    within : name or adcode of an area that contains the unit, where several have the name.
    example : fill the tables with invented firms and agreements.
    """
    from qjmap.scaffold import new_project as make

    return open_project(make(name, folder, within=within, example=example).folder)


def locate(text: str, *, within: Sequence[str] = (), project: str | Path = ".", online: str | None = None) -> Answer:
    """Locate a name or an address offline: in the project's places, if there are any, then in all of China.

    Parameters
    ----------
    within : names or ids of areas that contain the place, and names or codes (ISO 3166-1) of its country.
    project : folder of a project; it need not be one.
    online : provider to ask over the network where the offline answer is unresolved, as `qjmap locate --online` does. Its
        answer is a candidate with ``provider``, ``provider_datum`` and ``asked_on``.

    Raises
    ------
    UsageError : the provider is unknown, or its key is missing.
    """
    from qjmap.pipeline.project_locator import locator_at

    locator = locator_at(project)
    return (_online(online, locator) if online else locator).locate(text, within=within)


def _online(provider: str, locator: OfflineLocator) -> OnlineLocator:
    import os  # start-up time

    from qjmap.geocoding.online.environment import open_online

    return open_online(provider, locator, os.environ)


def reverse(lon: float, lat: float) -> Surroundings:
    """Return province, city and county that contain a point (WGS 84 degrees) by polygon, and the nearest known town; offline."""
    from qjmap.geocoding.reverse import reverse

    return reverse(lon, lat)


def geocode(
    names: str | Iterable[str],
    *,
    countries: Iterable[str] | None = None,
    project: str | Path = ".",
    online: str | None = None,
) -> gpd.GeoDataFrame:
    """Locate names or addresses, with a result like that of `geopandas.tools.geocode`.

    Parameters
    ----------
    names : texts, or one; the index of a Series is kept.
    countries : the country of each text, by its Chinese or English name or its code (ISO 3166-1), in the order of the texts; what
        is missing or no country judges nothing. A text that names a place in another country is a conflict.
    project : folder of a project; it need not be one.
    online : provider to ask over the network where the offline answer is unresolved.

    Returns
    -------
    GeoDataFrame in EPSG:4326 with geometry (None where unresolved) and address, and level, radius_m in metres, score,
    place_id and reason. With ``online`` also provider, provider_datum, asked_on and provider_reason, the outcome of asking.
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
