"""Offline page: a folium map as one HTML text that is self-contained, reproducible and safe against text in cells.

folium renders the map as usual. This module writes the document: Leaflet from its registry package instead of links to other
hosts, ids numbered in order of appearance instead of random, and a Content-Security-Policy that allows only these scripts and
styles, by hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

import folium
from branca.element import Element
from jinja2 import Environment
from markupsafe import Markup

from qjmap.errors import UsageError
from qjmap.layers.elements import Deferred, Script, asset, root_figure
from qjmap.page.allowed_elements import check_elements, elements_of
from qjmap.page.fallback import browser_notice

_DEFERRED = "<!--late-->"
"""Placeholder of the deferred elements in a rendered template; no script or block can contain it."""
_ARRIVED = "QJMap.markArrived();"
"""Call behind the elements that the page draws and counts, which tells it not to wait for the remaining ones."""
_ABLE = "QJMap.markAble();\n"
"""Call after the map is created, which removes the note that the browser is not supported."""
_LEAFLET = ("xstatic.pkg.leaflet", "data")


@dataclass(frozen=True)
class Document:
    """Settings of the document around a map."""

    title: str = ""
    """By default the title of the map's figure."""
    language: str = "zh-CN"
    template: str = "page/plain.html.j2"
    styles: Sequence[str] = (asset("page/plain.css"),)
    scripts: Sequence[str] = ()
    before_map: str = ""
    """Script that runs before the map is created."""
    fallback: str = field(default_factory=browser_notice)
    """HTML for browsers that cannot show a map of ours."""
    image_origins: Sequence[str] = ()
    """Origins of online tiles; none for a page that makes no requests."""


def offline_html(m: folium.Map, document: Document | None = None) -> str:
    """Write the page of a folium map, which fills the window whatever size the map has.

    Parameters
    ----------
    m : map of our layers and of the folium classes in `ALLOWED`
    document : title, language, own scripts and styles, and origins of online tiles; by default a bare page

    Raises
    ------
    UsageError
        The figure contains elements that are not allowed, or tiles that the page's own policy would block; names all of
        them with their places.
    """
    return "".join(offline_parts(m, document))


def offline_parts(m: folium.Map, document: Document | None = None) -> Iterator[str]:
    """The page of `offline_html` in pieces, so that a large page need not be in memory twice.

    Scripts come before the deferred elements of large tables, so that the page paints before it has parsed them.
    """
    document = document or Document()
    figure, elements = root_figure(m), elements_of(m)
    check_elements(m, figure, document.image_origins)
    parts = [figure.header, figure.html, figure.script]
    with _restored_children([*parts, *elements]):
        for part in parts:
            part._children.clear()
        m.render()  # type: ignore[no-untyped-call]
        scripts = [child.source for child in figure.header._children.values() if isinstance(child, Script)]
        ids = {element._id: "" for element in elements if len(element._id) == 32}
        calls = _renumbered("".join(_texts(figure.script)), ids)
        map_script = document.before_map + calls + (_ABLE if scripts else "")
        pieces = list(figure.html._children.values())
        body = _renumbered("".join(piece.render() + "\n" for piece in pieces if not isinstance(piece, Deferred)), ids)
        deferred = [piece for piece in pieces if isinstance(piece, Deferred)]
        blocks = [(_renumbered(tag, ids), text) for piece in deferred for tag, text in piece.elements]
        chunks = [(_renumbered(tag, ids), text) for piece in deferred for tag, text in piece.chunks]
    has_layers = bool(scripts)
    arrived = [_ARRIVED] if has_layers else []
    styles = [leaflet_css(), *document.styles]
    checks = [asset("page/check_browser.js")] if has_layers else []
    scripts = [*checks, leaflet_js(), *scripts, *document.scripts]
    for script in [*scripts, map_script]:
        if re.search(r"</script|<!--", script, re.IGNORECASE):
            raise UsageError("script-closes-itself")
    page: str = _template(document.template).render(
        title=document.title or figure.title or "qjmap",
        lang=document.language,
        fallback=Markup(document.fallback) if has_layers else "",  # noqa: S704 - escaped where it was made
        csp=_content_security_policy([*scripts, map_script, *arrived], styles, document.image_origins),
        map_html=Markup(body),  # noqa: S704 - base64 blocks and escaped JSON of ours
        late_html=Markup(_DEFERRED),  # noqa: S704
        styles=[Markup(style) for style in styles],  # noqa: S704
        scripts=[Markup(script) for script in scripts],  # noqa: S704
        map_script=Markup(map_script),  # noqa: S704
    )
    before, _, after = page.partition(_DEFERRED)
    yield before
    # What is drawn and counted comes first, chunks that are unpacked on demand last.
    for tag, text in blocks:
        yield from (tag, text, "</script>\n")
    for call in arrived:
        yield f"<script>{call}</script>\n"
    for tag, chunk in chunks:
        yield from (tag, chunk(), "</script>\n")
    yield after


@contextmanager
def _restored_children(elements: Sequence[Element]) -> Iterator[None]:
    """Remove on exit what rendering adds to folium's elements, so that a map rendered twice stays the same."""
    before = [(element, element._children.copy()) for element in elements]
    try:
        yield
    finally:
        for element, children in before:
            element._children.clear()
            element._children.update(children)


def _texts(part: Element) -> Iterator[str]:
    for child in part._children.values():
        yield child.render() + "\n"


def _renumbered(text: str, ids: dict[str, str]) -> str:
    """Replace folium's random ids in a text by numbers in the order of their first appearance.

    ``ids`` maps random ids to their numbers, empty before the first appearance; it is updated.
    """
    if not ids:
        return text

    def number(match: re.Match[str]) -> str:
        identifier = match.group()
        if identifier in ids and not ids[identifier]:
            ids[identifier] = str(sum(map(bool, ids.values())) + 1)
        return ids.get(identifier, identifier)

    return re.sub(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", number, text)


def _content_security_policy(scripts: Sequence[str], styles: Sequence[str], image_origins: Sequence[str]) -> str:
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
    """Leaflet's script from its registry package, without the link to its source map, followed by its licence (BSD-2-Clause).

    The licence must accompany each copy. The registry package lacks it; ours is the LICENSE of Leaflet 1.9.3.
    """
    source = files(_LEAFLET[0]).joinpath(_LEAFLET[1], "leaflet.js").read_text(encoding="utf-8")
    source = re.sub(r"\n?//# sourceMappingURL=.*", "", source).rstrip()
    return f"{source}\n/* Leaflet\n\n{asset('page/leaflet-LICENSE.txt')}*/\n"


@cache
def leaflet_css() -> str:
    """Leaflet's style from its registry package, with its images as data URIs."""
    folder = files(_LEAFLET[0]).joinpath(_LEAFLET[1])
    style = folder.joinpath("leaflet.css").read_text(encoding="utf-8")
    style = re.sub(r"\s*behavior:[^;]*;", "", style)

    def inline(match: re.Match[str]) -> str:
        image = folder.joinpath(*PurePosixPath(match.group(1)).parts).read_bytes()
        return f"url(data:image/png;base64,{base64.b64encode(image).decode('ascii')})"

    return re.sub(r"url\((images/[^)]+\.png)\)", inline, style)
