"""Columns of a large file stand in memory or in a mapped file, and say the same."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qjmap.tables import stores

pa = pytest.importorskip("pyarrow")

BLOCKS = st.lists(st.lists(st.text(st.sampled_from("a綦\n"), max_size=4), max_size=5), max_size=5)


@settings(max_examples=100, deadline=None)
@given(BLOCKS, st.booleans(), st.integers(0, 2), st.integers(0, 20))
def test_all_blocks_are_one_array(blocks: list[list[str]], mapped: bool, skipped: int, room: int) -> None:
    store = stores.Store(room, mapped=mapped)
    for block in blocks:
        store.add(pa.array(block, pa.large_string())[skipped:])
    array = store.array()
    array.validate(full=True)
    assert array.to_pylist() == [text for block in blocks for text in block[skipped:]]
    stores.forget()
    assert array.to_pylist() == [text for block in blocks for text in block[skipped:]]


def test_without_room_for_a_file_the_texts_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            if self.tell() > 4:
                raise OSError(28, "No space left on device")
            return super().write(data)  # type: ignore[arg-type]

    monkeypatch.setattr(stores.tempfile, "TemporaryFile", Full)
    store = stores.Store(100, mapped=True)
    for block in (["綦江", "自贡"], ["泸州"], ["贵阳"]):
        store.add(pa.array(block, pa.large_string()))
    assert store.array().to_pylist() == ["綦江", "自贡", "泸州", "贵阳"]
