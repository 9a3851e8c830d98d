"""Arrow utilities: combine chunks, decode dictionaries, release memory."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from qjmap import performance_settings
from qjmap.tables.columns.spill import evict_pages


def release_memory() -> None:
    """Return unused memory of Arrow and the C library to the system, and evict the pages of mapped files; called between two steps that
    each need much memory.
    """
    for pool in (pa.default_memory_pool(), pa.system_memory_pool()):
        pool.release_unused()
    evict_pages()


def combine_chunks(array: Any) -> pa.Array:
    """Return an Arrow array, chunked or not, as one chunk; it is copied only if it has several."""
    if not hasattr(array, "chunks"):
        return array
    return array.chunk(0) if array.num_chunks == 1 else array.combine_chunks()


def is_repetitive(array: pa.Array | pa.ChunkedArray) -> bool:
    """Whether the texts occur at least `performance_settings.REPEATS_PER_TEXT` times each on average, so that a dictionary saves memory."""
    return len(array) > 0 and len(pc.unique(array)) * performance_settings.REPEATS_PER_TEXT <= len(array)


def dictionary_decode(chunked: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return an array of texts, decoded if it is dictionary-encoded."""
    return chunked.cast(chunked.type.value_type) if pa.types.is_dictionary(chunked.type) else chunked
