"""Questions about columns on a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest

from qjmap.cli.ask_columns import ask_columns
from qjmap.project import load_project
from tests.validation.test_check_project import made

FILE = "名字段,工程所在址\n,重庆市綦江区古南街道1号\n,重庆市綦江区文龙街道2号\n"


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked; every answer is yes."""
    asked: list[str] = []

    def confirm(text: str, *, default: bool) -> bool:
        asked.append(text)
        return default

    monkeypatch.setattr(click, "confirm", confirm)
    return asked


def table(folder: Path) -> Path:
    file = folder / "a.csv"
    file.write_text(FILE, encoding="utf-8")
    return file


def test_a_column_that_is_near_a_missing_one_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, questions: list[str]
) -> None:
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    project = load_project(made(tmp_path / "p").root)
    assert ask_columns(table(tmp_path), project, "zh", {}) == {"address": "工程所在址"}
    assert questions == ["“工程所在址”列是地址吗？"]


def test_no_question_is_asked_without_a_terminal(tmp_path: Path, questions: list[str]) -> None:
    project = load_project(made(tmp_path / "p").root)
    assert ask_columns(table(tmp_path), project, "zh", {}) is None
    assert questions == []
