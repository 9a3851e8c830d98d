"""A folium map becomes one self-contained, repeatable page."""

from qjmap.page.offline import ALLOWED, Document, offline_html
from qjmap.page.shell import Shell, opening, page_scripts, page_styles

__all__ = ["ALLOWED", "Document", "Shell", "offline_html", "opening", "page_scripts", "page_styles"]
