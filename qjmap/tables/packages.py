"""Workbooks that are zip packages (.xlsx, .xlsb, .ods): their members, unpacked within the limits, and a sound copy of them.

Two readers of a damaged or forged archive may see different members in it. What is looked through here is therefore also what
the reader of workbooks is given: a new archive of just the members that were unpacked and counted.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import TracebackType
from xml.parsers import expat

from qjmap.errors import UsageError
from qjmap.tables.limits import MB, RATIO_FROM_MB, check_limit

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, OSError, NotImplementedError, RuntimeError)
"""What reading a damaged archive raises."""

_BLOCK = 1 << 18


class Package:
    """The members of a package, by their names in lower case with plain slashes.

    Raises
    ------
    UsageError : it is no sound archive, or larger than the limits when unpacked.
    """

    def __init__(self, data: bytes, shown: str) -> None:
        self.shown = shown
        self._size = len(data)
        self._out = io.BytesIO()
        self._copied: set[str] = set()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except DAMAGED as error:
            raise self.damaged(error) from None
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in self._zip.infolist():
            self._members[member.filename.replace("\\", "/").lower()] = member
        self._unpacked = 0
        self._copy = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def __enter__(self) -> Package:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._zip.close()
        with suppress(ValueError):  # a member is still being written
            self._copy.close()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def damaged(self, error: object) -> UsageError:
        """The refusal of a package that is not sound."""
        return UsageError("file-unreadable", path=self.shown, detail=str(error) or type(error).__name__)

    def blocks(self, name: str, *, copied: bool = True) -> Iterator[bytes]:
        """A member's bytes in blocks, counted as they are unpacked; they go into the copy as well.

        Raises
        ------
        UsageError : the member is not sound, or goes beyond the limits.
        """
        name = name.lower()
        member = self._members[name]
        # No more comes out of a member than its size says, so what would be too much is refused before.
        self._within(self._unpacked + member.file_size)
        try:
            if copied and name not in self._copied:
                self._copied.add(name)
                with self._zip.open(member) as file, self._copy.open(member.filename, "w", force_zip64=True) as out:
                    while block := file.read(_BLOCK):
                        self._unpacked += len(block)
                        self._within(self._unpacked)
                        out.write(block)
                        yield block
            else:
                with self._zip.open(member) as file:
                    while block := file.read(_BLOCK):
                        yield block
        except DAMAGED as error:
            raise self.damaged(error) from None

    def _within(self, unpacked: int) -> None:
        check_limit("expanded_mb", unpacked / MB, shown=self.shown)
        if unpacked > RATIO_FROM_MB * MB:
            check_limit("ratio", unpacked / max(self._size, 1), shown=self.shown)

    def read(self, name: str, *, copied: bool = True) -> bytes:
        """The bytes of a member; errors as in `blocks`."""
        return b"".join(self.blocks(name, copied=copied))

    def parse(
        self,
        name: str,
        start: Callable[[str, dict[str, str]], None],
        *,
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
        parser: expat.XMLParserType | None = None,
        copied: bool = True,
    ) -> None:
        """Parse a member that is XML; the names of elements come as they are written.

        Raises
        ------
        UsageError : as `blocks`, or it is no sound XML, not UTF-8, or has a document type.
        """
        parser = parser or xml_parser()
        parser.StartElementHandler = start
        if end:
            parser.EndElementHandler = end
        if text:
            parser.CharacterDataHandler = text
        try:
            for block in self.blocks(name, copied=copied):
                parser.Parse(block, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, OverflowError, ValueError, LookupError) as error:
            raise self.damaged(error) from None

    def copy(self) -> bytes:
        """The archive of all members that were unpacked."""
        self._copy.close()
        return self._out.getvalue()


def xml_parser() -> expat.XMLParserType:
    """A parser of UTF-8 that takes no document type, and so no entity."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    return parser


def _no_doctype(*_: object) -> None:
    raise ValueError("DOCTYPE")
