"""The notebooks of the guide run as they are written, show their maps offline, and what they save opens without a network."""

from __future__ import annotations

import html
import webbrowser
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Opened
from tests.notebooks import NOTEBOOKS, cells, run


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(notebook: Path) -> None:
    assert [cell for cell in cells(notebook) if cell["outputs"] or cell["execution_count"]] == []


def test_the_first_map_is_made_in_ten_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_file: Callable[..., Opened]
) -> None:
    (notebook,) = [path for path in NOTEBOOKS if path.stem == "first-map"]
    assert len(cells(notebook)) == 10
    opened_by_reader: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened_by_reader.append)
    monkeypatch.chdir(tmp_path)
    done = run(notebook)
    maps = [shown for shown in done.shown if shown.startswith("<iframe")]
    assert len(maps) == 5  # the fourth is the atlas
    assert opened_by_reader == [(tmp_path / "map.html").as_uri()]
    for number, shown in enumerate(maps):  # an iframe holds the whole page
        (tmp_path / f"cell{number}.html").write_text(
            html.unescape(shown.split('srcdoc="')[1].split('"')[0]), encoding="utf-8"
        )
    for name in ("map", "cell0", "cell4"):
        opened = open_file(tmp_path / f"{name}.html")
        opened.wait_ready()
        counts = opened.page.evaluate("window.qjmap.counts()")
        assert counts["t0"] == (60 if name == "cell0" else len(done.names["tall"]))
        assert counts.get("t1") == (None if name == "cell0" else 8)
