"""Several files are written together or not at all."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from qjmap.atomic_write import remove_leftovers, write_all


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


@pytest.mark.parametrize("durable", [True, False])
def test_a_large_file_is_whole_whether_the_disk_is_waited_for_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durable: bool
) -> None:
    synced, fsync = list[int](), os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(handle), fsync(handle)))
    parts = [bytes([number]) * 7_000_001 for number in range(6)]
    write_all({tmp_path / "large": iter(parts)}, durable=durable)
    assert bool(synced) is durable
    assert (tmp_path / "large").read_bytes() == b"".join(parts)
    assert names(tmp_path) == ["large"]


def test_when_a_part_cannot_be_made_the_other_file_is_given_up(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"before")
    begun = Event()

    def endless() -> Iterator[bytes]:
        for _ in range(10**9):
            begun.set()
            yield b"x"

    def failing() -> Iterator[bytes]:
        yield b"1"
        assert begun.wait(60)
        raise ValueError("no such part")

    with pytest.raises(ValueError, match="no such part"):
        write_all({old: endless(), tmp_path / "new": failing()})
    assert old.read_bytes() == b"before"
    assert names(tmp_path) == ["old"]


def test_many_files_come_in_the_order_given(tmp_path: Path) -> None:
    contents = {tmp_path / str(number): [b"a", str(number).encode()] for number in range(7)}
    assert write_all(contents) == list(contents)
    assert [path.read_bytes() for path in contents] == [f"a{number}".encode() for number in range(7)]


def test_a_failure_leaves_no_folder_and_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full") as caught:
        write_all({tmp_path / "new" / "deep" / "a.csv": b"1"})
    assert caught.value.filename == str(tmp_path / "new" / "deep" / "a.csv")
    assert names(tmp_path) == []


def test_a_name_as_long_as_names_may_be(tmp_path: Path) -> None:
    for name in ("a" * 251 + ".csv", "长" * 83 + ".csv"):
        write_all({tmp_path / name: b"1", tmp_path / "b": b"2"})
        assert (tmp_path / name).read_bytes() == b"1"
    with pytest.raises(OSError, match="name too long") as caught:
        write_all({tmp_path / ("a" * 256): b"1"})
    assert caught.value.filename == str(tmp_path / ("a" * 256))


def test_the_folder_is_on_the_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced, fsync = list[str](), os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: (synced.append(str(Path(f"/proc/self/fd/{handle}").readlink())), fsync(handle))
    )
    write_all({tmp_path / "a": b"1"})
    assert synced[-1] == str(tmp_path)
    synced.clear()
    write_all({tmp_path / "a": b"1"}, durable=False)
    assert synced == []


def test_only_what_killed_programs_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [".sites.csv.ab12_xyz.new", ".sites.csv.ab12_xyz.old", ".a b.html.abcdefgh.new"]
    kept = [
        "sites.csv",
        ".sites.csv.new",
        ".sites.csv.ABCDEFGH.new",
        ".sites.csv.abcdefgh.bak",
        "x.abcdefgh.new",
        ".abcdefgh.new",
    ]
    for name in (*left, *kept):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / ".folder.abcdefgh.new").mkdir()
    assert remove_leftovers(tmp_path) == []
    write_all({tmp_path / "other": b""})
    assert set(left) <= set(names(tmp_path))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3700)
    write_all({tmp_path / "other": b""})
    assert set(names(tmp_path)) == {*kept, "other", ".folder.abcdefgh.new"}
    assert remove_leftovers(tmp_path / "none") == []


def test_a_backup_of_a_running_write_is_not_removed_though_its_file_is_old(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"before")
    os.utime(old, (0, 0))
    (tmp_path / ".old.abcdefgh.old").hardlink_to(old)
    assert remove_leftovers(tmp_path) == []
