"""Scores tell the truth: of texts whose place is known, answers of a score are right at least that often."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from benchmarks.calibration import Bin, Case, bins_of, is_even, judged, main
from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.china_gazetteer import load_china_gazetteer

CHINA = load_china_gazetteer()
LOCATOR = OfflineLocator(suggests=False)
STREETS = ("人民路1号", "甲乙大道88号丙大厦", "（丁工业园内）", "建设街", "", "3组")
BODIES = ("第一中学", "人民医院", "甲乙商贸有限公司", "丙丁五金厂")
WORDS = ("银行", "科技", "叉车", "人家", "印象", "茶馆", "山庄", "电器", "之夜", "堂")


def made_cases() -> list[Case]:
    """Texts with names of units, in forms that people write, and names that only begin like one."""
    draw = random.Random(5)
    cases = []
    for row, code in enumerate(CHINA.ids):
        kind = CHINA.kind(row)
        if kind not in ("city", "district") or CHINA.abolished_in(row) or not code.isdigit():
            continue
        names, above = [CHINA.name(row)], CHINA.parent(row)
        while above >= 0 and CHINA.kind(above) != "country":
            names.insert(0, CHINA.name(above))
            above = CHINA.parent(above)
        short = next((form for form in (names[-1][:2], names[-1][:3]) if (row, 1) in CHINA.hits(form)), names[-1])
        cases += [
            Case("".join(names) + draw.choice(STREETS), code), Case("".join(names[-2:]) + draw.choice(STREETS), code),
            Case(names[0][:2] + short + draw.choice(BODIES), code), Case(short + draw.choice(BODIES), code),
            # A full name means its unit whatever follows; only a short one can be the head of a brand.
            Case(short + draw.choice(WORDS), code if short == names[-1] else ""),
        ]  # fmt: skip
    return cases


@pytest.mark.slow
def test_scores_of_made_texts_hold_in_every_tenth() -> None:
    cases = [case for case in made_cases() if not is_even(case.text)]
    bins = bins_of(judged(LOCATOR, cases))
    # Made texts have no misprints, so they may be right more often.
    failed = {low: one for low, one in bins.items() if one.answers >= 200 and one.interval[1] < one.score}
    assert sum(one.answers for one in bins.values()) > 3_000
    assert not failed


def test_bins_are_by_tenths_and_the_last_holds_one() -> None:
    case = Case("甲", "")
    bins = bins_of([(case, 1.0, True), (case, 0.9, False), (case, 0.5, True), (case, 0.55, True)])
    assert {round(low, 1): (one.answers, one.right) for low, one in bins.items()} == {0.5: (2, 1.0), 0.9: (2, 0.5)}


@pytest.mark.parametrize(
    ("one", "holds"),
    [
        (Bin(1_000, 0.9, 0.91), True),
        (Bin(1_000, 0.9, 0.95), False),
        (Bin(1_000, 0.9, 0.89), True),
        (Bin(1_000, 0.9, 0.85), False),
        (Bin(10, 0.9, 0.8), True),
    ],
)
def test_a_bin_holds_unless_its_answers_are_surely_right_less_or_more_often(one: Bin, holds: bool) -> None:
    assert one.holds is holds


def test_an_answer_is_right_that_holds_the_unit_or_lies_in_it() -> None:
    cases = [
        Case("重庆市綦江区古南街道", "500110"),
        Case("重庆市", "500110"),
        Case("四川省自贡市", "500110"),
        Case("四川省自贡市", ""),
    ]
    assert [right for _, _, right in judged(LOCATOR, cases)] == [True, True, False, False]


def test_a_list_with_wrong_scores_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(
            [("text", "adcode"), *((f"自贡市甲路{number}号", "500110") for number in range(300))]
        )
    assert main([str(path), "--half", "both"]) == 1
    assert "not its score" in capsys.readouterr().out
