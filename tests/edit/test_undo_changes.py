"""The undo journal: it takes back what was asked and no more, wherever a program was stopped; what lies in it is checked."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from qjmap.edit import add, undo
from qjmap.edit.project_lock import locked
from qjmap.edit.write_tables import TableChange, write_tables
from qjmap.errors import QjmapError, UsageError
from qjmap.project import Project, load_project
from qjmap.schema import TABLES
from tests.validation.test_check_project import made

pytestmark = pytest.mark.slow

HEADER = ",".join(TABLES["sites"].names) + "\n"
EVENTS = (
    (os, ("replace", "rename", "unlink", "remove", "fsync", "fdatasync", "link", "mkdir", "open")),
    (tempfile, ("mkstemp",)),
)


class Killed(BaseException):
    """The process ends here."""


@contextmanager
def killed_at(event: int) -> Iterator[list[str]]:
    """Ends the program before its nth file event; nothing that it would do afterwards happens either, as after a kill."""
    done: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for module, names in EVENTS:
            for name in names:
                if hasattr(module, name):
                    patch.setattr(module, name, stopping(getattr(module, name), name, done, event))
        yield done


def stopping(real: Callable[..., Any], name: str, done: list[str], event: int) -> Callable[..., Any]:
    def act(*given: Any, **more: Any) -> Any:
        if len(done) >= event:
            raise Killed
        done.append(name)
        return real(*given, **more)

    return act


def given_file(folder: Path, text: str, name: str = "new.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made(tmp_path / "p", sites=HEADER)


def table(project: Project) -> bytes:
    return project.table_path("sites").read_bytes()


def again(project: Project, folder: Path) -> Project:
    """The same project as it stands, in another folder."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project.root, folder)
    return load_project(folder)


def undone(project: Project) -> bool | None:
    """Whether an undo did anything; None when there was nothing to take back."""
    try:
        return undo(project).done
    except UsageError:
        return None


@pytest.mark.slow
def test_an_undo_stopped_anywhere_and_run_again_takes_back_one_addition(project: Project, tmp_path: Path) -> None:
    states = [table(project)]
    for name in ("甲", "乙"):
        add(project, given_file(tmp_path, f"name\n{name}\n"))
        states.append(table(project))
    for event in range(200):
        copy = again(project, tmp_path / "copy")
        ended = False
        with killed_at(event) as done, suppress(Killed):
            undo(copy)
            ended = True
        if ended:
            break
        assert table(copy) in states[1:]
        undo(copy)
        assert table(copy) == states[1], f"stopped after {done}"
        assert undone(copy) is True
        assert table(copy) == states[0], f"stopped after {done}"
        assert undone(copy) is None
    assert event > 5


def both(project: Project) -> dict[str, bytes]:
    paths = {name: project.table_path(name) for name in ("sites", "sources", "places")}
    return {name: path.read_bytes() for name, path in paths.items() if path.is_file()}


def change_both(project: Project) -> None:
    """Change two tables and create a third, as one change."""
    changes = [
        TableChange(project.table_path(name), before, (before or b"") + b"x\n", [name])
        for name in ("sites", "sources", "places")
        for before in [both(project).get(name)]
    ]
    with locked(project):
        write_tables(project, changes, source="a.xlsx")


@pytest.mark.slow
def test_tables_changed_together_and_stopped_anywhere_are_taken_back_together(project: Project, tmp_path: Path) -> None:
    project.table_path("sources").write_bytes(b"id,title\n")
    project.table_path("places").unlink(missing_ok=True)
    before = both(project)
    change_both(again(project, tmp_path / "whole"))
    for event in range(200):
        copy = again(project, tmp_path / "copy")
        ended = False
        with killed_at(event) as done, suppress(Killed):
            change_both(copy)
            ended = True
        if ended:
            break
        undone(copy)
        assert both(copy) == before, f"stopped after {done}"
        assert undone(copy) is None
    assert event > 5


@pytest.mark.slow
def test_an_undo_of_several_tables_stopped_anywhere_and_run_again_takes_back_all(
    project: Project, tmp_path: Path
) -> None:
    project.table_path("sources").write_bytes(b"id,title\n")
    project.table_path("places").unlink(missing_ok=True)
    add(project, given_file(tmp_path, "name\n甲\n"))
    before = both(project)
    change_both(project)
    for event in range(200):
        copy = again(project, tmp_path / "copy")
        ended = False
        with killed_at(event) as done, suppress(Killed):
            undo(copy)
            ended = True
        if not ended:
            undo(copy)
        assert both(copy) == before, f"stopped after {done}"
        if ended:
            assert undone(copy) is True
            break
    assert event > 5


@pytest.mark.slow
def test_tables_changed_together_count_as_one_of_the_changes_that_are_kept(project: Project, tmp_path: Path) -> None:
    change_both(project)
    for number in range(19):
        add(project, given_file(tmp_path, f"name\n厂{number}\n"))
    for _ in range(20):
        assert undone(project)
    assert undone(project) is None


@pytest.mark.slow
def test_an_addition_stopped_anywhere_is_added_once_and_taken_back_alone(project: Project, tmp_path: Path) -> None:
    states = [table(project)]
    add(project, given_file(tmp_path, "name\n甲\n"))
    states.append(table(project))
    second = given_file(tmp_path, "name\n乙\n")
    for event in range(200):
        copy = again(project, tmp_path / "copy")
        ended = False
        with killed_at(event) as done, suppress(Killed):
            add(copy, second)
            ended = True
        if ended:
            break
        stopped = again(copy, tmp_path / "stopped")
        happened = table(stopped) != states[1]
        first = undone(stopped)
        assert table(stopped) == (states[1] if happened or first is False else states[0]), f"stopped after {done}"
        add(copy, second)
        assert table(copy).decode().count("乙") == 1
        assert undone(copy) is True
        assert table(copy) == states[1], f"stopped after {done}"
        assert undone(copy) is True
        assert table(copy) == states[0], f"stopped after {done}"
    assert event > 5


@pytest.mark.slow
def test_a_table_put_back_by_hand_costs_no_earlier_addition(project: Project, tmp_path: Path) -> None:
    add(project, given_file(tmp_path, "name\n甲\n"))
    first = table(project)
    add(project, given_file(tmp_path, "name\n乙\n"))
    project.table_path("sites").write_bytes(first)
    report = undo(project)
    assert not report.done
    assert table(project) == first
    for lang in ("zh", "en"):
        assert "qjmap undo" in report.summary(lang)
    assert undo(project).done
    assert table(project) == HEADER.encode()


@pytest.mark.slow
def test_an_undo_counts_the_rows_that_it_takes_out_and_those_that_it_changes_back(
    project: Project, tmp_path: Path
) -> None:
    add(project, given_file(tmp_path, "name,address\n甲,一街\n乙,二街\n丙,三街\n"))
    add(project, given_file(tmp_path, "name,address\n甲,四街\n乙,五街\n丁,六街\n"), update=True)
    report = undo(project)
    assert (len(report.ids), report.updated) == (1, 2)
    assert "（去掉 1 行，改回 2 行）" in report.summary("zh")
    assert "(1 rows taken out, 2 rows changed back)" in report.summary("en")
    add(project, given_file(tmp_path, "name,address\n甲,四街\n乙,五街\n"), update=True)
    assert "（改回 2 行）" in undo(project).summary("zh")
    assert "（去掉 3 行）" in undo(project).summary("zh")


SOUND = {"version": 1, "table": "sites", "source": "a.csv", "what": "added", "ids": ["a"], "new": False}
DIGEST = hashlib.sha256(b"").hexdigest()


@pytest.mark.slow
@pytest.mark.parametrize(
    "note",
    [
        "null", "{}", "[]", "garbage", "", "[" * 100_000, '{"table": "sites"}', '"sites"', "\udcff",
        *(
            json.dumps(SOUND | {"before": DIGEST, "after": DIGEST} | change)
            for change in (
                {"version": 2}, {"version": "1"}, {"version": True}, {"version": None}, {"table": "../../victim/x"}, {"table": "places"},
                {"table": None}, {"before": "0"}, {"after": DIGEST.upper()}, {"after": DIGEST + "\n"}, {"before": 7}, {"ids": "a"},
                {"ids": [1]}, {"ids": None}, {"source": None}, {"what": "deleted"}, {"new": 0},
            )
        ),
    ],
)  # fmt: skip
def test_an_invalid_journal_entry_does_not_block_adding_or_undoing(project: Project, tmp_path: Path, note: str) -> None:
    add(project, given_file(tmp_path, "name\n甲\n"))
    foreign = project.state / "000002-sites.json"
    foreign.write_bytes(note.encode("utf-8", "surrogateescape"))
    foreign.with_suffix(".before").write_bytes(b"")
    report = add(project, given_file(tmp_path, "name\n乙\n"))
    assert report.added == [2]
    for lang in ("zh", "en"):
        assert "data/.qjmap/000002-sites.json" in report.summary(lang)
        assert not add(project, given_file(tmp_path, "name\n丙\n"), dry_run=True).refused
    taken = undo(project)
    assert taken.unusable == ("data/.qjmap/000002-sites.json",)
    assert "000002-sites.json" in taken.summary("zh")
    assert undo(project).done
    assert table(project) == HEADER.encode()
    with pytest.raises(UsageError) as caught:
        undo(project)
    assert caught.value.code == "undo-nothing-usable"
    assert "000002-sites.json" in caught.value.line("en")
    assert foreign.exists()


def test_a_journal_entry_without_a_version_is_accepted(project: Project, tmp_path: Path) -> None:
    add(project, given_file(tmp_path, "name\n甲\n"))
    note = project.state / "000001-sites.json"
    about = json.loads(note.read_text())
    assert about.pop("version") == 1
    note.write_text(json.dumps(about))
    assert undo(project).done


@pytest.mark.parametrize(
    "name", ["000002x-foo.json", "1-sites.json", "000002-victim.json", "000002-sites.json.bak", "notes.json"]
)
def test_files_of_other_names_are_nobody_s_business(project: Project, tmp_path: Path, name: str) -> None:
    add(project, given_file(tmp_path, "name\n甲\n"))
    (project.state / name).write_text("null")
    report = add(project, given_file(tmp_path, "name\n乙\n"))
    assert name not in report.summary("zh")
    assert undo(project).unusable == ()
    assert undo(project).done
    assert (project.state / name).exists()


@pytest.mark.parametrize("damage", ["missing", "changed", "link", "folder"])
def test_a_backup_whose_digest_differs_is_not_restored(project: Project, tmp_path: Path, damage: str) -> None:
    add(project, given_file(tmp_path, "name\n甲\n"))
    now, backup = table(project), project.state / "000001-sites.before"
    secret = given_file(tmp_path, HEADER, "secret.csv")
    if damage == "changed":
        backup.write_bytes(b"id,name\nx,y\n")
    else:
        backup.unlink()
    if damage == "link":
        backup.symlink_to(secret)
    if damage == "folder":
        backup.mkdir()
    with pytest.raises(UsageError) as caught:
        undo(project)
    assert caught.value.code == "undo-nothing-usable"
    assert table(project) == now


def victim(folder: Path) -> Path:
    folder.mkdir()
    path = folder / "x.csv"
    path.write_bytes(b"id,name\nmine,mine\n")
    return path


def forged(project: Project, table_name: str, now: Path, *, new: bool = False) -> None:
    evil = b"evil\n"
    about = SOUND | {
        "table": table_name, "new": new, "before": hashlib.sha256(evil).hexdigest(),
        "after": hashlib.sha256(now.read_bytes()).hexdigest(),
    }  # fmt: skip
    project.state.mkdir(exist_ok=True)
    (project.state / "000009-sites.json").write_text(json.dumps(about))
    (project.state / "000009-sites.before").write_bytes(evil)


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize("how", ["path", "absolute", "table-link", "data-link"])
def test_no_journal_reaches_out_of_the_project(project: Project, tmp_path: Path, how: str, new: bool) -> None:
    target = victim(tmp_path / "victim")
    before = target.read_bytes()
    if how == "path":
        forged(project, "../../victim/x", target, new=new)
    elif how == "absolute":
        forged(project, str(target.with_suffix("")), target, new=new)
    elif how == "table-link":
        project.table_path("sites").unlink()
        project.table_path("sites").symlink_to(target)
        forged(project, "sites", target, new=new)
    else:
        forged(project, "sites", target, new=new)
        project.data.rename(tmp_path / "victim" / "data")
        project.data.symlink_to(tmp_path / "victim" / "data")
        (tmp_path / "victim" / "data" / "sites.csv").write_bytes(before)
    with pytest.raises(QjmapError):
        undo(project)
    assert target.read_bytes() == before
    found = tmp_path / "victim" / "data" / "sites.csv"
    assert not found.exists() or found.read_bytes() == before


def test_an_addition_follows_no_link_out_of_the_project(project: Project, tmp_path: Path) -> None:
    target = victim(tmp_path / "victim")
    project.table_path("sites").unlink()
    project.table_path("sites").symlink_to(target)
    before = target.read_bytes()
    with pytest.raises(QjmapError) as caught:
        add(project, given_file(tmp_path, "name\n甲\n"))
    assert caught.value.code == "file-outside"
    assert target.read_bytes() == before


def test_a_lock_that_is_a_link_is_not_followed(project: Project, tmp_path: Path) -> None:
    project.state.mkdir()
    (project.state / "lock").symlink_to(tmp_path / "made")
    with pytest.raises(QjmapError), locked(project):
        pass
    assert not (tmp_path / "made").exists()


@pytest.mark.slow
def test_a_killed_program_leaves_no_lock(project: Project) -> None:
    code = (
        "import sys, time\nfrom qjmap.edit.project_lock import locked\nfrom qjmap.project import load_project\n"
        "with locked(load_project(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, project.root], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == b"held"
    with pytest.raises(QjmapError), locked(project, wait_s=0.1):
        pass
    holder.kill()
    holder.communicate()
    with locked(project, wait_s=0.1):
        pass


def test_a_table_that_is_a_link_inside_the_project_is_edited_where_it_is(project: Project, tmp_path: Path) -> None:
    real = project.root / "kept.csv"
    project.table_path("sites").rename(real)
    project.table_path("sites").symlink_to(real)
    add(project, given_file(tmp_path, "name\n甲\n"))
    assert project.table_path("sites").is_symlink()
    assert "甲" in real.read_text(encoding="utf-8")
    assert undo(project).done
    assert real.read_bytes() == HEADER.encode()


def test_a_file_whose_name_is_no_text_is_noted_and_undone(project: Project, tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.csv")
    try:
        path = given_file(tmp_path, "name\n甲\n", name)
    except OSError:
        pytest.skip("the file system takes no such name")
    add(project, path)
    assert undo(project).done


@pytest.mark.slow
def test_twenty_changes_are_kept_in_the_order_of_their_numbers(project: Project, tmp_path: Path) -> None:
    (project.state).mkdir()
    (project.state / "999999-sites.json").write_text("null")  # the next number has seven digits
    states = []
    for number in range(23):
        states.append(table(project))
        add(project, given_file(tmp_path, f"name\n甲{number}\n"))
    for before in states[:2:-1]:
        assert undo(project).done
        assert table(project) == before
    assert undone(project) is None


def test_what_stopped_programs_left_is_swept_by_the_next_one(project: Project, tmp_path: Path) -> None:
    project.state.mkdir()
    mine = [project.data / ".sites.csv.abcd1234.new", project.state / ".000001-sites.json.abcd1234.new"]
    kept = [
        project.data / ".out.csv.abcd1234.new",
        project.data / ".notes",
        project.data / "sites.csv.bak",
        project.state / "000001-sites.txt",
    ]
    for path in (*mine, *kept):
        path.write_bytes(b"")
    with locked(project):
        assert not any(path.exists() for path in mine)
        assert all(path.exists() for path in kept)
