"""Public API: functions, and the classes `Project` and `Atlas`, which delegate to the other modules.

atlas       `Atlas`: tables with positions, to query, draw and export
project     `Project`: a project in a folder, to check, change, draw, export, compare and report its tables
comparison  `Comparison`: the changes between two editions of the data
locating    functions that turn names and addresses into positions
"""

from qjmap.api.atlas import Atlas
from qjmap.api.locating import geocode, locate, reverse
from qjmap.api.project import Project, new_project, open_project

__all__ = ["Atlas", "Project", "geocode", "locate", "new_project", "open_project", "reverse"]
