"""``python -m qjmap`` is ``qjmap``."""

from qjmap.cli import main

if __name__ == "__main__":
    main()
