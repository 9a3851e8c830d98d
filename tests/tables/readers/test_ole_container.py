"""OLE containers: their streams, and damage that is refused before calamine meets it."""

from __future__ import annotations

import struct

import pytest

from qjmap.tables.readers.ole_container import DAMAGED, read_stream, stream_names
from tests.tables.table_files import xls

DATA = xls([["名称"], ["甲"]])
FAT_OFFSET = 76  # of the list of allocation sectors in the header


def test_streams_of_a_workbook() -> None:
    assert {"Root Entry", "Workbook"} <= stream_names(DATA)
    assert read_stream(DATA, ("Book", "Workbook")).startswith(b"\x09\x08")
    assert read_stream(DATA, ("WordDocument",)) == b""


def test_a_chain_of_sectors_that_is_a_cycle_is_refused() -> None:
    sector = struct.unpack_from("<I", DATA, FAT_OFFSET)[0]
    fat = 512 * (sector + 1)
    cyclic = DATA[:fat] + struct.pack("<128I", *range(128)) + DATA[fat + 512 :]  # every sector follows itself
    assert stream_names(cyclic) == frozenset()
    with pytest.raises(DAMAGED):
        read_stream(cyclic, ("Workbook",))


@pytest.mark.parametrize("data", [b"", DATA[:100], DATA[:600], b"\xff" * 2000])
def test_a_file_cut_short_has_no_streams(data: bytes) -> None:
    assert stream_names(data) == frozenset()
