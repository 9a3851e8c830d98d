"""The table that a file's rows are of, by its columns: in the program and in the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qjmap.schema import TABLES
from qjmap.tables import read_table
from qjmap.tables.choose_table import choose_table
from tests.tables.page_reader import run_page_reader

_LEDGERS = {
    "项目名称,合作单位,建设地点,总投资（亿元）,开工时间,项目进展,牵头单位,联系电话\n甲项目,南港市,北山区,3.5,2023年,在建,,\n": "partnerships",
    "序号,协议名称,甲方,乙方,签署日期,金额（万元）\n1,采购协议,甲公司,乙公司,2024-01-02,300\n": "partnerships",
    "项目名称,合作方,投资额\n甲项目,南港市,300\n": "partnerships",
    "name,partners,start,value\nBridge,North|South,2020,5\n": "partnerships",
    # Coordinates and addresses are those of sites, whoever takes part.
    "名称,合作单位,经度,纬度,投资额\n甲厂,乙公司,106.65,29.03,300\n": "sites",
    "企业名称,类别,地址,合作单位,网址,所在地\n甲厂,企业,一路1号,乙公司,https://example.org,北山区\n": "sites",
    "名称,地址\n甲厂,一路1号\n": "sites",
    # A column of parties that holds numbers names none.
    "企业名称,合作企业,开工时间\n甲厂,12,2020\n乙厂,5,2021\n": "sites",
    "甲公司,106.65,29.03\n乙公司,106.66,29.04\n": "sites",
}


@pytest.mark.parametrize(("text", "table"), _LEDGERS.items())
def test_a_ledger_that_names_parties_is_one_of_partnerships(tmp_path: Path, text: str, table: str) -> None:
    path = tmp_path / "台账.csv"
    path.write_text(text, encoding="utf-8")
    assert choose_table(read_table(path, TABLES["sites"])).name == table


def test_the_page_chooses_the_same_tables() -> None:
    body = """return given.map((text) => E.previewTable({ kind: "preview", name: "a.csv", text, table: "sites", isTableOpen: true }).table);"""
    assert run_page_reader(body, list(_LEDGERS)) == list(_LEDGERS.values())


def test_a_table_that_is_told_stays(tmp_path: Path) -> None:
    told = {"kind": "preview", "name": "a.csv", "text": next(iter(_LEDGERS)), "table": "sites", "isTableOpen": False}
    assert run_page_reader(f"return E.previewTable({json.dumps(told)}).table;") == "sites"
