"""The report as a Word document: sections, sources beside figures, what changed, the same bytes each time."""

from __future__ import annotations

import io
from pathlib import Path

import docx

from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project
from qjmap.report import build_report
from qjmap.report.document import document


def test_the_document_says_what_the_tables_say(region: Path) -> None:
    atlas = load_atlas(load_project(region))[0]
    made = document(atlas, build_report(atlas), "zh", changed=["新增“甲”（a）。"])
    assert made == document(atlas, build_report(atlas), "zh", changed=["新增“甲”（a）。"])
    read = docx.Document(io.BytesIO(made))
    headings = [paragraph.text for paragraph in read.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == [
        "一、总体数字",
        "二、逐个合作方",
        "三、通道与里程",
        "四、指标及来源",
        "五、本版变化",
        "六、资料缺漏",
    ]
    assert "新增“甲”（a）。" in [paragraph.text for paragraph in read.paragraphs]
    assert {row.cells[0].text for table in read.tables for row in table.rows} >= set(atlas.corridors["name"])
