"""Attribution of exported data: statements that name the sources of positions and lines with their licences."""

from __future__ import annotations

from collections.abc import Iterable

from qjmap.model.atlas import Atlas
from qjmap.model.point_layers import located
from qjmap.schema import GAZETTEER_SOURCE
from qjmap.tables.columns import operations as cols

GAZETTEER = "GeoNames CC BY 4.0"
"""Attribution of positions from the gazetteer in the package."""


def attribution(atlas: Atlas, layer: str | None = None) -> tuple[str, ...]:
    """Return the attribution statements that must be shown with data of an atlas, one text each.

    Parameters
    ----------
    layer : layer that is shown or exported; None for the whole atlas, as on the page.
    """
    return attributions(atlas, (layer,))[layer]


def attributions(atlas: Atlas, layers: Iterable[str | None]) -> dict[str | None, tuple[str, ...]]:
    """Return layer -> its attribution statements (see `attribution`), for several layers, None for the whole atlas.

    The sites are read only once.
    """
    used = {
        source
        for frame in (atlas.places, atlas.site_rows)
        for source in cols.unique(cols.column(frame, "position_source")[located(frame)])
    }
    if atlas.all_sites:
        used |= atlas.all_sites.sources
    sources = zip(*(atlas.sources[column] for column in ("id", "title", "licence")), strict=True)
    lines = [f"{title} {licence}".strip() for source, title, licence in sources if source and source in used]
    located_at = (cols.unique(cols.column(frame, "position_of")) for frame in (atlas.places, atlas.site_rows))
    places = {place for of_frame in located_at for place in of_frame if place}
    for frame in (atlas.places, atlas.site_rows):
        places -= {*frame["id"][cols.isin(cols.column(frame, "id"), places)]}
    if places or GAZETTEER_SOURCE in used or (atlas.all_sites and atlas.all_sites.points):
        lines.append(GAZETTEER)  # positions of ids that are not the project's come from the gazetteer of China
    network_lines = sorted({line.credit for line in atlas.lines.values()})
    return {
        layer: tuple(
            dict.fromkeys([*lines, *network_lines] if layer in (None, "corridors", "corridor_legs") else lines)
        )
        for layer in layers
    }
