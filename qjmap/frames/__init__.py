"""Any GeoDataFrame as a page: `explore`."""

from qjmap.frames.explore_frames import explore

__all__ = ["explore"]
