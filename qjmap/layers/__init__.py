"""The layers of a map, one module each. A layer is a folium element that also works alone on any ``folium.Map``."""

from qjmap.layers.background import Background
from qjmap.layers.corridors import Corridors
from qjmap.layers.districts import Districts
from qjmap.layers.features import Features
from qjmap.layers.map_layer import MapLayer
from qjmap.layers.partnerships import Partnerships
from qjmap.layers.places import Places
from qjmap.layers.sites import Sites

ORDER: tuple[type[MapLayer], ...] = (Background, Corridors, Partnerships, Sites, Districts, Places)
"""The layers of an atlas in drawing order, the lowest first."""

__all__ = ["ORDER", "Background", "Corridors", "Districts", "Features", "MapLayer", "Partnerships", "Places", "Sites"]
