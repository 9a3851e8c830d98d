"""The installed script ends at once and collects no garbage; profilers, tracers and debuggers work with the module."""

from __future__ import annotations

import os
import pstats
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPT = "import sys\nfrom qjmap._startup import run\nsys.argv[0] = 'qjmap'\n"
"""What the console script does."""


def python(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "QJMAP_LANG": "en", "QJMAP_DEBUG": "", **environment},
    )  # fmt: skip


AT_EXIT = SCRIPT + "import atexit, gc\natexit.register(lambda: print('shut down', gc.isenabled()))\nrun()\n"


@pytest.mark.parametrize(("debug", "end"), [("", ""), ("0", ""), ("1", "shut down True")])
def test_the_script_skips_shutdown_unless_debugged(region: Path, debug: str, end: str) -> None:
    done = python("-c", AT_EXIT, "check", cwd=region, QJMAP_DEBUG=debug)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == [end] * bool(end)


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--version"], 0), (["check", "gone"], 2), (["check"], 0), (["nonsense"], 2)]
)
def test_the_script_and_the_module_say_the_same(region: Path, arguments: list[str], code: int) -> None:
    script, module = (
        python("-c", SCRIPT + "run()", *arguments, cwd=region),
        python("-m", "qjmap", *arguments, cwd=region),
    )
    assert (script.returncode, script.stdout, script.stderr) == (module.returncode, module.stdout, module.stderr)
    assert script.returncode == code


def test_a_setting_of_the_user_stays(region: Path) -> None:
    code = SCRIPT + "import os\nos._exit = lambda code: print(os.environ['OPENBLAS_NUM_THREADS'])\nrun()\n"
    assert python("-c", code, "--version", cwd=region, OPENBLAS_NUM_THREADS="3").stdout.splitlines()[-1] == "3"


def profiled(path: Path) -> set[str]:
    return {name for _, _, name in pstats.Stats(str(path)).stats}  # type: ignore[attr-defined]


def test_a_profile_is_written_of_the_module(region: Path) -> None:
    done = python("-m", "cProfile", "-o", "prof.out", "-m", "qjmap", "check", ".", cwd=region)
    assert done.returncode == 0, done.stderr
    assert "load_project" in profiled(region / "prof.out")


def test_a_profile_is_written_of_the_script_that_is_debugged(region: Path) -> None:
    (region / "script.py").write_text(SCRIPT + "run()\n", encoding="utf-8")
    done = python("-m", "cProfile", "-o", "prof.out", "script.py", "check", ".", cwd=region, QJMAP_DEBUG="1")
    assert done.returncode == 0, done.stderr
    assert "load_project" in profiled(region / "prof.out")


def test_lines_are_counted_as_coverage_counts_them(region: Path) -> None:
    done = python("-m", "trace", "--count", "--coverdir", "counts", "--module", "qjmap", "locate", "湾县", cwd=region)
    assert done.returncode == 0, done.stderr
    assert list((region / "counts").glob("qjmap.*.cover"))


def test_a_debugger_sees_the_command_end(region: Path) -> None:
    done = python("-m", "pdb", "-c", "continue", "-c", "quit", "-m", "qjmap", "--version", cwd=region)
    assert "The program exited via sys.exit()" in done.stdout, done.stdout + done.stderr
