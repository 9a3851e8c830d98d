"""The page in the other engine: Firefox opens it, draws it and answers, with no network and not a word in its console."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

_DRIVER = Path(__file__).with_name("firefox.mjs")


def seen_by_firefox(page: Path, searched: str, selected: str) -> dict[str, Any]:
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    if firefox is None or not (_DRIVER.parents[1] / "node_modules" / "puppeteer-core").is_dir():
        pytest.fail("no Firefox or no puppeteer-core on this machine: run `make browser collections` first")
    ran = subprocess.run(
        ["node", str(_DRIVER), str(page), firefox, searched, selected],
        capture_output=True, text=True, encoding="utf-8", timeout=180, check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)  # type: ignore[no-any-return]


def test_firefox_shows_the_atlas(atlas_page: Path) -> None:
    seen = seen_by_firefox(atlas_page, "自贡", "zigong")
    assert seen["requests"] == []
    assert seen["messages"] == []
    assert all(seen["counts"].values())
    assert all(seen["visible"].values())
    assert all(seen["inked"]), seen["inked"]
    assert "自贡" in seen["panel"]
    assert seen["language"].startswith("en")
    assert seen["selected"] is True
    assert seen["listed"] > 0
