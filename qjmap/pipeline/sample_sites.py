"""Keep only some sites of an atlas in memory, chosen like those of a table in partitions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qjmap.model.atlas import AllSites, Atlas
from qjmap.model.counties_of_sites import counted, county_adcodes
from qjmap.model.point_layers import located
from qjmap.partitioned.run_passes import ids_named
from qjmap.tables.columns import operations as cols


def sample_sites(atlas: Atlas, rows: int) -> Atlas:
    """Return the atlas with `rows` of its sites and those to which other tables refer, and a summary of all sites (`Atlas.all_sites`).

    The sites with the smallest hashes of their ids are taken, so that the sample does not depend on their order and is always the same. An
    atlas with no more than `rows` sites is returned unchanged.
    """
    sites = atlas.site_rows
    if len(sites) <= rows:
        return atlas
    ids = cols.column(sites, "id")
    hashes = cols.hash_array(ids)
    mask = hashes <= np.partition(hashes, rows - 1)[rows - 1] if rows else np.zeros(len(ids), dtype=bool)
    mask |= cols.isin(ids, ids_named(atlas.table_rows()))
    points = set(cols.unique(cols.column(sites, "position_of"))) - {"", *atlas.places["id"]}
    points -= set(cols.to_objects(ids[np.flatnonzero(cols.isin(ids, points))]))
    sources = frozenset(cols.unique(cols.column(sites, "position_source")[located(sites)]))
    counties = dict(sorted(counted(county_adcodes(sites)).items()))
    return replace(
        atlas,
        site_rows=sites[mask].reset_index(drop=True),
        all_sites=AllSites(len(ids), counties, sources, frozenset(points)),
    )
