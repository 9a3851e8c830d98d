"""Every fault of a project or of a file.

    gather        all of them, in one order
    references    rows that name other rows
    doubts        what is doubtful rather than wrong
    outside       coordinates in another unit than the row says
"""

from qjmap.checks.gather import Step, check, check_file, checked_file, table_called, with_faults

__all__ = ["Step", "check", "check_file", "checked_file", "table_called", "with_faults"]
