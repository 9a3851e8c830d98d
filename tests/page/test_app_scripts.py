"""Scripts and styles of the application around the map."""

from __future__ import annotations

import re

from qjmap.layers.raw_elements import asset
from qjmap.page.app_scripts import page_styles, without_comments


def test_a_style_sheet_loses_its_comments_and_keeps_its_strings() -> None:
    style = """
    /* tools { } ; */
    .a > .b,
    .c :hover { content: " ; /* no comment */ { "; margin: 0 1px }
    @media (width > 1px) and (print) { .d { font: 12px "A  B"; } }
    """
    assert without_comments(style) == (
        '.a > .b,.c :hover{content:" ; /* no comment */ { ";margin:0 1px}@media (width > 1px) and (print){.d{font:12px "A  B";}}'
    )


def test_the_page_has_every_rule_of_its_style_sheets() -> None:
    (style,) = page_styles()
    assert "/*" not in style
    written = re.sub(r"/\*.*?\*/", "", asset("page/styles/base.css"), flags=re.DOTALL)
    selectors = [found.strip() for found in re.findall(r"^([.#][^{},]+){", written, flags=re.MULTILINE)]
    assert len(selectors) > 10
    assert [selector for selector in selectors if selector + "{" not in style] == []
    assert style.count("{") == style.count("}")
