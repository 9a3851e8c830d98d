"""Bundle modules of the page's scripts into one script, for tests that call them in a browser."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

WEB = Path(__file__).parents[1] / "qjmap" / "web"


@cache
def web_modules(*paths: str) -> str:
    """Return a script that assigns the exports of modules of ``qjmap/web/src`` to the global ``modules``."""
    command = ["node", "build.mjs", "--modules", *paths]
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
