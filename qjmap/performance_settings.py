"""Measured sizes: rows or bytes processed at once, and thresholds of optimisations. They affect speed and memory, not results."""

from __future__ import annotations

# Delimited text
READ_BYTES = 1 << 23
"""Number of bytes of a file that are scanned, transcoded or parsed at once. More is no faster, and two threads hold as many each."""
HEAD_BYTES = 1 << 20
"""Number of bytes at the beginning of a file in which the header is searched: enough for 30 rows, and quickly decoded."""
BLOCK_BYTES = 1 << 19
"""Number of bytes that Arrow parses at once. A row must fit, and the parsed block should fit into the cache of a processor."""
MAPPED_BYTES = 1 << 27
"""Size of a file in bytes above which its long texts are kept in a memory-mapped file instead of in memory."""
LONG_TEXT_BYTES = 64
"""Mean length of the cells of a column in bytes above which its texts are long."""
STORE_MARGIN = 1.2
"""Factor by which the buffer of a column is made larger than the first rows suggest, since a buffer that must grow is copied."""

# Columns
REPEATS_PER_TEXT = 4
"""Mean number of rows for each distinct text from which a column is coded. Codes and texts then take less memory than the cells."""
SAMPLE_ROWS = 10_000
"""Number of first rows by which it is decided whether a column is coded. To code one in vain takes as long as to read it."""
SLICE_BYTES = 1 << 20
"""Number of bytes of a column that are scanned at once: they fit into the cache of a processor."""
EVICT_SLICES = 32
"""Number of slices after which the memory pages of mapped texts are released."""
HASH_ROWS = 1 << 15
"""Number of rows that are hashed at once: their arrays fit into the cache of a processor."""
HASH_WINDOWS = 64
"""Maximum length of texts that are hashed in arrays, in windows of 8 bytes. The few longer texts are hashed one by one."""
THREAD_ROWS = 20_000
"""Number of rows of a table above which its columns are parsed in threads. For fewer, to start threads takes longer than they save."""

# GeoJSON
FEATURE_ROWS = 5_000
"""Number of features that are serialized at once: they fit into the cache of a processor, and outweigh the cost of calling Arrow."""
EVICT_ROWS = 50_000
"""Number of features after which the memory pages of mapped texts are released."""
