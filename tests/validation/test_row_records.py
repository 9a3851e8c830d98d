"""Rows as records, kept by column."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qjmap.validation.row_records import Records
from tests.properties import examples

RECORDS = st.lists(st.dictionaries(st.sampled_from("abcde"), st.sampled_from(["x", "y", "1"]), max_size=5), max_size=8)


@given(RECORDS)
@examples(200)
def test_records_come_back_as_they_went_in(records: list[dict[str, str]]) -> None:
    kept = Records.of(records)
    assert list(kept) == records
    assert [kept[index] for index in range(len(kept))] == records


@given(RECORDS)
@examples(200)
def test_columns_are_in_the_order_in_which_records_come_to_them(records: list[dict[str, str]]) -> None:
    assert Records.of(records).names() == list(dict.fromkeys(name for record in records for name in record))


def test_ids_stand_first_where_the_file_has_them_and_last_where_they_are_made() -> None:
    assert list(Records.of([{"name": "甲"}]).with_ids(["jia"])[0]) == ["name", "id"]
    assert list(Records.of([{"id": "a", "name": "甲"}]).with_ids(["a"])[0]) == ["id", "name"]
