"""Cells and headers read as the cases say; the unit tests of the page's scripts hold the page to the same cases."""

from __future__ import annotations

import pytest

from tests.grammar.reading import Rule, rules


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.rule)
def test_cells_read_as_agreed(rule: Rule) -> None:
    answers = [[text, rule.answer(text)] for text, _ in rule.cases]
    assert answers == rule.cases


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.rule)
def test_a_rule_has_three_cases_at_least(rule: Rule) -> None:
    assert len(rule.cases) >= 3
