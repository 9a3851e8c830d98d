"""Text of a cell -> number, qualifier and unit, as people write them: 约3亿元, 20.3%, 1,234 家, 200 以上."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from qjmap.grammar import grammar
from qjmap.schema import SIMPLER, fold
from qjmap.tables.cell_values import CellError, clean
from qjmap.tables.digits import holds_odd_numeral, plain_digits

Units = Sequence[Collection[str]]
"""Groups of folded spellings, each group of one unit."""

_WORDS = grammar("numbers")
_AMOUNT = re.compile(_WORDS["patterns"]["amount"], re.IGNORECASE)
_SECOND_NUMBER = re.compile(_WORDS["patterns"]["second_number"], re.IGNORECASE)
"""Pattern of what may not follow a number, since no unit contains it: a second number (5 至 8, 3,5,7), an exponent without digits (12e),
a line break. The digits in m2 and 元/100km belong to a unit.
"""
_MULTIPLES: Mapping[str, float] = {word: float(factor) for word, factor in _WORDS["multiples"].items()}
_CHINESE_MULTIPLES = tuple(word for word in _MULTIPLES if not word.isascii())
_ENGLISH_MULTIPLES = tuple(word for word in _MULTIPLES if word.isascii())
_UNIT = "单位"
_YUAN, _FOREIGN_CURRENCIES = frozenset(_WORDS["yuan"]), frozenset(_WORDS["foreign_currencies"])


def read_number(
    text: str, *, money: bool = False, header_unit: str = "", row_unit: str = "", equal_units: Units = ()
) -> tuple[float, str, str]:
    """Parse a number; return its value, its canonical qualifier ("about" for 约, ">=" for 以上; "" for none) and its unit.

    Understands thousands separators, a decimal comma, digits of any script, qualifiers (约, 以上), multiples (万, 亿, million), by which
    the value is multiplied, and percent signs, which stay a unit: 20.3% is 20.3 with the unit %.

    The unit is the one written after the number, or the currency before it; else, but not for money, the unit of the header without
    its multiple (人 for 万人), unless it repeats `row_unit`; else "".

    Parameters
    ----------
    money : whether the value is an amount in yuan. Other currencies are then refused.
    header_unit : the unit in the header's brackets (万元). Its multiple (万) applies to numbers that have neither a multiple nor a unit.
    row_unit : the unit that the row states in a cell of its own. The unit after the number must agree with it: 5万人 is 5 in a row
        of 万人, 50,000 in a row of 人, and refused in a row of 家.
    equal_units : further groups of folded spellings of one unit.

    Raises
    ------
    CellError : `number-form`, no number, or money with a unit that is no currency; `number-unit`, the number has another unit than its row
        or header; `money-currency`, another currency than yuan.
    """
    if holds_odd_numeral(text):
        raise CellError("number-form")
    plain, qualifier = _leading_qualifier(plain_digits(clean(text)).strip().replace("−", "-"))
    value, currency, multiple, unit = _split_amount(plain)
    if multiple.isascii() and not _is_english_multiple(multiple, unit, money):
        multiple, unit = "", multiple + unit
    if not qualifier:
        unit, qualifier = _trailing_qualifier(unit)
    if not multiple:  # 5余万元 and 5多万: the multiple follows the qualifier
        multiple = _chinese_multiple(unit)
        unit = unit[len(multiple) :]
    multiple = multiple.lower()
    if row_unit and same_unit(row_unit, header_unit, equal_units):
        header_unit = ""  # it only repeats the unit of the row
    value = _tidy(value * _factor(multiple, unit, currency, money, header_unit, row_unit, equal_units))
    if not math.isfinite(value):
        raise CellError("number-form")
    return value, qualifier, (unit or currency or ("" if money else _split_unit(header_unit)[1]))


def _leading_qualifier(text: str) -> tuple[str, str]:
    """Return the text of a number without the qualifier before it, and the canonical qualifier; the same text and "" without one."""
    start = _simple(text[:20]).lower()
    for word, qualifier in _WORDS["leading"]:
        if start.startswith(word):
            return text[len(word) :].lstrip(), qualifier
    return text, ""


def _trailing_qualifier(unit: str) -> tuple[str, str]:
    """Return the text after a number without the qualifier at its start or end, and the canonical qualifier ("" for none)."""
    simple = _simple(unit)
    for word, qualifier in _WORDS["trailing"]:
        if simple.startswith(word):
            return unit[len(word) :].strip(), qualifier
        if simple.endswith(word):
            return unit[: -len(word)].strip(), qualifier
    return unit, ""


def _split_amount(text: str) -> tuple[float, str, str, str]:
    """Split a text into its number, the currency before it, the multiple after it and the rest, each "" if missing.

    Currencies (in lower case) and Chinese multiples are as listed, in simplified characters (万 for 萬); English multiples are as typed.

    Raises
    ------
    CellError : `number-form`, the text starts with no number, or a second one follows.
    """
    if re.fullmatch(r"[-+]?\d+,\d+", text) and not re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", text):
        return float(text.replace(",", ".")), "", "", ""  # a decimal comma
    sign = text[:1] if text[:1] in ("-", "+") else ""
    rest = text[len(sign) :].lstrip()
    currency = next((word for word in _WORDS["currency_signs"] if _simple(rest[: len(word)]).lower() == word), "")
    rest = rest[len(currency) :].lstrip()
    match = _AMOUNT.match(rest)
    if match is None:
        raise CellError("number-form")
    value = float(re.sub(r"[,\s']", "", match[0]))
    rest = rest[match.end() :].lstrip()
    multiple = _chinese_multiple(rest)
    rest = rest[len(multiple) :].lstrip()
    if _SECOND_NUMBER.search(rest):
        raise CellError("number-form")
    if not multiple:
        word = next((word for word in _ENGLISH_MULTIPLES if rest[: len(word)].lower() == word), "")
        multiple, rest = rest[: len(word)], rest[len(word) :].strip()
    return -value if sign == "-" else value, currency, multiple, rest


def _is_english_multiple(multiple: str, unit: str, money: bool) -> bool:
    """Whether the letters after a number are a multiple (5 million, 5 bn; of money also 5m, 5m元 and 5m yuan) and not the start of a unit
    (12 mm, 5 MW; of anything else also 5 m).
    """
    if multiple.lower() not in _WORDS["unit_beginnings"]:
        return True
    if money and unit.lower() in _YUAN | _FOREIGN_CURRENCIES:
        return True
    if unit[:1].isalpha() and unit.isascii():
        return False
    return money or multiple.lower() not in _WORDS["money_multiples"]


def _factor(
    multiple: str, unit: str, currency: str, money: bool, header_unit: str, row_unit: str, equal_units: Units
) -> float:
    """Return the factor by which the number as written is multiplied.

    Raises
    ------
    CellError : the unit or currency written with the number contradicts that of its row or header, or is not yuan if `money`.
    """
    expected = row_unit or header_unit
    if not money and expected and same_unit(multiple + unit, expected, equal_units):
        return 1.0 if row_unit else _MULTIPLES.get(_split_unit(header_unit)[0], 1.0)
    if money:
        _check_yuan(unit, currency, header_unit)
    elif row_unit or (header_unit and unit):
        _check_unit(multiple, unit or currency, header_unit, row_unit, equal_units)
    if header_unit and not multiple and not unit:
        multiple = _split_unit(header_unit)[0]
    return _MULTIPLES.get(multiple, 1.0)


def same_unit(unit: str, other: str, equal_units: Units = ()) -> bool:
    """Whether two texts name the same unit, as km and 公里 do."""
    unit, other = fold(unit), fold(other)
    return unit == other or any(unit in group and other in group for group in (*_WORDS["equal_units"], *equal_units))


def _check_yuan(unit: str, currency: str, header_unit: str) -> None:
    """Raise CellError if an amount is in a foreign currency, or if what follows it is no unit of yuan."""
    written = _simple(unit).lower() or currency
    if written in _FOREIGN_CURRENCIES or any(word in fold(header_unit) for word in _WORDS["foreign_in_headers"]):
        raise CellError("money-currency", currency=unit or currency or header_unit)
    if written not in _YUAN:
        raise CellError("number-form")


def _check_unit(multiple: str, unit: str, header_unit: str, row_unit: str, equal_units: Units) -> None:
    """Raise CellError (`number-unit`) if a number has another unit than expected, or if its multiple would count twice.

    The unit of a number is the one written after it, else, in a row with a unit, that of the header. Expected is the unit of the row, else
    that of the header.
    """
    bare = _split_unit(header_unit)[1]
    written, expected = unit or (bare if row_unit else ""), row_unit or bare
    # 5万 in a row of 万人 would be multiplied twice; 5万 in a row of 千瓦 is 50,000 of them.
    doubled = multiple and not unit and _chinese_multiple(row_unit)[-1:] in ("万", "亿")
    if doubled or (written and not same_unit(written, expected, equal_units)):
        raise CellError("number-unit", rest=multiple + written, unit=expected)


def _split_unit(header_unit: str) -> tuple[str, str]:
    """Return the multiple in a header's unit ("" for none) and the unit without it, as written: 万 and 人 for 单位：万人, 千 and 瓦 for 千瓦."""
    plain = header_unit.strip()
    plain = plain[len(_UNIT) if _simple(plain).startswith(_UNIT) else 0 :].lstrip("：: -—·*")
    multiple = _chinese_multiple(plain)
    return multiple, plain[len(multiple) :].strip()


def _chinese_multiple(text: str) -> str:
    """Return the Chinese multiple that a text starts with, in simplified characters, else ""; 百分点 and 百分比 are units, not multiples."""
    simple = _simple(text)
    if simple.startswith("百分"):
        return ""
    return next((word for word in _CHINESE_MULTIPLES if simple.startswith(word)), "")


def _simple(text: str) -> str:
    """Return a text with its traditional characters replaced by simplified ones, one for one, so that indexes hold for both."""
    return text if text.isascii() else text.translate(SIMPLER)


def _tidy(value: float) -> float:
    """Round away the binary noise of a multiplication such as 0.1 * 1e8."""
    return float(f"{value:.15g}")


def plain_number(value: float) -> str:
    """Format a number as people write it in tables: 4000000 and 20.3, never 4000000.0 or 4e+06; "nan" or "inf" if it is not finite."""
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return format(Decimal(repr(float(value))), "f")
