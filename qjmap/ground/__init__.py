"""The ground under every map: boundaries of China's administrative units, land, lakes, rivers and names, from files in the package.

All coordinates are WGS 84 (EPSG:4326) degrees. Origin, precision and licences: assets/ground/README.md.
"""

from typing import TYPE_CHECKING, Any

from qjmap.ground.administrative_units import bounds, neighbours, outline

if TYPE_CHECKING:
    from qjmap.ground.page_ground import Ground, ground_of

__all__ = ["Ground", "bounds", "ground_of", "neighbours", "outline"]


def __getattr__(name: str) -> Any:
    if name in ("Ground", "ground_of"):  # imports NumPy and shapely, which the lookup of a place does not need
        from qjmap.ground import page_ground

        return getattr(page_ground, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
