"""Zip files -> their members, read in memory and within the limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from types import TracebackType

from qjmap.errors import UsageError
from qjmap.tables import kinds
from qjmap.tables.limits import MB, RATIO_FROM_MB, check_limit


class Archive:
    """The members of a zip file; UsageError when it is none, damaged, locked or larger than the limits when unpacked."""

    def __init__(self, data: bytes, shown: str) -> None:
        self.shown = shown
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            if data.startswith(b"PK"):
                raise UsageError("vector-unreadable", path=shown, detail="ZIP") from None
            raise kinds.misnamed(shown, ".zip", data) from None
        files = [one for one in self._zip.infolist() if not one.is_dir() and not _hidden(one.filename)]
        expanded = sum(one.file_size for one in files) / MB
        check_limit("expanded_mb", expanded, shown=shown)
        if expanded > RATIO_FROM_MB:
            check_limit("ratio", expanded * MB / max(len(data), 1), shown=shown)
        self._files = {_name(one): one for one in files}

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        """The files in it with their folders, in its own order; what systems add for themselves is left out."""
        return list(self._files)

    def read(self, name: str) -> bytes:
        """The bytes of one member."""
        member = self._files[name]
        if member.flag_bits & 1:
            raise UsageError("zip-locked", path=self.shown)
        try:
            return self._zip.read(member)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
            raise UsageError("vector-unreadable", path=self.shown, detail=f"{name}: {error}") from None


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in parts) or not parts


def _name(member: zipfile.ZipInfo) -> str:
    """The name as its maker wrote it: Chinese Windows packs names in GBK and does not say so."""
    name = member.filename
    if not member.flag_bits & 0x800 and not name.isascii():
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    return name
