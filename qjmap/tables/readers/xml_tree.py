"""XML -> a tree of elements, by expat. Files with a document type are refused, so that none has entities or refers to other files; nesting
is limited.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from qjmap.errors import UsageError
from qjmap.tables.readers import detect_kind
from qjmap.tables.readers.encoding import Decoded, decode_declared
from qjmap.tables.readers.limits import check_limit

_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")


def read_xml(data: bytes, root: str, *, shown: str) -> tuple[Element, Decoded]:
    """Parse an XML file; return its root element, and how its text was decoded. Elements lose the prefix of their name, attributes keep it.

    Parameters
    ----------
    root : the expected name of the root element, which is also the usual suffix of such files.

    Raises
    ------
    UsageError : it is another kind of file, has a document type, is not well-formed, or is nested too deep.
    """
    decoded, text = decode_xml(data)
    builder = TreeBuilder()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        name = local_name(name)
        if not depth and name != root:
            raise detect_kind.misnamed(shown, f".{root}", data)
        depth += 1
        check_limit("nesting", depth, shown=shown)
        builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(local_name(name))

    def doctype(*_: object) -> None:
        raise UsageError("xml-doctype", path=shown)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        if not depth and not text.startswith(b"<"):
            raise detect_kind.misnamed(shown, f".{root}", data) from None
        raise UsageError("xml-form", path=shown, line=error.lineno, detail=expat.ErrorString(error.code)) from None
    return builder.close(), decoded


def decode_xml(data: bytes) -> tuple[Decoded, bytes]:
    """Decode an XML file in the encoding that it declares, else in the detected one. Return how it was decoded, and the text as UTF-8
    without its XML declaration.
    """
    decoded = decode_declared(data, _ENCODING.match(data))
    return decoded, _DECLARATION.sub("", decoded.text.lstrip("\ufeff \t\r\n"), count=1).encode("utf-8", "replace")


def xml_parser() -> expat.XMLParserType:
    """Return an expat parser of UTF-8 that raises ValueError for a document type, and so admits no entities."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise ValueError("DOCTYPE")


def local_name(name: str) -> str:
    """Return the name of an element or attribute without its namespace prefix."""
    return name.rpartition(":")[2]


def text_of(element: Element | None) -> str:
    """Return the text of an element before its first child, without blanks around it; "" for None."""
    return (element.text or "").strip() if element is not None else ""
