"""Measured sizes: rows or bytes processed at once, and thresholds of optimisations. They affect speed and memory, not results."""

from __future__ import annotations

# Delimited text
READ_BYTES = 1 << 23
"""Bytes of a file that are scanned, transcoded or parsed at once: more is no faster, and two threads each hold as many."""
HEAD_BYTES = 1 << 20
"""Bytes in which the header is searched for: enough for 30 rows, and little to decode."""
BLOCK_BYTES = 1 << 19
"""Bytes that Arrow parses at once: a row must fit, and the parsed block should stay in a processor's cache."""
MAPPED_BYTES = 1 << 27
"""Size of a file in bytes above which its long texts are kept in a memory-mapped file instead of in memory."""
LONG_TEXT_BYTES = 64
"""Bytes of a cell on average above which a column is one of long texts."""
STORE_MARGIN = 1.2
"""Factor on the size of a column as estimated from its first rows: a buffer that must grow is copied."""

# Columns
REPEATS_PER_TEXT = 4
"""Rows per distinct text from which a column is coded: then codes and texts take less memory than the cells."""
SAMPLE_ROWS = 10_000
"""First rows from which it is decided whether a column is coded: coding one in vain takes as long as reading it."""
SLICE_BYTES = 1 << 20
"""Bytes of a column that are scanned at once: they stay in a processor's cache."""
EVICT_SLICES = 32
"""Slices after which the pages of mapped texts are released."""
HASH_ROWS = 1 << 15
"""Rows that are hashed at once: the arrays stay in a processor's cache."""
HASH_WINDOWS = 64
"""Windows of 8 bytes up to which texts are hashed in arrays; the few longer texts are hashed one by one."""
THREAD_ROWS = 20_000
"""Rows of a table above which its columns are parsed in threads; below, starting threads takes longer than it saves."""

# GeoJSON
FEATURE_ROWS = 5_000
"""Features that are serialized at once: they stay in a processor's cache, and outweigh the cost of calling Arrow."""
EVICT_ROWS = 50_000
"""Features after which the pages of mapped texts are released."""
