"""Convert any pandas column to the types of cells in the page's payload: numbers, booleans as codes, texts and lists of texts.

An empty text becomes `EMPTY`, to distinguish it from a missing cell, which becomes "" (texts) or NaN (numbers). A column with integers
beyond 2**53, decimals or infinities becomes one of texts: the payload has finite float64 numbers, which represent none of these exactly.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math
import numbers
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

EMPTY = "\u001a"
"""Replacement for an empty text (U+001A, SUBSTITUTE)."""
EXACT = 2**53
"""Largest magnitude up to which a float represents every integer exactly."""
_LINK = ("http://", "https://")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cells:
    """The cells of a column in the form that the payload needs.

    Attributes
    ----------
    kind : number (float64), exact (numbers written as texts), bool (codes), date or time (ISO 8601), word (texts of ordered
        categories), list (lists of texts), link or text.
    values : shape (n,). A number: float64 array, NaN for missing. A bool: int64 array, 0 false, 1 true, 2 missing. A list: list of lists of
        texts, [] for missing. All other kinds: list of texts, "" for missing.
    numbers : sort keys of the kinds number, exact, date and time: float64, shape (n,), NaN for missing; of dates and times the seconds
        since 1970 in UTC. None for other kinds.
    order : the categories of a word, or the names of the codes of a bool, in their order; None to sort the values.
    is_plain : whether the texts are the cells themselves, rather than a text form of nested values, geometries and the like.
    """

    kind: str
    values: Any
    numbers: Floats | None = None
    order: Sequence[str] | None = None
    is_plain: bool = True


def cells_of(series: pd.Series[Any]) -> Cells:
    """Return the cells of a column of any dtype."""
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _categories(series)
    if isinstance(dtype, pd.SparseDtype):
        return cells_of(pd.Series(np.asarray(series)))
    if isinstance(dtype, pd.ArrowDtype) or pd.api.types.is_object_dtype(dtype):
        return _objects(series.astype(object).to_numpy())
    if pd.api.types.is_bool_dtype(dtype):
        return _bools(series.astype(object).to_numpy())
    if pd.api.types.is_integer_dtype(dtype):
        return _integers(series)
    if pd.api.types.is_float_dtype(dtype):
        return _floats(series.to_numpy(dtype=_float_type(dtype), na_value=np.nan))
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return _times(series)
    if isinstance(dtype, pd.StringDtype):
        return _links_or_texts(_strings(series))
    return _objects(series.astype(object).to_numpy())  # geometry, timedelta, period, interval, complex


def is_missing(value: Any) -> bool:
    """Return whether a cell is None, NaN, or NaT or NA of pandas."""
    if value is None or value is pd.NaT or value is pd.NA:
        return True
    if isinstance(value, decimal.Decimal):
        return value.is_nan()
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return bool(np.isnat(value))
    return isinstance(value, (float, complex, np.inexact)) and bool(value != value)


def text_of(value: Any) -> str:
    """Return a cell as text: "" if it is missing, `EMPTY` if it is an empty text.

    Lists and mappings become JSON, geometries WKT, datetimes ISO 8601 with a blank before the time.
    """
    if is_missing(value):
        return ""
    if isinstance(value, str):
        return _well_formed(value) or EMPTY
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return _bytes_text(value)
    if isinstance(value, (pd.Timestamp, dt.datetime)):
        return value.isoformat(sep=" ")
    if isinstance(value, np.datetime64):
        return str(pd.Timestamp(value))
    if isinstance(value, decimal.Decimal):
        return format(value, "f") if value.is_finite() else str(value)
    if isinstance(value, (np.floating, np.integer)):
        return str(value.item() if isinstance(value, (np.float64, np.integer)) else value)
    if isinstance(value, Mapping) or _is_list(value):
        return json.dumps(_plain(value), ensure_ascii=False)
    if hasattr(value, "geom_type"):
        return str(value.wkt)
    return _well_formed(str(value)) or EMPTY


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple, set, frozenset, np.ndarray)) and not isinstance(value, str)


def _plain(value: Any) -> Any:
    """Return a nested value in JSON types: None for a missing value, the text of a value of any other type."""
    if isinstance(value, Mapping):
        return {_well_formed(str(key)): _plain(item) for key, item in value.items()}
    if _is_list(value):
        return [_plain(item) for item in _items(value)]
    if is_missing(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, (float, np.float64)) and math.isfinite(value):
        return float(value)
    return text_of(value).replace(EMPTY, "")


def _items(value: Any) -> Iterable[Any]:
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=text_of)
    return list(value.tolist() if isinstance(value, np.ndarray) else value)


def _bytes_text(value: bytes) -> str:
    try:
        return _well_formed(value.decode("utf-8")) or EMPTY
    except UnicodeDecodeError:
        return "0x" + value.hex()


def _well_formed(text: str) -> str:
    """Return a text in which lone surrogates, which UTF-8 cannot encode, are replaced by U+FFFD."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _float_type(dtype: Any) -> Any:
    return np.dtype(getattr(dtype, "numpy_dtype", dtype))


def _floats(values: npt.NDArray[Any]) -> Cells:
    """Return floats as cells, of kind exact if one is infinite. Those of fewer than 64 bits are converted by their text: 0.1 stays 0.1."""
    if values.dtype.itemsize < 8:
        values = np.array([float(str(value)) for value in values], dtype=np.float64)
    elif values.dtype != np.float64:
        values = values.astype(np.float64)
    if not np.isinf(values).any():
        return Cells("number", values, values)
    texts = ["" if math.isnan(value) else repr(value).removesuffix(".0") for value in values.tolist()]
    return Cells("exact", texts, values)


def _integers(series: pd.Series[Any]) -> Cells:
    missing = series.isna().to_numpy()
    whole = series.to_numpy(dtype=_float_type(series.dtype), na_value=0) if missing.any() else np.asarray(series)
    approximate = np.where(missing, np.nan, whole.astype(np.float64))
    if not len(whole) or (whole.max() <= EXACT and whole.min() >= -EXACT):
        return Cells("number", approximate, approximate)
    texts = ["" if gone else str(value) for value, gone in zip(whole.tolist(), missing, strict=True)]
    return Cells("exact", texts, approximate)


def _bools(values: npt.NDArray[np.object_]) -> Cells:
    codes = np.array([2 if is_missing(value) else int(bool(value)) for value in values], dtype=np.int64)
    return Cells("bool", codes)


def _times(series: pd.Series[Any]) -> Cells:
    missing = series.isna().to_numpy()
    zone = getattr(series.dtype, "tz", None)
    seconds = np.full(len(series), np.nan)
    utc = series.dt.tz_convert("UTC").dt.tz_localize(None) if zone is not None else series
    whole = utc.to_numpy().astype("datetime64[us]")
    seconds[~missing] = whole[~missing].astype(np.int64) / 1e6
    days = zone is None and bool((series.dropna() == series.dropna().dt.normalize()).all())
    if days:
        texts = ["" if gone else str(value)[:10] for value, gone in zip(whole, missing, strict=True)]
        return Cells("date", texts, seconds)
    return Cells("time", [text_of(value) for value in series], seconds)


def _categories(series: pd.Series[Any]) -> Cells:
    """Return a categorical column as words in the order of the categories; categories that no row has are left out."""
    categories = series.cat.categories
    texts = [text_of(value) for value in categories]
    codes = series.cat.codes.to_numpy()
    used = set(codes.tolist())
    order = list(dict.fromkeys(text for code, text in enumerate(texts) if code in used))
    return Cells("word", [texts[code] if code >= 0 else "" for code in codes], None, order)


def _strings(series: pd.Series[Any]) -> list[str]:
    """Return the texts of a column of strings. Arrow strings are valid UTF-8; in Python strings lone surrogates are replaced."""
    if getattr(series.dtype, "storage", "") != "pyarrow":
        return [text_of(value) for value in series]
    texts: list[str] = series.fillna("").tolist()
    for row in np.flatnonzero((series == "").fillna(False).to_numpy(dtype=bool)).tolist():
        texts[row] = EMPTY
    return texts


def _texts(values: npt.NDArray[np.object_]) -> Cells:
    cells = _links_or_texts([text_of(value) for value in values])
    is_plain = all(isinstance(value, str) or is_missing(value) for value in values)
    return cells if is_plain else replace(cells, is_plain=False)


def _links_or_texts(texts: list[str]) -> Cells:
    filled = [text for text in texts if text and text != EMPTY]
    links = sum(text.startswith(_LINK) for text in filled)
    return Cells("link" if filled and links * 2 > len(filled) else "text", texts)


def _objects(values: npt.NDArray[np.object_]) -> Cells:
    """Return a column of Python objects as cells of one kind if all objects are of that kind, else as texts."""
    filled = [value for value in values if not is_missing(value)]
    kinds = {_kind(value) for value in filled}
    if kinds == {"bool"}:
        return _bools(values)
    if kinds and kinds <= {"integer", "float"}:
        return _object_numbers(values, kinds)
    if kinds == {"decimal"} or kinds == {"decimal", "integer"}:
        floats = np.array([math.nan if is_missing(value) else float(value) for value in values])
        return Cells("exact", [text_of(value) for value in values], floats)
    if kinds == {"date"}:
        return Cells("date", ["" if is_missing(one) else one.isoformat() for one in values], _seconds(values))
    if kinds and kinds <= {"date", "time"}:
        return Cells("time", [text_of(value) for value in values], _seconds(values))
    if kinds == {"list"}:
        lists = [[] if is_missing(value) else _list_of(value) for value in values]
        return Cells("list", lists)
    return _texts(values)


def _kind(value: Any) -> str:
    """Return the kind of a cell that is not missing: bool, integer, float, decimal, date, time, list, or other."""
    if isinstance(value, (bool, np.bool_)):
        return "bool"
    if isinstance(value, numbers.Integral):
        return "integer"
    if isinstance(value, (float, np.floating)):
        return "float"
    if isinstance(value, decimal.Decimal):
        return "decimal"
    if isinstance(value, (dt.datetime, np.datetime64)):
        return "time"
    if isinstance(value, dt.date):
        return "date"
    if _is_list(value) and not any(_is_list(item) or isinstance(item, Mapping) for item in _items(value)):
        return "list"
    return "other"


def _object_numbers(values: npt.NDArray[np.object_], kinds: set[str]) -> Cells:
    floats = np.array([math.nan if is_missing(value) else float(value) for value in values])
    finite = floats[np.isfinite(floats)]
    if "integer" in kinds and any(
        isinstance(value, numbers.Integral) and abs(int(value)) > EXACT for value in values if not is_missing(value)
    ):
        return Cells("exact", [text_of(value) for value in values], floats)
    return Cells("number", floats, floats) if len(finite) == (~np.isnan(floats)).sum() else _floats(floats)


def _seconds(values: npt.NDArray[np.object_]) -> Floats:
    """Return dates and times as seconds since 1970, NaN for a missing one; those without a time zone are taken as UTC."""
    out = np.full(len(values), np.nan)
    for row, value in enumerate(values):
        if not is_missing(value):
            moment = value if isinstance(value, (dt.datetime, pd.Timestamp)) else None
            if moment is None:
                moment = (
                    pd.Timestamp(value).to_pydatetime()
                    if isinstance(value, np.datetime64)
                    else dt.datetime(value.year, value.month, value.day)
                )
            zone = moment.tzinfo or dt.UTC
            out[row] = (moment.replace(tzinfo=zone) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).total_seconds()
    return out


def _list_of(value: Any) -> list[str]:
    """Return the items of a list as texts, "–" for a missing item; for an empty list one `EMPTY`, to distinguish it from a missing list."""
    return [text_of(item) or "–" for item in _items(value)] or [EMPTY]
