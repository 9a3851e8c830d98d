"""Detect the kind of a file by its first bytes and by its suffix."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping

from qjmap.errors import UsageError
from qjmap.i18n import texts
from qjmap.tables.readers import ole_container

HEAD_BYTES = 65_536
"""Number of bytes at the start of a file by which its kind is detected."""

TEXT_SUFFIXES = frozenset(("", ".csv", ".tsv", ".txt", ".dat"))
"""Suffixes of delimited text, whose first cell may start with a brace or an angle bracket."""

VECTOR_KINDS = {
    ".kml": "kml", ".kmz": "kmz", ".gpx": "gpx", ".shp": "shapefile", ".gpkg": "geopackage", ".fgb": "flatgeobuf", ".zip": "zip",
}  # fmt: skip
"""Suffix of a vector file -> the only kind that it may hold."""

_MAGIC_BYTES: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "parquet"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"PK\x07\x08", "zip"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"SQLite format 3\0", "sqlite"), (b"fgb\x03", "flatgeobuf"), (b"\0\0\x27\x0a", "shapefile"), (b"%PDF", "pdf"), (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"), (b"GIF8", "image"), (b"II*\0", "image"), (b"MM\0*", "image"), (b"BM", "bitmap"), (b"\x7fELF", "program"),
    (b"MZ", "windows"), (b"\x1f\x8b", "packed"), (b"BZh", "bzip"), (b"\xfd7zXZ\0", "packed"), (b"\x28\xb5\x2f\xfd", "packed"),
    (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "rar"), (b"\0\1\0\0Standard ", "access"), (b"{\\rtf", "word"), (b"AC10", "dwg"),
    (b"\x89HDF\r\n\x1a\n", "science"), (b"CDF\x01", "science"), (b"CDF\x02", "science"), (b"\xca\xfe\xba\xbe", "program"),
    (b"ID3", "media"), (b"OggS", "media"), (b"RIFF", "media"), (b"\0\0\0\x18ftyp", "media"), (b"\0\0\0 ftyp", "media"),
    (b"!table", "mapinfo"), (b"!Table", "mapinfo"), (b"!TABLE", "mapinfo"), (b"ARROW1", "arrow"),
)  # fmt: skip
_NEEDS_NUL = frozenset(("bitmap", "windows", "bzip", "dwg", "media", "program"))
"""Kinds whose magic bytes are letters that a text may start with too: a file is of such a kind only if a NUL is near its start."""

_UNREAD_SUFFIXES: dict[str, str] = {
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
"""Suffix -> kind, for kinds that are known but not read."""

_OPENDOCUMENT = "application/vnd.oasis.opendocument."
_MIMETYPE_BYTES = 200
_DOCUMENT_KINDS = {"spreadsheet": "workbook", "text": "word", "presentation": "slides"}
"""Type of an OpenDocument file -> kind."""

DAMAGED_ZIP = (
    zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""Exceptions that `zipfile` may raise for a damaged archive."""

_ROOT_ELEMENT = re.compile(r"<\s*(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_HTML_ELEMENTS = frozenset(
    ("html", "table", "head", "body", "meta", "style", "div", "tr", "title", "center", "font", "script")
)


def kind_of_head(head: bytes, suffix: str) -> str:
    """Return the kind of a file by its first `HEAD_BYTES`, as a word: "parquet", "zip", "json", "html" ...; "text" if none is found.

    Parameters
    ----------
    suffix : in lower case, with its dot; "" for none. Contents that start with "{" are JSON, but delimited text under a suffix of
        `TEXT_SUFFIXES` other than "". Contents that start with "<" and are no known markup are delimited text only under one of
        `TEXT_SUFFIXES`. ".tab" helps to recognise a file of MapInfo.
    """
    for magic, kind in _MAGIC_BYTES:
        if head.startswith(magic) and (kind not in _NEEDS_NUL or b"\0" in head[:1024]):
            return kind
    text = _decode_head(head).lstrip("\ufeff \t\r\n\x1e")
    if text[:1] == "<":
        return _markup_kind(text, suffix)
    if re.match(r"(?:[\w-]+: [^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)*MIME-Version: ", text[:4096], re.IGNORECASE):
        return "mhtml"
    if text[:1] == "{" and suffix not in TEXT_SUFFIXES - {""}:
        return "json"
    if suffix == ".tab" and text.lower().startswith("!table"):
        return "mapinfo"
    return "text"


def _decode_head(head: bytes) -> str:
    """Decode the first bytes of a file as UTF-16 or UTF-8; invalid ones become U+FFFD."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if head[:1] == b"<" and head[1:2] == b"\0":
        return head.decode("utf-16-le", "replace")
    return head.decode("utf-8", "replace")


def _markup_kind(text: str, suffix: str) -> str:
    """Return the kind of a text that starts with an angle bracket, by its document type and root element; "text" if it is no markup."""
    start, declared, is_html = _skip_prolog(text)
    if is_html:
        return "html"
    root = _ROOT_ELEMENT.match(text, start, start + 200)
    name = root[1].lower() if root else ""
    if name in ("kml", "gpx"):
        return name
    if name == "workbook":
        return "spreadsheet-xml"
    if name in _HTML_ELEMENTS:
        return "html"
    if name == "document" and "office:document" in text[start : start + 40]:
        return "fods"
    closed = root is not None and f"</{root[0].lstrip('< ')}" in text
    return "xml" if declared or start or closed or suffix not in TEXT_SUFFIXES else "text"


def _skip_prolog(text: str) -> tuple[int, bool, bool]:
    """Skip comments, declarations and the document type before the root element.

    Returns the index of the root element, whether there is an XML declaration or a document type, and whether that is HTML. For HTML the
    index is that of the document type.
    """
    index, declared = 0, False
    while index < len(text):
        if text.startswith("<!--", index):
            end = text.find("-->", index)
            index = len(text) if end < 0 else end + 3
        elif text.startswith("<?", index):
            declared = True
            end = text.find("?>", index)
            index = len(text) if end < 0 else end + 2
        elif text[index : index + 9].lower() == "<!doctype":
            if re.match(r"<!doctype\s+html", text[index : index + 40], re.IGNORECASE):
                return index, True, True
            declared = True
            end = text.find(">", index)
            if text.find("[", index, max(end, index)) >= 0:  # an internal subset ends at its own bracket
                end = text.find("]>", index) + 1 or -1
            index = len(text) if end < 0 else end + 1
        elif text[index].isspace():
            index += 1
        else:
            break
    return index, declared, False


def kind_inside(data: bytes, container: str) -> str:
    """Return the kind of file that a container is: "workbook", "word", "slides", "kmz" or others; "zip" for any other archive.

    A damaged or unknown OLE container and a damaged archive count as a workbook, whose reader reports the damage.

    Parameters
    ----------
    data : the whole file.
    container : "zip" or "ole".
    """
    if container == "ole":
        names = ole_container.stream_names(data)
        for name, kind in (
            ("WordDocument", "word"),
            ("PowerPoint Document", "slides"),
            ("__properties_version1.0", "mail"),
        ):
            if name in names:
                return kind
        return "workbook"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _kind_of_document(archive) or _kind_of_members(archive.namelist())
    except DAMAGED_ZIP:
        return "workbook"  # its reader reports the damage


def _kind_of_document(archive: zipfile.ZipFile) -> str:
    """Return the kind of an OpenDocument file by its member `mimetype`; "" for any other archive."""
    if "mimetype" not in archive.namelist():
        return ""
    with archive.open("mimetype") as file:
        name = file.read(_MIMETYPE_BYTES).decode("ascii", "replace").strip()
    kind = name.removeprefix(_OPENDOCUMENT).removesuffix("-template")
    return _DOCUMENT_KINDS.get(kind, "") if name.startswith(_OPENDOCUMENT) else ""


def _kind_of_members(names: Iterable[str]) -> str:
    """Return the kind of a zip archive without a known member `mimetype`, by the paths of its members; "zip" if they tell nothing."""
    paths = [name.replace("\\", "/").lower() for name in names]
    unique = set(paths)
    if "content.xml" in unique:  # OpenDocument without a type: what it holds is up to the reader of workbooks
        return "workbook"
    if any(path.startswith("word/") for path in paths):
        return "word"
    if any(path.startswith("ppt/") for path in paths):
        return "slides"
    if "[content_types].xml" in unique or any(path.startswith(("xl/", "_rels/")) for path in paths):
        return "workbook"
    for ending, kind in (
        (".iwa", "numbers"),
        (".kml", "kmz"),
        (".shp", "zip"),
        (".qgs", "map-project"),
        ("ofd.xml", "pdf"),
    ):
        if any(path.endswith(ending) for path in paths):
            return kind
    return "zip"


def unread_kind(suffix: str) -> str:
    """Return the kind, known but not read, that a suffix belongs to; "" for any other suffix."""
    return _UNREAD_SUFFIXES.get(suffix, "")


def misnamed(shown: str, suffix: str, content: str | bytes | Mapping[str, str]) -> UsageError:
    """Return the error for a file that does not hold what its suffix says.

    Parameters
    ----------
    content : what it holds: a kind, its first bytes, by which the kind is detected, or a description in both languages.
    """
    if isinstance(content, bytes):
        content = kind_of_head(content[:HEAD_BYTES], suffix)
    if isinstance(content, str):
        words = texts("kinds")
        content = words.get(f"kind-{content}", words["kind-binary"])
    return UsageError("kind-misnamed", path=shown, suffix=suffix, what=content)
