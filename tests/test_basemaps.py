"""Basemaps: short names, keys from the environment, refused providers."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.basemaps import NAMES, TIANDITU_KEY, find_basemaps
from qjmap.errors import UsageError
from qjmap.pipeline.build import build
from qjmap.project import load_project


@pytest.mark.parametrize("name", [name for name in NAMES if "tianditu" not in name])
def test_the_usual_ones_have_short_names_and_say_whose_they_are(name: str) -> None:
    (result,) = find_basemaps([name])
    assert result.attribution
    assert "<" not in result.attribution
    assert all(origin.startswith("https://") for origin in result.origins)


def test_amaps_tiles_are_known_to_be_shifted_and_domestic() -> None:
    amap, osm = find_basemaps(["amap", "osm"])
    assert (amap.datum, amap.foreign) == ("gcj02", False)
    assert (osm.datum, osm.foreign) == ("wgs84", True)


def test_tianditu_takes_its_key_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TIANDITU_KEY, raising=False)
    with pytest.raises(UsageError) as refused:
        find_basemaps(["tianditu"])
    assert TIANDITU_KEY in str(refused.value)
    monkeypatch.setenv(TIANDITU_KEY, "abc123")
    (result,) = find_basemaps(["tianditu"])
    assert len(result.layers) == 2
    assert all("tk=abc123" in layer.tiles for layer in result.layers)
    assert len(result.origins) == 8


@pytest.mark.parametrize("key", ["a&b", '"><script>', "a b"])
def test_an_invalid_key_of_a_basemap_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv(TIANDITU_KEY, key)
    with pytest.raises(UsageError):
        find_basemaps(["tianditu-imagery"])


@pytest.mark.parametrize("name", ["Nowhere", "Baidu.Normal", "GeoQ.Colour"])
def test_what_is_unknown_or_cannot_be_laid_right_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        find_basemaps([name])


@pytest.mark.slow
def test_a_project_may_name_its_own(region: Path) -> None:
    settings = region / "data" / "project.toml"
    settings.write_text('tiles = ["amap", "osm"]\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    page = build(load_project(region)).page.read_text(encoding="utf-8")
    assert "https://webrd01.is.autonavi.com" in page
    assert "https://tile.openstreetmap.org" in page
