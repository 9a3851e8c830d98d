"""The public verbs and faces; thin, each a call into the house."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qjmap.locators import Answer, Everywhere
from qjmap.project import Project as _Folder
from qjmap.project import Settings, load_project

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd

    from qjmap.build import Built
    from qjmap.edit import AddReport
    from qjmap.errors import Fault
    from qjmap.locators.online.locator import Online
    from qjmap.locators.reverse import Surroundings
    from qjmap.model import Atlas as _Model
    from qjmap.report import Report
    from qjmap.routing import Routed


class Atlas:
    """One project's facts, located: GeoDataFrames in WGS 84 (EPSG:4326); in a notebook it shows itself as a map."""

    def __init__(self, model: _Model) -> None:
        self._model = model

    @property
    def places(self) -> gpd.GeoDataFrame:
        """Places and areas; points."""
        return self._model.places.copy()

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """Things on the ground and organisations; points."""
        return self._model.sites.copy()

    @property
    def partnerships(self) -> gpd.GeoDataFrame:
        """Agreements and joint things; geodesics from the first party to the others."""
        return self._model.partnerships.copy()

    @property
    def corridors(self) -> gpd.GeoDataFrame:
        """Ways that goods, people or policy move; the lines of their legs."""
        return self._model.corridors.copy()

    @property
    def corridor_legs(self) -> gpd.GeoDataFrame:
        """The stretches of the corridors."""
        return self._model.corridor_legs.copy()

    @property
    def indicators(self) -> pd.DataFrame:
        """Figures that a source states of any row."""
        return self._model.indicators.copy()

    @property
    def sources(self) -> pd.DataFrame:
        """The documents that the facts rest on."""
        return self._model.sources.copy()

    def map(self) -> folium.Map:
        """A folium map of the layers, to go on with."""
        from qjmap.drawing import make_map

        return make_map(self._model, shell=False)

    def report(self) -> Report:
        """The numbers: partners, joint projects, values, distances, lengths of corridors, gaps; six DataFrames."""
        from qjmap.report import build_report

        return build_report(self._model)

    def to_html(self) -> str:
        """The self-contained page as one text."""
        from qjmap.drawing import page_html

        return page_html(self._model)

    def to_geojson(self, layer: str | None = None) -> Any:
        """GeoJSON (RFC 7946) of one layer as a text, or without a name of all four as {name: text}."""
        from qjmap.exporting import geojson_texts

        found = geojson_texts(self._model)
        return found if layer is None else found[layer]

    def _repr_html_(self) -> str:
        page = html.escape(self.to_html(), quote=True)
        return f'<iframe srcdoc="{page}" width="100%" height="640" frameborder="0"></iframe>'

    def __repr__(self) -> str:
        sizes = ", ".join(f"{len(frame)} {name}" for name, frame in self._model.kept_layers().items())
        return f"<Atlas {self._model.project.settings.id}: {sizes}>"


class Project:
    """One region's folder: the tables people edit, its geometry and its pages."""

    def __init__(self, folder: _Folder) -> None:
        self._folder = folder

    @property
    def root(self) -> Path:
        """The folder that holds ``data/``."""
        return self._folder.root

    @property
    def settings(self) -> Settings:
        """What ``data/project.toml`` says."""
        return self._folder.settings

    def check(self) -> list[Fault]:
        """Every fault and warning of the tables, and of the lines of corridor legs."""
        from qjmap.checking import every_fault

        return every_fault(self._folder)

    def atlas(self, *, strict: bool = False) -> Atlas:
        """The tables checked, joined and located; DataFaults with every fault when there is any."""
        from qjmap.making import make_atlas

        return Atlas(make_atlas(self._folder, strict=strict)[0])

    def report(self) -> Report:
        """The numbers of the tables as they stand; see `Atlas.report`."""
        return self.atlas().report()

    def build(self, out: str | Path | None = None, *, tiles: str | Sequence[str] = (), strict: bool = False) -> Built:
        """Writes maps/<id>.html and geo/export/<layer>.geojson; ``tiles`` names online backgrounds to offer as well."""
        from qjmap.build import build

        names = [tiles] if isinstance(tiles, str) else list(tiles)
        return build(self._folder, out=Path(out) if out is not None else None, tiles=names, strict=strict)

    def route(self) -> Routed:
        """Lays the legs of corridors on real networks and writes geo/corridor_legs.geojson; needs the extra ``route``."""
        from qjmap.routing import route

        return route(self._folder)

    def add(
        self, file: str | Path, *, table: str | None = None, datum: str | None = None, yes: bool = False, **options: Any
    ) -> AddReport:
        """Adds the good rows of a CSV or Excel file to a table (sites when not told); bad ones go to a file beside it.

        With ``update=True``, rows of another name in the table are updated only with ``yes``.
        """
        from qjmap.edit import add

        return add(self._folder, Path(file), table=table, datum=datum, yes=yes, **options)

    def gazetteer(self) -> Everywhere:
        """What locates names and addresses: the project's places, then all of China."""
        from qjmap.locators.of_project import project_locator

        return project_locator(self._folder)

    def __repr__(self) -> str:
        return f"<Project {self.settings.id} at {self.root}>"


def open_project(path: str | Path = ".") -> Project:
    """Opens the project in a folder that holds ``data/project.toml``; UsageError where there is none."""
    return Project(load_project(Path(path)))


def locate(
    text: str, *, within: Sequence[str] = (), project: str | Path = ".", online: str | None = None
) -> Answer:
    """Candidates for a name or an address, offline: from the project in the folder, if any, then all of China.

    ``online`` names a provider to ask over the network for what that leaves open, as `qjmap locate --online` does; its
    place is a candidate with ``provider``, ``provider_datum`` and ``asked_on``. UsageError without its key.
    """
    from qjmap.locators.of_project import locator_at

    locator = locator_at(project)
    return (_online(online, locator) if online else locator).locate(text, within=within)


def _online(provider: str, locator: Everywhere) -> Online:
    import os

    from qjmap.locators.online.opening import open_online

    return open_online(provider, locator, os.environ)


def reverse(lon: float, lat: float) -> Surroundings:
    """The province, city and county that hold a point (WGS 84 degrees, by polygon), and the nearest known town; offline."""
    from qjmap.locators.reverse import reverse

    return reverse(lon, lat)


def geocode(names: Iterable[str], *, project: str | Path = ".", online: str | None = None) -> gpd.GeoDataFrame:
    """Points for names or addresses, as `geopandas.tools.geocode` has it: columns geometry and address, EPSG:4326.

    Further columns say how sure each point is: level, radius_m, score, place_id, reason. An unresolved name has no
    geometry; a list-like with an index keeps it. With ``online``, a provider's name, it is asked for what that leaves open,
    and the columns provider, provider_datum, asked_on and provider_reason say whose each point is and what came of asking.
    """
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    import shapely

    from qjmap.locators.batch import locate_many
    from qjmap.locators.of_project import locator_at

    series = names if isinstance(names, pd.Series) else pd.Series(list(names), dtype=object)
    texts = ["" if missing else str(one) for one, missing in zip(series, series.isna(), strict=True)]
    locator = locator_at(project)
    found = locate_many(locator, texts)
    whose: dict[str, list[str]] = {}
    if online:
        asked = _online(online, locator).improve(texts, None, found)
        whose = {"provider": asked.provider, "provider_datum": asked.provider_datum, "asked_on": asked.asked_on}
        whose["provider_reason"] = asked.outcome
    points = np.array([found["lon"], found["lat"]], dtype=float).T
    geometry = np.full(len(texts), None, dtype=object)
    known = np.isfinite(points).all(axis=1)
    geometry[known] = shapely.points(points[known])
    return gpd.GeoDataFrame(
        {
            "address": [name or None for name in found["name"]],
            **{name: found[name] for name in ("level", "radius_m", "score", "place_id", "reason")},
            **whose,
        },
        geometry=geometry,
        index=series.index,
        crs="EPSG:4326",
    )
