"""Write a folium map as one HTML text that is self-contained, reproducible and safe against text in cells.

folium renders the map as usual. This module then writes the document. It carries Leaflet, from the package XStatic-Leaflet, instead of
links to other hosts; it numbers ids in the order in which they appear instead of leaving them random; and its Content-Security-Policy
allows only these scripts and styles, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
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
from qjmap.layers.raw_elements import Deferred, Script, asset, root_figure
from qjmap.page.allowed_elements import check_elements, elements_of
from qjmap.page.app_scripts import without_comments
from qjmap.page.fallback import browser_notice

_DEFERRED = "<!--late-->"
"""Placeholder of the deferred elements in a rendered template. Neither a script nor a block can contain it."""
_ARRIVED = "QJMap.markArrived();"
"""Script after the elements that the page draws and counts: it tells the page that these have arrived, and not to wait for the others."""
_ABLE = "QJMap.markAble();\n"
"""Script after the creation of the map: the browser is able to show it, so the note about unsupported browsers is removed."""
_LEAFLET = ("xstatic.pkg.leaflet", "data")
"""Package of Leaflet, and the folder of its files."""


@dataclass(frozen=True)
class Document:
    """Settings of the HTML document around a map.

    Attributes
    ----------
    title : "" for the title of the map's figure.
    language : language tag of the document.
    template : name of the template in `assets`.
    styles, scripts : their texts, in order; Leaflet and the layers' script come before them.
    before_map : script that runs before the map is created.
    fallback : HTML for browsers that cannot show the map.
    image_origins : origins of online tiles that the page may request; none for a page that makes no requests.
    head : names and attributes of further tags of the document's head, such as ``("meta", {"property": "og:title", ...})``.
    """

    title: str = ""
    language: str = "zh-CN"
    template: str = "page/plain.html.j2"
    styles: Sequence[str] = (asset("page/plain.css"),)
    scripts: Sequence[str] = ()
    before_map: str = ""
    fallback: str = field(default_factory=browser_notice)
    image_origins: Sequence[str] = ()
    head: Sequence[tuple[str, Mapping[str, str]]] = ()


def offline_html(m: folium.Map, document: Document | None = None) -> str:
    """Return the page of a folium map as HTML. The map fills the window, whatever size it was given.

    Parameters
    ----------
    m : map with layers of qjmap and elements of the folium classes in `ALLOWED`
    document : settings of the document; by default a page that has nothing but the map

    Raises
    ------
    UsageError : the figure has elements that are not allowed, or tiles from origins other than ``image_origins`` (the error names all
        of them and where they are); or a script contains ``</script`` or ``<!--``.
    """
    return "".join(offline_parts(m, document))


def offline_parts(m: folium.Map, document: Document | None = None) -> Iterator[str]:
    """Yield the text of `offline_html` in pieces, so that a large page need not be in memory twice.

    Scripts come before the deferred elements of large tables, so that the browser paints the map before it has parsed these. Parameters
    and errors are as in `offline_html`.
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
        head=document.head,
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
    # Blocks, which are drawn and counted, come first, and chunks, which are unpacked on demand, last.
    for tag, text in blocks:
        yield from (tag, text, "</script>\n")
    for call in arrived:
        yield f"<script>{call}</script>\n"
    for tag, chunk in chunks:
        yield from (tag, chunk(), "</script>\n")
    yield after


@contextmanager
def _restored_children(elements: Sequence[Element]) -> Iterator[None]:
    """Restore the children of folium's elements on exit of the context, so that a map can be rendered twice with the same result.

    Rendering adds children to the elements of a map and of its figure.
    """
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
    """Return a text with folium's random ids replaced by numbers, in the order in which they first appear.

    Parameters
    ----------
    ids : random id -> its number, "" until it appears. The function fills in the numbers.
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
    """Return the policy that allows exactly these scripts and styles, by hash, and images from these origins."""

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
    """Return the script of Leaflet from its package, without the link to its source map, followed by its licence (BSD-2-Clause).

    The licence must accompany every copy. The package lacks it; the text in `assets` is the LICENSE of Leaflet 1.9.3.
    """
    source = files(_LEAFLET[0]).joinpath(_LEAFLET[1], "leaflet.js").read_text(encoding="utf-8")
    source = re.sub(r"\n?//# sourceMappingURL=.*", "", source).rstrip()
    return f"{source}\n/* Leaflet\n\n{asset('page/leaflet-LICENSE.txt')}*/\n"


@cache
def leaflet_css() -> str:
    """Return the style sheet of Leaflet from its package, without comments and with its images as data URIs."""
    folder = files(_LEAFLET[0]).joinpath(_LEAFLET[1])
    style = folder.joinpath("leaflet.css").read_text(encoding="utf-8")
    style = without_comments(re.sub(r"\s*behavior:[^;]*;", "", style))

    def inline(match: re.Match[str]) -> str:
        image = folder.joinpath(*PurePosixPath(match.group(1)).parts).read_bytes()
        return f"url(data:image/png;base64,{base64.b64encode(image).decode('ascii')})"

    return re.sub(r"url\((images/[^)]+\.png)\)", inline, style)
