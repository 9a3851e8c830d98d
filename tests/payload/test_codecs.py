"""Compressed bytes are read back alike, with ISA-L or without it."""

from __future__ import annotations

import base64
import subprocess
import sys
import zlib

import pytest

DATA = "".join(f"{i},企业{i % 97},重庆市綦江区\n" for i in range(50_000)).encode()


def unpacked(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["isal", "nothing"])
def test_both_compressors_are_read_back_alike(missing: str) -> None:
    code = (
        f"import sys\nsys.modules[{missing!r}] = None\n"
        "from qjmap.payload.codecs import packed\n"
        "data = sys.stdin.buffer.read()\n"
        "print(packed(data, quick=True), packed(data, quick=False))"
    )
    done = subprocess.run([sys.executable, "-c", code], input=DATA, capture_output=True, check=True)
    quick, closest = done.stdout.decode().split()
    assert unpacked(quick) == unpacked(closest) == DATA
    assert max(len(quick), len(closest)) < len(DATA) / 2
