"""qjmap: geospatial cooperation maps from office tables.

``explore(frame)`` shows any GeoDataFrame on a map. ``open_project(path)`` opens a project, ``new_project(name)`` makes one; ``locate`` and
``geocode`` locate names and addresses, ``reverse`` finds the county of a point. Libraries are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qjmap import _pandas
from qjmap._version import __version__

if TYPE_CHECKING:
    from qjmap.api import Atlas, Project, geocode, locate, new_project, open_project, reverse
    from qjmap.frames import explore

__all__ = ["Atlas", "Project", "__version__", "explore", "geocode", "locate", "new_project", "open_project", "reverse"]


_pandas.register()


def __getattr__(name: str) -> Any:
    if name == "explore":
        from qjmap.frames import explore

        return explore
    if name in __all__:
        from qjmap import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
