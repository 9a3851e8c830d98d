"""Columns of UTF-8 texts equal Python's strings, whatever they are made from."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from qjmap.payload.text_column import TakenTexts, Utf8, concatenate

TEXTS = st.lists(st.text(st.characters(codec="utf-8"), max_size=12))


def units(values: list[str]) -> list[int]:
    return [len(value.encode("utf-16-le")) // 2 for value in values]


@given(TEXTS)
def test_lengths_are_those_that_a_script_counts(values: list[str]) -> None:
    assert concatenate(values)[0] == Utf8.of(values).text() == "".join(values)
    assert concatenate(values)[1].tolist() == Utf8.of(values).units.tolist() == units(values)


@given(TEXTS, TEXTS, st.integers(0, 5), st.integers(0, 20))
def test_arrow_and_python_give_the_same_run(before: list[str], after: list[str], skipped: int, most: int) -> None:
    values = [*before, *after]
    chunked = pa.chunked_array([pa.array(before, pa.large_string()), pa.array(after, pa.large_string())])
    ours, theirs = Utf8.of(values), Utf8.of_arrow(chunked.slice(skipped, most))
    assert len(theirs) == len(values[skipped : skipped + most])
    assert theirs.text() == "".join(values[skipped : skipped + most])
    assert theirs.bytes.tobytes() == theirs.text().encode("utf-8")
    part = ours[skipped : skipped + most]
    assert np.array_equal(theirs.units, part.units)
    assert np.array_equal(np.diff(theirs.offsets), np.diff(part.offsets))
    assert part.text() == theirs.text()


@given(TEXTS, TEXTS, st.randoms(use_true_random=False), st.integers(0, 20), st.integers(1, 5))
def test_texts_in_another_order_are_taken_part_by_part(
    before: list[str], after: list[str], chance: random.Random, start: int, step: int
) -> None:
    values = [*before, *after]
    chunked = pa.chunked_array([pa.array(before, pa.large_string()), pa.array(after, pa.large_string())])
    order = list(range(len(values)))
    chance.shuffle(order)
    gathered = TakenTexts.of(chunked, np.array(order, dtype=np.int64))
    wanted = [values[row] for row in order][start::step]
    assert len(gathered) == len(values)
    assert gathered[start::step].text() == "".join(wanted)
    assert gathered[start::step].units.tolist() == units(wanted)
