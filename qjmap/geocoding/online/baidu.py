"""Client of Baidu's geocoding v3, through geopy. Its datum is BD-09.

https://lbsyun.baidu.com/faq/api?title=webapi/guide/webservice-geocoding
"""

from __future__ import annotations

from typing import Any

from geopy.geocoders import BaiduV3

from qjmap.geocoding.online.errors import Kind, ProviderError, translate_errors
from qjmap.geocoding.online.http_adapter import geocoder_options
from qjmap.geocoding.online.providers import PROVIDERS, ProviderResult, make_result

_ERROR_M = (
    (100, 20.0), (90, 50.0), (80, 100.0), (75, 200.0), (70, 300.0), (60, 500.0), (50, 1_000.0), (40, 2_000.0),
    (30, 5_000.0), (25, 8_000.0), (20, 10_000.0),
)  # fmt: skip
"""(Minimum confidence, error of the point in metres) as documented, in descending order of confidence."""
_MAX_ERROR_M = 30_000.0  # below 20 nothing is documented
_LEVELS = {
    "国家": "country", "省": "province", "城市": "city", "区县": "district", "乡镇": "town", "村庄": "park", "道路": "town",
    "商圈": "park", "工业园区": "park", "旅游景点": "park", "绿地": "park", "飞机场": "park", "机场": "park", "港口/码头": "park",
}  # fmt: skip
_NOT_FOUND = "无相关结果"
_NO_LEVEL = ("", "UNKNOWN", "未知")
_KINDS: dict[int, Kind] = {
    1: "temporary", 2: "rejected", 8: "rejected", 4: "quota", 301: "quota", 302: "quota", 401: "rate-limit", 402: "rate-limit",
}  # fmt: skip


class _Geocoder(BaiduV3):  # type: ignore[misc]
    """geopy's geocoder, with two corrections in the meaning of Baidu's status codes."""

    def _parse_json(self, page: Any, exactly_one: bool = True) -> Any:
        # "Nothing found" comes with the status of a server error; only the message tells them apart.
        if page.get("status") == 1 and _NOT_FOUND in str(page.get("msg", "")):
            return None
        return super()._parse_json(page, exactly_one)

    def _check_status(self, status: Any) -> None:
        # geopy takes all codes from 300 to 499 for a spent quota; 401 and 402 mean too many queries a second.
        if status != 0:
            code = int(status)
            raise ProviderError(_KINDS.get(code, "quota" if 300 <= code < 400 else "setup"), str(code))


class Baidu:
    """Client of Baidu; its answer to a query is one place or none."""

    provider = PROVIDERS["baidu"]
    parameters = "v3 bd09ll"

    def __init__(self, url: str, key: str, agent: str, timeout_s: float) -> None:
        self._geocoder = _Geocoder(key, **geocoder_options(url, agent, timeout_s))
        self._geocoder.api = url + BaiduV3.api_path

    def query(self, text: str) -> list[Any]:
        """Return a list with the one place as Baidu gives it; [] if it has none.

        Raise ProviderError if it refuses the query, does not answer, or answers in an unexpected form.
        """
        place = translate_errors(lambda: self._geocoder.geocode(text), needs_key=True)
        return [] if place is None else [place.raw]

    def parse(self, raw: Any) -> ProviderResult | None:
        """Parse a place by its level and its confidence, from which the error of the point follows.

        Return None if it has no level or invalid coordinates.
        """
        word = str(raw.get("level", ""))
        if word in _NO_LEVEL:
            return None
        confidence = float(raw.get("confidence", 0))
        error_m = next((metres for least, metres in _ERROR_M if confidence >= least), _MAX_ERROR_M)
        place = raw["location"]
        return make_result(float(place["lng"]), float(place["lat"]), _LEVELS.get(word, "site"), word, reach_m=error_m)
