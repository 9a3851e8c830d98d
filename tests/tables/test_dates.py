"""Text of a cell -> ISO date."""

from __future__ import annotations

import pytest

from qjmap.tables import cell_values, dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-09-09", "2020-09-09"), ("2020-9", "2020-09"), ("2020", "2020"), ("2020/9/9", "2020-09-09"), ("2020.9.9", "2020-09-09"),
        ("2020年9月9日", "2020-09-09"), ("2020年9月", "2020-09"), ("2020年", "2020"), ("二〇二〇年九月", "2020-09"),
        ("二〇二〇年十二月廿五日", "2020-12-25"), ("20200909", "2020-09-09"), ("44083", "2020-09-09"), ("2020-09-09 00:00:00", "2020-09-09"),
        ("２０２０年９月", "2020-09"), ("9 September 2020", "2020-09-09"), ("Sep 2020", "2020-09"), ("25/12/2020", "2020-12-25"),
    ],
)  # fmt: skip
def test_dates(text: str, expected: str) -> None:
    assert dates.read_date(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("去年", "date-form"),
        ("2020-13", "date-none"),
        ("2021-02-29", "date-none"),
        ("3/4/2020", "date-order"),
        ("12345678", "date-none"),
    ],
)
def test_what_is_no_date(text: str, code: str) -> None:
    with pytest.raises(cell_values.CellError) as caught:
        dates.read_date(text)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["2020¹", "202½", "②②②②"])
def test_note_marks_make_no_other_date(text: str) -> None:
    with pytest.raises(cell_values.CellError):
        dates.read_date(text)
