"""What columns need of Arrow (pyarrow), which is an extra; nothing else is imported for it."""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from qjmap.tables.stores import forget

if TYPE_CHECKING:
    import pyarrow as pa

FEW = 4
"""Few of a column's cells differ where as many, on average, say the same."""


@cache
def has_arrow() -> bool:
    """Whether pyarrow is installed."""
    return find_spec("pyarrow") is not None


@cache
def pool() -> pa.MemoryPool:
    """Where long columns live: jemalloc where there is one, told to give back at once what a column no longer needs."""
    import pyarrow as pa

    if "jemalloc" not in pa.supported_memory_backends():
        return pa.default_memory_pool()
    found = pa.jemalloc_memory_pool()
    pa.jemalloc_set_decay_ms(0)  # else it keeps, of a million rows, as much again
    return found


def release() -> None:
    """Give back to the system what Arrow and the C library keep for later: called between steps that each need much for a moment."""
    if "pyarrow" in sys.modules:
        import pyarrow as pa

        for one in (pa.default_memory_pool(), pool(), pa.system_memory_pool()):
            one.release_unused()
    forget()


def in_one(array: Any) -> pa.Array:
    """An Arrow array in one piece; copied only where it is in several."""
    if not hasattr(array, "chunks"):
        return array
    return array.chunk(0) if array.num_chunks == 1 else array.combine_chunks(memory_pool=pool())


def has_few(array: pa.Array | pa.ChunkedArray) -> bool:
    """Whether few of the cells differ."""
    import pyarrow.compute as pc

    return len(array) > 0 and len(pc.unique(array)) * FEW <= len(array)


def spelled_out(chunked: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts, where a column may be a dictionary of them."""
    import pyarrow as pa

    return chunked.cast(chunked.type.value_type) if pa.types.is_dictionary(chunked.type) else chunked
