"""Columns of a table: dtypes and conversions, operations on cells, Arrow utilities, hashing, spilling to disk."""
