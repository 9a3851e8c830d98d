"""Columns of a large file stand in memory or in a mapped file, and say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.tables.columns import spill
from tests.properties import examples

pa = pytest.importorskip("pyarrow")

BLOCKS = st.lists(st.lists(st.text(st.sampled_from("a綦\n"), max_size=4), max_size=5), max_size=5)


@examples(100)
@given(BLOCKS, st.booleans(), st.integers(0, 2), st.integers(0, 20))
def test_all_blocks_are_one_array(blocks: list[list[str]], mapped: bool, skipped: int, room: int) -> None:
    store = spill.Store(room, mapped=mapped)
    for block in blocks:
        store.add(pa.array(block, pa.large_string())[skipped:])
    array = store.array()
    array.validate(full=True)
    assert array.to_pylist() == [text for block in blocks for text in block[skipped:]]
    spill.evict_pages()
    assert array.to_pylist() == [text for block in blocks for text in block[skipped:]]


@pytest.mark.parametrize("room", [0, 5, 6, 13, 14, 31])
def test_where_the_disk_is_full_the_texts_stay_in_memory(room: int) -> None:
    """The system itself refuses what goes beyond so many bytes of a file."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    store = spill.Store(100, mapped=True)
    blocks = [["綦江", "自贡"], ["泸州", ""], ["贵阳"]]
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
        for block in blocks:
            store.add(pa.array(block, pa.large_string()))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert store.array().to_pylist() == [text for block in blocks for text in block]


def test_without_a_place_for_a_file_the_texts_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill.tempfile, "tempdir", "/no/such/folder")
    store = spill.Store(1, mapped=True)
    store.add(pa.array(["綦江", "自贡"], pa.large_string()))
    assert store.array().to_pylist() == ["綦江", "自贡"]
