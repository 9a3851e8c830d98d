"""The command `locate --online`."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from qjmap.geocoding.geocode_file import ANSWER_COLUMNS
from tests.commands import Result, run_command
from tests.geocoding.online.server import KEY, QIJIANG, Fault, Place, Providers
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

Run = Callable[..., Result]

TABLE = """序号,名称,区县,地址,备注
1,甲厂,綦江区,石佛路1号,"a,b"
2,乙厂,綦江区,远方路1号,
3,丙厂,,綦江区,
4,丁厂,綦江区,石佛路2号,
5,戊厂,,不知何处,
"""
ADDED = [*ANSWER_COLUMNS]
ADDED_ONLINE = ["provider", "provider_datum", "asked_on", "provider_reason"]


@pytest.fixture
def environ(providers: Providers, tmp_path: Path) -> dict[str, str]:
    return {**os.environ, **providers.environment(QJMAP_CACHE=str(tmp_path / "cache"))}


@pytest.fixture
def qjmap(tmp_path: Path, environ: dict[str, str]) -> Run:
    def run(*arguments: str, cwd: Path = tmp_path, **more: str | None) -> Result:
        return run_command(*arguments, cwd=cwd, environment=environ | more)

    return run


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_names_the_provider(qjmap: Run, lang: str) -> None:
    done = qjmap(
        "locate", "重庆市綦江区石佛路8号", "綦江区", "重庆市綦江区没有路1号", "--online", "amap", "--lang", lang
    )
    assert done.returncode == 0, done.stderr
    asked, known, unknown = done.stdout.splitlines()
    assert "106.650" in asked
    assert "GCJ" in asked
    assert "amap" in asked
    assert "amap" not in known
    assert ("也不认识" if lang == "zh" else "does not know it either") in unknown
    assert done.stderr.count("amap：" if lang == "zh" else "amap: ") == 2  # the terms, and what was asked
    assert KEY not in done.stdout + done.stderr


def test_json_has_the_provider(qjmap: Run) -> None:
    done = qjmap("locate", "重庆市綦江区石佛路8号", "綦江区", "--online", "baidu", "--json")
    asked, known = json.loads(done.stdout)
    assert asked["provider_reason"] == "answered"
    best = asked["candidates"][0]
    assert (best["provider"], best["provider_datum"], best["score"]) == ("baidu", "bd09", None)
    assert "provider" not in known["candidates"][0]


@pytest.mark.slow
def test_table_has_provider_columns(qjmap: Run, providers: Providers, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(TABLE, encoding="utf-8")
    done = qjmap("locate", "--file", "in.csv", "-o", "out.csv", "--online", "amap")
    assert done.returncode == 0, done.stderr
    found = rows(tmp_path / "out.csv")
    assert list(found[0]) == ["序号", "名称", "区县", "地址", "备注", *ADDED, *ADDED_ONLINE]
    assert [row["备注"] for row in found] == ["a,b", "", "", "", ""]
    assert [row["provider"] for row in found] == ["amap", "", "", "amap", ""]
    assert [row["provider_reason"] for row in found] == ["answered", "outside", "", "answered", "unknown"]
    assert [row["reason"] for row in found] == ["provider", "outside", "exact", "provider", "unknown"]
    assert (float(found[0]["lon"]), float(found[0]["lat"])) == pytest.approx(QIJIANG, abs=1e-5)
    assert (found[0]["score"], found[0]["provider_datum"]) == ("", "gcj02")
    assert found[2]["asked_on"] == ""
    first, count = (tmp_path / "out.csv").read_bytes(), len(providers.asked)
    assert qjmap("locate", "--file", "in.csv", "-o", "out.csv", "--online", "amap").returncode == 0
    assert (tmp_path / "out.csv").read_bytes() == first
    assert len(providers.asked) == count


def test_without_option_no_query_and_same_bytes(qjmap: Run, providers: Providers, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(TABLE, encoding="utf-8")
    done = qjmap("locate", "--file", "in.csv", "-o", "out.csv")
    assert done.stderr == ""
    assert list(rows(tmp_path / "out.csv")[0])[5:] == ADDED
    assert providers.asked == []
    assert not (tmp_path / "cache").exists()


def test_spent_quota_is_resumed_by_the_same_command(qjmap: Run, providers: Providers, tmp_path: Path) -> None:
    lines = [f"{number},{number}厂,綦江区,石佛路{number}号," for number in range(8)]
    (tmp_path / "in.csv").write_text("序号,名称,区县,地址,备注\n" + "\n".join(lines), encoding="utf-8")
    providers.quota = 3
    command = ("locate", "--file", "in.csv", "-o", "out.csv", "--online", "tianditu", "--lang", "en")
    done = qjmap(*command)
    assert done.returncode == 1
    assert "quota" in done.stderr
    assert [row["reason"] for row in rows(tmp_path / "out.csv")] == ["provider"] * 3 + ["quota"] * 5
    providers.quota = None
    assert qjmap(*command).returncode == 0
    assert [row["reason"] for row in rows(tmp_path / "out.csv")] == ["provider"] * 8
    assert sorted(set(providers.questions())) == sorted(f"重庆市綦江区石佛路{number}号" for number in range(8))
    assert len(providers.asked) == 9  # eight, and the one that met the end of the quota


@pytest.mark.slow
def test_killed_run_is_resumed(qjmap: Run, providers: Providers, tmp_path: Path, environ: dict[str, str]) -> None:
    lines = [f"{number},{number}厂,綦江区,石佛路{number}号," for number in range(12)]
    (tmp_path / "in.csv").write_text("序号,名称,区县,地址,备注\n" + "\n".join(lines), encoding="utf-8")
    command = ["locate", "--file", "in.csv", "-o", "out.csv", "--online", "amap"]
    gone = threading.Event()
    providers.on_question = lambda text: None if len(providers.asked) <= 5 else (gone.wait(60), None)[1]
    running = subprocess.Popen([sys.executable, "-m", "qjmap", *command], cwd=tmp_path, env=environ)
    wait_until(lambda: len(providers.asked) >= 6 or running.poll() is not None)
    running.kill()
    assert running.wait() != 0
    gone.set()
    assert not (tmp_path / "out.csv").exists()
    assert len(providers.asked) == 6
    assert qjmap(*command).returncode == 0
    assert [row["provider"] for row in rows(tmp_path / "out.csv")] == ["amap"] * 12
    assert len(providers.asked) == 13  # only what was on its way when it died is asked again


@pytest.mark.parametrize(
    ("arguments", "environment", "cure"),
    [
        (["綦江区石佛路8号", "--online", "amap"], {"QJMAP_AMAP_KEY": None}, "QJMAP_AMAP_KEY"),
        (["綦江区石佛路8号", "--online", "amap"], {"QJMAP_AMAP_KEY": "wrong-0123"}, "QJMAP_AMAP_KEY"),
        (
            ["綦江区石佛路8号", "--online", "photon"],
            {"QJMAP_PHOTON_URL": "http://me:secret-9@host/"},
            "QJMAP_PHOTON_URL",
        ),
        (["綦江区石佛路8号", "--online", "photon"], {"QJMAP_PHOTON_URL": "ftp://host"}, "QJMAP_PHOTON_URL"),
        (["綦江区石佛路8号", "--online", "photon"], {"QJMAP_PHOTON_RATE": "often"}, "QJMAP_PHOTON_RATE"),
        (["綦江区石佛路8号", "--online-all"], {}, "--online"),
        (["綦江区", "--online", "amap", "--table", "sites"], {}, "--table"),
        (["--online", "amap"], {}, "data"),
        (["綦江区", "--online", "google"], {}, "nominatim"),
    ],
)
def test_usage_error_exits_2_without_the_key(
    qjmap: Run, arguments: list[str], environment: dict[str, str | None], cure: str
) -> None:
    done = qjmap("locate", *arguments, "--lang", "en", **environment)
    assert done.returncode == 2, done.stdout + done.stderr
    assert cure in done.stderr
    assert "Traceback" not in done.stderr
    for secret in (KEY, "wrong-0123", "secret-9"):
        assert secret not in done.stdout + done.stderr


def test_refused_key_changes_no_file(qjmap: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "out.csv").write_text("mine", encoding="utf-8")
    done = qjmap("locate", "--file", "in.csv", "-o", "out.csv", "--online", "baidu", QJMAP_BAIDU_KEY="no")
    assert done.returncode == 2
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
def test_missing_extra_says_how_to_install_it(tmp_path: Path, environ: dict[str, str]) -> None:
    code = (
        "import sys\nsys.modules['geopy'] = sys.modules['geopy.geocoders'] = None\nfrom qjmap.cli.main import main\n"
        "main(['locate', '綦江区石佛路8号', '--online', 'photon', '--lang', 'en'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert "qjmap[online]" in done.stderr


def test_offline_imports_no_network_modules(repository: Path) -> None:
    code = (
        "import sys\nfrom qjmap.cli.main import main\n"
        f"try:\n    main(['locate', '綦江区石佛路8号', '--project', {str(repository)!r}])\n"
        "except SystemExit as stop:\n    assert not stop.code\n"
        "names = {'geopy', 'sqlite3', 'requests', 'urllib.request', 'http.client', 'ssl', 'platformdirs'}\n"
        "print(sorted(names & set(sys.modules)), [name for name in sys.modules if name.startswith('qjmap.geocoding.online')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] []"


@pytest.mark.slow
def test_build_opens_no_socket(region: Path) -> None:
    code = (
        "import sys\n"
        "def watch(event, arguments):\n"
        "    if event.startswith('socket.') or event in ('urllib.Request', 'http.client.connect'):\n"
        "        raise AssertionError(f'the network: {event}')\n"
        "from qjmap.cli.main import main\n"
        "sys.addaudithook(watch)\n"
        "import socket\n"
        "try:\n    socket.getaddrinfo('127.0.0.1', 9)\nexcept AssertionError:\n    print('watched')\n"
        "main(['build', '--lang', 'en'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=region, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("watched")
    assert "The map is ready" in done.stdout


def test_captive_portal_is_a_provider_error(qjmap: Run, providers: Providers) -> None:
    providers.faults = [Fault(body="<html>请登录</html>".encode())] * 3
    done = qjmap("locate", "綦江区石佛路8号", "--online", "nominatim", "--lang", "en")
    assert done.returncode == 1
    assert "malformed" in done.stderr
    assert "district" in done.stdout


def test_markup_in_an_answer_stays_text(qjmap: Run, providers: Providers) -> None:
    providers.places = {"石佛路": [Place("=HYPERLINK(1)\x1b[31m\n石佛路8号", *QIJIANG)]}
    done = qjmap("locate", "綦江区石佛路8号", "--online", "amap", "--lang", "en")
    assert len(done.stdout.splitlines()) == 1
    assert "\x1b" not in done.stdout
