"""Write folium maps as self-contained, reproducible HTML documents."""

from qjmap.page.allowed_elements import ALLOWED
from qjmap.page.app_scripts import BEFORE_MAP, FrameShell, Shell, page_scripts, page_styles
from qjmap.page.fallback import partnership_table
from qjmap.page.index_page import Card, index_html
from qjmap.page.metadata import map_credits
from qjmap.page.offline_page import Document, offline_html, offline_parts
from qjmap.page.opening_view import opening_view
from qjmap.page.page_map import PageMap

__all__ = [
    "ALLOWED",
    "BEFORE_MAP",
    "Card",
    "Document",
    "FrameShell",
    "PageMap",
    "Shell",
    "index_html",
    "map_credits",
    "offline_html",
    "offline_parts",
    "opening_view",
    "page_scripts",
    "page_styles",
    "partnership_table",
]
