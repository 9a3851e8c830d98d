"""Encode frames for the page as compressed columns, blocks and chunked tables, and read them back."""

from qjmap.payload.chunked_table import ChunkedTable, make_chunked_table
from qjmap.payload.codecs import varints
from qjmap.payload.column_block import DEGREE_1E6, Block
from qjmap.payload.json_script import script_json
from qjmap.payload.read_table import read_tables

__all__ = ["DEGREE_1E6", "Block", "ChunkedTable", "make_chunked_table", "read_tables", "script_json", "varints"]
