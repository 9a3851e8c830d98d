"""Files to begin with: workbooks to fill in.

write_template     write a template to a file
template_workbook  a template as an .xlsx workbook
template_columns   columns of a template: headers, explanations, words, examples
"""

from qjmap.scaffold.template_columns import TEMPLATES
from qjmap.scaffold.template_workbook import template_workbook
from qjmap.scaffold.write_template import write_template

__all__ = ["TEMPLATES", "template_workbook", "write_template"]
