"""Merge the projects that a project includes into one atlas: prefix their ids, and join rows that describe the same thing.

find_projects    the projects that `[include]` names, and those that they include
project_tables   the checked tables of one project, and the tables of all projects under prefixed ids
same_places      groups of rows of different projects that are one place
same_agreements  groups of rows of different projects that are one partnership
agreement_names  the subject of an agreement, read from its name
same_rows        groups of equal rows of the other tables
merge_rows       one row from a group of rows, and warnings where their cells differ
merge_tables     the tables and settings of the whole atlas
"""

from qjmap.included_projects.find_projects import Included, flatten, included_projects, walk
from qjmap.included_projects.merge_tables import Merged, merge, merged_settings
from qjmap.included_projects.project_tables import ProjectTables, rows_for_references

__all__ = [
    "Included",
    "Merged",
    "ProjectTables",
    "flatten",
    "included_projects",
    "merge",
    "merged_settings",
    "rows_for_references",
    "walk",
]
