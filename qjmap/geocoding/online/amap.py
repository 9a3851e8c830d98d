"""Client of Amap's geocoding, which geopy does not have: https://lbs.amap.com/api/webservice/guide/api/georegeo. Its datum is GCJ-02."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from geopy.geocoders.base import Geocoder

from qjmap.geocoding.online.errors import Kind, ProviderError, translate_errors
from qjmap.geocoding.online.http_adapter import geocoder_options
from qjmap.geocoding.online.providers import PROVIDERS, ProviderResult, make_result

_LEVELS = {
    # The documented levels of a match. A road or a development zone reaches as far as a town does.
    "国家": "country", "省": "province", "市": "city", "区县": "district", "开发区": "town", "乡镇": "town", "村庄": "park",
    "热点商圈": "park", "道路": "town", "小巷": "park", "住宅区": "park", "道路交叉路口": "site", "兴趣点": "site", "门牌号": "site",
    "门址": "site", "单元号": "site", "楼层": "site", "房间": "site", "公交地铁站点": "site", "公交站台": "site", "地铁站": "site",
}  # fmt: skip
_QUOTA_CODES = frozenset(("10003", "10010", "10029", "10044", "10045", "40000", "40002", "40003"))
_RATE_LIMIT_CODES = frozenset(("10004", "10014", "10015", "10019", "10020", "10021"))
_TEMPORARY_CODES = frozenset(("10016", "10017"))


class Amap:
    """Client of Amap; its answer to a query has all places that the query may mean."""

    provider = PROVIDERS["amap"]
    parameters = "v3"

    def __init__(self, url: str, key: str, agent: str, timeout_s: float) -> None:
        self._call = Geocoder(**geocoder_options(url, agent, timeout_s))._call_geocoder
        self._url, self._key = url, key

    def query(self, text: str) -> list[Any]:
        """Return the places (`geocodes`) as Amap gives them; [] if it has none.

        Raise ProviderError if it refuses the query, does not answer, or answers in an unexpected form.
        """
        query = urlencode({"key": self._key, "address": text, "output": "JSON"})
        return translate_errors(lambda: self._call(f"{self._url}/v3/geocode/geo?{query}", _geocodes), needs_key=True)

    def parse(self, raw: Any) -> ProviderResult | None:
        """Parse a place; return None if its level is 未知 or not in `_LEVELS`, so that no radius can be stated, or it has no position."""
        word = str(raw.get("level", ""))
        lon, comma, lat = str(raw["location"]).partition(",")
        if word not in _LEVELS or not comma:
            return None
        return make_result(float(lon), float(lat), _LEVELS[word], word, label=str(raw.get("formatted_address") or ""))


def _geocodes(page: Any) -> list[Any]:
    if str(page["status"]) != "1":
        code = str(page["infocode"])
        if code.startswith("3"):  # its engine cannot parse the text
            return []
        raise ProviderError(_kind(code), code)
    return list(page["geocodes"])


def _kind(code: str) -> Kind:
    """Return the kind of error for a code of Amap: 1xxxx concern the key, 2xxxx the query.

    https://lbs.amap.com/api/webservice/guide/tools/info
    """
    if code in _QUOTA_CODES:
        return "quota"
    if code in _RATE_LIMIT_CODES:
        return "rate-limit"
    if code in _TEMPORARY_CODES:
        return "temporary"
    return "setup" if code.startswith("1") else "rejected"
