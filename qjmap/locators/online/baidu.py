"""Baidu's geocoding v3, through geopy: https://lbsyun.baidu.com/faq/api?title=webapi/guide/webservice-geocoding. BD-09."""

from __future__ import annotations

from typing import Any

from qjmap.locators.online.faults import ProviderFault, translated
from qjmap.locators.online.provider import PROVIDERS, Result, result
from qjmap.locators.online.transport import options

_OFF_M = (
    (100, 20.0), (90, 50.0), (80, 100.0), (75, 200.0), (70, 300.0), (60, 500.0), (50, 1_000.0), (40, 2_000.0),
    (30, 5_000.0), (25, 8_000.0), (20, 10_000.0),
)  # fmt: skip
"""Least confidence -> how far off the point may be in metres, as the documentation states it."""
_UNSURE_M = 30_000.0  # below 20 nothing is stated
_COARSE = {
    "国家": "country", "省": "province", "城市": "city", "区县": "district", "乡镇": "town", "村庄": "park", "道路": "town",
    "商圈": "park", "工业园区": "park", "旅游景点": "park", "绿地": "park", "飞机场": "park", "机场": "park", "港口/码头": "park",
}  # fmt: skip
_NOTHING = "无相关结果"
_NO_LEVEL = ("", "UNKNOWN", "未知")
_FAULTS: dict[int, Any] = {
    1: "busy",
    2: "question",
    8: "question",
    4: "quota",
    301: "quota",
    302: "quota",
    401: "pace",
    402: "pace",
}


class Baidu:
    """A question at a time; the answer is one place or none."""

    provider = PROVIDERS["baidu"]
    parameters = "v3 bd09ll"

    def __init__(self, url: str, key: str, agent: str, timeout_s: float) -> None:
        from geopy.geocoders import BaiduV3

        class Geocoder(BaiduV3):  # type: ignore[misc]
            def _parse_json(self, page: Any, exactly_one: bool = True) -> Any:
                # "Nothing found" comes with the status of a server error; only the words tell them apart.
                if page.get("status") == 1 and _NOTHING in str(page.get("msg", "")):
                    return None
                return super()._parse_json(page, exactly_one)

            def _check_status(self, status: Any) -> None:
                # geopy takes all of 300 to 499 for a spent quota; 401 and 402 only mean: not so fast.
                if status != 0:
                    code = int(status)
                    raise ProviderFault(_FAULTS.get(code, "quota" if 300 <= code < 400 else "setup"), str(code))

        self._geocoder = Geocoder(key, **options(url, agent, timeout_s))
        self._geocoder.api = url + BaiduV3.api_path

    def ask(self, text: str) -> list[Any]:
        """The answer as Baidu gives it."""
        found = translated(lambda: self._geocoder.geocode(text), keyed=True)
        return [] if found is None else [found.raw]

    def read(self, raw: Any) -> Result | None:
        """By its level, and by its confidence, which stands for how far off the point may be."""
        word = str(raw.get("level", ""))
        if word in _NO_LEVEL:
            return None
        confidence = float(raw.get("confidence", 0))
        off = next((metres for least, metres in _OFF_M if confidence >= least), _UNSURE_M)
        place = raw["location"]
        return result(float(place["lng"]), float(place["lat"]), _COARSE.get(word, "site"), word, reach_m=off)
