"""Command `locate`: find the coordinates of names, of the rows of a file or of a project's tables, or the county around a point.

Libraries are imported inside the functions, since the help needs none of them and names are located without pandas.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from qjmap.cli import output
from qjmap.cli.click_classes import Choice
from qjmap.cli.locate_output import answer_json, answer_line, online_answer_line, surroundings_line
from qjmap.cli.options import (
    PATH,
    argument,
    columns_option,
    command,
    engine_options,
    json_option,
    open_engine,
    option,
    project_option,
    sheet_and_encoding_options,
    strict_option,
)  # fmt: skip
from qjmap.cli.progress import progress_line
from qjmap.cli.usage_errors import Misuse
from qjmap.i18n import Note

if TYPE_CHECKING:
    from qjmap.engine import Engine
    from qjmap.geocoding import OfflineLocator
    from qjmap.geocoding.choice_list import Choices
    from qjmap.geocoding.online.online_locator import OnlineLocator

_PROVIDERS = ("nominatim", "photon", "amap", "tianditu", "baidu")
_FILLED_TABLES = ("sites", "places")
"""Tables whose positions can be filled in by a provider."""


@command
@argument("words", metavar_key="words", nargs=-1)
@option("--file", type=PATH, text_key="locate.file")
@option("-o", "--out", type=PATH, text_key="locate.out")
@option("--choices", type=PATH, text_key="locate.choices")
@option("--online", "provider", type=Choice(_PROVIDERS), text_key="locate.online")
@option("--online-all", "everything", is_flag=True, text_key="locate.online-all")
@option("--table", type=Choice(_FILLED_TABLES), text_key="locate.table")
@option("--dry-run", is_flag=True, text_key="locate.dry")
@option("--at", "points", metavar_key="point", multiple=True, text_key="locate.at")
@project_option
@sheet_and_encoding_options
@columns_option
@engine_options
@strict_option
@json_option
def locate(
    lang: str, words: tuple[str, ...], file: Path | None, out: Path | None, choices: Path | None, points: tuple[str, ...], project: Path,
    provider: str | None, everything: bool, table: Literal["sites", "places"] | None, dry_run: bool,
    sheet: str | None, encoding: str | None, columns: str | None, engine: str | None, workers: int | None, strict: bool, as_json: bool,
) -> int:  # fmt: skip
    """Do one of five jobs: locate words, locate the rows of a file, store the choices of a list of unresolved texts, fill in positions of a
    table, or describe points.
    """
    if points and not words and not file:
        return _describe_points(points, lang, strict, as_json)
    from qjmap.pipeline.project_locator import locator_at

    filling = bool(provider) and not words and not file
    only_keeps = bool(choices) and not words and not file and not provider
    if (bool(words) == bool(file) and not filling and not only_keeps) or (file and not out):
        raise Misuse("locate")
    if everything and not provider:
        raise Misuse("need-online", option="--online-all")
    for name, value in (("--table", table), ("--dry-run", dry_run)):
        if value and not filling:
            raise Misuse("fill-only", option=name)
    locator = locator_at(project)
    chosen = _keep_choices(choices, project, locator, lang, as_json) if choices else None
    if only_keeps:
        return 0
    online = _open_online(provider, locator, everything, lang) if provider else None
    if online and filling:
        return _fill_positions(project, online, table or "sites", dry_run, lang, as_json)
    if file and out:
        options = {"sheet": sheet, "encoding": encoding, "columns": columns}
        with progress_line(lang, silent=as_json) as on_progress, open_engine(engine, workers) as opened:
            report_rows = _report_questions(online, lang) or partial(on_progress, "locate")
            rows, located = _locate_file(locator, online, file, out, project, options, chosen, opened, report_rows)
        output.print_notes([Note("done.locate", {"rows": rows, "found": located, "path": str(out)})], lang, as_json)
        return max(int(strict and located < rows), _report_provider(online, lang))
    return _locate_words(words, locator, online, lang, strict, as_json)


def _locate_file(
    locator: OfflineLocator, online: OnlineLocator | None, file: Path, out: Path, project: Path,
    read_options: Mapping[str, str | None], chosen: Choices | None, engine: Engine | None, on_progress: Callable[[int, int], None],
) -> tuple[int, int]:  # fmt: skip
    """Locate the rows of a table file, or of a folder of such files; return the number of rows and the number of located rows.

    Parameters
    ----------
    read_options : values of the options ``sheet``, ``encoding`` and ``columns``, None if not given.
    chosen : choices from the list that the command was given, in addition to those that the project keeps.

    Raises
    ------
    UsageError : as in `qjmap.geocoding.geocode_file.locate_file`.
    """
    from qjmap.geocoding.choice_list import recall_choices
    from qjmap.geocoding.geocode_file import ReadOptions, locate_file, unresolved_path
    from qjmap.output_paths import LAYER_FILES, check_outputs, output_format
    from qjmap.schema import TABLES
    from qjmap.tables.columns_option import parse_columns
    from qjmap.tables.saved_column_mappings import ColumnSource

    check_outputs((out, unresolved_path(out)), project=project, read=(file,))
    output_format(out, None, {**LAYER_FILES, ".xlsx": "xlsx"}, ("csv", "xlsx"), "csv")
    columns = read_options["columns"]
    told = None if columns is None else parse_columns(columns, TABLES["sites"])
    state = project / "data" / ".qjmap"
    reading = ReadOptions(read_options["sheet"], read_options["encoding"], ColumnSource(told, state))
    known = recall_choices(state) | dict(chosen or {})
    return locate_file(
        locator, file, out, reading=reading, choices=known, online=online, engine=engine, progress=on_progress
    )


def _keep_choices(choices: Path, project: Path, locator: OfflineLocator, lang: str, as_json: bool) -> Choices:
    """Read the choices that the user has marked in a list of unresolved texts, store them in the project, and return them.

    If `project` is the current folder and that is no project, the list is copied to a file with the suffix ``.bak`` instead.

    Raises
    ------
    UsageError : the list cannot be read, or `project` is another folder that is no project.
    QjmapError : another program is changing the project.
    """
    from qjmap.atomic_write import write_all
    from qjmap.edit.project_lock import locked
    from qjmap.errors import UsageError
    from qjmap.geocoding.choice_list import read_choices, remember_choices
    from qjmap.project import display_path, load_project

    shown = display_path(choices)
    chosen = read_choices(choices, shown, locator)
    counts = {"count": len(chosen), "path": shown}
    try:
        opened = load_project(project)
    except UsageError:
        if project != Path():
            raise
        # Nothing else has the marked choices, and another `locate --file` may overwrite the list.
        write_all({choices.with_name(f"{choices.name}.bak"): choices.read_bytes()})
        note = Note("done.choices-read", counts)
    else:
        with locked(opened):
            remember_choices(opened.state, chosen)
        note = Note("done.choices", counts)
    output.print_notes([note], lang, as_json)
    return chosen


def _locate_words(
    words: Sequence[str], locator: OfflineLocator, online: OnlineLocator | None, lang: str, strict: bool, as_json: bool
) -> int:
    """Locate words and print the answers; return the exit code: 1 if a word met an internal error, a query failed, or (if `strict`) a word
    was not located; else 0.
    """
    if online:
        provider = online.provider.name
        results = [online.locate_with_outcome(word) for word in words]
        answers = [result.answer for result in results]
        lines = [online_answer_line(result, provider, lang) for result in results]
        objects = [answer_json(result.answer) | {"provider_reason": result.outcome} for result in results]
    else:
        answers = [locator.locate(word) for word in words]
        lines = [answer_line(answer, lang) for answer in answers]
        objects = [answer_json(answer) for answer in answers]
    click.echo(json.dumps(objects, ensure_ascii=False, indent=1) if as_json else "\n".join(lines))
    unresolved = not all(answer.resolved for answer in answers)
    failed = any(answer.reason == "internal-error" for answer in answers)
    return max(int(failed or (strict and unresolved)), _report_provider(online, lang))


def _open_online(provider: str, offline: OfflineLocator, everything: bool, lang: str) -> OnlineLocator:
    """Print the terms of a provider to standard error and return the locator that asks it.

    Parameters
    ----------
    everything : query also the texts that the offline locator has located only to the precision of a town, park or port.
    """
    from qjmap.geocoding.online import environment, messages

    online = environment.open_online(provider, offline, os.environ, ask_all=everything)
    online.client.on_retry = lambda code, seconds: click.echo(
        messages.retry_line(provider, code, seconds, lang), err=True
    )
    click.echo(messages.terms_line(provider, lang), err=True)
    return online


def _fill_positions(
    project: Path, online: OnlineLocator, table: Literal["sites", "places"], dry_run: bool, lang: str, as_json: bool
) -> int:
    """Fill in the positions of a table of the project, and print the result; return the exit code."""
    from qjmap.edit.fill_positions import fill_positions
    from qjmap.project import load_project

    report_questions = _report_questions(online, lang)
    report = fill_positions(load_project(project), online, table=table, dry_run=dry_run, progress=report_questions)
    if as_json:
        click.echo(json.dumps(report.as_dict(lang), ensure_ascii=False, indent=1))
    else:
        click.echo(report.summary(lang))
    return _report_provider(online, lang)


def _report_questions(online: OnlineLocator | None, lang: str) -> Callable[[int, int], None] | None:
    """Return a function (done, total) that prints to standard error how many queries have been answered; None without a provider."""
    if online is None:
        return None
    from qjmap.geocoding.online.messages import progress_reporter

    return progress_reporter(online.provider.name, lang, lambda line: click.echo(line, err=True))


def _report_provider(online: OnlineLocator | None, lang: str) -> int:
    """Print to standard error how many queries were sent to the provider; return 1 if some failed, else 0 (also without a provider)."""
    if online is None:
        return 0
    from qjmap.geocoding.online.messages import summary_lines

    lines, code = summary_lines(online, lang)
    click.echo("\n".join(lines), err=True)
    return code


def _describe_points(points: Sequence[str], lang: str, strict: bool, as_json: bool) -> int:
    """Print the county and the nearest town of each point; return the exit code, 0 or 1.

    Parameters
    ----------
    points : texts "longitude,latitude" in WGS 84 degrees.
    strict : return 1 if a point is in no county of China.

    Raises
    ------
    Misuse : a text has another form.
    """
    from dataclasses import asdict

    from qjmap.geocoding.reverse import reverse

    try:
        pairs = [tuple(map(float, point.replace("，", ",").split(","))) for point in points]
        degrees = [(lon, lat) for lon, lat in pairs]
    except ValueError:
        raise Misuse("at") from None
    results = [reverse(lon, lat) for lon, lat in degrees]
    if as_json:
        rows = [{"lon": lon, "lat": lat, **asdict(result)} for (lon, lat), result in zip(degrees, results, strict=True)]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for point, result in zip(points, results, strict=True):
            click.echo(surroundings_line(point, result, lang))
    return int(strict and not all(result.adcode for result in results))
