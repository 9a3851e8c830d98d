"""A package of OpenDocument (.ods): its worksheets, how far they reach, and what the reader of workbooks does not tell of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from qjmap.tables.hints import Extent, Hints, Sheet, is_error
from qjmap.tables.limits import check_limit
from qjmap.tables.number_formats import Format, format_of
from qjmap.tables.packages import Package

_DATE_PARTS = {
    "number:year": "yyyy", "number:month": "m", "number:day": "d", "number:day-of-week": "aaa", "number:hours": "h", "number:minutes": "mm",
    "number:seconds": "ss", "number:am-pm": "AM/PM", "number:era": "g", "number:quarter": '"Q"',
}  # fmt: skip
_NUMBER_STYLES = frozenset(
    f"number:{kind}-style" for kind in ("number", "date", "time", "percentage", "currency", "text", "boolean")
)
_ROWS = 1_048_576
_CELLS = ("table:table-cell", "table:covered-table-cell")


class Workbook:
    """What a package of OpenDocument says of its worksheets; `look_through` them before anything else reads them.

    Attributes
    ----------
    locked : the package has a password.
    sheets : the worksheets in their order, known when they are looked through.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self.locked = False
        self.sheets: list[Sheet] = []
        if "meta-inf/manifest.xml" in package:
            package.parse("meta-inf/manifest.xml", self._manifest)

    def _manifest(self, name: str, _: dict[str, str]) -> None:
        self.locked = self.locked or name.rpartition(":")[2] == "encryption-data"

    def look_through(self, extent: Extent) -> None:
        """Count the cells of every worksheet, and put into it what stands behind them.

        Raises
        ------
        UsageError : the package is not sound, or goes beyond the limits.
        """
        scan = _Scan(extent, self.sheets)
        for part in ("styles.xml", "content.xml"):
            if part in self._package:
                self._package.parse(part, scan.start, end=scan.end, text=scan.text, copied=part == "content.xml")
        if "mimetype" in self._package:
            self._package.read("mimetype")


@dataclass(slots=True)
class _Style:
    """A format of numbers as it is read: its code as Excel would have it, and the formats for certain numbers."""

    code: list[str] = field(default_factory=list)
    sections: list[tuple[str, str]] = field(default_factory=list)


class _Scan:
    """The elements of styles and contents, as they come.

    The names are taken as they are written, as the reader of workbooks takes them.
    """

    def __init__(self, extent: Extent, sheets: list[Sheet]) -> None:
        self._extent, self._sheets = extent, sheets
        self._shown = extent.shown
        self._codes: dict[str, _Style] = {}  # of number styles
        self._number_of: dict[str, str] = {}  # style of cells -> number style
        self._parent_of: dict[str, str] = {}
        self._hidden: set[str] = set()  # styles of tables
        self._formats: dict[str, Format | None] = {}
        self._style: _Style | None = None
        self._style_name = ""
        self._words: list[str] | None = None  # of the element in which text is collected
        self._depth = 0
        self._sheet: Sheet | None = None
        self._in_cell = self._in_note = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        if self._depth > 100:
            check_limit("nesting", self._depth, shown=self._shown)
        if name in _CELLS:
            self._cell(attributes)
        elif name == "table:table-row":
            self._row_begins(attributes)
        elif self._in_cell:
            if name == "table:table":
                raise ValueError(name)
            if name == "office:annotation":
                self._in_note = True
            elif self._in_note:
                pass
            elif name == "text:p":
                if self._paragraphs:
                    self._cell_words.append("\n")
                self._paragraphs += 1
                self._words = self._cell_words
            elif name == "text:s":
                self._cell_words.append(" " * min(_count(attributes.get("text:c")), 1000))
        elif name == "table:table":
            if self._sheet:
                raise ValueError("table:table")  # one in another: where it ends, the readers would disagree
            hidden = attributes.get("table:style-name", "") in self._hidden
            self._sheet = Sheet(attributes.get("table:name", ""), "", hidden)
            self._sheets.append(self._sheet)
            check_limit("sheets", len(self._sheets), shown=self._shown)
            self._rows = self._last_row = self._last_column = 0
            self._filled: set[int] = set()
            self._defaults: list[tuple[int, str]] = []
            self._column_styles: dict[int, str] = {}
        elif name == "table:table-column" and self._sheet:
            if len(self._defaults) < 20_000:
                self._defaults.append(
                    (_count(attributes.get("table:number-columns-repeated")), attributes.get("table:default-cell-style-name", ""))
                )
        elif name.startswith(("number:", "style:")):
            self._style_begins(name, attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        self._depth -= 1
        if name == "table:table-row":
            self._row_ends()
        elif name in _CELLS:
            self._cell_ends()
        elif name == "office:annotation":
            self._in_note = False
        elif name in ("text:p", "number:text", "number:embedded-text"):
            if name == "number:text" and self._style and self._words is not None:
                self._style.code.append(_quoted("".join(self._words), percent=self._percent))
            elif name == "number:embedded-text" and self._style and self._words is not None:
                self._embed("".join(self._words))
            self._words = None
        elif name == "table:table" and self._sheet:
            self._extent.add(self._last_row, self._last_column, self._sheet.name)
            self._sheet = None
        elif name in _NUMBER_STYLES and self._style:
            self._codes[self._style_name] = self._style
            self._style = None

    def text(self, text: str) -> None:
        """Text between elements."""
        if self._words is not None:
            self._words.append(text)

    # Styles

    def _style_begins(self, name: str, attributes: dict[str, str]) -> None:
        if name in _NUMBER_STYLES:
            self._style, self._style_name = _Style(), attributes.get("style:name", "")
            self._percent = name == "number:percentage-style"
            self._gone_by = attributes.get("number:truncate-on-overflow") == "false"
        elif name == "style:style":
            self._style_name = attributes.get("style:name", "")
            if "style:data-style-name" in attributes:
                self._number_of[self._style_name] = attributes["style:data-style-name"]
            self._parent_of[self._style_name] = attributes.get("style:parent-style-name", "")
        elif name == "style:table-properties" and attributes.get("table:display") == "false":
            self._hidden.add(self._style_name)
        elif self._style is None:
            return
        elif name == "style:map":
            condition = attributes.get("style:condition", "").replace("value()", "").replace("!=", "<>")
            self._style.sections.append((condition, attributes.get("style:apply-style-name", "")))
        elif name in _DATE_PARTS:
            part = _DATE_PARTS[name]
            if self._gone_by:
                part, self._gone_by = f"[{part}]", False
            self._style.code.append(part)
        elif name == "number:number":
            self._style.code.append(_digits(attributes))
        elif name == "number:currency-symbol":
            self._words = []
        elif name == "number:scientific-number":
            self._style.code.append("0E+00")
        elif name == "number:fraction":
            self._style.code.append("# ?/?")
        elif name in ("number:text", "number:embedded-text"):
            self._words = []
            self._position = _count(attributes.get("number:position"), least=0)

    def _embed(self, text: str) -> None:
        """A text between the digits, so many digits from the point or the end."""
        code = self._style.code if self._style else []
        if code and code[-1].strip("0#,") in ("", ".") and len(code[-1]) > self._position:
            digits = code[-1].rstrip(",")
            commas = code[-1][len(digits) :]
            whole, point, rest = digits.partition(".")
            at = max(len(whole) - self._position, 0)
            code[-1:] = [whole[:at] + _quoted(text) + whole[at:] + point + rest + commas]

    def _format(self, style: str) -> Format | None:
        if style not in self._formats:
            name, seen = style, 0
            while name and name not in self._number_of and seen < 20:
                name, seen = self._parent_of.get(name, ""), seen + 1
            found = self._codes.get(self._number_of.get(name, ""))
            code = ""
            if found:
                parts = [
                    f"[{condition}]{''.join(self._codes[other].code)}" for condition, other in found.sections[:3] if other in self._codes
                ]
                code = ";".join([*parts, "".join(found.code)])
            self._formats[style] = format_of(code) if code else None
        return self._formats[style]

    # Cells

    def _row_begins(self, attributes: dict[str, str]) -> None:
        self._row_repeats = _count(attributes.get("table:number-rows-repeated"))
        self._row_style = attributes.get("table:default-cell-style-name", "")
        self._column = 0
        self._row_filled = False
        self._row_text = 0
        self._found = Hints()  # of this row, as if it were the first

    def _row_ends(self) -> None:
        if self._sheet is None:
            return
        if self._row_filled:
            if self._row_repeats > 1:
                check_limit("repeats", self._row_repeats, shown=self._shown)
            self._last_row = self._rows + self._row_repeats
            self._extent.add_text(self._row_text * self._row_repeats)
            if self._last_row > _ROWS:
                raise ValueError(f"row {self._last_row}")
            self._keep(self._sheet.found)
        self._rows += self._row_repeats

    def _cell(self, attributes: dict[str, str]) -> None:
        self._in_cell = True
        self._attributes = attributes
        self._cell_words: list[str] = []
        self._paragraphs = 0

    def _cell_ends(self) -> None:
        """Count the cell, and put into the hints what stands behind it."""
        self._in_cell = False
        self._words = None
        cell = self._attributes
        if self._sheet is None:
            return
        repeats = _count(cell["table:number-columns-repeated"]) if "table:number-columns-repeated" in cell else 1
        words = self._cell_words[0] if len(self._cell_words) == 1 else "".join(self._cell_words)
        kind, formula = cell.get("office:value-type"), cell.get("table:formula")
        value = cell.get("office:value") if kind == "float" else None
        if value is None:
            value = next((cell[key] for key in _VALUES if key in cell), "") if len(cell) > 1 else ""
        if kind or words or formula or value:
            if repeats > 1:
                check_limit("repeats", repeats, shown=self._shown)
            self._row_filled = True
            self._row_text += (max(len(words), len(value)) + len(formula or "")) * repeats
            for column in range(self._column, self._column + repeats):
                if column not in self._filled:
                    self._filled.add(column)
                    self._last_column = max(self._last_column, column + 1)
                    check_limit("columns", len(self._filled), shown=self._shown)
            if kind != "string" or formula or len(cell) > 2:
                self._note(cell, words, value, repeats)
        if "table:number-rows-spanned" in cell or "table:number-columns-spanned" in cell:
            down, across = _count(cell.get("table:number-rows-spanned")), _count(cell.get("table:number-columns-spanned"))
            if down > 1 or across > 1:
                corner = (self._rows + down - 1, self._column + across - 1)
                self._sheet.found.merged.append(((self._rows, self._column), corner))
        self._column += repeats

    def _note(self, cell: dict[str, str], words: str, value: str, repeats: int) -> None:
        kind, formula = cell.get("office:value-type"), cell.get("table:formula")
        for at in ((0, column) for column in range(self._column, self._column + repeats)):
            if cell.get("calcext:value-type") == "error" or (formula and is_error(words)):
                self._found.errors[at] = words or "#N/A"
            elif formula and kind is None and not words:
                self._found.unsaved.add(at)
            elif kind == "float" and words.isdigit() and words.startswith("0") and len(words) > 1:
                self._found.padded[at] = len(words)
            elif kind in ("float", "percentage", "date", "time", "currency"):
                form = self._format(cell.get("table:style-name") or self._row_style or self._column_style())
                if form and not form.zeros:
                    self._found.note_format(form, at, value)
                elif kind == "percentage" and "%" in words:
                    self._found.note_format(_PERCENT, at, value)

    def _keep(self, found: Hints) -> None:
        """Put the hints of a row into those of the worksheet, for each of its repeats."""
        own = self._found
        for row in range(self._rows, self._rows + self._row_repeats):
            found.errors |= {(row, column): text for (_, column), text in own.errors.items()}
            found.shown |= {(row, column): text for (_, column), text in own.shown.items()}
            found.padded |= {(row, column): digits for (_, column), digits in own.padded.items()}
            found.unsaved |= {(row, column) for _, column in own.unsaved}
            found.yearless |= {(row, column) for _, column in own.yearless}

    def _column_style(self) -> str:
        if self._column not in self._column_styles:
            column, found = self._column, ""
            for repeats, style in self._defaults:
                if column < repeats:
                    found = style
                    break
                column -= repeats
            self._column_styles[self._column] = found
        return self._column_styles[self._column]


_VALUES = ("office:value", "office:date-value", "office:time-value", "office:string-value", "office:boolean-value")
_PERCENT = format_of("0%") or Format()


def _digits(attributes: dict[str, str]) -> str:
    """A number of OpenDocument as a code of Excel; what is shown is divided by its display factor."""
    whole = "0" * min(max(_count(attributes.get("number:min-integer-digits"), least=0), 1), 100)
    decimals = min(_count(attributes.get("number:decimal-places"), least=0), 30)
    factor = attributes.get("number:display-factor", "1").partition(".")[0]
    thousands = (len(factor) - 1) // 3 if factor.strip("0") == "1" and (len(factor) - 1) % 3 == 0 else 0
    return whole + (f".{'0' * decimals}" if decimals else "") + "," * min(thousands, 6)


def _quoted(text: str, *, percent: bool = False) -> str:
    """A text of a format as Excel's code has it; of a percentage, its sign multiplies."""
    plain = text.replace('"', "")
    if percent and "%" in plain:
        before, _, after = plain.partition("%")
        return f"{_quoted(before)}%{_quoted(after)}"
    return f'"{plain}"' if plain else ""


def _count(text: str | None, *, least: int = 1) -> int:
    digits = text.removeprefix("+") if text else ""
    return int(digits[:16]) if digits.isascii() and digits.isdigit() else least
