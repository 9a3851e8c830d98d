"""Files to begin with: the project of a district, workbooks to fill in, the guide to tables.

new_project        settings, places, empty tables and guides of a county, prefecture or province
new_atlas          such projects of many units, and the one that includes them
unit               the unit that a name means, what it lies in and what touches it
unit_rows          its rows of places and of sources
example            invented firms and agreements, to play with
csv_text           tables with Chinese headers
guide              what every column and setting means
write_template     write a template to a file
template_workbook  a template as an .xlsx workbook
template_columns   columns of a template: headers, explanations, words, examples
"""

from qjmap.scaffold.guide import guide
from qjmap.scaffold.new_atlas import new_atlas
from qjmap.scaffold.new_project import new_project
from qjmap.scaffold.template_columns import TEMPLATES
from qjmap.scaffold.template_workbook import template_workbook
from qjmap.scaffold.write_template import write_template

__all__ = ["TEMPLATES", "guide", "new_atlas", "new_project", "template_workbook", "write_template"]
