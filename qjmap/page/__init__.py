"""A folium map becomes one self-contained, repeatable page."""

from qjmap.page.allowed import ALLOWED
from qjmap.page.index import Card, index_html
from qjmap.page.offline import Document, offline_html, offline_parts
from qjmap.page.shell import BEFORE_MAP, Shell, opening, page_scripts, page_styles

__all__ = [
    "ALLOWED",
    "BEFORE_MAP",
    "Card",
    "Document",
    "Shell",
    "index_html",
    "offline_html",
    "offline_parts",
    "opening",
    "page_scripts",
    "page_styles",
]
