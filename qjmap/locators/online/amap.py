"""Amap's geocoding, which geopy has not: https://lbs.amap.com/api/webservice/guide/api/georegeo. GCJ-02."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from qjmap.locators.online.faults import Kind, ProviderFault, translated
from qjmap.locators.online.provider import PROVIDERS, Result, result
from qjmap.locators.online.transport import options

_LEVELS = {
    # The documented levels of a match. A road or a development zone reaches as far as a town does.
    "国家": "country", "省": "province", "市": "city", "区县": "district", "开发区": "town", "乡镇": "town", "村庄": "park",
    "热点商圈": "park", "道路": "town", "小巷": "park", "住宅区": "park", "道路交叉路口": "site", "兴趣点": "site", "门牌号": "site",
    "门址": "site", "单元号": "site", "楼层": "site", "房间": "site", "公交地铁站点": "site", "公交站台": "site", "地铁站": "site",
}  # fmt: skip
_SPENT = frozenset(("10003", "10010", "10029", "10044", "10045", "40000", "40002", "40003"))
_TOO_FAST = frozenset(("10004", "10014", "10015", "10019", "10020", "10021"))
_DOWN = frozenset(("10016", "10017"))


class Amap:
    """A question at a time; all the places it may mean."""

    provider = PROVIDERS["amap"]
    parameters = "v3"

    def __init__(self, url: str, key: str, agent: str, timeout_s: float) -> None:
        from geopy.geocoders.base import Geocoder

        self._call = Geocoder(**options(url, agent, timeout_s))._call_geocoder
        self._url, self._key = url, key

    def ask(self, text: str) -> list[Any]:
        """The `geocodes` as Amap gives them."""
        query = urlencode({"key": self._key, "address": text, "output": "JSON"})
        return translated(lambda: self._call(f"{self._url}/v3/geocode/geo?{query}", _geocodes), keyed=True)

    def read(self, raw: Any) -> Result | None:
        """By its level. What is not known (未知) or new to us has no level, and no radius that could be stated."""
        word = str(raw.get("level", ""))
        lon, comma, lat = str(raw["location"]).partition(",")
        if word not in _LEVELS or not comma:
            return None
        return result(float(lon), float(lat), _LEVELS[word], word, label=str(raw.get("formatted_address") or ""))


def _geocodes(page: Any) -> list[Any]:
    if str(page["status"]) != "1":
        code = str(page["infocode"])
        if code.startswith("3"):  # its engine makes nothing of these words
            return []
        raise ProviderFault(_kind(code), code)
    return list(page["geocodes"])


def _kind(code: str) -> Kind:
    """What a code of https://lbs.amap.com/api/webservice/guide/tools/info means: 1xxxx the key, 2xxxx the question."""
    if code in _SPENT:
        return "quota"
    if code in _TOO_FAST:
        return "pace"
    if code in _DOWN:
        return "busy"
    return "setup" if code.startswith("1") else "question"
