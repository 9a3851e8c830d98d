"""Projects that a project includes: found, their ids prefixed, and what two of them both tell shown once.

find_projects    the folders that `[include]` names, and theirs
project_tables   the checked tables of one project, and all of them under prefixed ids
same_places      places that several projects have
same_agreements  partnerships that several parties tell of
agreement_names  what the name of an agreement is about
same_rows        rows of the other tables that say the same
combine_rows     several rows that are one: its cells, and where they differ
merge            all of it: the tables of one atlas
"""

from qjmap.including.find_projects import Included, flatten, included_projects, walk
from qjmap.including.merge import Merged, merge, merged_settings
from qjmap.including.project_tables import Part, rows_for_references

__all__ = [
    "Included",
    "Merged",
    "Part",
    "flatten",
    "included_projects",
    "merge",
    "merged_settings",
    "rows_for_references",
    "walk",
]
