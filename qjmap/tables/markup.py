"""XML -> a tree of elements, by expat: no document type, so no entity and nothing outside the file; levels are counted."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from qjmap.errors import UsageError
from qjmap.tables import kinds
from qjmap.tables.encodings import Decoded, decode
from qjmap.tables.limits import check_limit

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")


def read_xml(data: bytes, root: str, *, shown: str) -> tuple[Element, Decoded]:
    """The root element of an XML file and how its text was decoded. Names are without their prefix.

    Raises
    ------
    UsageError : it is another kind of file, it has a document type, it is no sound XML, or it is nested too deep.
    """
    decoded = _decoded(data)
    text = _DECLARATION.sub("", decoded.text.lstrip("\ufeff \t\r\n"), count=1)
    builder = TreeBuilder()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        name = name.rpartition(":")[2]
        if not depth and name != root:
            raise kinds.misnamed(shown, f".{root}", data)
        depth += 1
        check_limit("nesting", depth, shown=shown)
        builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name.rpartition(":")[2])

    def doctype(*_: object) -> None:
        raise UsageError("xml-doctype", path=shown)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        if not depth and not text.startswith("<"):
            raise kinds.misnamed(shown, f".{root}", data) from None
        raise UsageError("xml-form", path=shown, line=error.lineno, detail=expat.ErrorString(error.code)) from None
    return builder.close(), decoded


def _decoded(data: bytes) -> Decoded:
    """By the encoding that the file declares where that fits, else as any text."""
    declared = _DECLARED.match(data)
    name = declared[1].decode("ascii").lower() if declared else ""
    if name and name not in ("utf-8", "utf8"):
        try:
            found = decode(data, "gb18030" if name in ("gb2312", "gbk", "cp936") else name)
        except LookupError:
            return decode(data)
        if not found.broken:
            return found
    return decode(data)


def text_of(element: Element | None) -> str:
    """The text of an element without the blanks around it, "" for none."""
    return (element.text or "").strip() if element is not None else ""
