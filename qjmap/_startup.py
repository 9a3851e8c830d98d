"""Entry point of the installed script ``qjmap``, with settings that make a short process fast.

``python -m qjmap``, the API, and the script with ``QJMAP_DEBUG=1`` run without these settings, so that profilers, coverage and debuggers
work.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from typing import NoReturn

_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",  # no matrices are multiplied; to start the threads takes a tenth of a short command
    "MIMALLOC_ALLOW_THP": "0",  # allocator of Arrow: with memory pages of 2 MB it takes 17 % more memory at 100,000 rows
}
"""Environment variables for libraries that are imported later. A variable that the user has set keeps its value."""


def run(command: Callable[[], NoReturn] | None = None) -> NoReturn:
    """Run the command line without garbage collection, and end the process with its exit code, without the shutdown of the interpreter.

    With ``QJMAP_DEBUG=1`` run it without these settings.

    The collector would traverse all imported modules several times and free next to nothing, which takes a tenth of a short command. The
    shutdown would free objects one by one that the system frees at once, which takes a twentieth.

    Parameters
    ----------
    command : function to run instead of the command line; it ends with SystemExit.
    """
    from qjmap.cli.main import debugging, main

    command = command or main
    if debugging():
        command()
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    gc.disable()
    code = 130
    try:
        command()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except KeyboardInterrupt:  # a second one, while the first is being reported
        pass
    end_process(code)


def end_process(code: int) -> NoReturn:
    """End the process with an exit code, without the shutdown of the interpreter.

    If Dask is loaded, which stops its workers at the shutdown, raise SystemExit instead.
    """
    if "distributed" in sys.modules:
        sys.exit(code)
    os._exit(code)
