"""Numbers that no integer holds travel as JSON, the same as cells one by one."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qjmap.payload.chunk_column import float_texts, json_value
from tests.properties import examples


@examples(300)
@given(st.lists(st.floats()))
def test_floats_are_written_as_json(numbers: list[float]) -> None:
    values = [json_value(number) for number in numbers]
    assert float_texts(np.array(numbers, dtype=np.float64)) == [
        "" if value is None else json.dumps(value) for value in values
    ]
