"""Edition against edition: what was added, withdrawn, moved, renamed or changed, row by row and sentence by sentence."""

from qjmap.diff.changes import Change, changes
from qjmap.diff.editions import Edition, open_edition
from qjmap.diff.render import FORMS, page_changes, render

__all__ = ["FORMS", "Change", "Edition", "changes", "open_edition", "page_changes", "render"]
