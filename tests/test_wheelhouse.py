"""The wheelhouse holds what the lock file says, and nothing twice."""

from __future__ import annotations

import pytest

from tests.wheelhouse import BUILD_ONLY, ENVIRONMENTS, LOCK, PLATFORMS, SOURCE_ONLY, on_platform, requirements


def test_every_entry_of_the_lock_keeps_its_hashes() -> None:
    lock = LOCK.read_text(encoding="utf-8")
    entries = requirements(lock)
    assert {"click", "pandas", "shapely", "xstatic-leaflet"} <= entries.keys()
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries.values())
    assert sum(entry.count("--hash=") for entry in entries.values()) == lock.count("--hash=")


def test_what_is_built_or_left_out_is_in_the_lock() -> None:
    assert {*SOURCE_ONLY, *BUILD_ONLY} <= requirements(LOCK.read_text(encoding="utf-8")).keys()
    assert list(PLATFORMS) == ["windows-x64", "linux-x64", "linux-aarch64"]
    assert list(ENVIRONMENTS) == list(PLATFORMS)


@pytest.mark.parametrize(
    ("platform", "names"), [("windows-x64", ["a", "b"]), ("linux-x64", ["a", "c"]), ("linux-aarch64", ["a"])]
)
def test_a_platform_has_what_its_own_markers_ask_for(platform: str, names: list[str]) -> None:
    lock = (
        "a==1 \\\n    --hash=sha256:0\n"
        "b==1 ; sys_platform == 'win32' \\\n    --hash=sha256:1\n"
        "c==1 ; platform_machine == 'x86_64' and python_version < '3.13' \\\n    --hash=sha256:2\n"
    )
    found = on_platform(requirements(lock).values(), platform, "3.12")
    assert list(requirements(found)) == names
    assert ";" not in found
    assert found.count("--hash=") == len(names)
