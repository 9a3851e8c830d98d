"""Write the guide that `qjmap guide` prints into data/README.md, between its two marks."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from qjmap.scaffold import guide

README = Path(__file__).parents[1] / "data" / "README.md"
_MARKED = re.compile(r"(?<=<!-- guide -->\n).*(?=<!-- /guide -->)", re.DOTALL)


def with_guide(text: str) -> str:
    """Return the text of a README with the present guide between its marks; the headings of the guide go one level down."""
    lines = re.sub(r"^(?=#+ )", "#", guide("en"), flags=re.M)
    return _MARKED.sub(lambda _: lines, text)


if __name__ == "__main__":
    README.write_text(with_guide(README.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{README}\n")
