"""Hostile or broken servers: no answer stops a run, fills the memory, leaks a key or redirects elsewhere."""

from __future__ import annotations

import http.server
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlencode

import pytest

from qjmap.errors import UsageError
from qjmap.geocoding.online import environment, http_adapter, messages
from qjmap.geocoding.online.cache import FILE
from qjmap.geocoding.online.errors import UNKNOWN_CODE, ProviderError
from qjmap.geocoding.online.online_locator import OnlineCandidate, OnlineLocator
from qjmap.geocoding.online.providers import PROVIDERS
from tests.geocoding.online.conftest import Opener
from tests.geocoding.online.server import KEY, PATHS, QIJIANG, Fault, Place, Providers

pytestmark = pytest.mark.slow

ALL = list(PROVIDERS)
ADDRESS = "重庆市綦江区石佛路8号"
TIMEOUT_S = 1.0


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "TIMEOUT_S", TIMEOUT_S)


def page(name: str, label: Any = "石佛路8号", **more: Any) -> Any:
    """Return a provider's answer with one place, with any label and further members."""
    (place,) = [Place("石佛路8号", *QIJIANG)]
    _, found = getattr(Providers, f"_{name}")({"key": KEY, "tk": KEY, "ak": KEY}, [place], False)
    one = {
        "nominatim": lambda: found[0], "photon": lambda: found["features"][0]["properties"],
        "amap": lambda: found["geocodes"][0], "tianditu": lambda: found["location"], "baidu": lambda: found["result"],
    }[name]()  # fmt: skip
    for member in ("name", "display_name", "formatted_address", "keyWord", "label"):
        one[member] = label
    one |= more
    return found


def nested(depth: int) -> Any:
    deep: Any = 1
    for number in range(depth):
        deep = [deep] if number % 2 else {"a": deep}
    return deep


def flood(out: BinaryIO) -> None:
    out.write(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n[")
    for _ in range(300):
        out.write(b'"' + b"x" * 1_000_000 + b'",')


def trickle(out: BinaryIO) -> None:
    out.write(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n")
    for _ in range(200):
        out.write(b" ")
        out.flush()
        time.sleep(0.1)


def slow_header(out: BinaryIO) -> None:
    out.write(b"HTTP/1.0 200 OK\r\n")
    for number in range(200):
        out.write(b"X-%d: 1\r\n" % number)
        out.flush()
        time.sleep(0.1)


def garbage(out: BinaryIO) -> None:
    out.write(b"\x00\xff no HTTP at all\r\n\r\n")


def endless_header(out: BinaryIO) -> None:
    out.write(b"HTTP/1.0 200 OK\r\nX: " + b"x" * 1_000_000)


BODIES: dict[str, Callable[[str], bytes]] = {
    "deep": lambda name: b"[" * 200_000,
    "deep objects": lambda name: b'{"a":' * 200_000,
    "deep inside": lambda name: json.dumps(page(name, more=nested(300))).encode(),
    "half a character": lambda name: json.dumps(page(name, "石佛路\ud800")).encode(),
    "half a character in bytes": lambda name: json.dumps(page(name, "石佛路@"), ensure_ascii=False).encode().replace(b"@", b"\xed\xa0\x80"),
    "half a character as a name": lambda name: json.dumps(page(name, more={"\udfff": 1})).encode(),
    "not UTF-8": lambda name: json.dumps(page(name), ensure_ascii=False).encode("gb18030"),
    "HTML": lambda name: b"<html>Please log in</html>",
    "nothing": lambda name: b"",
    "null": lambda name: b"null",
    "a number": lambda name: b"7",
    "a text": lambda name: b'"ok"',
    "5,000 digits": lambda name: b"[" + b"9" * 5_000 + b"]",
}  # fmt: skip
SPOKEN = {
    "flood": flood,
    "trickle": trickle,
    "slow header": slow_header,
    "garbage": garbage,
    "endless header": endless_header,
}
LABELS: dict[str, Any] = {
    "control characters": "石佛路\x1b[31m\x00\r\n8号", "a list": ["石佛路"], "null": None, "a number": 7, "markup": "<script>石佛路8号",
    "very long": "石佛路8号" * 20_000, "not finite": float("nan"), "too great": float("inf"), "the key": f"石佛路8号{KEY}",
}  # fmt: skip


def all_messages(online: OnlineLocator) -> str:
    """Return all messages of a run, in both languages."""
    return "\n".join(line for lang in ("zh", "en") for line in messages.summary_lines(online, lang)[0])


def cached(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob(f"{FILE}*"))


def check_goes_on(opened: Opener, providers: Providers, name: str, tmp_path: Path) -> None:
    """Check that the next query is answered and that no key is cached."""
    providers.faults = []
    assert opened(name).locate_with_outcome(ADDRESS).outcome == "answered"
    assert KEY.encode() not in cached(tmp_path / "cache")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("body", list(BODIES))
def test_unusable_answer_is_a_provider_error(
    opened: Opener, providers: Providers, tmp_path: Path, name: str, body: str
) -> None:
    providers.faults = [Fault(body=BODIES[body](name))]
    online = opened(name)
    result = online.locate_with_outcome(ADDRESS)
    assert result.outcome in ("provider-error", "unknown"), result
    assert result.outcome == "provider-error" or body == "null"
    assert online.failed == 0
    assert result.answer.best == online.offline.locate(ADDRESS).best
    check_goes_on(opened, providers, name, tmp_path)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("kind", list(SPOKEN))
def test_size_and_time_of_an_answer_are_limited(
    opened: Opener, providers: Providers, tmp_path: Path, name: str, kind: str
) -> None:
    providers.faults = [Fault(speak=SPOKEN[kind])]
    begun = time.monotonic()
    assert opened(name).locate_with_outcome(ADDRESS).outcome == "provider-error"
    assert time.monotonic() - begun < 5 * TIMEOUT_S
    check_goes_on(opened, providers, name, tmp_path)


@pytest.mark.parametrize("name", ALL)
def test_largest_answer_is_accepted(
    opened: Opener, providers: Providers, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    body = json.dumps(page(name)).encode()
    for most, outcome in ((len(body) - 1, "provider-error"), (len(body), "answered")):
        monkeypatch.setattr(http_adapter, "MAX_BODY_BYTES", most)
        providers.faults = [Fault(body=body)]
        assert opened(name).locate_with_outcome(ADDRESS).outcome == outcome


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("label", list(LABELS))
def test_any_label_is_accepted(opened: Opener, providers: Providers, tmp_path: Path, name: str, label: str) -> None:
    providers.faults = [Fault(body=json.dumps(page(name, LABELS[label])).encode())]
    online = opened(name)
    result = online.locate_with_outcome(ADDRESS)
    assert online.failed == 0
    best = result.answer.best
    if isinstance(best, OnlineCandidate):
        assert all(sign.isprintable() for sign in best.name + best.word)
        assert len(best.name) <= 200
        assert KEY not in best.name or not PROVIDERS[name].needs_key
    assert not PROVIDERS[name].needs_key or KEY.encode() not in cached(tmp_path / "cache")
    if result.outcome != "provider-error":
        assert opened(name).locate_with_outcome(ADDRESS) == result  # from the cache the same


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """Another server, which must never receive a request."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Elsewhere,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server.server_address[1], asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_to_another_server_is_refused(
    opened: Opener, providers: Providers, elsewhere: tuple[int, list[str]], tmp_path: Path, name: str, status: int
) -> None:
    port, asked = elsewhere
    own = providers.url.removeprefix("http:")
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps(page(name)), encoding="utf-8")
    targets = [
        f"http://127.0.0.1:{port}/", f"http://localhost:{port}/", f"ftp://127.0.0.1:{port}/x", f"https:{own}/", secret.as_uri(),
        f"//127.0.0.1:{port}/", "data:application/json,[]", "javascript:1", "", "http://[", f"http://u:p@127.0.0.1:{port}/",
    ]  # fmt: skip
    for target in targets:
        providers.faults = [Fault(status, headers={"Location": target})]
        begun = time.monotonic()
        assert opened(name).locate_with_outcome(ADDRESS).outcome == "provider-error", target
        assert time.monotonic() - begun < 5 * TIMEOUT_S
    assert asked == []
    assert len(providers.asked) == len(targets)
    check_goes_on(opened, providers, name, tmp_path)


@pytest.mark.parametrize("name", ALL)
def test_redirects_on_the_same_server_are_limited(opened: Opener, providers: Providers, name: str) -> None:
    def again(text: str) -> None:
        path = "/" + str(len(providers.asked))
        providers.faults = [Fault(302, headers={"Location": providers.url + same + "&n=" + path[1:]})]

    online = opened(name)
    online.locate_with_outcome(ADDRESS)  # to know its address
    (first,) = providers.asked
    same = f"{PATHS[name]}?{urlencode(first.query)}"
    other = "重庆市綦江区石佛路9号"
    providers.faults = [Fault(302, headers={"Location": same})]
    assert opened(name).locate_with_outcome(other).outcome in ("answered", "unknown")  # the first address's answer
    assert len(providers.asked) == 3
    providers.on_question = again  # round and round
    before = len(providers.asked)
    assert opened(name).locate_with_outcome("重庆市綦江区石佛路10号").outcome == "provider-error"
    assert len(providers.asked) - before < 10


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "after", ["86400000", "-5", "1e9", "nan", "Fri, 31 Dec 99999 23:59:59 GMT", "9" * 5_000, "１２", "x"]
)
@pytest.mark.parametrize("status", [429, 503])
def test_absurd_retry_after(opened: Opener, providers: Providers, name: str, status: int, after: str) -> None:
    providers.faults = [Fault(status, headers={"Retry-After": after.encode().decode("latin-1")})]
    online = opened(name)
    assert online.locate_with_outcome(ADDRESS).outcome in ("quota", "provider-error")
    assert online.failed == 0


def refusals(said: str) -> dict[str, list[Any]]:
    """Return for each provider with a key the pages of a refusal, with a text in place of the code."""
    return {
        "amap": [{"status": "0", "info": said, "infocode": code} for code in (said, "1" + said, "2" + said, "4" + said)],
        "tianditu": [
            {"code": said, "msg": "非法Key " + said, "resolve": said}, {"code": "1", "msg": said}, {"status": said, "msg": said},
            {"code": {"a": said}, "msg": [said]},
        ],
        "baidu": [{"status": said, "message": said}, {"status": 200, "message": said}, {"status": 1, "msg": said}],
    }  # fmt: skip


@pytest.mark.parametrize("name", ["amap", "tianditu", "baidu"])
@pytest.mark.parametrize(
    "said",
    [KEY, KEY.upper(), KEY[:12], KEY[-10:], f"x{KEY}y", KEY[4:14] + "0", "\x1b[31m", "<b>", "一" * 50, "9" * 5_000],
)
@pytest.mark.parametrize("status", [200, 403, 500])
def test_messages_contain_nothing_from_the_server(
    opened: Opener, providers: Providers, tmp_path: Path, name: str, said: str, status: int
) -> None:
    for refusal in refusals(said)[name]:
        providers.faults = [Fault(status, body=json.dumps(refusal).encode())]
        online = opened(name)
        pauses: list[str] = []
        online.client.on_retry = lambda code, seconds, kept=pauses: kept.append(code)
        try:
            online.locate_with_outcome(ADDRESS)
            text = all_messages(online) + "".join(pauses)
        except UsageError as error:
            text = error.line("zh") + error.line("en")
        assert said not in text
        assert not any(KEY[at : at + 6].casefold() in text.casefold() for at in range(len(KEY) - 5))
        assert online.failed == 0
    assert KEY.encode() not in cached(tmp_path / "cache")


def test_codes_are_numbers_or_known_words() -> None:
    for code in ("10001", "HTTP 503", "no-answer", "malformed", "?"):
        assert ProviderError("temporary", code).code == code
    for code in ("", "INVALID_KEY", "1e5", "123456789", "十", "１２", "a" * 20, "10001\n", "HTTP 1234"):
        assert ProviderError("temporary", code).code == UNKNOWN_CODE
    assert ProviderError("temporary", "12345678").code_without("ab12345678cd") == UNKNOWN_CODE
    assert ProviderError("temporary", "301").code_without("ab301cd") == "301"  # too short to tell anything of a key


@pytest.mark.parametrize("name", ALL)
def test_lone_surrogates_are_replaced(opened: Opener, providers: Providers, name: str) -> None:
    online = opened(name)
    assert online.locate_with_outcome("重庆市綦江区石佛路8号\ud800").outcome in ("answered", "unchecked", "unknown", "")
    assert online.failed == 0
    assert all("\ud800" not in one for one in providers.questions())


def rows(cache: Path, *rows: tuple[Any, Any]) -> None:
    with sqlite3.connect(cache) as database:
        for answer, asked_on in rows:
            database.execute("UPDATE answers SET answer = ?, asked_on = ?", (answer, asked_on))
        database.execute("UPDATE turns SET next = 'soon'")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    ("answer", "asked_on"),
    [
        ("[", "2026-01-01"), ("null", "2026-01-01"), ("{}", "2026-01-01"), ("[" * 100_000, "2026-01-01"), (b"\xff", "2026-01-01"),
        (7, "2026-01-01"), ('["\\ud800"]', "2026-01-01"), ("[]", "one day"), ("[]", 7),
    ],
)  # fmt: skip
def test_invalid_cache_row_is_queried_anew(
    opened: Opener, providers: Providers, tmp_path: Path, name: str, answer: Any, asked_on: Any
) -> None:
    first = opened(name).locate_with_outcome(ADDRESS)
    rows(tmp_path / "cache" / FILE, (answer, asked_on))
    assert opened(name).locate_with_outcome(ADDRESS) == first
    assert len(providers.asked) == 2
    assert opened(name).locate_with_outcome(ADDRESS) == first
    assert len(providers.asked) == 2


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (116.397, 39.913),  # 北京市东城区, near the border of 西城区
        (121.48, 31.23),  # 上海市黄浦区
        (114.30, 30.60),  # 武汉市江岸区
        (116.30, 39.90),  # 北京市海淀区
        (106.55, 29.56),  # 重庆市渝中区: the right city, the wrong district
        (106.58, 29.35),  # 巴南区, next to it
    ],
)
def test_answer_outside_the_area_is_refused_near_any_border(
    opened: Opener, providers: Providers, name: str, lon: float, lat: float
) -> None:
    providers.places = {"石佛路": [Place("石佛路8号", lon, lat)]}
    online = opened(name)
    assert online.locate_with_outcome(ADDRESS).outcome == "outside"
    assert online.locate_with_outcome("石佛路8号", ("綦江区",)).outcome == "outside"
