"""Zip file -> its members, read in memory and within the limits."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from types import TracebackType

from qjmap.errors import UsageError
from qjmap.tables.readers import detect_kind
from qjmap.tables.readers.limits import check_unpacked

DAMAGED = detect_kind.DAMAGED_ZIP


class Archive:
    """The members of a zip file. Folders and hidden members are left out.

    Raises
    ------
    UsageError : it is no zip file, is damaged, or is larger than the limits when unpacked.
    """

    def __init__(self, data: bytes, shown: str) -> None:
        self.shown = shown
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except DAMAGED:
            if data.startswith(b"PK"):
                raise UsageError("vector-unreadable", path=shown, detail="ZIP") from None
            raise detect_kind.misnamed(shown, ".zip", data) from None
        members = [info for info in self._zip.infolist() if not info.is_dir() and not _is_hidden(info.filename)]
        check_unpacked(sum(info.file_size for info in members), len(data), shown=shown)
        self._members = {_decoded_name(info): info for info in members}

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        """Names of the members with their folders, in the order of the archive."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """Return the bytes of a member of `names`.

        Raises
        ------
        UsageError : it has a password, or is damaged.
        """
        member = self._members[name]
        if member.flag_bits & 1:
            raise UsageError("zip-locked", path=self.shown)
        try:
            return self._zip.read(member)
        except DAMAGED as error:
            raise UsageError("vector-unreadable", path=self.shown, detail=f"{name}: {error}") from None


def _is_hidden(name: str) -> bool:
    """Whether a member is hidden or added by macOS (__MACOSX), or has no name."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in parts) or not parts


def _decoded_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a member as it was typed. If it is not marked as UTF-8, it is decoded as UTF-8 if that fits, else as GB18030, in
    which Chinese Windows writes names.
    """
    name = member.filename
    if not member.flag_bits & 0x800 and not name.isascii():
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    return name
