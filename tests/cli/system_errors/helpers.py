"""Commands as a clerk types them, in a world that has gone wrong: run as processes, with what the system can really refuse."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.commands import Result
from tests.conftest import ROOT

NEW = "名称,类别,地址,经度,纬度,坐标系,来源\n新厂一,企业,,100.51,30.51,WGS84,survey\n坏厂,企业,,100.5,290.3,WGS84,survey\n"

WRITING: dict[str, tuple[str, ...]] = {
    "build": ("build",),
    "add": ("add", "new.csv"),
    "undo": ("undo",),
    "locate": ("locate", "--file", "new.csv", "-o", "located.csv"),
    "report": ("report", "-o", "numbers"),
    "export geojson": ("export", "--layer", "sites", "-o", "sites.geojson"),
    "export gpkg": ("export", "-o", "all.gpkg"),
    "export fgb": ("export", "--layer", "sites", "-o", "sites.fgb"),
    "export kml": ("export", "--layer", "sites", "-o", "sites.kml"),
    "export parquet": ("export", "--layer", "sites", "-o", "sites.parquet"),
    "export csv": ("export", "--layer", "sites", "-o", "deep/folder/sites.csv"),
}
"""What writes into the project's folder."""

Done = subprocess.CompletedProcess[str]


def run(
    *arguments: str, cwd: Path, before: Callable[[], None] | None = None, wrapped: Sequence[str] = (), lang: str = "en",
    **environment: str,
) -> Done:  # fmt: skip
    """The command as a process.

    Parameters
    ----------
    before : what is called in the process before the program begins, such as a limit.
    wrapped : a command that runs the command.
    """
    return subprocess.run(
        [*wrapped, sys.executable, "-m", "qjmap", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "QJMAP_LANG": lang, **environment},
        preexec_fn=before,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def limited(what: int, most: int) -> Callable[[], None]:
    """Sets a limit of the process."""
    return lambda: resource.setrlimit(what, (most, most))


def everything(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder below a folder with its bytes, but for the lock, which is empty and stays."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
        if path.name not in (".qjmap", "lock")
    }


def told(done: Done | Result, *words: str) -> None:
    """Exit code 2, and one line that holds the words, and nothing of how the program is made."""
    said = done.stdout + done.stderr
    assert done.returncode == 2, said
    assert "Traceback" not in said
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, said
    assert "fault of the program" not in lines[0]
    for word in words:
        assert word in lines[0], said


def namespace(script: str, *values: str | Path) -> list[str]:
    """What runs a command (``"$@"`` in the script) in a namespace of mounts of its own; skips where none can be had.

    Parameters
    ----------
    script : of the shell; ``$1`` and so on are the values, which it has to shift away.
    """
    if (
        not shutil.which("unshare")
        or subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no namespace of mounts can be made here")
    return ["unshare", "-m", "sh", "-c", script, "sh", *map(str, values)]
