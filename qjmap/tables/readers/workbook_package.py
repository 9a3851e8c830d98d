"""Workbook that is a zip package (.xlsx, .xlsb, .ods): its members, unpacked within the limits, and a sound copy of them.

Two parsers of a damaged or forged archive may see different members. So calamine gets a new archive of exactly those members that were
unpacked and counted here.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import TracebackType
from xml.parsers import expat

from qjmap.errors import UsageError
from qjmap.tables.readers.limits import check_unpacked
from qjmap.tables.readers.xml_tree import xml_parser
from qjmap.tables.readers.zip_archive import DAMAGED

_BLOCK = 1 << 18


class Package:
    """The members of a package. They are found by name in any case, with forward slashes.

    Raises
    ------
    UsageError : it is no sound archive, or larger than the limits when unpacked.
    """

    def __init__(self, data: bytes, shown: str) -> None:
        self.shown = shown
        self._size = len(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except DAMAGED as error:
            raise self.damaged(error) from None
        self._members = {member.filename.replace("\\", "/").lower(): member for member in self._zip.infolist()}
        self._unpacked = 0
        self._copied: set[str] = set()
        self._copy_bytes = io.BytesIO()
        self._copy = zipfile.ZipFile(self._copy_bytes, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        with suppress(ValueError):  # raised if a member is still being written
            self._copy.close()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def damaged(self, error: object) -> UsageError:
        """Return the error for a damaged package."""
        return UsageError("file-unreadable", path=self.shown, detail=str(error) or type(error).__name__)

    def check_part(self, name: str) -> None:
        """Raise UsageError if there is no such member."""
        if name not in self:
            raise self.damaged(name)

    def blocks(self, name: str, *, copied: bool = True) -> Iterator[bytes]:
        """Yield the bytes of a member in blocks, as they are unpacked. On the first call for a member they are counted and copied.

        Parameters
        ----------
        copied : whether to count them and to copy them into the copy of the package.

        Raises
        ------
        UsageError : the member is damaged, or exceeds the limits.
        KeyError : there is no such member.
        """
        name = name.lower()
        member = self._members[name]
        # A member never yields more than its declared size, so a size beyond the limit can be refused in advance.
        check_unpacked(self._unpacked + member.file_size, self._size, shown=self.shown)
        try:
            if copied and name not in self._copied:
                self._copied.add(name)
                with self._zip.open(member) as file, self._copy.open(member.filename, "w", force_zip64=True) as out:
                    while block := file.read(_BLOCK):
                        self._unpacked += len(block)
                        check_unpacked(self._unpacked, self._size, shown=self.shown)
                        out.write(block)
                        yield block
            else:
                with self._zip.open(member) as file:
                    while block := file.read(_BLOCK):
                        yield block
        except DAMAGED as error:
            raise self.damaged(error) from None

    def read(self, name: str) -> bytes:
        """Return the bytes of a member. Raises the errors of `blocks`."""
        return b"".join(self.blocks(name))

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
        """Parse a member that is XML with handlers of expat. Element names keep their prefix.

        Parameters
        ----------
        start, end : called with the name of an element at its start, with its attributes too, and at its end.
        text : called with each piece of text.
        parser : a parser of `xml_tree.xml_parser` that the handlers use themselves; None for a new one.
        copied : as in `blocks`.

        Raises
        ------
        UsageError : the errors of `blocks`, or the member is not well-formed, not UTF-8, or has a document type.
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
        """Return a new archive of all members that were unpacked."""
        self._copy.close()
        return self._copy_bytes.getvalue()
