"""A package of Excel (.xlsx, .xlsm): its worksheets, how far they reach, and what the reader of workbooks does not tell of them."""

from __future__ import annotations

from array import array
from collections.abc import Callable

from qjmap.tables.hints import Extent, Hints, Sheet
from qjmap.tables.limits import check_limit
from qjmap.tables.number_formats import Format, format_number, format_of
from qjmap.tables.packages import Package, xml_parser

_ROWS, _COLUMNS = 1_048_576, 16_384
_MANY_STRINGS = 1_000_000


class Workbook:
    """What a package of Excel says of its worksheets.

    Attributes
    ----------
    sheets : the worksheets in their order; those of charts and macros left out.

    Raises
    ------
    UsageError : the package is no workbook, or not sound.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        folder = self._folder()
        self.sheets: list[Sheet] = []
        self.since_1904 = False
        self._book(folder)
        self._styles = self._read_styles(f"{folder}styles.xml")
        self._strings = self._read_strings(f"{folder}sharedStrings.xml")

    def _folder(self) -> str:
        """The folder of the workbook's own part, with a slash at its end."""
        found = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal found
            if _local(name) == "Relationship" and attributes.get("Type", "").endswith("/relationships/officeDocument"):
                found = attributes.get("Target", "")

        self._parse("_rels/.rels", start)
        return found.rpartition("/")[0].removeprefix("/") + "/" if "/" in found else ""

    def _parse(self, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
        if part not in self._package:
            raise self._package.damaged(part)
        self._package.parse(part, start)

    def _book(self, folder: str) -> None:
        targets: dict[str, tuple[str, str]] = {}

        def link(name: str, attributes: dict[str, str]) -> None:
            if _local(name) == "Relationship":
                kind = attributes.get("Type", "").rpartition("/")[2]
                targets[attributes.get("Id", "")] = attributes.get("Target", ""), kind

        def start(name: str, attributes: dict[str, str]) -> None:
            local = _local(name)
            if local == "workbookPr":
                self.since_1904 = attributes.get("date1904") in ("1", "true")
            elif local == "sheet":
                own = next((value for key, value in attributes.items() if key == "id" or key.endswith(":id")), "")
                target, kind = targets.get(own, ("", ""))
                if kind != "worksheet":
                    return
                part = target[1:] if target.startswith("/") else f"{folder}{target}"
                hidden = attributes.get("state", "visible") != "visible"
                self.sheets.append(Sheet(attributes.get("name", ""), part, hidden))

        self._parse(f"{folder}_rels/workbook.xml.rels", link)
        self._parse(f"{folder}workbook.xml", start)
        check_limit("sheets", len(self.sheets), shown=self._package.shown)

    def _read_styles(self, part: str) -> dict[str, Format]:
        """Style number -> what its format shows, where it shows anything but the plain value."""
        if part not in self._package:
            return {}
        codes: dict[str, str] = {}
        numbers: list[str] = []
        inside = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            local = _local(name)
            if local in ("cellXfs", "cellStyleXfs", "dxfs", "cellStyles"):
                inside = local
            elif local == "numFmt" and inside != "dxfs":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif local == "xf" and inside == "cellXfs":
                numbers.append(attributes.get("numFmtId", ""))

        self._package.parse(part, start)
        styles: dict[str, Format] = {}
        for at, number in enumerate(numbers):
            found = format_of(codes[number]) if number in codes else format_number(int(number)) if number.isdigit() else None
            if found:
                styles[str(at)] = found
        return styles

    def _read_strings(self, part: str) -> array[int]:
        """The bytes that each shared text takes in the package, at the least as many as it has characters."""
        lengths = array("q")
        if part not in self._package:
            return lengths
        parser = xml_parser()
        begun = 0
        announced = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal begun, announced
            local = _local(name)
            if local == "si":
                here = parser.CurrentByteIndex
                if lengths:
                    lengths[-1] = here - begun
                lengths.append(0)
                begun = here
            elif local == "sst" and attributes.get("uniqueCount", "").isdigit():
                announced = int(attributes["uniqueCount"][:20])

        self._package.parse(part, start, parser=parser)
        if lengths:
            lengths[-1] = parser.CurrentByteIndex - begun
        if announced > max(_MANY_STRINGS, 2 * len(lengths)):  # the reader of workbooks makes room for all of them
            raise self._package.damaged(part)
        return lengths

    def look_through(self, sheet: Sheet, extent: Extent) -> None:
        """Count the cells of a worksheet, and put into it what stands behind them: one pass over its part.

        Raises
        ------
        UsageError : the part is missing or not sound, or reaches beyond the limits.
        """
        if sheet.part not in self._package:
            raise self._package.damaged(sheet.part)
        scan = _Scan(self._styles, self.since_1904, sheet.found)
        self._package.parse(sheet.part, scan.start, parser=scan.parser)
        scan.close()
        extent.add(scan.rows, scan.columns, sheet.name)
        check_limit("columns", len(scan.filled), shown=self._package.shown)
        longest = max(self._strings, default=0)
        if scan.shared * longest > 100_000_000:
            extent.add_text(self._text_of(sheet.part))

    def _text_of(self, part: str) -> int:
        """The characters, at the most, of all shared texts in a worksheet."""
        parser = xml_parser()
        total, shared = 0, False
        chunks: list[str] = []

        def settle() -> None:
            nonlocal total
            number = "".join(chunks).strip()
            if number.isdigit() and int(number[:12]) < len(self._strings):
                total += self._strings[int(number[:12])]
            chunks.clear()
            parser.CharacterDataHandler = None

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal shared
            if parser.CharacterDataHandler:
                settle()
            local = _local(name)
            if local == "c":
                shared = attributes.get("t") == "s"
            elif local == "v" and shared:
                parser.CharacterDataHandler = chunks.append

        self._package.parse(part, start, parser=parser, copied=False)
        settle()
        return total


class _Scan:
    """The elements of a worksheet as they begin: how far its cells reach, and hints.

    A text is only collected where it matters, in cells of certain formats, errors and formulas, and a cell is settled when
    the next element begins: most cells cost two calls. Rows and cells that do not say where they are follow those before.
    """

    def __init__(self, styles: dict[str, Format], since_1904: bool, found: Hints) -> None:
        self.parser = xml_parser()
        self.rows = self.columns = self.shared = 0
        self.filled: set[int] = set()
        self._styles, self._since_1904, self._found = styles, since_1904, found
        self._chunks: list[str] = []
        self._inside = False  # a cell
        self._line, self._line_text = 0, ""  # the number of the row element
        self._place: str | None = None  # of the cell, as it says itself
        self._implied = 0  # its column where it does not say it
        self._row = self._column = 0
        self._format: Format | None = None
        self._kind = ""
        self._formula = self._watched = False
        self._locals: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = self._locals.get(name) or self._local(name)
        if local == "v" or local == "is":
            if self._inside:
                self._reach()
                if self._watched or self._formula:
                    self.parser.CharacterDataHandler = self._chunks.append
            return
        if local == "f":
            if self._inside:
                self._formula = True
                self._reach()
            return
        if self._watched or self._formula:
            self._settle()
        if local == "c":
            place = attributes.get("r")
            if place is None:
                self._implied = self._column_now() + 1
            self._place = place
            self._inside = True
            self._kind = attributes.get("t", "n")
            self._format = self._styles.get(attributes.get("s", ""))
            self._watched = self._format is not None or self._kind == "e"
        elif local == "row":
            self._inside = False
            self._place, self._implied = None, 0
            number = attributes.get("r")
            self._line = self._line + 1 if number is None else self._read_row(number)
            self._line_text = str(self._line)
        else:
            self._inside = False

    def _local(self, name: str) -> str:
        local = _local(name)
        if len(self._locals) < 1000:
            self._locals[name] = local
        return local

    def _column_now(self) -> int:
        if self._place is None:
            return self._implied
        letters = self._place.rstrip("0123456789")
        return self._numbers.get(letters) or self._read_column(letters)

    def _reach(self) -> None:
        """Count the cell, which holds something."""
        place = self._place
        if place is None:
            self._row, self._column = self._line, self._implied
        else:
            letters = place.rstrip("0123456789")
            self._column = self._numbers.get(letters) or self._read_column(letters)
            number = place[len(letters) :]
            self._row = self._line if number == self._line_text else self._read_row(number)
        if self._column > self.columns:
            self.columns = self._column
        if self._row > self.rows:
            self.rows = self._row
        self.filled.add(self._column)
        if self._kind == "s":
            self.shared += 1

    def _read_row(self, digits: str) -> int:
        row = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 0
        if not 0 < row <= _ROWS:
            raise ValueError(f"row {digits[:20]}")
        return row

    def _read_column(self, letters: str) -> int:
        number = 0
        if letters.isascii() and letters.isalpha() and len(letters) < 4:
            for letter in letters.upper():
                number = number * 26 + ord(letter) - 64
        if not 0 < number <= _COLUMNS:
            raise ValueError(f"column {letters[:20]}")
        self._numbers[letters] = number
        return number

    def _settle(self) -> None:
        """The cell is over: what stands behind it."""
        watched, formula, self._watched, self._formula = self._watched, self._formula, False, False
        self.parser.CharacterDataHandler = None
        value = "".join(self._chunks).strip()
        self._chunks.clear()
        if not (value or formula):
            return
        at = (self._row - 1, self._column - 1)
        if formula and not value and self._kind != "str":
            self._found.unsaved.add(at)
        elif watched and self._kind == "e":
            self._found.errors[at] = value
        elif watched and self._format and self._kind in ("n", "d"):
            self._found.note_format(self._format, at, value, self._since_1904)

    def close(self) -> None:
        """The part is over."""
        if self._watched or self._formula:
            self._settle()


def _local(name: str) -> str:
    return name.rpartition(":")[2]
