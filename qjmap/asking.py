"""What `locate` asks besides names: a provider over the network, and what holds a point."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from qjmap.spoken import around_line
from qjmap.usage import Misuse

if TYPE_CHECKING:
    from qjmap.locators import Everywhere
    from qjmap.locators.online.locator import Online


def open_online(provider: str, offline: Everywhere, everything: bool, lang: str) -> Online:
    """The locator that asks a provider; its terms are told before anything is asked."""
    from qjmap.locators.online import opening, telling

    online = opening.open_online(provider, offline, os.environ, everything=everything)
    online.asker.on_pause = lambda code, seconds: click.echo(telling.pause(provider, code, seconds, lang), err=True)
    click.echo(telling.terms(provider, lang), err=True)
    return online


def fill(project: Path, online: Online, table: str, dry_run: bool, lang: str, as_json: bool) -> int:
    """Fills in the positions of a project's table, and says what came of it."""
    from qjmap.edit.placing import fill_positions
    from qjmap.project import load_project

    where: Literal["sites", "places"] = "places" if table == "places" else "sites"
    report = fill_positions(
        load_project(project), online, table=where, dry_run=dry_run, progress=counting(online, lang)
    )
    if as_json:
        click.echo(json.dumps(report.as_dict(lang), ensure_ascii=False, indent=1))
    else:
        click.echo(report.summary(lang))
    return ended(online, lang)


def counting(online: Online | None, lang: str) -> Callable[[int, int], None] | None:
    """Tells on standard error how many questions are answered; None without a provider."""
    if online is None:
        return None
    from qjmap.locators.online.telling import counting

    return counting(online.asker.service.provider.name, lang, lambda line: click.echo(line, err=True))


def ended(online: Online | None, lang: str) -> int:
    """Says on standard error what was asked; 1 when questions were left without an answer."""
    if online is None:
        return 0
    from qjmap.locators.online.telling import ending

    lines, code = ending(online, lang)
    click.echo("\n".join(lines), err=True)
    return code


def around(points: Sequence[str], lang: str, strict: bool, as_json: bool) -> int:
    """Says what holds each point."""
    from dataclasses import asdict

    from qjmap.locators.reverse import reverse

    try:
        degrees = [tuple(map(float, point.replace("，", ",").split(","))) for point in points]
        pairs = [(lon, lat) for lon, lat in degrees]
    except ValueError:
        raise Misuse("at") from None
    found = [reverse(lon, lat) for lon, lat in pairs]
    if as_json:
        rows = [{"lon": lon, "lat": lat, **asdict(one)} for (lon, lat), one in zip(pairs, found, strict=True)]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for point, one in zip(points, found, strict=True):
            click.echo(around_line(point, one, lang))
    return 1 if strict and not all(one.adcode for one in found) else 0
