"""Client of Tianditu's geocoding, which geopy does not have. Its datum is CGCS2000.

http://lbs.tianditu.gov.cn/server/geocodinginterface.html
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from geopy.geocoders.base import Geocoder

from qjmap.geocoding.online.errors import ProviderError, translate_errors
from qjmap.geocoding.online.http_adapter import geocoder_options
from qjmap.geocoding.online.providers import PROVIDERS, ProviderResult, make_result

_LEVELS = {
    # The documentation gives the level ("类别名称") by example only; results of any other level are dropped.
    "门址": "site", "门牌号": "site", "兴趣点": "site", "POI": "site", "地名地址": "site", "交叉口": "site", "单位": "site",
    "小区": "park", "村": "park", "村庄": "park", "道路": "town", "街道": "town", "乡镇": "town", "区县": "district", "县": "district",
    "市": "city", "省": "province", "国家": "country",
}  # fmt: skip
_QUOTA_WORDS = ("配额", "超限", "上限", "次数", "限制", "quota", "limit")
_KEY_WORDS = ("key", "tk", "密钥", "权限", "白名单", "授权")


class _Geocoder(Geocoder):  # type: ignore[misc]
    """geopy's base class, which raises ProviderError for a refusal by Tianditu."""

    def _geocoder_exception_handler(self, error: Exception) -> None:
        # A refusal comes with status 403 or 418; its body says whether the key or the quota is meant.
        if getattr(error, "status_code", 0) in (401, 403, 418):
            raise _refusal(getattr(error, "text", "") or "", f"HTTP {error.status_code}")  # type: ignore[attr-defined]


class Tianditu:
    """Client of Tianditu; its answer to a query is one place or none."""

    provider = PROVIDERS["tianditu"]
    parameters = "v1"

    def __init__(self, url: str, key: str, agent: str, timeout_s: float) -> None:
        self._call = _Geocoder(**geocoder_options(url, agent, timeout_s))._call_geocoder
        self._url, self._key = url, key

    def query(self, text: str) -> list[Any]:
        """Return a list with the one place (`location`) as Tianditu gives it; [] if it has none.

        Raise ProviderError if it refuses the query, does not answer, or answers in an unexpected form.
        """
        keyword = json.dumps({"keyWord": text}, ensure_ascii=False)
        query = urlencode({"ds": keyword, "tk": self._key})
        return translate_errors(lambda: self._call(f"{self._url}/geocoder?{query}", _location), needs_key=True)

    def parse(self, raw: Any) -> ProviderResult | None:
        """Parse a place, whose level gives its radius; return None for a level not in `_LEVELS` and for coordinates out of range.

        Raise KeyError, TypeError or ValueError for coordinates that are missing or no numbers (`parse_result` catches them).
        """
        word = str(raw.get("level", ""))
        if word not in _LEVELS:
            return None
        return make_result(
            float(raw["lon"]), float(raw["lat"]), _LEVELS[word], word, label=str(raw.get("keyWord") or "")
        )


def _location(page: Any) -> list[Any]:
    status = str(page.get("status", ""))
    if status == "101":  # nothing found
        return []
    if status == "0":
        place = page["location"]
        return [place] if place and place.get("lon") not in (None, "") else []
    if "code" in page or "resolve" in page:
        raise _refusal(str(page.get("msg", "")), str(page.get("code", "?")))
    raise ProviderError("rejected" if status == "404" else "temporary", status or "malformed")


def _refusal(message: str, code: str) -> ProviderError:
    folded = message.casefold()
    if any(word in folded for word in _QUOTA_WORDS) or code.endswith("418"):
        return ProviderError("quota", code)
    return ProviderError(
        "setup" if any(word in folded for word in _KEY_WORDS) or code.startswith("HTTP") else "temporary", code
    )
