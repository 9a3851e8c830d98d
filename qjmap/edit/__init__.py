"""Change the tables of a project: the commands `add`, `apply`, `resolve`, `undo` and `locate --online`.

add_rows        add the rows of any table file
add_sheets      add the rows of all worksheets of a workbook
apply_changes   apply a change file, which the page's editor saved
change_file     read change files
change_faults   collect the faults of a change file
apply_report    the result of applying a change file
resolve_names   record what unknown or ambiguous names mean
fill_positions  fill in positions from an online provider
project_lock    lock the tables, so that one program writes at a time
write_tables    write the tables, with entries in the journal
undo_changes    take the last change back
journal_entries read and write the files of the journal
csv_patch       change a CSV file without changing the bytes of other rows
add_report      the result of adding rows
"""

from qjmap.edit.add_report import AddReport, SheetsReport, note_lines
from qjmap.edit.add_rows import add
from qjmap.edit.add_sheets import add_sheets
from qjmap.edit.apply_changes import Prefer, apply_changes
from qjmap.edit.apply_report import ApplyReport
from qjmap.edit.resolve_names import Question, ResolveReport, resolve_names
from qjmap.edit.undo_changes import UndoReport, undo
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
