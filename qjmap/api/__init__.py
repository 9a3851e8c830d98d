"""Public API: functions, and the classes `Project` and `Atlas`, which delegate to the other modules.

atlas     tables with positions: ask, draw, export
project   a folder with tables: the verbs of the command line
locating  names and addresses to positions
"""

from qjmap.api.atlas import Atlas
from qjmap.api.locating import geocode, locate, reverse
from qjmap.api.project import Project, new_project, open_project

__all__ = ["Atlas", "Project", "geocode", "locate", "new_project", "open_project", "reverse"]
