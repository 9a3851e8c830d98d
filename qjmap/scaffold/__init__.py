"""Make a user's first files: new projects, templates to fill in, and the guide to the tables.

new_project        the project of a county, prefecture or province: settings, places, empty tables and guides
new_atlas          such projects of many administrative units, and the project that includes them
unit               the administrative unit that a name means, the units that contain it, and its neighbours
unit_rows          the rows of places and sources of a new project
example            invented firms and agreements for a new project
csv_text           CSV tables with Chinese headers
guide              the guide, which explains every table, column and setting
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
