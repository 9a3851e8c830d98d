"""The wheelhouse holds what the lock file says, and nothing twice."""

from __future__ import annotations

from tests.wheelhouse import BUILD_ONLY, LOCK, PLATFORMS, SOURCE_ONLY, requirements


def test_every_entry_of_the_lock_keeps_its_hashes() -> None:
    lock = LOCK.read_text(encoding="utf-8")
    entries = requirements(lock)
    assert {"click", "pandas", "shapely", "xstatic-leaflet"} <= entries.keys()
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries.values())
    assert sum(entry.count("--hash=") for entry in entries.values()) == lock.count("--hash=")


def test_what_is_built_or_left_out_is_in_the_lock() -> None:
    assert {*SOURCE_ONLY, *BUILD_ONLY} <= requirements(LOCK.read_text(encoding="utf-8")).keys()
    assert list(PLATFORMS) == ["windows-x64", "linux-x64", "linux-aarch64"]
