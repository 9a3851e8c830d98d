"""Ask on a terminal which of several places a name means."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from qjmap.i18n import label, text

if TYPE_CHECKING:
    from qjmap.geocoding.exact_names import GazetteerPlace


def is_terminal() -> bool:
    """Whether somebody can be asked: standard input and output are terminals."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def list_places(places: Sequence[GazetteerPlace], lang: str) -> None:
    """Print places, numbered from 1."""
    for number, place in enumerate(places, start=1):
        click.echo(f"  {number}  {place.label}  {label('place_kind', place.kind, lang)}  {place.code}")


def choose_place(name: str, places: Sequence[GazetteerPlace], *, lang: str) -> GazetteerPlace:
    """Print places that have the same name, ask for a number until the answer is one of theirs, and return that place."""
    click.echo(text("new.which", lang, name=name))
    list_places(places, lang)
    while True:
        answer = click.prompt(text("new.prompt", lang)).strip()
        if answer.isdigit() and 1 <= int(answer) <= len(places):
            return places[int(answer) - 1]
        click.echo(text("resolve-number", lang, count=len(places)))
