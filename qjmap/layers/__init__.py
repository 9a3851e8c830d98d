"""The map's layers, one file each, in their drawing order from the ground up. Each is a folium element."""

from qjmap.layers.background import Background
from qjmap.layers.base import MapLayer
from qjmap.layers.corridors import Corridors
from qjmap.layers.districts import Districts
from qjmap.layers.partnerships import Partnerships
from qjmap.layers.places import Places
from qjmap.layers.sites import Sites

ORDER: tuple[type[MapLayer], ...] = (Background, Corridors, Partnerships, Sites, Districts, Places)
"""Drawing order, lowest first."""

__all__ = ["ORDER", "Background", "Corridors", "Districts", "MapLayer", "Partnerships", "Places", "Sites"]
