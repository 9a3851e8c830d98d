"""A local server that answers as the providers' documentation says: answers, errors, quotas."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlsplit

from qjmap.datum import from_wgs84

QIJIANG = (106.65, 29.03)  # 綦江区, WGS 84; the known point of tests/test_datum.py
NEIJIANG = (105.06, 29.58)  # 内江市 市中区, in another province
KEY = "s3cret-key-0123456789"
PATHS = {
    "nominatim": "/search", "photon": "/api", "amap": "/v3/geocode/geo", "tianditu": "/geocoder", "baidu": "/geocoding/v3/",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A place, WGS 84 degrees; `kind` is house, road, district or nonsense."""

    name: str
    lon: float
    lat: float
    kind: str = "house"


@dataclass(frozen=True)
class Fault:
    """A faulty response: HTTP status, body, headers, a delay before it; or whatever `speak` writes."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    after_s: float = 0.0
    speak: Callable[[BinaryIO], None] | None = None


@dataclass(frozen=True)
class Asked:
    provider: str
    text: str
    query: dict[str, str]
    headers: dict[str, str]
    at: float


class Providers:
    """All five providers on one port. `places` maps a part of a query to the places in its answer."""

    def __init__(self) -> None:
        self.places: dict[str, list[Place]] = {}
        self.faults: list[Fault] = []  # given out first, one a question
        self.quota: int | None = None
        self.asked: list[Asked] = []
        self.on_question: Callable[[str], None] = lambda text: None
        providers = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                providers.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def questions(self) -> list[str]:
        return [one.text for one in self.asked]

    def environment(self, **more: str) -> dict[str, str]:
        """Return environment variables that point a program at this server, with the key and without patience."""
        found = {"QJMAP_PATIENCE": "0", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
        for name in PATHS:
            found |= {f"QJMAP_{name.upper()}_URL": self.url, f"QJMAP_{name.upper()}_RATE": "1000"}
            if name in ("amap", "tianditu", "baidu"):
                found[f"QJMAP_{name.upper()}_KEY"] = KEY
        return found | more

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        provider = next((name for name, path in PATHS.items() if path == parts.path), "")
        if not provider:
            return self._send(handler, 404, b"not found", {})
        text = query.get("q") or query.get("address") or ""
        if provider == "tianditu":
            text = json.loads(query["ds"])["keyWord"]
        self.asked.append(Asked(provider, text, query, dict(handler.headers), time.monotonic()))
        self.on_question(text)
        if self.faults:
            fault = self.faults.pop(0)
            time.sleep(fault.after_s)
            if fault.speak is not None:
                handler.close_connection = True
                with contextlib.suppress(OSError):
                    fault.speak(handler.wfile)
                return None
            return self._send(handler, fault.status, fault.body, fault.headers)
        spent = self.quota is not None and len(self.asked) > self.quota
        found = next((places for part, places in self.places.items() if part in text), [])
        status, page = getattr(self, f"_{provider}")(query, found, spent)
        return self._send(handler, status, json.dumps(page, ensure_ascii=False).encode(), {})

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
        try:
            handler.send_response(status)
            for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)
        except OSError:
            pass  # who asked has gone

    @staticmethod
    def _nominatim(query: dict[str, str], found: list[Place], spent: bool) -> tuple[int, Any]:
        if spent:
            return 429, {"error": "Too many requests"}
        ranks = {
            "house": (30, "building"),
            "road": (26, "highway"),
            "district": (12, "boundary"),
            "nonsense": (99, "?"),
        }
        return 200, [
            {
                "place_id": 1, "licence": "Data © OpenStreetMap contributors, ODbL 1.0.", "osm_type": "node", "osm_id": 2,
                "lat": f"{one.lat:.7f}", "lon": f"{one.lon:.7f}", "class": ranks[one.kind][1], "type": "yes",
                "place_rank": ranks[one.kind][0], "importance": 0.1, "addresstype": one.kind, "name": one.name,
                "display_name": f"{one.name}, 綦江区, 重庆市, 中国", "namedetails": {"name": one.name},
                "address": {"road": one.name},
                "boundingbox": [str(one.lat - 1e-4), str(one.lat + 1e-4), str(one.lon - 1e-4), str(one.lon + 1e-4)],
            }
            for one in found
        ]  # fmt: skip

    @staticmethod
    def _photon(query: dict[str, str], found: list[Place], spent: bool) -> tuple[int, Any]:
        if spent:
            return 403, {"message": "forbidden"}
        types = {"house": "house", "road": "street", "district": "county", "nonsense": "?"}
        features = [
            {
                "type": "Feature", "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
                "properties": {"osm_id": 1, "osm_key": "building", "osm_value": "yes", "type": types[one.kind],
                               "name": one.name, "city": "綦江区", "state": "重庆市", "country": "中国"},
            }
            for one in found
        ]  # fmt: skip
        return 200, {"type": "FeatureCollection", "features": features}

    @staticmethod
    def _amap(query: dict[str, str], found: list[Place], spent: bool) -> tuple[int, Any]:
        if query.get("key") != KEY:
            return 200, {"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"}
        if spent:
            return 200, {"status": "0", "info": "USER_DAILY_QUERY_OVER_LIMIT", "infocode": "10044"}
        levels = {"house": "门牌号", "road": "道路", "district": "区县", "nonsense": "未知"}
        geocodes = []
        for one in found:
            lon, lat = from_wgs84([one.lon], [one.lat], "gcj02")
            geocodes.append({
                "formatted_address": f"重庆市綦江区{one.name}", "country": "中国", "province": "重庆市", "citycode": "023",
                "city": "重庆市", "district": "綦江区", "township": [], "adcode": "500110", "street": [], "number": [],
                "location": f"{lon[0]:.6f},{lat[0]:.6f}", "level": levels[one.kind],
            })  # fmt: skip
        return 200, {"status": "1", "info": "OK", "infocode": "10000", "count": str(len(found)), "geocodes": geocodes}

    @staticmethod
    def _tianditu(query: dict[str, str], found: list[Place], spent: bool) -> tuple[int, Any]:
        if query.get("tk") != KEY:
            return 403, {"code": 301, "msg": "非法Key", "resolve": "请到控制台申请Key"}
        if spent:
            return 403, {"code": 302, "msg": "日访问次数超限", "resolve": "请明日再试"}
        if not found:
            return 200, {"msg": "无结果", "status": "101", "searchVersion": "6.4.9V"}
        levels = {"house": "门址", "road": "道路", "district": "区县", "nonsense": "？"}
        one = found[0]
        place = {
            "lon": f"{one.lon:.6f}",
            "lat": f"{one.lat:.6f}",
            "level": levels[one.kind],
            "score": 90,
            "keyWord": one.name,
        }
        return 200, {"msg": "ok", "location": place, "searchVersion": "6.4.9V", "status": "0"}

    @staticmethod
    def _baidu(query: dict[str, str], found: list[Place], spent: bool) -> tuple[int, Any]:
        if query.get("ak") != KEY:
            return 200, {"status": 200, "message": "APP不存在，AK有误请检查再重试"}
        if spent:
            return 200, {"status": 302, "message": "天配额超限，限制访问"}
        if not found:
            return 200, {"status": 1, "msg": "Internal Service Error:无相关结果", "results": []}
        levels = {"house": ("门址", 80), "road": ("道路", 50), "district": ("区县", 20), "nonsense": ("UNKNOWN", 0)}
        one = found[0]
        lon, lat = from_wgs84([one.lon], [one.lat], "bd09")
        level, confidence = levels[one.kind]
        place = {"location": {"lng": lon[0], "lat": lat[0]}, "precise": 1, "confidence": confidence, "comprehension": 100,
                 "level": level}  # fmt: skip
        return 200, {"status": 0, "result": place}
