"""Columns for the page: frames become compressed, columnar blocks of text."""

from qjmap.payload.block import DEGREE_1E6, Block
from qjmap.payload.codecs import varints
from qjmap.payload.script import script_json
from qjmap.payload.sheet import Sheet, make_sheet

__all__ = ["DEGREE_1E6", "Block", "Sheet", "make_sheet", "script_json", "varints"]
