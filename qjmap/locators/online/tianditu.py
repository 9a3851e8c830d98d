"""Tianditu's geocoding, which geopy has not: http://lbs.tianditu.gov.cn/server/geocodinginterface.html. CGCS2000."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from qjmap.locators.online.faults import ProviderFault, translated
from qjmap.locators.online.provider import PROVIDERS, Result, result
from qjmap.locators.online.transport import options

_LEVELS = {
    # The documentation gives the level ("类别名称") by example only; a word that is not here is refused.
    "门址": "site", "门牌号": "site", "兴趣点": "site", "POI": "site", "地名地址": "site", "交叉口": "site", "单位": "site",
    "小区": "park", "村": "park", "村庄": "park", "道路": "town", "街道": "town", "乡镇": "town", "区县": "district", "县": "district",
    "市": "city", "省": "province", "国家": "country",
}  # fmt: skip
_SPENT_WORDS = ("配额", "超限", "上限", "次数", "限制", "quota", "limit")
_KEY_WORDS = ("key", "tk", "密钥", "权限", "白名单", "授权")


class Tianditu:
    """A question at a time; the answer is one place or none."""

    provider = PROVIDERS["tianditu"]
    parameters = "v1"

    def __init__(self, url: str, key: str, agent: str, timeout_s: float) -> None:
        from geopy.geocoders.base import Geocoder as Base

        class Geocoder(Base):  # type: ignore[misc]
            def _geocoder_exception_handler(self, error: Exception) -> None:
                # A refusal comes with status 403 or 418 and says in its body whether the key or the quota is meant.
                if getattr(error, "status_code", 0) in (401, 403, 418):
                    raise _refusal(getattr(error, "text", "") or "", f"HTTP {error.status_code}")  # type: ignore[attr-defined]

        self._call = Geocoder(**options(url, agent, timeout_s))._call_geocoder
        self._url, self._key = url, key

    def ask(self, text: str) -> list[Any]:
        """The `location` as Tianditu gives it."""
        question = json.dumps({"keyWord": text}, ensure_ascii=False)
        query = urlencode({"ds": question, "tk": self._key})
        return translated(lambda: self._call(f"{self._url}/geocoder?{query}", _location), keyed=True)

    def read(self, raw: Any) -> Result | None:
        """By its level."""
        word = str(raw.get("level", ""))
        if word not in _LEVELS:
            return None
        return result(float(raw["lon"]), float(raw["lat"]), _LEVELS[word], word, label=str(raw.get("keyWord") or ""))


def _location(page: Any) -> list[Any]:
    status = str(page.get("status", ""))
    if status == "101":  # nothing found
        return []
    if status == "0":
        place = page["location"]
        return [place] if place and place.get("lon") not in (None, "") else []
    if "code" in page or "resolve" in page:
        raise _refusal(str(page.get("msg", "")), str(page.get("code", "?")))
    raise ProviderFault("question" if status == "404" else "busy", status or "malformed")


def _refusal(said: str, code: str) -> ProviderFault:
    folded = said.casefold()
    if any(word in folded for word in _SPENT_WORDS) or code.endswith("418"):
        return ProviderFault("quota", code)
    return ProviderFault(
        "setup" if any(word in folded for word in _KEY_WORDS) or code.startswith("HTTP") else "busy", code
    )
