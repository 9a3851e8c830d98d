"""The dtypes of columns, and conversions between them.

A column of texts is one of two:

* pandas' Arrow-backed string array (dtype `str`): one buffer of UTF-8, which an operation scans in one pass;
* a `pandas.Categorical`, if texts repeat often: an operation runs on the categories alone. They are sorted by code point,
  so that the column sorts as its texts do.

A column of lists is an object array of tuples; a column of numbers is a NumPy array. The operations are in `operations`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from qjmap import performance_settings
from qjmap.tables.columns.arrow import combine_chunks, dictionary_decode, is_repetitive

Codes = npt.NDArray[np.integer[Any]]


def object_array(texts: Sequence[Any]) -> npt.NDArray[np.object_]:
    """Return a one-dimensional object array of the items, which may be sequences."""
    out = np.empty(len(texts), dtype=object)
    out[:] = texts
    return out


def full(count: int, value: Any) -> Any:
    """Return a read-only column that repeats one value and stores it once: a categorical for a text, else an object array."""
    if isinstance(value, str):
        return categorical([value], np.broadcast_to(np.int8(0), count))
    cell = np.empty(1, dtype=object)
    cell[0] = value
    return np.broadcast_to(cell, count)


def is_constant(values: Any) -> bool:
    """Whether a column is an object array, not empty, that `full` made: all its cells are one value."""
    return isinstance(values, np.ndarray) and values.strides == (0,) and len(values) > 0


def from_texts(texts: Sequence[str] | npt.NDArray[np.object_]) -> Any:
    """Return an Arrow-backed column of Python strings; lone surrogates, which UTF-8 cannot encode, become U+FFFD."""
    try:
        array = pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        array = pa.array(
            [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in texts], pa.large_string()
        )
    return string_array(pa.chunked_array([array]))


def arrow_or_none(values: Any) -> pa.ChunkedArray | None:
    """Return the Arrow array of an Arrow-backed column or Series; None for other columns."""
    if isinstance(values, pd.Series):
        values = values.array
    if isinstance(values, pd.arrays.ArrowStringArray):
        return values.__arrow_array__()
    return None


def categorical_or_none(values: Any) -> pd.Categorical | None:
    """Return a column, or that of a Series, if it is categorical; else None."""
    if isinstance(values, pd.Series):
        values = values.array
    return values if isinstance(values, pd.Categorical) else None


def string_array(chunked: pa.ChunkedArray) -> Any:
    """Wrap an Arrow array of large strings as a pandas string array, without a copy; a null becomes a missing value (NaN)."""
    return pd.StringDtype("pyarrow", na_value=np.nan).__from_arrow__(chunked)  # type: ignore[attr-defined]


def categorical(texts: Sequence[str], codes: Codes) -> Any:
    """Return a categorical column from the code of each cell, an index into `texts`, which may hold duplicates.

    The categories are sorted by code point, so that pandas sorts and groups the column as it would its texts.
    """
    categories = sorted(set(texts))
    if categories != list(texts):
        number = {text: code for code, text in enumerate(categories)}
        codes = np.array([number[text] for text in texts], dtype=np.min_scalar_type(-len(number)))[codes]
    dtype = pd.CategoricalDtype(pd.Index(object_array(categories), dtype=object))
    return pd.Categorical.from_codes(codes, dtype=dtype, validate=False)


def category_texts(values: pd.Categorical) -> npt.NDArray[np.object_]:
    """Return the categories of a column, used or not, as an object array."""
    return values.categories.to_numpy(dtype=object)


def as_texts(values: Any) -> Any:
    """Convert an object array of Python strings to an Arrow-backed column; return any other column as it is."""
    is_object = isinstance(values, np.ndarray) and values.dtype == object
    return from_texts(values) if is_object and pd.api.types.infer_dtype(values, skipna=False) in _TEXTS else values


_TEXTS = ("string", "empty")


def to_arrow(values: Any) -> pa.Array:
    """Return a column of texts as one Arrow array of large strings; None for a column of numbers or lists."""
    if (coded := categorical_or_none(values)) is not None:
        return pc.take(pa.array(category_texts(coded), pa.large_string()), pa.array(coded.codes))
    return combine_chunks(arrow_or_none(as_texts(values)))


def to_objects(values: Any) -> npt.NDArray[np.object_]:
    """Return the cells of a column of any dtype as an object array."""
    if (chunked := arrow_or_none(values)) is not None:
        return chunked.to_numpy().astype(object, copy=False)  # type: ignore[no-any-return]
    if (coded := categorical_or_none(values)) is not None:
        return category_texts(coded)[coded.codes]  # type: ignore[no-any-return]
    return np.asarray(values, dtype=object)


def column(frame: pd.DataFrame, name: str) -> Any:
    """Return a column of a frame in its own dtype: a string array, a categorical, or a NumPy array."""
    series = frame[name]
    values = series.array
    return values if arrow_or_none(values) is not None or categorical_or_none(values) is not None else series.to_numpy()


def from_arrow(chunked: pa.ChunkedArray) -> Any:
    """Convert an Arrow array of texts, dictionary-encoded or not, to a column: categorical if texts repeat often, else Arrow-backed."""
    if is_repetitive(chunked.slice(0, performance_settings.SAMPLE_ROWS)):
        # Encode chunk by chunk: each has a small dictionary of its own.
        codes, texts = encode_arrow(chunked)
        if len(texts) * performance_settings.REPEATS_PER_TEXT <= len(chunked):
            return categorical(texts.tolist(), codes)
    return string_array(dictionary_decode(chunked))


def encode_arrow(chunked: pa.ChunkedArray) -> tuple[Codes, npt.NDArray[np.object_]]:
    """Return the code of each cell of an Arrow array, and the unique values as an object array; null is a value too.

    The values are in the order of their first occurrence, or of the dictionaries that the array already has.
    """
    encoded = chunked if pa.types.is_dictionary(chunked.type) else chunked.dictionary_encode("encode")
    encoded = encoded.unify_dictionaries()
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in encoded.chunks] or [np.empty(0, dtype=np.int64)])
    return codes, object_array(encoded.chunks[0].dictionary.to_pylist() if encoded.num_chunks else [])
