"""Some of the sites of an atlas that is in memory, chosen as a table in parts chooses them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qjmap.model import Atlas, Beyond
from qjmap.parts.districts import counted, county_adcodes
from qjmap.parts.hashing import hashes
from qjmap.parts.road import named_in
from qjmap.points import located
from qjmap.tables import columns as cols


def sample(atlas: Atlas, rows: int) -> Atlas:
    """The atlas with so many of its sites, and with those that other tables name: the choice of a table in parts."""
    sites = atlas.site_rows
    if len(sites) <= rows:
        return atlas
    own = cols.column(sites, "id")
    numbers = hashes(own)
    here = numbers <= np.partition(numbers, rows - 1)[rows - 1] if rows else np.zeros(len(own), dtype=bool)
    here |= cols.among(own, named_in(atlas.kept_tables()))
    points = set(cols.distinct(cols.column(sites, "position_of"))) - {"", *atlas.places["id"]}
    points -= set(cols.objects(own[np.flatnonzero(cols.among(own, points))]))
    sources = frozenset(cols.distinct(cols.column(sites, "position_source")[located(sites)]))
    counties = dict(sorted(counted(county_adcodes(sites)).items()))
    return replace(
        atlas, site_rows=sites[here].reset_index(drop=True), beyond=Beyond(len(own), counties, sources, frozenset(points))
    )
