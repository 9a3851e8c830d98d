"""The page in the other engine: Firefox opens it, draws it and answers, with no network and not a word in its console."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from qjmap.edit import apply_changes
from qjmap.project import load_project
from tests.region import make_region

_HERE = Path(__file__).parent


def seen_by_firefox(page: Path, *given: str | Path, driver: str = "firefox.mjs") -> dict[str, Any]:
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    if firefox is None or not (_HERE.parent / "node_modules" / "puppeteer-core").is_dir():
        pytest.fail("no Firefox or no puppeteer-core on this machine: run `make browser collections` first")
    ran = subprocess.run(
        ["node", str(_HERE / driver), str(page), firefox, *map(str, given)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)  # type: ignore[no-any-return]


def test_firefox_shows_the_atlas_filters_reads_a_table_and_prints(atlas_page: Path, tmp_path: Path) -> None:
    table, paper = tmp_path / "新增.csv", tmp_path / "map.pdf"
    table.write_bytes(
        "名称,类别,所在地,经度,纬度,坐标系,来源\n新仓,物流园区,自贡市,106.65,29.03,GCJ-02,article\n坏厂,企业,,106.65,290.3,,\n".encode(
            "gb18030"
        )
    )
    seen = seen_by_firefox(atlas_page, "自贡", "zigong", "dry-port", table, paper)
    assert seen["requests"] == []
    assert seen["messages"] == []
    assert all(seen["counts"].values())
    assert all(seen["visible"].values())
    assert all(seen["inked"]), seen["inked"]
    assert "自贡" in seen["panel"]
    assert seen["language"].startswith("en")
    assert seen["selected"] is True
    assert seen["listed"] > 0

    assert seen["filtered"] == f"1 of {seen['counts']['sites']}"
    assert len(seen["left"]) == 1

    assert [int(word) for word in seen["dropped"].split() if word.isdigit()][:3] == [1, 0, 1], seen["dropped"]
    assert any("290.3" in fault for fault in seen["faults"])
    assert any("say 四川省 自贡市, but lie in 重庆市 綦江区" in fault for fault in seen["faults"])
    assert seen["drafts"] == ["新仓"]

    document = pypdfium2.PdfDocument(paper)
    assert len(document) == 1
    text = " ".join(document[0].get_textpage().get_text_range().split())
    for words in (
        "Qijiang Industrial Cooperation Map",
        "Width: sum of",
        " km",
        "As of Apr",
        "GeoNames",
        "Sources",
    ):
        assert words in text, words
    assert seen["after"] == ["light", ""]


def test_firefox_edits_a_row_and_keeps_and_saves_it(region_page: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    seen = seen_by_firefox(region_page, saved, "bay-edited.html", driver="firefox-editor.mjs")
    assert seen["requests"] == []
    assert seen["messages"] == []
    assert seen["asked"] == "beforeunload"
    assert seen["place"] == "harbour"
    assert "新厂" in seen["restored"]
    added, changed = seen["changes"]  # what was filled down was undone
    assert (added[0], added[2]["name"], added[2]["place"], added[2]["lat"]) == ("add", "新厂", "harbour", "30.5")
    assert (changed[0], changed[2]) == ("change", {"aliases": "别名"})
    assert seen["carried"] == seen["changes"]
    report = apply_changes(load_project(make_region(tmp_path / "region")), Path(seen["file"]))
    assert sorted((one.op, one.table) for one in report.applied) == [("add", "sites"), ("change", "sites")]
