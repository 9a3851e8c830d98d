"""Compare two editions of a project's data: rows added, withdrawn, moved, renamed or changed, as a list and as sentences."""

from qjmap.diff.changes import Change, changes
from qjmap.diff.editions import Edition, open_edition
from qjmap.diff.render import FORMS, old_and_new, page_changes, render

__all__ = ["FORMS", "Change", "Edition", "changes", "old_and_new", "open_edition", "page_changes", "render"]
