"""What `add`, `undo` and `locate --online` do to the tables.

    adding        rows of any file into a table, all of them or named
    placing       positions from a provider into rows that have none
    ledger        the table's bytes
    journal       the lock, and the way back
    entries       what the journal holds
"""

from qjmap.checks import Duplicates
from qjmap.edit.adding import add
from qjmap.edit.journal import UndoReport, undo
from qjmap.edit.reports import AddReport

__all__ = ["AddReport", "Duplicates", "UndoReport", "add", "undo"]
