"""Decide whether a table is long. For long tables, steps whose cost grows with the rows are limited or left out:

- only those rows are indexed that references or new rows may mean, which does not change the result;
- an unknown reference gets no suggestions of similar spellings: comparing it with the ids and names of 20,000 rows takes 0.15 s, and
  among so many names the most similar one is rarely meant;
- checks do not try whether each site can be located, and do not compare the addresses of sites without coordinates with their places.

The environment variable `QJMAP_LONG_TABLE_ROWS` replaces `LONG_TABLE_ROWS`.
"""

from __future__ import annotations

import os

LONG_TABLE_ROWS = 20_000
"""Number of rows above which a table is long."""
VARIABLE = "QJMAP_LONG_TABLE_ROWS"


def is_long(rows: int) -> bool:
    """Whether a table of `rows` rows is long."""
    value = os.environ.get(VARIABLE, "")
    return rows > (int(value) if value.isascii() and value.isdigit() else LONG_TABLE_ROWS)
