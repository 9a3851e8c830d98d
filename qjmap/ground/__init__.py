"""The ground of maps: boundaries of China's administrative units, coast, lakes, rivers and names, all of it inside the package.

All coordinates are WGS 84 (EPSG:4326) degrees. Origin, precision and licences: assets/ground/README.md.
"""

from qjmap.ground.units import bounds, neighbours, outline

__all__ = ["bounds", "neighbours", "outline"]
