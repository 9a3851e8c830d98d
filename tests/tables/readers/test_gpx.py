"""GPX: waypoints become rows; tracks and routes are reported as not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.errors import UsageError
from tests.tables.helpers import codes, parsed, read

HEAD = '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><metadata><name>行程</name></metadata>'


def gpx(inside: str) -> bytes:
    return f"{HEAD}{inside}</gpx>".encode()


def test_a_waypoint_is_a_row_with_all_that_it_says(tmp_path: Path) -> None:
    inside = (
        '<wpt lat="29.030" lon="106.65"><ele>251.5</ele><time>2024-05-01T08:00:00Z</time><name>甲厂</name><cmt>备用</cmt><desc>机械加工</desc>'
        '<link href="https://example.cn/a"><text>a</text></link><sym>Flag, Blue</sym><type>餐馆</type>'
        "<extensions><x:y xmlns:x='x'><x:phone>023-1</x:phone></x:y></extensions></wpt>"
        '<wpt lat="29.04" lon="106.66"><name>乙厂</name><cmt>只有备注</cmt></wpt>'
    )
    tf = read(tmp_path, gpx(inside), "a.gpx")
    frame = tf.frame
    assert list(frame["name"]) == ["甲厂", "乙厂"]
    assert list(frame["description"]) == ["机械加工", "只有备注"]
    assert (frame["lon"][0], frame["lat"][0], frame["url"][0]) == ("106.65", "29.030", "https://example.cn/a")
    assert set(tf.unknown) == {"ele", "time", "sym", "gpx_type", "cmt", "phone"}
    result = parsed(tmp_path, gpx(inside), "a.gpx")
    assert (codes(result), list(result.frame["datum"])) == ([], ["", ""])
    assert list(parsed(tmp_path, gpx(inside), "a.gpx", datum="gcj02").frame["datum"]) == ["gcj02", "gcj02"]


def test_a_type_that_is_a_category_is_one(tmp_path: Path) -> None:
    result = parsed(tmp_path, gpx('<wpt lat="29" lon="106"><name>甲</name><type>企业</type></wpt>'), "a.gpx")
    assert result.frame["category"][0] == "enterprise"


def test_tracks_and_routes_are_named(tmp_path: Path) -> None:
    tracks = '<rte><rtept lat="1" lon="2"/></rte><trk><trkseg><trkpt lat="1" lon="2"/></trkseg></trk><trk/>'
    for inside in (f'<wpt lat="29" lon="106"><name>甲</name></wpt>{tracks}', tracks):
        result = parsed(tmp_path, gpx(inside), "a.gpx")
        told = next(fault for fault in result.faults if fault.code == "features-passed")
        assert "轨迹（trk）2 个" in told.message("zh")
        assert "1 × rte" in told.message("en")


def test_a_waypoint_without_a_place_or_with_nonsense_for_one(tmp_path: Path) -> None:
    result = parsed(tmp_path, gpx('<wpt><name>甲</name></wpt><wpt lat="x" lon="106"><name>乙</name></wpt>'), "a.gpx")
    assert result.bad_rows == {2}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<kml/>", "kind-misnamed"),
        (b"<!DOCTYPE gpx><gpx/>", "xml-doctype"),
        (b"<gpx><wpt>", "xml-form"),
        (b"\0\1\2", "kind-misnamed"),
    ],
)
def test_what_is_no_sound_gpx(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, content, "a.gpx")
    assert caught.value.code == code
