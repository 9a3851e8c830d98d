"""Which kind of file it is: by its first bytes and by its name, in one table each."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping

from qjmap.errors import UsageError
from qjmap.messages import texts
from qjmap.tables import xls

HEAD = 65_536
"""Bytes of a file that tell its kind."""

TEXT_NAMES = frozenset(("", ".csv", ".tsv", ".txt", ".dat"))
"""Names of delimited text: a brace or angle bracket at its beginning is a cell's."""
TABLE_NAMES = TEXT_NAMES | frozenset(
    (".xls", ".xlsx", ".xlsm", ".xlsb", ".xlt", ".xltx", ".xltm", ".et", ".ett", ".ods", ".ots", ".htm", ".html", ".xml", ".json", ".geojson",
     ".parquet", ".pq", ".geoparquet")
)  # fmt: skip
"""Names of kinds whose readers do no harm, whatever they are given: for these the contents decide."""

VECTOR_CONTENTS = {
    ".kml": "kml", ".kmz": "kmz", ".gpx": "gpx", ".shp": "shapefile", ".gpkg": "geopackage", ".fgb": "flatgeobuf", ".zip": "zip",
}  # fmt: skip
"""Names of files of features, and the one thing that each may hold."""

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "parquet"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"PK\x07\x08", "zip"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"SQLite format 3\0", "sqlite"), (b"fgb\x03", "flatgeobuf"), (b"\0\0\x27\x0a", "shapefile"), (b"%PDF", "pdf"), (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"), (b"GIF8", "image"), (b"II*\0", "image"), (b"MM\0*", "image"), (b"BM", "bitmap"), (b"\x7fELF", "program"),
    (b"MZ", "windows"), (b"\x1f\x8b", "packed"), (b"BZh", "bzip"), (b"\xfd7zXZ\0", "packed"), (b"\x28\xb5\x2f\xfd", "packed"),
    (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "rar"), (b"\0\1\0\0Standard ", "access"), (b"{\\rtf", "word"), (b"AC10", "dwg"),
    (b"\x89HDF\r\n\x1a\n", "science"), (b"CDF\x01", "science"), (b"CDF\x02", "science"), (b"\xca\xfe\xba\xbe", "program"),
    (b"ID3", "media"), (b"OggS", "media"), (b"RIFF", "media"), (b"\0\0\0\x18ftyp", "media"), (b"\0\0\0 ftyp", "media"),
    (b"!table", "mapinfo"), (b"!Table", "mapinfo"), (b"!TABLE", "mapinfo"), (b"ARROW1", "arrow"),
)  # fmt: skip
_BINARY_ONLY = frozenset(("bitmap", "windows", "bzip", "dwg", "media", "program"))
"""Their first letters may also begin a text; they are told by the NULs that follow."""

_NAMES: dict[str, str] = {
    **dict.fromkeys((".pdf", ".ofd", ".xps"), "pdf"), **dict.fromkeys((".doc", ".docx", ".wps", ".wpt", ".rtf", ".odt", ".pages"), "word"),
    **dict.fromkeys((".ppt", ".pptx", ".dps", ".odp", ".key"), "slides"), **dict.fromkeys((".dwg", ".dxf", ".dgn"), "dwg"),
    **dict.fromkeys((".mdb", ".accdb"), "access"), **dict.fromkeys((".rar", ".7z", ".tar", ".tgz"), "rar"),
    **dict.fromkeys((".gz", ".bz2", ".xz", ".zst"), "packed"), **dict.fromkeys((".mif", ".mid", ".map", ".id"), "mapinfo"),
    ".numbers": "numbers", ".fods": "fods", **dict.fromkeys((".sqlite", ".sqlite3", ".db"), "sqlite"), ".dbf": "dbf",
    **dict.fromkeys((".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj"), "shape-part"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".psd", ".svg"), "image"),
    **dict.fromkeys((".exe", ".dll", ".msi", ".so", ".bin"), "program"), **dict.fromkeys((".mht", ".mhtml", ".eml"), "mhtml"),
    **dict.fromkeys((".mp3", ".mp4", ".wav", ".avi", ".mov"), "media"), **dict.fromkeys((".qgz", ".qgs", ".mxd", ".aprx", ".lyr"), "map-project"),
    **dict.fromkeys((".vrt", ".gml", ".osm", ".pbf"), "other-features"), **dict.fromkeys((".nc", ".h5", ".hdf", ".hdf5"), "science"),
    **dict.fromkeys((".feather", ".arrow", ".ipc"), "arrow"),
}  # fmt: skip
"""Kinds that are known by name and not read."""

_ROOT = re.compile(r"<\s*(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_HTML = frozenset(("html", "table", "head", "body", "meta", "style", "div", "tr", "title", "center", "font", "script"))


def content_of(head: bytes, suffix: str) -> str:
    """The kind of a file by its first `HEAD` bytes: "text" where nothing else is known.

    Parameters
    ----------
    suffix : of its name, in lower case: a CSV may begin with a bracket or with the letters of another kind.
    """
    for start, kind in _STARTS:
        if head.startswith(start) and (kind not in _BINARY_ONLY or b"\0" in head[:1024]):
            return kind
    text = _as_text(head).lstrip("\ufeff \t\r\n")
    if text[:1] == "<":
        return _markup(text, suffix)
    if re.match(r"(?:[\w-]+: [^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)*MIME-Version: ", text[:4096], re.IGNORECASE):
        return "mhtml"
    if text[:1] == "{" and suffix not in TEXT_NAMES - {""}:
        return "json"
    if suffix == ".tab" and text.lower().startswith("!table"):
        return "mapinfo"
    return "text"


def _as_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if head[:1] == b"<" and head[1:2] == b"\0":
        return head.decode("utf-16-le", "replace")
    return head.decode("utf-8", "replace")


def _markup(text: str, suffix: str) -> str:
    """The kind of a text that begins with an angle bracket, by its first element."""
    at, declared = 0, False
    while at < len(text):
        if text.startswith("<!--", at):
            end = text.find("-->", at)
            at = len(text) if end < 0 else end + 3
        elif text.startswith("<?", at):
            declared = True
            end = text.find("?>", at)
            at = len(text) if end < 0 else end + 2
        elif text[at : at + 9].lower() == "<!doctype":
            if re.match(r"<!doctype\s+html", text[at : at + 40], re.IGNORECASE):
                return "html"
            declared = True
            end = text.find(">", at)
            if text.find("[", at, max(end, at)) >= 0:  # declarations of its own, up to their bracket
                end = text.find("]>", at) + 1 or -1
            at = len(text) if end < 0 else end + 1
        elif text[at].isspace():
            at += 1
        else:
            break
    root = _ROOT.match(text, at, at + 200)
    name = root[1].lower() if root else ""
    if name in ("kml", "gpx"):
        return name
    if name == "workbook":
        return "spreadsheet-xml"
    if name in _HTML:
        return "html"
    if name == "document" and "office:document" in text[at : at + 40]:
        return "fods"
    whole = root is not None and f"</{root[0].lstrip('< ')}" in text
    return "xml" if declared or at or whole or suffix not in TEXT_NAMES else "text"


def inside_of(data: bytes, content: str) -> str:
    """The kind of a container, a zip or an OLE file, by what is in it: "workbook", or what else it is."""
    if content == "ole":
        names = xls.streams(data)
        for name, kind in (("WordDocument", "word"), ("PowerPoint Document", "slides"), ("__properties_version1.0", "mail")):
            if name in names:
                return kind
        return "workbook"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _of_members(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, LookupError):
        return "workbook"  # a damaged one says so itself


def _of_members(names: Iterable[str]) -> str:
    plain = [name.replace("\\", "/").lower() for name in names]
    whole = set(plain)
    if "content.xml" in whole:  # text and slides of OpenDocument have no worksheets, and say so themselves
        return "workbook"
    if any(name.startswith("word/") for name in plain):
        return "word"
    if any(name.startswith("ppt/") for name in plain):
        return "slides"
    if "[content_types].xml" in whole or any(name.startswith(("xl/", "_rels/")) for name in plain):
        return "workbook"
    for ending, kind in ((".iwa", "numbers"), (".kml", "kmz"), (".shp", "zip"), (".qgs", "map-project"), ("ofd.xml", "pdf")):
        if any(name.endswith(ending) for name in plain):
            return kind
    return "zip"


def known_by_name(suffix: str) -> str:
    """The kind, which is not read, of files of this name; "" for a name that says nothing."""
    return _NAMES.get(suffix, "")


def misnamed(shown: str, suffix: str, found: str | bytes | Mapping[str, str]) -> UsageError:
    """The refusal of what does not hold what its name says.

    Parameters
    ----------
    found : a kind, the bytes that tell it, or words for it.
    """
    if isinstance(found, bytes):
        found = content_of(found[:HEAD], suffix)
    if isinstance(found, str):
        words = texts("kinds")
        found = words.get(f"kind-{found}", words["kind-binary"])
    return UsageError("kind-misnamed", path=shown, suffix=suffix, what=found)
