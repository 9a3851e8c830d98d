"""Make a self-contained map page of a GeoDataFrame, or of a file read as one, without a project: `explore`."""

from qjmap.frames.explore_frames import explore

__all__ = ["explore"]
