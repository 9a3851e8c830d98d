"""Run a command in this process; return what it printed and its exit code. Tests of exit and signals start a process instead."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from qjmap.cli.main import main


@dataclass(frozen=True)
class Result:
    """Exit code and output of a command."""

    returncode: int
    stdout: str
    stderr: str


def run_command(*arguments: str | Path, cwd: Path, environment: Mapping[str, str | None] | None = None) -> Result:
    """Run ``qjmap`` with arguments in a folder.

    Parameters
    ----------
    environment : variables that are set in addition to those of this process; None removes a variable.
    """
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    variables = {**os.environ, **(environment or {})}
    code: object = 0
    with (
        contextlib.chdir(cwd),
        patch.dict(os.environ, {name: value for name, value in variables.items() if value is not None}, clear=True),
        contextlib.redirect_stdout(streams[0]),
        contextlib.redirect_stderr(streams[1]),
    ):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code
    stdout, stderr = (stream.buffer.getvalue().decode("utf-8") for stream in streams)  # type: ignore[attr-defined]
    return Result(int(str(code or 0)), stdout, stderr)
