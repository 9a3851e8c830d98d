"""A changed table is a new page sooner than a page made from nothing, with the same bytes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qjmap.ground.page_ground import _ground
from qjmap.payload.codecs import _compress
from qjmap.serve import watch as watch_module
from qjmap.serve.watch import Watch


def spent(work: Callable[[], object]) -> float:
    """Seconds of processor time, whatever else the machine does."""
    before = time.process_time()
    work()
    return time.process_time() - before


@pytest.mark.slow
def test_what_an_edit_leaves_as_it_is_is_not_made_again(tmp_path: Path, repository: Path) -> None:
    for name in ("data", "geo"):
        shutil.copytree(repository / name, tmp_path / name)
    watch = Watch(tmp_path)
    table = tmp_path / "data" / "sites.csv"
    lines = table.read_text("utf-8-sig").splitlines(keepends=True)
    again, anew = [], []
    for number in range(3):
        table.write_text("".join([*lines[:-1], lines[-1].rstrip("\n") + " " * number, "\n"]), "utf-8")
        again.append(spent(watch.refresh))
        _ground.cache_clear()
        _compress.cache_clear()
        anew.append(spent(lambda: Watch(tmp_path)))
    assert watch.made.error is None
    assert watch.made.version > 1
    assert min(again) < 0.8 * min(anew)
    assert Watch(tmp_path).made.page == watch.made.page


@pytest.mark.slow
def test_a_table_that_was_locked_is_read_when_it_is_free(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that holds a file lets it go without changing it; until then the page tells of it once, not at every look."""
    watch = Watch(region)
    load = watch_module.load
    monkeypatch.setattr(watch_module, "load", locked)
    table = region / "data" / "sites.csv"
    table.write_bytes(table.read_bytes() + b"\n")
    watch.refresh()
    told = watch.made
    assert told.error is not None
    assert told.error.code == "serve-file"
    watch.refresh()
    assert watch.made is told
    monkeypatch.setattr(watch_module, "load", load)
    watch.refresh()
    assert watch.made.error is None
    version = watch.made.version
    watch.refresh()
    assert watch.made.version == version


def locked(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")
