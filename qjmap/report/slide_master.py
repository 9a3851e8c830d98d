"""Style of slides without a user's template: format 16:9, colours and typefaces of the theme, positions of title, footer and number."""

from __future__ import annotations

import re
from typing import Any

from qjmap.report.office_files import BODY, HEAD, LATIN, drop_thumbnail

_WIDTH, _HEIGHT = 960, 540
"""Size of a slide in points."""
_COLOURS = {
    "dk1": "22262B", "lt1": "FBF9F4", "dk2": "5A5F66", "lt2": "EDE7DA", "accent1": "B0441C", "accent2": "2F6F86",
    "accent3": "8A6D00", "accent4": "7B4A83", "accent5": "4C7A3D", "accent6": "8C6A5A", "hlink": "2F6F86", "folHlink": "7B4A83",
}  # fmt: skip
"""Colours of the theme (rrggbb) by their names in the file: dark and light for text and background, accents, hyperlinks."""
_PANOSE = "02010609060101010101"
"""PANOSE classification of a monospaced Chinese typeface, by which a program replaces a typeface that is not installed."""
_PLACES = {
    "title": (44, 16, 872, 76),
    "body": (44, 108, 872, 378),
    "dt": (44, 500, 200, 26),
    "ftr": (330, 500, 300, 26),
    "sldNum": (716, 500, 200, 26),
}
"""Type of placeholder on the master -> left, top, width and height in points."""
_COVER = {"ctrTitle": (80, 120, 800, 150), "subTitle": (80, 290, 800, 150)}
_KEPT = ("title", "titleOnly")
"""Types of the layouts that are kept."""
_RULE = (
    '<p:cxnSp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<p:nvCxnSpPr><p:cNvPr id="20" name="Rule"/><p:cNvCxnSpPr/><p:nvPr userDrawn="1"/></p:nvCxnSpPr><p:spPr><a:xfrm><a:off x="{x}" y="{y}"/>'
    '<a:ext cx="{width}" cy="0"/></a:xfrm><a:prstGeom prst="line"><a:avLst/></a:prstGeom><a:ln w="19050"><a:solidFill>'
    '<a:schemeClr val="accent1"/></a:solidFill></a:ln></p:spPr></p:cxnSp>'
)
"""XML of the line below titles; positions and width in English metric units."""
_FONT = (
    '<a:{tag} xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" typeface="{name}" panose="{panose}"'
    ' pitchFamily="49" charset="-122"/>'
)


def chinese_font(tag: str, name: str) -> str:
    """Return the XML element ``tag`` ("ea" in properties of text) that sets the Chinese typeface `name`."""
    return _FONT.format(tag=tag, name=name, panose=_PANOSE)


def set_look(made: Any) -> None:
    """Set size, colours, typefaces and positions of an empty presentation of python-pptx; remove its preview image, its printer settings
    and the layouts that are not used.
    """
    from pptx.util import Pt

    made.slide_width, made.slide_height = Pt(_WIDTH), Pt(_HEIGHT)
    made.part._element.find(".//{*}sldSz").attrib.pop("type", None)
    drop_thumbnail(made.part.package)
    for key in [key for key, one in made.part.rels.items() if one.reltype.endswith("/printerSettings")]:
        made.part.rels.pop(key)
    for layout in [one for one in made.slide_layouts if one._element.get("type") not in _KEPT]:
        made.slide_layouts.remove(layout)
    master = made.slide_master
    _place(master, _PLACES)
    for layout in made.slide_layouts:
        _place(layout, _COVER)
        if layout._element.get("type") == "title":  # without the rule; the lines beneath the title at the left, too
            layout._element.set("showMasterSp", "0")
            for style in layout._element.iterfind(".//{*}lstStyle/{*}lvl1pPr"):
                style.set("algn", "l")
                style.find("{*}defRPr/{*}solidFill/{*}schemeClr/{*}tint").set("val", "100000")
    _set_theme(next(one.target_part for one in master.part.rels.values() if one.reltype.endswith("/theme")))
    _set_title_style(master)


def _place(slide: Any, places: dict[str, tuple[int, int, int, int]]) -> None:
    from pptx.util import Pt

    for shape in slide.placeholders:
        place = places.get(shape._element.find(".//{*}ph").get("type", "body"))
        if place is not None:
            shape.left, shape.top, shape.width, shape.height = (Pt(one) for one in place)


def _set_title_style(master: Any) -> None:
    """Set titles in 28 points at the left, at the bottom of their placeholder, and add a line below them."""
    from pptx.oxml import parse_xml
    from pptx.util import Pt

    style = master._element.find(".//{*}titleStyle/{*}lvl1pPr")
    style.set("algn", "l")
    style.find("{*}defRPr").set("sz", "2800")
    title = next(shape for shape in master.placeholders if shape._element.find(".//{*}ph").get("type") == "title")
    title._element.find(".//{*}bodyPr").set("anchor", "b")
    for shape in master.placeholders:
        shape._element.find(".//{*}bodyPr").set("lIns", "0")
    for shape in master.placeholders:
        for size in shape._element.iterfind(".//{*}lstStyle//{*}defRPr"):
            size.find("{*}solidFill/{*}schemeClr/{*}tint").set("val", "100000")
    left, top, width, height = _PLACES["title"]
    master.shapes._spTree.append(parse_xml(_RULE.format(x=Pt(left), y=Pt(top + height + 4), width=Pt(width))))


def _set_theme(part: Any) -> None:
    """Replace colours and typefaces in the part with the theme, which python-pptx holds as bytes of XML."""
    theme = part.blob.decode("utf-8")
    for name, colour in _COLOURS.items():
        theme = re.sub(f"<a:{name}>.*?</a:{name}>", f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>', theme)
    for kind, name in (("majorFont", HEAD), ("minorFont", BODY)):
        fonts = f'<a:latin typeface="{LATIN}"/>{chinese_font("ea", name)}<a:cs typeface=""/><a:font script="Hans" typeface="{name}"/>'
        theme = re.sub(f"<a:{kind}>.*?</a:{kind}>", f"<a:{kind}>{fonts}</a:{kind}>", theme)
    part._blob = theme.encode("utf-8")
