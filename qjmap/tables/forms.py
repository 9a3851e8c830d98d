"""What a column of a frame may be: Python strings, text over Arrow, or codes into a few texts.

A column is an object array of strings, as everywhere, or, in large files,

* pandas' own string array over Arrow where its cells hardly repeat: one buffer of UTF-8 instead of a Python string a cell,
  a third of the memory, and what is asked of all cells is answered by a pass over the buffer;
* a `pandas.Categorical` where few of its cells differ: what is asked of the cells is asked of those few.

Arrow (pyarrow) is an extra; without it all columns are object arrays. What can be asked of columns stands in `columns`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qjmap.tables.arrows import FEW, has_few, in_one, pool, spelled_out

if TYPE_CHECKING:
    import pyarrow as pa

Codes = npt.NDArray[np.integer[Any]]

SAMPLE = 10_000


def as_objects(texts: Sequence[Any]) -> npt.NDArray[np.object_]:
    """An object array of what is given, lists among it or not."""
    out = np.empty(len(texts), dtype=object)
    out[:] = texts
    return out


def filled(count: int, value: Any) -> npt.NDArray[np.object_]:
    """A column that says the same in every row, and takes no room for it; read-only."""
    one = np.empty(1, dtype=object)
    one[0] = value
    return np.broadcast_to(one, count) if count else np.empty(0, dtype=object)


def is_constant(values: Any) -> bool:
    """Whether a column is one of `filled`."""
    return isinstance(values, np.ndarray) and values.strides == (0,) and len(values) > 0


def arrow(values: Any) -> pa.ChunkedArray | None:
    """The Arrow array behind a column; None for the other forms."""
    if isinstance(values, pd.Series):
        values = values.array
    if isinstance(values, pd.arrays.ArrowStringArray):
        return values.__arrow_array__()
    return None


def coded(values: Any) -> pd.Categorical | None:
    """The column where it is codes into a few texts; None for the other forms."""
    if isinstance(values, pd.Series):
        values = values.array
    return values if isinstance(values, pd.Categorical) else None


def over_arrow(chunked: pa.ChunkedArray) -> Any:
    """pandas' string array over an Arrow array of texts without nulls; nothing is copied."""
    return pd.StringDtype("pyarrow", na_value=np.nan).__from_arrow__(chunked)  # type: ignore[attr-defined]


def over_codes(texts: Sequence[Any], codes: Codes) -> Any:
    """A column of codes into texts, which may say the same twice; an object array where one of them is no text."""
    if not all(isinstance(one, str) for one in texts):
        return as_objects(texts)[codes]
    number = {one: at for at, one in enumerate(dict.fromkeys(texts))}
    if len(number) < len(texts):
        codes = np.array([number[one] for one in texts], dtype=np.int32)[codes]
    kinds = pd.CategoricalDtype(pd.Index(as_objects(list(number)), dtype=object))
    return pd.Categorical.from_codes(codes, dtype=kinds, validate=False)


def code_array(values: pd.Categorical) -> Codes:
    """The code of each cell of a coded column."""
    return values.codes


def texts_of(values: pd.Categorical) -> npt.NDArray[np.object_]:
    """The texts that the codes of a column stand for, used or not."""
    return values.categories.to_numpy(dtype=object)


def to_arrow(values: Any) -> pa.Array | None:
    """A column of texts as an Arrow array in one piece; None for an object array."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if (found := arrow(values)) is not None:
        return in_one(found)
    if (found := coded(values)) is not None:
        return pc.take(pa.array(texts_of(found), pa.large_string()), pa.array(code_array(found)), memory_pool=pool())
    return None


def objects(values: Any) -> npt.NDArray[np.object_]:
    """The cells as Python strings."""
    if (found := arrow(values)) is not None:
        return found.to_numpy().astype(object, copy=False)  # type: ignore[no-any-return]
    if (few := coded(values)) is not None:
        return texts_of(few)[code_array(few)]
    return np.asarray(values, dtype=object)


def column(frame: pd.DataFrame, name: str) -> Any:
    """A column's cells in the form they have; numbers as an array of them."""
    series = frame[name]
    values = series.array
    return values if arrow(values) is not None or coded(values) is not None else series.to_numpy()


def compact(chunked: pa.ChunkedArray) -> Any:
    """A column in the form that suits it: few different texts as codes, others over Arrow."""
    if has_few(chunked.slice(0, SAMPLE)):
        # Chunk by chunk: each has a dictionary of its own, which is small.
        codes, texts = arrow_codes(chunked)
        if len(texts) * FEW <= len(chunked):
            return over_codes(texts.tolist(), codes)
    return over_arrow(spelled_out(chunked))


def arrow_codes(chunked: pa.ChunkedArray) -> tuple[Codes, npt.NDArray[np.object_]]:
    """The code of each cell of an Arrow array, and the texts that they stand for in the order of their first row."""
    import pyarrow as pa

    coded = chunked if pa.types.is_dictionary(chunked.type) else chunked.dictionary_encode()
    coded = coded.unify_dictionaries()
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in coded.chunks] or [np.empty(0, dtype=np.int64)])
    return codes, as_objects(coded.chunks[0].dictionary.to_pylist() if coded.num_chunks else [])
