"""A changed table is a new page in less than a second, with the bytes of a page made from nothing."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from qjmap.ground.page_ground import _ground
from qjmap.payload.codecs import _compress
from qjmap.serve.watch import Watch


@pytest.mark.slow
def test_the_atlas_is_rebuilt_in_less_than_a_second(tmp_path: Path, repository: Path) -> None:
    for name in ("data", "geo"):
        shutil.copytree(repository / name, tmp_path / name)
    watch = Watch(tmp_path)
    table = tmp_path / "data" / "sites.csv"
    lines = table.read_text("utf-8-sig").splitlines(keepends=True)
    spent = []
    for number in range(3):
        table.write_text("".join([*lines[:-1], lines[-1].rstrip("\n") + " " * number, "\n"]), "utf-8")
        before = time.process_time()  # whatever else the machine does
        watch.refresh()
        spent.append(time.process_time() - before)
    assert watch.made.error is None
    assert watch.made.version > 1
    assert min(spent) < 1
    _ground.cache_clear()
    _compress.cache_clear()
    assert Watch(tmp_path).made.page == watch.made.page
