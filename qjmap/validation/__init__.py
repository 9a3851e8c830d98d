"""Find every fault of a project, or of a file that is to be added to one.

checks        the list of checks, and the facts about whole tables that they need
check_project
              checks all tables of a project
row_index     index of all rows by id and by name, by which references are resolved
references    references between rows: names become ids, dangling ones and cycles are faults
places_from_gazetteer
              adds the places that rows name and no table has, if the gazetteer has them
read_file     reads a file as rows of a table
classify_rows decides for each row of a file whether it is added
resolved_rows the rows of such a file with ids and references
several_sheets
              the same for several worksheets of a workbook
row_records   rows as dicts of cells, as they are written into tables
id_column     decides whether the ids of a file are ids of this program
duplicates    finds the row of a table that a new row may repeat
setting_names places that the settings name
settle_places resolves ambiguous places by other cells of their rows
several_names splits a text that holds several names
own_column_warnings
              warns of columns that users added
long_tables   decides whether a table is long
plausibility  warns of doubtful values
containment   warns of points outside the unit that their row names
country_column
              warns of rows outside the country that they name
unlocated     warns of places without a position, and of tables of which nothing is drawn
"""

from qjmap.validation.check_project import Checked, Step, check, table_called, with_faults
from qjmap.validation.classify_rows import Judgement, check_file, judge
from qjmap.validation.read_file import read_file
from qjmap.validation.resolved_rows import Duplicates
from qjmap.validation.row_records import Records

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
