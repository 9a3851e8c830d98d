"""The page in the other engine: Firefox opens it, draws it and answers, with no network and not a word in its console."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

_DRIVER = Path(__file__).with_name("firefox.mjs")


def seen_by_firefox(page: Path, *given: str | Path) -> dict[str, Any]:
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    if firefox is None or not (_DRIVER.parents[1] / "node_modules" / "puppeteer-core").is_dir():
        pytest.fail("no Firefox or no puppeteer-core on this machine: run `make browser collections` first")
    ran = subprocess.run(
        ["node", str(_DRIVER), str(page), firefox, *map(str, given)],
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
