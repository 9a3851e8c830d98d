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
from tests.region import make_region


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


@pytest.mark.slow
def test_a_change_of_an_included_project_is_seen_also_one_that_mends_it(tmp_path: Path) -> None:
    top, below = make_region(tmp_path / "top"), make_region(tmp_path / "below")
    settings = top / "data" / "project.toml"
    plain = settings.read_text("utf-8")
    watch = Watch(top)
    settings.write_text(plain + '\n[include]\nb = "../below"\n', "utf-8")
    watch.refresh()
    assert watch.made.error is None
    version = watch.made.version
    mended = (below / "data" / "project.toml").read_text("utf-8")
    for text, is_sound in ((mended + "\nunknown_setting = [", False), (mended + "\n# mended\n", True)):
        (below / "data" / "project.toml").write_text(text, "utf-8")
        watch.refresh()
        version += 1
        assert (watch.made.version, watch.made.error is None) == (version, is_sound)
    table = below / "data" / "sites.csv"
    table.write_text(table.read_text("utf-8-sig") + "\n", "utf-8")
    watch.refresh()
    assert watch.made.version == version + 1
    settings.write_text(plain, "utf-8")
    watch.refresh()
    table.write_text(table.read_text("utf-8") + "\n", "utf-8")
    version = watch.made.version
    watch.refresh()
    assert watch.made.version == version


@pytest.mark.slow
def test_a_part_of_a_table_that_is_a_folder_is_watched(region: Path) -> None:
    folder = region / "data" / "sites"
    folder.mkdir()
    (region / "data" / "sites.csv").rename(folder / "1.csv")
    watch = Watch(region)
    version = watch.made.version
    shutil.copy(folder / "1.csv", folder / "2.csv")
    watch.refresh()
    assert watch.made.version == version + 1


def locked(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")
