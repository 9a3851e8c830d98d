"""Every fault of a project or of a file that is to be added to one.

    gather        all of a project, in one order
    judging       what becomes of each row of a file
    ownids        whose ids a file has
    duplicates    which row of the table a new one may be
    references    rows that name other rows
    doubts        what is doubtful rather than wrong
    outside       coordinates in another unit than the row says
"""

from qjmap.checks.gather import Step, check, table_called, with_faults
from qjmap.checks.judging import Duplicates, Judgement, check_file, judge, read_file

__all__ = ["Duplicates", "Judgement", "Step", "check", "check_file", "judge", "read_file", "table_called", "with_faults"]
