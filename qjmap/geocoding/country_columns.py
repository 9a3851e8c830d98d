"""Find the column of a table that names countries, and the country that each of its cells names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from qjmap.geocoding.countries import Countries
from qjmap.tables.columns import operations as cols
from qjmap.tables.headers import is_country_header


def country_column(names: Iterable[str]) -> str:
    """Return the first of some headers that is a header of countries (国家, country ...); "" if none is."""
    return next(filter(is_country_header, names), "")


def country_ids(values: Iterable[Any], countries: Countries) -> list[str]:
    """Return the id in the gazetteer of the country that each cell names; "" if it names none.

    It is the two-letter code of ISO 3166-1, but 100000 for China, and the adcode for 台湾省, 香港 and 澳门.
    """
    return [countries.id(countries.find(str(value))) for value in values]


def rows_of_countries(values: Any, countries: Countries) -> npt.NDArray[np.int64]:
    """Return the row in the gazetteer of the country that each cell of a column names, shape (n,); -1 for a cell that names none.

    The names and codes of 台湾省, 香港 and 澳门 give the rows of these provincial units.
    """
    codes, words = cols.factorize(values)
    rows = np.array([countries.find(str(word)) for word in words], dtype=np.int64)
    return rows[codes] if len(rows) else np.full(len(codes), -1, dtype=np.int64)
