"""`Project.compare` is the twin of `qjmap diff`: the same text, JSON, Markdown and page, and the changes as values."""

from __future__ import annotations

from pathlib import Path

import pytest

import qjmap
from qjmap.api.comparison import Comparison
from qjmap.cli.main import main
from qjmap.errors import UsageError
from tests.two_editions import make_two_editions


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_two_editions(tmp_path_factory.mktemp("editions"))


@pytest.fixture(scope="module")
def compared(editions: tuple[Path, Path]) -> Comparison:
    old, new = editions
    return qjmap.open_project(new).compare(old)


def command(*words: str) -> None:
    with pytest.raises(SystemExit) as done:
        main(["diff", *words])
    assert not done.value.code


@pytest.mark.slow
def test_it_writes_what_the_command_writes(compared: Comparison, editions: tuple[Path, Path], tmp_path: Path) -> None:
    names = [str(path) for path in editions]
    for suffix in ("txt", "md", "json", "html"):
        ours, theirs = tmp_path / f"ours.{suffix}", tmp_path / f"theirs.{suffix}"
        assert compared.save(ours, language="en") == ours
        command(*names, "--project", names[1], "-o", str(theirs), "--lang", "en")
        assert ours.read_bytes() == theirs.read_bytes()


@pytest.mark.slow
def test_changes_are_texts_rows_and_counts(
    compared: Comparison, editions: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    names = [str(path) for path in editions]
    for form, ours in (
        ("text", compared.to_text("zh")),
        ("markdown", compared.to_markdown("zh")),
        ("json", compared.to_json()),
    ):
        command(*names, "--format", form, "--lang", "zh")
        assert capsys.readouterr().out == ours
    assert str(compared) == compared.to_text()
    frame = compared.to_frame()
    assert [*frame["id"]] == [change.id for change in compared] == [change.id for change in compared.changes]
    assert len(frame) == len(compared) == sum(compared.counts.values())
    assert compared.counts["added"] == 2
    assert "yard" in {*frame.loc[frame["kind"] == "withdrawn", "id"]}


def test_its_repr_is_one_short_line(compared: Comparison, editions: tuple[Path, Path]) -> None:
    old, new = editions
    assert repr(compared).startswith(f"<Comparison {old} → {new}: ")
    assert "2 added" in repr(compared)
    same = qjmap.open_project(new).compare(new)
    assert repr(same).endswith(": no changes>")
    assert not same
    assert list(same.to_frame().columns)[:4] == ["table", "id", "name", "kind"]


@pytest.mark.slow
def test_two_other_editions_can_be_compared(compared: Comparison, editions: tuple[Path, Path]) -> None:
    old, new = editions
    back = qjmap.open_project(new).compare(new, old)
    assert back.counts["withdrawn"] == compared.counts["added"]
    assert qjmap.open_project(new).diff(old) == list(compared)


def test_it_is_never_written_over_a_table(compared: Comparison, editions: tuple[Path, Path]) -> None:
    table = editions[1] / "data" / "sites.csv"
    before = table.read_bytes()
    with pytest.raises(UsageError):
        compared.save(table)
    assert table.read_bytes() == before
