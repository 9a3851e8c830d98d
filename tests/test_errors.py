"""Faults say where, what and how to mend it, in both languages; every code that the program can raise has its texts."""

from __future__ import annotations

import ast
import json
import string
from pathlib import Path

import pytest

import qjmap
from qjmap.errors import DataFaults, Fault, QjmapError, UsageError, format_value

PACKAGE = Path(qjmap.__file__).parent
TEXTS = json.loads((PACKAGE / "assets" / "texts" / "faults.json").read_text(encoding="utf-8"))
RAISERS = {"Fault": 4, "fault": 3, "CellError": 0, "QjmapError": 0, "UsageError": 0}


def raised_codes() -> set[str]:
    """Codes written as literals where the package makes faults and errors."""
    codes = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and not (
                isinstance(node.func, ast.Attribute) and node.func.attr == "UsageError"
            ):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                at = RAISERS.get(name, 99)
                if (
                    at < len(node.args)
                    and isinstance(node.args[at], ast.Constant)
                    and isinstance(node.args[at].value, str)
                ):
                    codes.add(node.args[at].value)
    return codes


@pytest.mark.slow
def test_every_code_has_its_texts() -> None:
    codes = {code for code in raised_codes() if " " not in code}
    assert len(codes) > 40
    assert codes <= set(TEXTS), codes - set(TEXTS)


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_both_languages_say_the_same_things(code: str) -> None:
    def holes(lang: str) -> set[str]:
        parts = TEXTS[code][lang]
        assert set(parts) == {"message", "cure"}
        assert all(parts.values()), code
        return {name for part in parts.values() for _, name, _, _ in string.Formatter().parse(part) if name}

    assert holes("zh") == holes("en")
    assert code == code.lower() and " " not in code


def fault(**changes: object) -> Fault:
    given: dict[str, object] = {
        "file": "new.csv", "row": 5, "column": "纬度", "value": "290.3", "code": "lat-range",
        "params": {"hint": {"zh": "", "en": ""}}, "letter": "D", **changes,
    }  # fmt: skip
    return Fault(**given)  # type: ignore[arg-type]


def test_a_line_names_file_row_column_value_and_cure() -> None:
    zh, en = fault().line("zh"), fault().line("en")
    for line in (zh, en):
        assert all(part in line for part in ("new.csv", "5", "纬度", "290.3"))
    assert "请改正纬度" in zh
    assert "Correct it" in en


def test_machines_get_the_same() -> None:
    given = fault().as_dict("en")
    assert {"file", "row", "column", "value", "code", "message", "cure"} <= set(given)
    assert given["cell"] == "D5"
    json.dumps(given)


def test_braces_in_a_cell_are_no_template() -> None:
    assert "{file} {0} ${x}" in fault(value="{file} {0} ${x}").message("en")


def test_a_missing_parameter_does_not_hide_the_message() -> None:
    assert "{hint}" in fault(params={}).message("zh")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([2, 3, 4, 9], "2-4, 9"),
        (["a", "b"], "a, b"),
        ("line\nbreak", "line break"),
        (None, ""),
        ({"zh": "甲", "en": "one"}, "one"),
        (29.03, "29.03"),
        (list(range(0, 60, 2)), "0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22 … (30 in all)"),
    ],
)
def test_parameters_are_shown_plainly(value: object, expected: str) -> None:
    assert format_value(value, "en") == expected


def test_a_message_is_one_line_whatever_the_cells_hold() -> None:
    odd = "a\u2028b\x85c\nd\x1ce"
    for value in (odd, [odd], {"zh": odd, "en": odd}, [{"zh": odd, "en": odd}]):
        assert format_value(value, "zh").splitlines() == ["a b c d e"]


def test_a_very_long_cell_is_cut() -> None:
    assert len(fault(value="x" * 10_000).message("zh")) < 200


def test_errors_carry_texts_and_exit_codes() -> None:
    assert UsageError("file-missing", path="a b.csv").exit_code == 2
    assert "a b.csv" in UsageError("file-missing", path="a b.csv").line("zh")
    assert QjmapError("locked").exit_code == 1
    assert str(QjmapError("just words")) == "just words"
    faults = DataFaults([fault(), fault(row=6)])
    assert len(faults.faults) == 2
    assert faults.line("zh").count("\n") == 2
    assert "row 6" in str(faults)
