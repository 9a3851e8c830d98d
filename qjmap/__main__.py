"""``python -m qjmap`` is ``qjmap``."""

from qjmap.cli import run

if __name__ == "__main__":
    run()
