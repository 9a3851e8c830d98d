"""Entry point of the installed ``qjmap`` script: the settings that make one short process fast.

They serve the script alone. ``python -m qjmap``, the API, and the script under ``QJMAP_DEBUG=1`` run without them, so that profilers,
coverage and debuggers work.
"""

from __future__ import annotations

import gc
import os
import sys

_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",  # nothing multiplies matrices; starting its threads takes a tenth of a short command
    "MIMALLOC_ALLOW_THP": "0",  # Arrow's allocator: with pages of 2 MB, 17 % more memory at 100,000 rows
}
"""Settings of libraries imported later; those that the user has set stay."""


def run() -> None:
    """Run the command line without garbage collection, and end the process without interpreter shutdown.

    The collector would traverse all imported modules several times and free next to nothing: a tenth of a short command.
    Shutdown would free one by one what the system frees at once: a twentieth.
    """
    from qjmap.cli.main import debugging, main

    if debugging():
        main()
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    gc.disable()
    code = 130
    try:
        main()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except KeyboardInterrupt:  # a second one, while the first is being reported
        pass
    if "distributed" in sys.modules:  # its worker processes are stopped at exit
        sys.exit(code)
    os._exit(code)
