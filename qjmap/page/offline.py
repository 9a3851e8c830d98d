"""A folium map becomes one HTML text: self-contained, repeatable, and closed to anything a cell could say.

folium renders its map as it does for anyone; this module takes the pieces and writes the document itself: Leaflet from
its registry package in place of the links to other hosts, ids in the order of their appearance in place of random
ones, and a Content-Security-Policy that lets run just these scripts and styles, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

import folium
from branca.element import Element
from jinja2 import Environment
from markupsafe import Markup

from qjmap.errors import UsageError
from qjmap.layers.base import Late, Script, asset, root_figure
from qjmap.page.allowed import elements_of, refuse_others

_LATE = "<!--late-->"
"""Where the late elements stand in a rendered template; no script or block can hold it."""
_ARRIVED = "QJMap.markArrived();"
"""Said to the page by a script behind all that it draws and counts, so that it need not wait for the rest."""
_ABLE = "QJMap.markAble();\n"
"""Said behind all that makes the map: a browser that did not come so far keeps the sentence that names the ones that do."""
_LEAFLET = ("xstatic.pkg.leaflet", "data")


@dataclass(frozen=True)
class Document:
    """What the page's document says beside its map."""

    title: str = ""
    """By default the title of the map's figure."""
    language: str = "zh-CN"
    template: str = "page/plain.html.j2"
    styles: Sequence[str] = (asset("page/plain.css"),)
    scripts: Sequence[str] = ()
    before_map: str = ""
    """What the script that makes the map says first."""
    image_origins: Sequence[str] = ()
    """Origins of online tiles; none for a page that makes no request at all."""


def offline_html(m: folium.Map, document: Document | None = None) -> str:
    """The whole page of a folium map, which fills the window: the size of a folium map on its page is not kept.

    Parameters
    ----------
    m : a map of our layers and of the folium classes in `ALLOWED`
    document : title, language, scripts and styles of your own, and the origins of online tiles; by default a bare page

    Raises
    ------
    UsageError
        The map's figure holds what has not been made safe for a page of this kind, or what the page's own policy would
        block: all of it is named, and where it stands.
    """
    return "".join(offline_parts(m, document))


def offline_parts(m: folium.Map, document: Document | None = None) -> Iterator[str]:
    """The page as `offline_html` has it, piece by piece: a page of a million sites need not be held twice.

    Scripts come before the blocks of large tables (`Late`), so that the page paints before it has read them.
    """
    document = document or Document()
    figure, elements = root_figure(m), elements_of(m)
    refuse_others(m, figure, document.image_origins)
    parts = [figure.header, figure.html, figure.script]
    with _as_it_was([*parts, *elements]):
        for part in parts:
            part._children.clear()
        m.render()  # type: ignore[no-untyped-call]
        scripts = [child.source for child in figure.header._children.values() if isinstance(child, Script)]
        ids = _renumbering(elements)
        calls = _renumbered("".join(_texts(figure.script)), ids)
        glue = document.before_map + calls + (_ABLE if scripts else "")
        pieces = list(figure.html._children.values())
        body = _renumbered("".join(piece.render() + "\n" for piece in pieces if not isinstance(piece, Late)), ids)
        late = [piece for piece in pieces if isinstance(piece, Late)]
        read = [(_renumbered(tag, ids), text) for piece in late for tag, text in piece.elements]
        chunks = [(_renumbered(tag, ids), made) for piece in late for tag, made in piece.chunks]
    ours = bool(scripts)
    arrived = [_ARRIVED] if ours else []  # a map without our layers has nobody to tell
    styles = [leaflet_css(), *document.styles]
    scripts = [leaflet_js(), *scripts, *document.scripts]
    for script in [*scripts, glue]:
        if re.search(r"</script|<!--", script, re.IGNORECASE):
            raise UsageError("script-closes-itself")
    page: str = _template(document.template).render(
        title=document.title or figure.title or "qjmap",
        lang=document.language,
        ours=ours,
        csp=_policy([*scripts, glue, *arrived], styles, document.image_origins),
        map_html=Markup(body),  # noqa: S704 - base64 blocks and escaped JSON of ours
        late_html=Markup(_LATE),  # noqa: S704
        styles=[Markup(style) for style in styles],  # noqa: S704
        scripts=[Markup(script) for script in scripts],  # noqa: S704
        map_script=Markup(glue),  # noqa: S704
    )
    before, _, after = page.partition(_LATE)
    yield before
    # What is drawn and counted comes first; texts that are read when somebody asks for them stand at the end.
    for tag, text in read:
        yield from (tag, text, "</script>\n")
    for call in arrived:
        yield f"<script>{call}</script>\n"
    for tag, made in chunks:
        yield from (tag, made(), "</script>\n")
    yield after


@contextmanager
def _as_it_was(elements: Sequence[Element]) -> Iterator[None]:
    """Takes back what rendering adds to folium's elements, so that a map rendered twice is the same map."""
    before = [(one, one._children.copy()) for one in elements]
    try:
        yield
    finally:
        for one, children in before:
            one._children.clear()
            one._children.update(children)


def _texts(part: Element) -> Iterator[str]:
    for child in part._children.values():
        yield child.render() + "\n"


def _renumbering(elements: Sequence[Element]) -> dict[str, str]:
    return {one._id: "" for one in elements if len(one._id) == 32}


def _renumbered(text: str, ids: dict[str, str]) -> str:
    """The text with folium's random ids as numbers in the order of their first appearance; nothing else is touched."""
    if not ids:
        return text

    def number(match: re.Match[str]) -> str:
        found = match.group()
        if found in ids and not ids[found]:
            ids[found] = str(sum(map(bool, ids.values())) + 1)
        return ids.get(found, found)

    return re.sub(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", number, text)


def _policy(scripts: Sequence[str], styles: Sequence[str], image_origins: Sequence[str]) -> str:
    def hashes(texts: Sequence[str]) -> str:
        return " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
            for text in texts
        )

    return (
        f"default-src 'none'; script-src {hashes(scripts)}; style-src {hashes(styles)}; "
        f"img-src {' '.join(['data:', 'blob:', *image_origins])}; worker-src blob:; base-uri 'none'; form-action 'none'"
    )


@cache
def _template(path: str) -> Any:
    return Environment(autoescape=True, keep_trailing_newline=True).from_string(asset(path))


@cache
def leaflet_js() -> str:
    """Leaflet's script from its registry package, without the link to its source map, and its licence (BSD-2-Clause).

    The licence asks to be given with each copy. The registry package lacks it: it is the LICENSE of Leaflet 1.9.3 itself.
    """
    source = files(_LEAFLET[0]).joinpath(_LEAFLET[1], "leaflet.js").read_text(encoding="utf-8")
    source = re.sub(r"\n?//# sourceMappingURL=.*", "", source).rstrip()
    return f"{source}\n/* Leaflet\n\n{asset('page/leaflet-LICENSE.txt')}*/\n"


@cache
def leaflet_css() -> str:
    """Leaflet's style from its registry package, its images inside."""
    folder = files(_LEAFLET[0]).joinpath(_LEAFLET[1])
    style = folder.joinpath("leaflet.css").read_text(encoding="utf-8")
    style = re.sub(r"\s*behavior:[^;]*;", "", style)

    def inline(match: re.Match[str]) -> str:
        image = folder.joinpath(*PurePosixPath(match.group(1)).parts).read_bytes()
        return f"url(data:image/png;base64,{base64.b64encode(image).decode('ascii')})"

    return re.sub(r"url\((images/[^)]+\.png)\)", inline, style)
