"""A wrong command is told in the reader's language, with how it is used; with --json in the form of all reports."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from qjmap.cli.main import COMMANDS, commands, main

WRONG = [
    "nonsense", "chek", "build --bogus", "build --tile osm", "-x", "--nonsense", "build -q", "--lang", "--lang fr build",
    "build --lang fr", "build --workers 0", "build --workers many", "build --rows -1", "build --rows 1.5", "build a b",
    "build --out", "build --json=3", "build --open=yes", "add", "add a.csv b.csv", "add a.csv --table nothing",
    "add a.csv --datum mars", "add a.csv --columns",
    "add a.csv --all-sheets --sheet a", "add a.csv --skip --update", "check --sheet", "check a b c", "undo a b", "undo --nothing",
    "locate", "locate --file a.csv", "locate x --file a.csv -o b.csv", "locate --online nobody x", "locate --online-all x",
    "locate x --dry-run", "locate --at here", "locate --at 1,2,3", "export", "export --format shp -o x", "export --layer roads -o x",
    "export -o - --layer sites --format gpkg", "export -o -", "report --table nothing", "report --format xml",
    "report --workers 2", "route --list=1", "route a b",
]  # fmt: skip
"""Commands that cannot be understood."""

WORD = re.compile(r"(?<![\w.-])[A-Za-z]{2}[A-Za-z0-9]*")


def known_words(command: str) -> set[str]:
    """Names of commands and options, values that options take, and what was typed."""
    words = set(re.findall(r"[\w.-]+", command)) | {"qjmap", "csv", "geojson"}
    context = click.Context(commands, obj="zh")
    for name in COMMANDS:
        words.add(name)
        found = commands.get_command(context, name)
        for param in found.params if found else ():
            words.update(getattr(param.type, "choices", ()))
            words.update(part for option in param.opts for part in option.strip("-").split("-"))
    return words | {part for word in words for part in re.split(r"[-_.]", word)} | {"help", "lang", "debug"}


def said(command: str, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    with pytest.raises(SystemExit) as done:
        main([*command.split(), *more])
    assert done.value.code == 2
    out, err = capsys.readouterr()
    return out + err


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QJMAP_LANG", "zh")


@pytest.mark.parametrize("command", WRONG)
def test_no_english_is_left_in_chinese(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(command, capsys)
    assert set(WORD.findall(text)) <= known_words(command), text
    assert re.search(r"[一-鿿]", text)
    assert "qjmap" in text


@pytest.mark.parametrize("command", WRONG)
def test_json_has_the_form_of_all_reports(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = json.loads(said(command, capsys, "--json"))
    assert {"file", "row", "column", "value", "code", "message", "cure"} <= set(one)
    assert one["message"] and one["cure"]


@pytest.mark.parametrize("command", ["build --workers 0", "nonsense", "add", "export --layer roads -o x"])
def test_english_is_there_too(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QJMAP_LANG", "en")
    text = said(command, capsys)
    assert "Usage: qjmap" in text
    assert not re.search(r"[一-鿿]", text)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_is_chinese_from_its_first_word(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*command.split(), "--help"])
    text = capsys.readouterr().out
    assert text.startswith("用法：qjmap")
    assert not {
        "Usage",
        "Options",
        "Commands",
        "PATH",
        "TEXT",
        "INTEGER",
        "RANGE",
        "ARGS",
        "PROJECT",
        "FILE",
        "required",
    } & set(WORD.findall(text))


@pytest.mark.parametrize("command", ["build", "check", "locate", "export"])
@pytest.mark.parametrize(("lang", "word"), [("zh", "没有密码"), ("en", "no password")])
def test_the_help_says_whom_a_cluster_trusts(
    command: str, lang: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help", "--lang", lang])
    assert word in re.sub(r"\s+", " ", capsys.readouterr().out)
