"""HTTP server on the loopback interface for the page of one project.

| path after the token | response |
|---|---|
| (nothing) | an outer page that contains the map's page in a frame |
| serve.js, serve.css | script and style of the outer page |
| map.html | the map's page, as `build` writes it |
| state?version=N | as JSON, number and faults of the latest build: as soon as its number exceeds N, at the latest after `_WAIT_S` |
| apply (POST) | applies a change file by `edit.apply_changes` |
| add (POST, `X-File-Name`) | adds a table file by `edit.add`; refused rows are written to `<file>.refused.csv` in the project's folder |
| undo (POST) | undoes the last change of the project's tables |
"""

from __future__ import annotations

import gc
import json
import tempfile
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from qjmap.edit import add, apply_changes, undo
from qjmap.edit.change_file import parse_changes
from qjmap.errors import DataFaults, QjmapError, UsageError
from qjmap.i18n import texts
from qjmap.layers.raw_elements import asset
from qjmap.payload import script_json
from qjmap.project import Project, load_project
from qjmap.serve.guard import Guard
from qjmap.serve.watch import Watch
from qjmap.tables.readers.limits import MB, limit
from qjmap.web import bundle

_WAIT_S = 20.0
"""Seconds after which a request for the state is answered although there is no new build."""
_TIMEOUT_S = 60.0
"""Seconds after which a connection without data is closed."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_COMMON = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class LocalServer:
    """Serves one project on 127.0.0.1 until `close` is called.

    Parameters
    ----------
    project : the project; its tables and settings are read again when their files change.
    port : port on the loopback interface; 0 for any free one.
    lang : language of messages, "zh" or "en".

    Attributes
    ----------
    root : folder of the project.
    watch : builder of the page; its thread is started by `run`.
    guard : decides which requests are answered.
    address : address to open in a browser.

    Raises
    ------
    OSError : the port is in use.
    """

    def __init__(self, project: Project, *, port: int = 0, lang: str = "zh") -> None:
        self.root, self.lang = project.root, lang
        self.watch = Watch(project.root)
        self._edits = threading.Lock()

        class Handler(_Handler):
            local = self

        self._server = _Server(("127.0.0.1", port), Handler)
        self.guard = Guard(self._server.server_address[1])
        self.address = self.guard.address

    def run(self) -> None:
        """Answer requests and watch the tables until `close` is called; turn on the garbage collector, which the installed script turns off."""
        gc.enable()
        threading.Thread(target=self.watch.run, daemon=True).start()
        self._server.serve_forever(poll_interval=0.1)

    def close(self) -> None:
        """End `run`; call it from another thread."""
        self.watch.end()
        self._server.shutdown()
        self._server.server_close()

    def edit(self, act: Callable[[Project], Mapping[str, Any]]) -> dict[str, Any]:
        """Run a function that changes the tables of the project, one at a time, and return values for JSON.

        They are ``done`` (True) and the items of the mapping that `act` returns, which may replace ``done``; after a QjmapError ``done`` is
        False, ``message`` is the text of the error, and ``lines`` has a text for each of its faults.
        """
        with self._edits:
            try:
                return {"done": True, **act(load_project(self.root))}
            except DataFaults as error:
                lines = [fault.line(self.lang) for fault in error.faults]
                return {"done": False, "message": error.message(self.lang), "lines": lines}
            except QjmapError as error:
                return {"done": False, "message": error.line(self.lang), "lines": []}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore the error of a request: a browser may close a connection at any time."""


def _most_bytes() -> int:
    """Return the maximum size of the body of a request, in bytes."""
    return min(limit("file_mb"), 200) * MB


class _Handler(BaseHTTPRequestHandler):
    local: LocalServer
    protocol_version = "HTTP/1.1"
    server_version = "qjmap"
    sys_version = ""
    timeout = _TIMEOUT_S

    def do_GET(self) -> None:
        """Respond with a page, a script, a style sheet, or the state of the build."""
        routes: dict[str, Callable[[], None]] = {
            "": self._frame,
            "serve.js": lambda: self._text("text/javascript", bundle("serve")),
            "serve.css": lambda: self._text("text/css", asset("serve/serve.css")),
            "map.html": lambda: self._send(
                200, "text/html", self.local.watch.made.page, {"X-Frame-Options": "SAMEORIGIN"}
            ),
            "state": self._state,
        }
        self._route(routes)

    def do_POST(self) -> None:
        """Respond to a request that changes the tables."""
        self._route({"apply": self._apply, "add": self._add, "undo": self._undo})

    def _route(self, routes: Mapping[str, Callable[[], None]]) -> None:
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            if name.lower() in headers:  # the values of a repeated header are joined, so that none of them is accepted
                value = f"{headers[name.lower()]}, {value}"
            headers[name.lower()] = value
        route = self.local.guard.route(self.command, self.path, headers)
        answer = None if route is None else routes.get(route)
        if answer is None:
            self.close_connection = True
            self._send(403 if route is None else 404, "text/plain", b"")
            return
        answer()

    def _frame(self) -> None:
        lang = self.local.lang
        told = {key: words[lang] for key, words in texts("serve").items() if key.startswith("page.")}
        told["page.large"] = told["page.large"].format(megabytes=_most_bytes() // MB)
        words = script_json({**told, "most_bytes": str(_most_bytes())})
        html = (
            asset("serve/frame.html")
            .replace("{{ lang }}", "zh-CN" if lang == "zh" else "en")
            .replace("{{ texts }}", words)
        )
        self._send(200, "text/html", html.encode(), {"Content-Security-Policy": _POLICY, "X-Frame-Options": "DENY"})

    def _state(self) -> None:
        query = parse_qs(urlsplit(self.path).query).get("version", ["0"])[0]
        made = self.local.watch.wait(int(query) if query.isdecimal() and len(query) < 10 else 0, _WAIT_S)
        error, lang = made.error, self.local.lang
        lines = [fault.line(lang) for fault in error.faults] if isinstance(error, DataFaults) else []
        message = "" if error is None else error.message(lang) if lines else error.line(lang)
        self._json({"version": made.version, "drawn": bool(made.page), "message": message, "lines": lines})

    def _apply(self) -> None:
        data = self._body()
        if data is None:
            return

        def act(project: Project) -> dict[str, Any]:
            prefer = self.headers.get("X-Prefer", "")
            choice: Any = prefer if prefer in ("file", "table") else ""
            report = apply_changes(project, parse_changes(data, "changes.json"), prefer=choice)
            return {
                "message": report.summary(self.local.lang),
                "lines": [fault.line(self.local.lang) for fault in report.faults],
            }

        self._json(self.local.edit(act))

    def _add(self) -> None:
        data = self._body()
        if data is None:
            return
        # Only the last part of the name is used: the file is written to a temporary folder of its own.
        name = Path(unquote(self.headers.get("X-File-Name", "")).replace("\\", "/")).name[:120] or "table.csv"

        def act(project: Project) -> dict[str, Any]:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / name
                try:
                    file.write_bytes(data)
                except (OSError, ValueError):
                    raise UsageError("serve-name", name=name) from None
                report = add(project, file, lang=self.local.lang, origin=project.root / name)
            lines = [*report.changes(self.local.lang), *(fault.line(self.local.lang) for fault in report.faults)]
            return {"message": report.counts(self.local.lang), "lines": lines, "done": not report.refused}

        self._json(self.local.edit(act))

    def _undo(self) -> None:
        if self._body() is not None:
            self._json(
                self.local.edit(lambda project: {"message": undo(project).summary(self.local.lang), "lines": []})
            )

    def _body(self) -> bytes | None:
        """Return the body of a request; respond with status 413 and return None if its length is missing or exceeds the limit."""
        length = self.headers.get("Content-Length", "")
        if (
            not length.isdecimal()
            or len(length) > 12
            or int(length) > _most_bytes()
            or "Transfer-Encoding" in self.headers
        ):
            self.close_connection = True
            self._send(413, "text/plain", b"")
            return None
        return self.rfile.read(int(length))

    def _json(self, value: Mapping[str, Any]) -> None:
        self._send(200, "application/json", json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))

    def _text(self, kind: str, content: str) -> None:
        self._send(200, kind, content.encode())

    def _send(self, status: int, kind: str, data: bytes, more: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        charset = "; charset=utf-8" if kind.startswith(("text/", "application/json")) else ""
        for name, value in {
            **_COMMON,
            "Content-Type": kind + charset,
            "Content-Length": str(len(data)),
            **(more or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: the log would contain paths, and these contain the token."""
