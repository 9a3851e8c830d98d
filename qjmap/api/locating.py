"""Find the positions of names and addresses, and the county and the nearest town of a position."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from qjmap.geocoding import Answer, OfflineLocator

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from qjmap.geocoding.online.online_locator import OnlineLocator
    from qjmap.geocoding.reverse import Surroundings


@overload
def locate(
    text: str, *, within: Sequence[str] = (), project: str | Path = ".", online: str | None = None
) -> Answer: ...


@overload
def locate(
    text: pd.Series[Any], *, within: Sequence[str] = (), project: str | Path = ".", online: str | None = None
) -> pd.Series[Any]: ...


def locate(
    text: str | pd.Series[Any], *, within: Sequence[str] = (), project: str | Path = ".", online: str | None = None
) -> Answer | pd.Series[Any]:
    """Locate a name or an address offline: first among the places of the project, then in the gazetteer of China and of cities abroad.

    Parameters
    ----------
    text : name or address, or a Series of them; missing cells count as empty texts.
    within : names or ids of areas that contain the place, and names or codes (ISO 3166-1) of its country.
    project : folder of the project. If the current folder (the default) is not a project, only the gazetteer is searched.
    online : provider to ask over the network if the offline answer is unresolved, or coarser than the text, as `qjmap locate --online`
        does. Its answer is a candidate with ``provider``, ``provider_datum`` and ``asked_on``.

    Returns
    -------
    The answer; for a Series an object Series of answers with the same index and name. The answer to a text that cannot be located has
    ``resolved`` False and a ``reason``.

    Raises
    ------
    UsageError : ``project`` names another folder that is not a project; or the provider is unknown, its key is missing or refused, or the
        package geopy is not installed.
    DataFaults : the project's settings or its table of places cannot be read.
    QjmapError : the cache of the provider's answers cannot be used.
    TypeError : ``text`` is neither a text nor a Series; for a list of texts use `geocode`.
    """
    from qjmap.pipeline.project_locator import locator_at

    is_series = hasattr(text, "index") and hasattr(text, "isna")
    if not isinstance(text, str) and not is_series:
        raise TypeError(f"locate takes a text or a Series, not {type(text).__name__}; geocode takes a list of texts")
    offline = locator_at(project)
    locator = _online(online, offline) if online else offline
    if isinstance(text, str):
        return locator.locate(text, within=within)
    import pandas as pd  # imported here to save start-up time: a single name does not need pandas

    texts = text.where(text.notna(), "").astype(str)
    answers = {one: locator.locate(one, within=within) for one in texts.unique()}
    return pd.Series([answers[one] for one in texts], index=text.index, name=text.name, dtype=object)


def _online(provider: str, locator: OfflineLocator) -> OnlineLocator:
    import os  # imported here to save start-up time

    from qjmap.geocoding.online.environment import open_online

    return open_online(provider, locator, os.environ)


def reverse(lon: float, lat: float) -> Surroundings:
    """Return the province, city and county whose polygons contain a point (WGS 84 degrees), and the nearest known town; offline.

    For a point abroad, at sea or not finite, the names and codes are "".
    """
    from qjmap.geocoding.reverse import reverse

    return reverse(lon, lat)


def geocode(
    names: str | Iterable[str],
    *,
    countries: Iterable[str] | None = None,
    project: str | Path = ".",
    online: str | None = None,
) -> gpd.GeoDataFrame:
    """Locate names or addresses; the result is like that of `geopandas.tools.geocode`.

    Parameters
    ----------
    names : a text, or several; the index of a Series is kept. Missing values count as empty texts.
    countries : the country of each text, by its Chinese or English name or its code (ISO 3166-1). A text whose place lies in another
        country is not located, with the reason "conflict". A missing or unknown country has no effect.
    project : folder of the project, as in `locate`.
    online : provider to ask over the network, as in `locate`. Errors are as there.

    Returns
    -------
    GeoDataFrame in EPSG:4326 with one row for each text: address (name of the place found; missing if there is none), level (precision),
    radius_m (metres), score (0 to 1), place_id, reason, and geometry (a point; None if no position was found). With ``online`` also
    provider, provider_datum, asked_on and provider_reason, the outcome of the request; "" for texts that were not asked about.
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
