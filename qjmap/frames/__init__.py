"""`explore` makes a self-contained map page of any GeoDataFrame or file, without a project."""

from qjmap.frames.explore_frames import explore

__all__ = ["explore"]
