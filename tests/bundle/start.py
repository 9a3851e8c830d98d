"""Script that the frozen program starts with."""

from qjmap.bundle import run

if __name__ == "__main__":
    run()
