"""Find every fault of a project, or of a file that is to be added to one.

checks        the list of checks, and what they know of whole tables
run           all tables of a project
read_file     a file as rows of a table
new_rows      the rows of a file that is to be added
resolved_rows the same rows with ids and references
records       rows as tables are written
id_column     whether a file's ids are ours
duplicates    which row of a table a new row may be
references    references between rows
setting_names places that the settings name
plausibility  doubtful values
containment   points outside the unit that their row names
"""

from qjmap.validation.new_rows import Judgement, check_file, judge
from qjmap.validation.read_file import read_file
from qjmap.validation.records import Records
from qjmap.validation.resolved_rows import Duplicates
from qjmap.validation.run import Checked, Step, check, table_called, with_faults

__all__ = [
    "Checked",
    "Duplicates",
    "Judgement",
    "Records",
    "Step",
    "check",
    "check_file",
    "judge",
    "read_file",
    "table_called",
    "with_faults",
]
