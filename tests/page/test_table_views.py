"""The page is told of an atlas's tables by data that agree with the schema and with what the page holds."""

from __future__ import annotations

import re
from pathlib import Path

from qjmap.i18n import texts
from qjmap.page.table_views import facets, table_views
from qjmap.schema import DERIVED, TABLES

_ADDED = {"level", "rows", "partner"}
"""Columns that the program or the page works out."""


def columns_of(table: str) -> set[str]:
    return {*(TABLES[table].names if table in TABLES else ("name", "name_en")), *DERIVED.get(table, ()), *_ADDED}


def test_every_table_of_the_schema_is_described_once_and_in_its_order() -> None:
    assert [view["name"] for view in table_views()] == [*TABLES, "districts"]


def test_descriptions_name_columns_of_their_table_alone() -> None:
    for view in table_views():
        known = columns_of(view["name"])
        named = {*view.get("names", ()), *view.get("ends", ()), *(view["kind"][:1] if "kind" in view else ())}
        assert named <= known, view["name"]
        assert {column["name"] for column in view["list"]} <= known | {"name"}, view["name"]
        own = known if view["name"] != "corridors" else known | {"mode"}  # that of its legs
        assert {column for column, _ in view["symbols"].values()} <= own, view["name"]


def test_words_are_those_of_the_column_s_vocabulary() -> None:
    for view in table_views():
        for column in view["list"]:
            if column["form"] == "word":
                assert column["vocab"] == TABLES[view["name"]].column(column["name"]).vocab


def test_facets_filter_columns_that_their_tables_or_their_rows_have() -> None:
    for facet in facets():
        assert f"facet.{facet['key']}" in texts("page")
        for table, column in facet["columns"].items():
            holder, reference = facet["through"].get(table, (table, ""))
            assert column in columns_of(holder)
            assert not reference or TABLES[holder].column(reference).refers == (table,)


def test_every_form_of_a_cell_is_one_that_the_list_can_show(repository: Path) -> None:
    script = (repository / "qjmap" / "web" / "src" / "app" / "list" / "columns.js").read_text(encoding="utf-8")
    made = set(re.findall(r"^    (\w+): \(", script[script.index("function makeForms") :], re.MULTILINE))
    assert {column["form"] for view in table_views() for column in view["list"]} <= made
