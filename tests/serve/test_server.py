"""A served project answers its own page on this machine and nobody else; what it takes goes the safe road into the tables."""

from __future__ import annotations

import gc
import http.client
import json
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.project import Project
from qjmap.serve import LocalServer
from qjmap.serve.guard import Guard
from tests.properties import examples
from tests.validation.test_check_project import made

pytestmark = pytest.mark.slow

SITES = "id,name,place\na,甲厂,qijiang\nb,乙厂,qijiang\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made(tmp_path / "p", 'home = "qijiang"\n', sites=SITES)


@pytest.fixture
def server(project: Project) -> Iterator[LocalServer]:
    local = LocalServer(project)
    thread = threading.Thread(target=local.run)
    thread.start()
    yield local
    local.close()
    thread.join(10)
    assert not thread.is_alive()


def ask(
    server: LocalServer, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, bytes]:
    """Send a request as the page would; ``headers`` replace its own."""
    port = server.guard.port
    own = {"Host": f"127.0.0.1:{port}"}
    if method == "POST":
        own |= {"Origin": server.guard.origin, "Sec-Fetch-Site": "same-origin"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    sent = {**own, **{name.replace("_", "-"): value for name, value in headers.items()}}
    connection.request(method, path, body, {name: value for name, value in sent.items() if value})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, data


def at(server: LocalServer, name: str) -> str:
    return f"/{server.guard.token}/{name}"


def posted(server: LocalServer, name: str, body: bytes, **headers: str) -> dict[str, Any]:
    status, data = ask(server, at(server, name), "POST", body, **headers)
    assert status == 200
    return dict(json.loads(data))


def test_objects_that_rebuilds_leave_in_cycles_are_freed(project: Project) -> None:
    """The installed script turns the garbage collector off, which would leak some megabytes with each rebuild."""
    gc.disable()
    try:
        local = LocalServer(project)
        thread = threading.Thread(target=local.run)
        thread.start()
        ask(local, at(local, ""))
        assert gc.isenabled()
        local.close()
        thread.join(10)
    finally:
        gc.enable()


def change(new: str, old: str = "甲厂") -> bytes:
    row = {"op": "change", "table": "sites", "id": "a", "old": {"name": old}, "new": {"name": new}}
    return json.dumps({"qjmap_changes": 1, "map": "t", "changes": [row]}).encode()


def test_the_page_and_its_frame_are_answered(server: LocalServer) -> None:
    assert server.address.startswith("http://127.0.0.1:")
    assert b"serve.js" in ask(server, at(server, ""))[1]
    assert "甲厂" in server.watch.made.page.decode() or b"qjmap-meta" in ask(server, at(server, "map.html"))[1]
    assert ask(server, at(server, "serve.js"))[0] == ask(server, at(server, "serve.css"))[0] == 200
    assert json.loads(ask(server, at(server, "state?version=0"))[1])["version"] == 1


def test_only_the_loopback_interface_listens(server: LocalServer) -> None:
    assert server._server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"}, {"Host": "127.0.0.1"}, {"Host": "localhost:1"}, {"Host": "127.0.0.1.evil.example:1"},
        {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"},
    ],
)  # fmt: skip
def test_other_names_and_other_sites_are_refused(server: LocalServer, headers: dict[str, str]) -> None:
    for name, method in [("map.html", "GET"), ("", "GET"), ("apply", "POST"), ("undo", "POST")]:
        assert ask(server, at(server, name), method, b"" if method == "POST" else None, **headers) == (403, b"")


def test_a_change_must_come_from_the_own_page(server: LocalServer, project: Project) -> None:
    for headers in ({"Origin": ""}, {"Sec_Fetch_Site": "none"}):
        assert ask(server, at(server, "apply"), "POST", change("新厂"), **headers)[0] == 403
    assert ask(server, at(server, "apply"))[0] == 404  # no change by GET
    assert project.table_path("sites").read_text("utf-8") == SITES


@pytest.mark.parametrize(
    "path",
    ["/", "/map.html", "//", "/x/map.html", "/{}/../map.html", "/{}/..%2fmap.html", "/{}/./map.html", "/{}//map.html", "/{}x/map.html",
     "/{}/map.html/", "/{}", "/{}/map.html%00", "http://127.0.0.1/{}/map.html", "/{}/MAP.html"],
)  # fmt: skip
def test_requests_for_other_paths_are_refused(server: LocalServer, path: str) -> None:
    assert ask(server, path.format(server.guard.token))[0] in (403, 404)


@given(path=st.text(alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=60))
@examples(300)
def test_no_path_without_the_token_is_a_route(path: str) -> None:
    guard = Guard(8000)
    headers = {"host": "127.0.0.1:8000"}
    assert guard.route("GET", path, headers) is None
    assert guard.route("GET", f"/{guard.token}/{path}", headers) in (None, path.partition("?")[0])


def test_tokens_differ() -> None:
    assert len({Guard(1).token for _ in range(100)}) == 100
    assert len(Guard(1).token) >= 32


def test_a_body_without_a_length_or_too_long_is_refused(server: LocalServer) -> None:
    assert ask(server, at(server, "apply"), "POST", None, Content_Length="99999999999")[0] == 413
    assert ask(server, at(server, "apply"), "POST", None, Content_Length="-1")[0] == 413


@pytest.mark.slow
def test_edits_go_into_the_tables_and_the_page_is_new(server: LocalServer, project: Project) -> None:
    answer = posted(server, "apply", change("新厂"))
    assert (answer["done"], "a,新厂" in project.table_path("sites").read_text("utf-8")) == (True, True)
    assert json.loads(ask(server, at(server, "state?version=1"))[1])["version"] == 2
    conflict = posted(server, "apply", change("别的厂"))
    assert conflict["done"] is False
    assert "新厂" in conflict["lines"][0]
    assert posted(server, "apply", b"nonsense")["done"] is False
    assert posted(server, "undo", b"")["done"]
    assert project.table_path("sites").read_text("utf-8") == SITES


def test_a_file_is_added(server: LocalServer, project: Project) -> None:
    answer = posted(
        server, "add", "名称,所在地\n丙厂,綦江区\n".encode("gb18030"), X_File_Name="..%2F..%2F" + quote("新的.csv")
    )
    assert answer["done"], answer
    assert "丙厂" in project.table_path("sites").read_text("utf-8")
    assert {path.name for path in project.root.iterdir()} == {"data"}
    assert " 新的.csv " in posted(server, "undo", b"")["message"]


def test_refused_rows_of_a_dropped_file_are_kept_beside_the_project(server: LocalServer, project: Project) -> None:
    bad = "名称,经度,纬度\n丙厂,106.65,29.03\n坏厂,东边,北边\n"
    answer = posted(server, "add", bad.encode(), X_File_Name="..%2F..%2F" + quote("新的.csv"))
    assert answer["done"] is False
    saved = project.root / "新的.csv.refused.csv"
    assert "坏厂" in saved.read_text("utf-8-sig")
    assert "丙厂" not in saved.read_text("utf-8-sig")
    assert any("新的.csv.refused.csv" in line for line in answer["lines"])
    assert "丙厂" in project.table_path("sites").read_text("utf-8")
    assert any(line.startswith("新的.csv ") and "东边" in line for line in answer["lines"])
    assert tempfile.gettempdir() not in "".join(line for line in answer["lines"] if "refused" not in line)
    first = saved.read_bytes()
    posted(server, "add", bad.replace("坏厂", "更坏的厂").encode(), X_File_Name=quote("新的.csv"))
    assert "更坏的厂" in saved.read_text("utf-8-sig")
    assert saved.with_name(f"{saved.name}.bak").read_bytes() == first


@pytest.mark.slow
def test_a_table_that_is_saved_elsewhere_is_shown_and_a_broken_one_is_said(
    server: LocalServer, project: Project
) -> None:
    page = server.watch.made.page
    project.table_path("sites").write_text(SITES + "c,丙厂,nowhere-x\n", encoding="utf-8")
    state = json.loads(ask(server, at(server, "state?version=1"))[1])
    assert (state["version"], state["drawn"]) == (2, True)
    assert "nowhere-x" in state["lines"][0]
    assert server.watch.made.page == page
    project.table_path("sites").write_text(SITES + "c,丙厂,qijiang\n", encoding="utf-8")
    state = json.loads(ask(server, at(server, "state?version=2"))[1])
    assert (state["version"], state["message"]) == (3, "")
    assert server.watch.made.page != page
