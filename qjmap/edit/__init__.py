"""What `add` and `undo` do.

    adding        rows of any file into a table, all of them or named
    duplicates    which row of the table a new one may be
    ledger        the table's bytes
    journal       the lock, and the way back
"""

from qjmap.edit.adding import AddReport, Duplicates, add
from qjmap.edit.journal import UndoReport, undo

__all__ = ["AddReport", "Duplicates", "UndoReport", "add", "undo"]
