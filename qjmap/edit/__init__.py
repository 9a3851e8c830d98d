"""Changes of a project's tables by `add`, `apply`, `undo` and `locate --online`.

add_rows        add the rows of any table file
add_sheets      add all worksheets of a workbook
apply_changes   apply a change file
change_file     the form of change files
change_faults   their faults
apply_report    result of applying one
resolve_names   settle names that are unknown or ambiguous
fill_positions  fill in positions from an online provider
history         lock, journaled writes, undo
undo_journal    files of the journal
csv_patch       changes of a CSV file that keep its other bytes
results         result of an addition
"""

from qjmap.edit.add_rows import add
from qjmap.edit.add_sheets import add_sheets
from qjmap.edit.apply_changes import Prefer, apply_changes
from qjmap.edit.apply_report import ApplyReport
from qjmap.edit.history import UndoReport, undo
from qjmap.edit.resolve_names import Question, ResolveReport, resolve_names
from qjmap.edit.results import AddReport, SheetsReport, note_lines
from qjmap.validation import Duplicates

__all__ = [
    "AddReport",
    "ApplyReport",
    "Duplicates",
    "Prefer",
    "Question",
    "ResolveReport",
    "SheetsReport",
    "UndoReport",
    "add",
    "add_sheets",
    "apply_changes",
    "note_lines",
    "resolve_names",
    "undo",
]
