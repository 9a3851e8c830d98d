"""Number styles of OpenDocument (ODF 1.3 part 3, 16.29) -> number formats; they are first written as Excel's format codes."""

from __future__ import annotations

from dataclasses import dataclass, field

from qjmap.tables.readers.number_formats import Format, parse_format

_DATE_PARTS = {
    "number:year": "yyyy", "number:month": "m", "number:day": "d", "number:day-of-week": "aaa", "number:hours": "h", "number:minutes": "mm",
    "number:seconds": "ss", "number:am-pm": "AM/PM", "number:era": "g", "number:quarter": '"Q"',
}  # fmt: skip
_NUMBER_STYLES = frozenset(
    f"number:{kind}-style" for kind in ("number", "date", "time", "percentage", "currency", "text", "boolean")
)
_TEXTS = ("number:text", "number:embedded-text")
_MAX_PARENTS = 20
_MAX_CONDITIONS = 3


@dataclass(slots=True)
class _NumberStyle:
    """A number style: the pieces of its format code, and (condition, name of a style) for numbers that another style formats."""

    code: list[str] = field(default_factory=list)
    conditions: list[tuple[str, str]] = field(default_factory=list)


class NumberStyles:
    """Handler of the style elements of a document; afterwards `format_of` returns the formats of its cell styles.

    Attributes
    ----------
    hidden_tables : names of the table styles whose worksheets are hidden.
    """

    def __init__(self) -> None:
        self.hidden_tables: set[str] = set()
        self._number_styles: dict[str, _NumberStyle] = {}
        self._number_style_of: dict[str, str] = {}  # cell style -> number style
        self._parent_of: dict[str, str] = {}
        self._formats: dict[str, Format | None] = {}  # cell style -> its format
        self._name = ""  # name of the current style
        self._current: _NumberStyle | None = None
        self._text: list[str] | None = None  # content of the current text element, None outside of one
        self._is_percentage = self._is_duration = False
        self._position = 0  # number of digits after an embedded text

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element of styles."""
        if name in _NUMBER_STYLES:
            self._current, self._name = _NumberStyle(), attributes.get("style:name", "")
            self._is_percentage = name == "number:percentage-style"
            self._is_duration = attributes.get("number:truncate-on-overflow") == "false"
        elif name == "style:style":
            self._name = attributes.get("style:name", "")
            if "style:data-style-name" in attributes:
                self._number_style_of[self._name] = attributes["style:data-style-name"]
            self._parent_of[self._name] = attributes.get("style:parent-style-name", "")
        elif name == "style:table-properties" and attributes.get("table:display") == "false":
            self.hidden_tables.add(self._name)
        elif self._current is not None:
            self._add_to_code(self._current, name, attributes)

    def _add_to_code(self, style: _NumberStyle, name: str, attributes: dict[str, str]) -> None:
        """Add what an element of a number style shows to the style's format code."""
        if name == "style:map":
            condition = attributes.get("style:condition", "").replace("value()", "").replace("!=", "<>")
            style.conditions.append((condition, attributes.get("style:apply-style-name", "")))
        elif name in _DATE_PARTS:
            part = _DATE_PARTS[name]
            if self._is_duration:
                part, self._is_duration = f"[{part}]", False
            style.code.append(part)
        elif name == "number:number":
            style.code.append(_digits(attributes))
        elif name == "number:scientific-number":
            style.code.append("0E+00")
        elif name == "number:fraction":
            style.code.append("# ?/?")
        elif name in _TEXTS:
            self._text = []
            self._position = parse_count(attributes.get("number:position"), default=0)

    def text(self, text: str) -> None:
        """Handle text between elements."""
        if self._text is not None:
            self._text.append(text)

    def end(self, name: str) -> None:
        """Handle the end of a style element."""
        if name in _TEXTS:
            if self._current and self._text is not None:
                text = "".join(self._text)
                if name == "number:text":
                    self._current.code.append(_quoted(text, is_percentage=self._is_percentage))
                else:
                    self._embed(self._current.code, text)
            self._text = None
        elif name in _NUMBER_STYLES and self._current:
            self._number_styles[self._name] = self._current
            self._current = None

    def _embed(self, code: list[str], text: str) -> None:
        """Insert a text between the digits at the end of a format code, `_position` digits before the decimal point or the end."""
        if code and code[-1].strip("0#,") in ("", ".") and len(code[-1]) > self._position:
            digits = code[-1].rstrip(",")
            commas = code[-1][len(digits) :]
            integer, point, decimals = digits.partition(".")
            index = max(len(integer) - self._position, 0)
            code[-1:] = [integer[:index] + _quoted(text) + integer[index:] + point + decimals + commas]

    def format_of(self, cell_style: str) -> Format | None:
        """Return the format of a cell style, its own or an ancestor's; None if its cells show the plain number."""
        if cell_style not in self._formats:
            name, depth = cell_style, 0
            while name and name not in self._number_style_of and depth < _MAX_PARENTS:
                name, depth = self._parent_of.get(name, ""), depth + 1
            style = self._number_styles.get(self._number_style_of.get(name, ""))
            self._formats[cell_style] = self._parse(style) if style else None
        return self._formats[cell_style]

    def _parse(self, style: _NumberStyle) -> Format | None:
        """Parse the format code of a style, with those of the styles that apply under conditions as sections before it; None if it shows
        the plain number.
        """
        sections = [
            f"[{condition}]{''.join(self._number_styles[other].code)}"
            for condition, other in style.conditions[:_MAX_CONDITIONS]
            if other in self._number_styles
        ]
        code = ";".join([*sections, "".join(style.code)])
        return parse_format(code) if code else None


def _digits(attributes: dict[str, str]) -> str:
    """Return Excel's code for a number. Each comma at its end divides by 1000, as a display factor of 1000 does."""
    integers = "0" * min(max(parse_count(attributes.get("number:min-integer-digits"), default=0), 1), 100)
    decimals = min(parse_count(attributes.get("number:decimal-places"), default=0), 30)
    factor = attributes.get("number:display-factor", "1").partition(".")[0]
    thousands = (len(factor) - 1) // 3 if factor.strip("0") == "1" and (len(factor) - 1) % 3 == 0 else 0
    return integers + (f".{'0' * decimals}" if decimals else "") + "," * min(thousands, 6)


def _quoted(text: str, *, is_percentage: bool = False) -> str:
    """Return Excel's code for a literal text. The percent sign of a percentage stays outside the quotes: there it multiplies by 100."""
    plain = text.replace('"', "")
    if is_percentage and "%" in plain:
        before, _, after = plain.partition("%")
        return f"{_quoted(before)}%{_quoted(after)}"
    return f'"{plain}"' if plain else ""


def parse_count(text: str | None, *, default: int = 1) -> int:
    """Parse an attribute that is a non-negative whole number; `default` if it is missing or malformed."""
    digits = text.removeprefix("+") if text else ""
    return int(digits[:16]) if digits.isascii() and digits.isdigit() else default
