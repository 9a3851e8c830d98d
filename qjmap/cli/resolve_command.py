"""Command `resolve`: list the unknown and ambiguous names of places in the tables, and record which places they mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qjmap.cli.ask_which_place import is_terminal, list_places
from qjmap.cli.options import command, json_option, option, project_argument
from qjmap.cli.usage_errors import Misuse
from qjmap.i18n import text

if TYPE_CHECKING:
    from qjmap.edit.resolve_names import Question


@command
@project_argument
@option("--answer", "answers", multiple=True, metavar_key="answer", text_key="resolve.answer")
@json_option
def resolve(lang: str, project: Path, answers: tuple[str, ...], as_json: bool) -> int:
    """Apply the answers that are given; without answers ask for each unresolved name which place it means. Print the result.

    With JSON output, or if standard input or output is no terminal, the unresolved names are only listed.
    """
    from qjmap.edit import resolve_names  # imported here to save start-up time
    from qjmap.project import load_project

    opened = load_project(project)
    given = dict(_answer(words) for words in answers)
    report = resolve_names(opened, given)
    if not given and not as_json and report.open and is_terminal():
        given = _ask_all(report.open, lang)
        report = resolve_names(opened, given)
    if as_json:
        click.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
    else:
        click.echo(report.summary(lang))
    return 0


def _answer(words: str) -> tuple[str, str]:
    """Split "NAME=ANSWER" into the name and the answer. Raise Misuse for a text of another form."""
    name, equals, answer = words.partition("=")
    if not equals or not name.strip():
        raise Misuse("resolve-answer", words=words)
    return name.strip(), answer.strip()


def _ask_all(questions: list[Question], lang: str) -> dict[str, str]:
    """Ask the questions one after the other; return name -> answer (see `_ask`)."""
    click.echo(text("resolve-intro", lang, count=len(questions)))
    return {question.name: _ask(question, lang) for question in questions}


def _ask(question: Question, lang: str) -> str:
    """Ask which place a name means, and return the answer: the code of the candidate whose number was typed, or the typed text.

    An empty answer skips the question. After a number that is not in the list, ask again; six and more digits are taken as the code of a
    place.
    """
    click.echo(f"\n{question.name}  {question.where(lang)}")
    list_places(question.candidates, lang)
    if question.near:
        click.echo("  " + text("resolve-near", lang, rows="、".join(question.near)))
    while True:
        answer = click.prompt(text("resolve-prompt", lang), default="", show_default=False).strip()
        if not answer.isdigit() or len(answer) >= len("500110"):
            return str(answer)
        if 1 <= int(answer) <= len(question.candidates):
            return question.candidates[int(answer) - 1].code
        click.echo(text("resolve-number", lang, count=len(question.candidates)))
