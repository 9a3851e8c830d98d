"""``python -m qjmap``: the command line, without the settings of `qjmap._startup`."""

from qjmap.cli.main import main

if __name__ == "__main__":
    main()
