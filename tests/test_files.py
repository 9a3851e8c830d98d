"""Several files are written together or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qjmap.files import write_all


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_all_are_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_all({tmp_path / "a": b"1", tmp_path / "deep" / "b": b"2"})
    assert (tmp_path / "deep" / "b").read_bytes() == b"2"
    assert names(tmp_path) == ["a", "deep"]


def test_a_refusal_in_the_middle_takes_everything_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new, refused = tmp_path / "old", tmp_path / "new", tmp_path / "refused"
    old.write_bytes(b"before")
    refused.write_bytes(b"held open")
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if Path(target) == refused and self.read_bytes() == b"3":
            raise PermissionError(13, "in use")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        write_all({old: b"1", new: b"2", refused: b"3"})
    assert (old.read_bytes(), refused.read_bytes()) == (b"before", b"held open")
    assert names(tmp_path) == ["old", "refused"]


def test_a_file_keeps_its_mode_and_a_new_one_is_for_everyone_to_read(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"")
    old.chmod(0o640)
    write_all({old: b"1", tmp_path / "new": b"2"})
    assert old.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "new").stat().st_mode & 0o444 == 0o444


@pytest.mark.parametrize("lasting", [True, False])
def test_a_large_file_is_whole_whether_the_disk_is_waited_for_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lasting: bool
) -> None:
    synced, fsync = list[int](), os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(handle), fsync(handle)))
    parts = [bytes([number]) * 7_000_001 for number in range(6)]
    write_all({tmp_path / "large": iter(parts)}, lasting=lasting)
    assert bool(synced) is lasting
    assert (tmp_path / "large").read_bytes() == b"".join(parts)
    assert names(tmp_path) == ["large"]


def test_when_a_part_cannot_be_made_the_other_file_is_given_up(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"before")
    taken: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(10**9):
            taken.append(number)
            yield b"x"

    def failing() -> Iterator[bytes]:
        yield b"1"
        while not taken:
            pass
        raise ValueError("no such part")

    with pytest.raises(ValueError, match="no such part"):
        write_all({old: endless(), tmp_path / "new": failing()})
    assert old.read_bytes() == b"before"
    assert names(tmp_path) == ["old"]


def test_many_files_come_in_the_order_given(tmp_path: Path) -> None:
    contents = {tmp_path / str(number): [b"a", str(number).encode()] for number in range(7)}
    assert write_all(contents) == list(contents)
    assert [path.read_bytes() for path in contents] == [f"a{number}".encode() for number in range(7)]
