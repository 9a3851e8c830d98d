"""``python -m qjmap``: the command line, without the settings of `qjmap._startup`."""

from qjmap._startup import end_process
from qjmap.cli.main import main

if __name__ == "__main__":
    try:
        main()
    except SystemExit as stop:
        # The shutdown of the interpreter would wait forever for a thread that a pool was just starting when Ctrl-C was pressed.
        if stop.code == 130:
            end_process(130)
        raise
