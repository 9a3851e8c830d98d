"""The command line: parse, call, print, exit code; nothing else.

Exit codes: 0 done, 1 faults in the data (listed), 2 wrong use.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qjmap import asking, console
from qjmap._version import __version__
from qjmap.collector import libraries
from qjmap.errors import QjmapError
from qjmap.messages import Note, language, text
from qjmap.schema import TABLES
from qjmap.spoken import answer_json, answer_line, looked_line
from qjmap.usage import Choice, Count, Misuse, Option, classes, misuse

if TYPE_CHECKING:
    from qjmap.edit import Duplicates

_LAYERS = ("places", "sites", "partnerships", "corridors", "corridor_legs")
_FORMATS = ("geojson", "gpkg", "parquet", "fgb", "kml", "csv")
_DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")
_REPORTS = ("places", "partners", "corridors", "legs", "status", "gaps")
_ONLINE = ("nominatim", "photon", "amap", "tianditu", "baidu")
_FILLED = ("sites", "places")
_PATHS = ("file", "project", "out")
"""Parameters that name what a command works on, those that it reads first."""
_QUIET = {"OPENBLAS_NUM_THREADS": "1", "MIMALLOC_ALLOW_THP": "0"}
"""Settings of libraries that are loaded later, where the user has none: no threads for matrices, which nothing here multiplies, and
no pages of 2 MB for what Arrow holds a moment."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and exits with its code."""
    console.speak_any_console()
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = console.flag(given, "--debug") or os.environ.get("QJMAP_DEBUG", "") not in ("", "0")
    with warnings.catch_warnings():
        if not debug:  # libraries warn those who program with them, with paths of the installation
            warnings.simplefilter("ignore")
        code = _main(given, language(console.option(given, "--lang"), os.environ), debug)
    sys.exit(code)


def _main(given: list[str], lang: str, debug: bool) -> int:
    """The exit code of the command; whatever stops it is told in one line."""
    error: QjmapError
    try:
        code = int(commands(lang).main(given, prog_name="qjmap", standalone_mode=False) or 0)
        console.Screen().flush()
        return code
    except click.exceptions.NoArgsIsHelpError as helpful:
        helpful.show()
        return 2
    except BrokenPipeError:
        return 1
    except click.ClickException as wrong:
        error = misuse(wrong)
    except (click.Abort, KeyboardInterrupt):
        error = _told(KeyboardInterrupt())
    except Exception as trouble:
        error = _told(trouble)
        if debug:
            import traceback

            traceback.print_exception(trouble.__cause__ or trouble)
    return console.report_any(error, lang, as_json=console.flag(given, "--json"))


def run() -> None:
    """The console script: a process that is done goes at once, and does not put away first what goes with it."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    code = 130
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except KeyboardInterrupt:  # once more, while the first is being told
        pass
    if "distributed" in sys.modules:  # has workers to send home
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # what could not be written has been told
            stream.flush()
    os._exit(code)


def _told(error: BaseException, ctx: click.Context | None = None) -> QjmapError:
    """What stopped a command, as `trouble.told`, with what the command was given."""
    from qjmap.trouble import told

    given = ctx.params if ctx is not None else {}
    return told(error, [path for name in _PATHS if isinstance(path := given.get(name), Path)])


def commands(lang: str) -> click.Group:
    """The commands with their help in one language."""

    def say(key: str) -> str:
        return text(f"cli.{key}", lang)

    def word(key: str) -> str:
        return text(f"metavar.{key}", lang)

    option = partial(click.option, cls=Option, lang=lang)
    debug = option("--debug", is_flag=True, expose_value=False, help=say("debug"))

    def shared(command: Callable[..., Any]) -> Callable[..., Any]:
        return option("--lang", type=Choice(["zh", "en"]), expose_value=False, help=say("lang"))(debug(command))

    a_path: Any = click.Path(path_type=Path)
    project = click.argument("project", type=a_path, default=".", metavar=f"[{word('project')}]")
    as_json = option("--json", "as_json", is_flag=True, help=say("json"))
    strict = option("--strict", is_flag=True, help=say("strict"))

    def engine(command: Callable[..., Any]) -> Callable[..., Any]:
        count = option("--workers", type=Count(1), help=say("workers"))
        return option("--engine", metavar=word("name"), help=say("engine"))(count(command))

    settings = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
    _, group_class = classes(lang, _told)

    @click.group(cls=group_class, help=say("about"), context_settings=settings)
    @click.version_option(__version__, help=say("version"), prog_name="qjmap", message="%(prog)s %(version)s")
    @shared
    def group() -> None:
        pass

    @group.command(help=say("build"))
    @project
    @option("--out", type=a_path, help=say("build.out"))
    @option("--tiles", metavar=word("name"), multiple=True, help=say("build.tiles"))
    @option("--open", "show", is_flag=True, help=say("build.open"))
    @option("--rows", type=Count(0), help=say("build.rows"))
    @engine
    @strict
    @as_json
    @shared
    def build(
        project: Path, out: Path | None, tiles: tuple[str, ...], show: bool, rows: int | None,
        engine: str | None, workers: int | None, strict: bool, as_json: bool,
    ) -> int:  # fmt: skip
        with console.progress(lang, silent=as_json) as step, console.engine_of(engine, workers) as running:
            with libraries():
                if engine is None:
                    console.begin_reading(project)
                from qjmap.build import build as run
                from qjmap.project import load_project, shown_path

            built = run(load_project(project), out=out, tiles=tiles, strict=strict, rows=rows, engine=running, step=step)
        if as_json:
            console.print_json(built.warnings, lang)
        else:
            size, folder = round(built.page.stat().st_size / 1000), shown_path(built.exports[0].parent)
            counts = {**built.counts, "page": shown_path(built.page), "size": size, "folder": folder}
            click.echo(text("done.build", lang, **counts))
            if built.warnings:
                click.echo(text("done.warnings", lang, count=len(built.warnings)))
        if show:
            click.launch(built.page.resolve().as_uri())
        return 0

    @group.command(help=say("route"))
    @project
    @option("--list", "only_list", is_flag=True, help=say("route.list"))
    @as_json
    @shared
    def route(project: Path, only_list: bool, as_json: bool) -> int:
        with libraries():
            from qjmap.making import make_atlas
            from qjmap.project import load_project
            from qjmap.routing import listing
            from qjmap.routing import route as run

        opened = load_project(project)
        if not only_list:
            routed = run(opened, step=lambda network: click.echo(text(f"step.route.{network}", lang), err=True))
        legs = listing(make_atlas(opened)[0])
        if as_json:
            click.echo(json.dumps([leg.as_dict() for leg in legs], ensure_ascii=False, indent=1))
            return 0
        for leg in legs:
            click.echo(leg.line(lang))
        if not only_list:
            click.echo(text("done.route", lang, path=opened.shown(routed.path), count=len(routed.lines)))
        return 0

    @group.command(help=say("check"))
    @project
    @option("--project", "around", type=a_path, help=say("check.project"))
    @option("--table", type=Choice(list(TABLES)), help=say("table"))
    @option("--datum", type=Choice(_DATUMS, case_sensitive=False), help=say("add.datum"))
    @option("--sheet", help=say("add.sheet"))
    @option("--encoding", help=say("encoding"))
    @engine
    @strict
    @as_json
    @shared
    def check(
        project: Path, around: Path | None, strict: bool, as_json: bool, engine: str | None, workers: int | None,
        **options: Any,
    ) -> int:  # fmt: skip
        with libraries():
            if engine is None and project.is_dir():
                console.begin_reading(project)
            from qjmap.checking import every_fault
            from qjmap.checks import judge, read_file
            from qjmap.project import load_project

        notes: Sequence[Note] = ()
        if project.is_file() or (project.suffix and not project.exists()):
            inside = around is not None or Path("data", "project.toml").is_file()
            made = judge(read_file(project, **options), load_project(around or Path()) if inside else None)
            faults, notes = made.faults, made.notes
        else:
            with console.progress(lang, silent=as_json) as step, console.engine_of(engine, workers) as running:
                faults = every_fault(load_project(project), engine=running, step=step)
        stopping = sum(strict or fault.severity == "fault" for fault in faults)
        console.print_faults(faults, lang, as_json)
        if not as_json:
            for note in notes:
                click.echo(note.text(lang))
            warnings = len(faults) - sum(fault.severity == "fault" for fault in faults)
            summary = text("done.faults", lang, faults=len(faults) - warnings, warnings=warnings)
            click.echo(summary if faults else text("done.sound", lang))
        return 1 if stopping else 0

    @group.command(help=say("add"))
    @click.argument("file", type=a_path, metavar=word("file"))
    @option("--project", type=a_path, default=".", help=say("add.project"))
    @option("--table", type=Choice(list(TABLES)), help=say("table"))
    @option("--datum", type=Choice(_DATUMS, case_sensitive=False), help=say("add.datum"))
    @option("--sheet", help=say("add.sheet"))
    @option("--encoding", help=say("encoding"))
    @option("--update", "policies", flag_value="update", multiple=True, help=say("add.update"))
    @option("--yes", is_flag=True, help=say("add.yes"))
    @option("--skip", "policies", flag_value="skip", multiple=True, help=say("add.skip"))
    @option("--add-anyway", "policies", flag_value="add", multiple=True, help=say("add.anyway"))
    @option("--dry-run", is_flag=True, help=say("add.dry"))
    @strict
    @as_json
    @shared
    def add(
        file: Path, project: Path, policies: tuple[Duplicates, ...], strict: bool, as_json: bool, **options: Any
    ) -> int:
        with libraries():
            from qjmap.edit import add as run
            from qjmap.project import load_project

        if len(set(policies)) > 1:
            raise Misuse("add-one")
        policy: Duplicates = policies[0] if policies else "refuse"
        with console.progress(lang, silent=as_json) as step:
            report = run(load_project(project), file, duplicates=policy, lang=lang, step=step, **options)
        console.print_faults(report.faults, lang, as_json)
        if not as_json:
            click.echo(report.summary(lang))
        stopping = [fault for fault in report.faults if strict or fault.severity == "fault"]
        return 1 if stopping or report.refused else 0

    @group.command(help=say("undo"))
    @project
    @as_json
    @shared
    def undo(project: Path, as_json: bool) -> int:
        with libraries():
            from qjmap.edit import undo as run
            from qjmap.project import load_project

        done = run(load_project(project))
        console.print_done([("undo-done", done.file, done.summary(lang))], as_json)
        return 0

    @group.command(help=say("locate"))
    @click.argument("words", metavar=word("words"), nargs=-1)
    @option("--file", type=a_path, help=say("locate.file"))
    @option("-o", "--out", type=a_path, help=say("locate.out"))
    @option("--online", "provider", type=Choice(_ONLINE), help=say("locate.online"))
    @option("--online-all", "everything", is_flag=True, help=say("locate.online-all"))
    @option("--table", type=Choice(_FILLED), help=say("locate.table"))
    @option("--dry-run", is_flag=True, help=say("locate.dry"))
    @option("--at", "points", metavar=word("point"), multiple=True, help=say("locate.at"))
    @option("--project", type=a_path, default=".", help=say("add.project"))
    @option("--sheet", help=say("add.sheet"))
    @option("--encoding", help=say("encoding"))
    @engine
    @strict
    @as_json
    @shared
    def locate(
        words: tuple[str, ...], file: Path | None, out: Path | None, points: tuple[str, ...], project: Path,
        provider: str | None, everything: bool, table: str | None, dry_run: bool,
        sheet: str | None, encoding: str | None, engine: str | None, workers: int | None, strict: bool, as_json: bool,
    ) -> int:  # fmt: skip
        if points and not words and not file:
            return asking.around(points, lang, strict, as_json)
        with libraries():
            from qjmap.locators.of_project import locator_at

        filling = bool(provider) and not words and not file
        if (bool(words) == bool(file) and not filling) or (file and not out):
            raise Misuse("locate")
        if everything and not provider:
            raise Misuse("need-online", option="--online-all")
        for name, given in (("--table", table), ("--dry-run", dry_run)):
            if given and not filling:
                raise Misuse("fill-only", option=name)
        gazetteer = locator_at(project)
        online = asking.open_online(provider, gazetteer, everything, lang) if provider else None
        if online and filling:
            return asking.fill(project, online, table or "sites", dry_run, lang, as_json)
        if file and out:
            with libraries():
                from qjmap.locators.of_table import locate_file, unresolved_path
                from qjmap.targets import LAYER_FILES, form_of, keep_off

            reading = {"sheet": sheet, "encoding": encoding}
            keep_off((out, unresolved_path(out)), project=project, read=(file,))
            form_of(out, "csv", LAYER_FILES, ("csv",), "csv")
            with console.progress(lang, silent=as_json) as step, console.engine_of(engine, workers) as running:
                counted = asking.counting(online, lang) or partial(step, "locate")
                if running is not None or file.is_dir():
                    with libraries():
                        from qjmap.parts.locating import locate_parts

                    if online or sheet or encoding:
                        raise Misuse("locate-parts")
                    rows, found = locate_parts(gazetteer, file, out, running, progress=counted)
                else:
                    rows, found = locate_file(gazetteer, file, out, online=online, progress=counted, **reading)
            located = Note("done.locate", {"rows": rows, "found": found, "path": str(out)})
            console.print_done([console.said(located, lang)], as_json)
            return max(int(strict and found < rows), asking.ended(online, lang))
        if online and provider:
            looked = [online.look(word) for word in words]
            answers = [one.answer for one in looked]
            lines = [looked_line(one, provider, lang) for one in looked]
            told = [answer_json(one.answer) | {"provider_reason": one.outcome} for one in looked]
        else:
            answers = [gazetteer.locate(word) for word in words]
            lines = [answer_line(answer, lang) for answer in answers]
            told = [answer_json(answer) for answer in answers]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1) if as_json else "\n".join(lines))
        unresolved = not all(answer.resolved for answer in answers)
        failed = any(answer.reason == "internal-error" for answer in answers)
        return max(int(failed or (strict and unresolved)), asking.ended(online, lang))

    @group.command(help=say("export"))
    @project
    @option("--layer", type=Choice(_LAYERS), help=say("export.layer"))
    @option("--format", "form", type=Choice(_FORMATS), help=say("export.format"))
    @option("-o", "--out", required=True, type=a_path, help=say("export.out"))
    @option("--districts", is_flag=True, help=say("export.districts"))
    @engine
    @as_json
    @shared
    def export(
        project: Path, layer: str | None, form: str | None, out: Path, districts: bool,
        engine: str | None, workers: int | None, as_json: bool,
    ) -> int:  # fmt: skip
        with libraries():
            if engine is None:
                console.begin_reading(project)
            from qjmap.exporting import export as run
            from qjmap.files import parts_of
            from qjmap.project import load_project

        if str(out) == "-":
            if form not in (None, "geojson") or layer is None:
                raise Misuse("export-out")
            with tempfile.TemporaryDirectory() as folder, console.engine_of(engine, workers) as running:
                made = run(load_project(project), Path(folder, "out"), layer=layer, districts=districts, engine=running)
                for part in parts_of(made[0]):
                    console.Screen().write(part)
            return 0
        done: list[Note] = []
        with console.progress(lang, silent=as_json) as step, console.engine_of(engine, workers) as running:
            opened = load_project(project)
            written = run(
                opened, out, layer=layer, form=form, districts=districts, engine=running, step=step, told=done.append
            )
        done += [Note("done.export", {"path": str(path)}) for path in written]
        console.print_done([console.said(note, lang) for note in done], as_json)
        return 0

    @group.command(help=say("report"))
    @project
    @option("--format", "form", type=Choice(["csv", "json"]), help=say("report.format"))
    @option("--table", type=Choice(_REPORTS), help=say("report.table"))
    @option("-o", "--out", type=a_path, help=say("report.out"))
    @option("--lang", "words", type=Choice(["zh", "en"]), help=say("report.lang"))
    @as_json
    @debug
    def report(
        project: Path, form: str | None, table: str | None, out: Path | None, words: str | None, as_json: bool
    ) -> int:
        with libraries():
            from qjmap.exporting import report as run
            from qjmap.project import load_project

        if as_json and (out is None or str(out) == "-"):  # the numbers themselves, for machines
            if form == "csv":
                raise Misuse("report-json")
            form = "json"
        wanted = {"form": form, "table": table, "language": words or (None if form or table or out else lang)}
        written = run(load_project(project), out, **wanted, screen=console.Screen())
        if written:
            console.print_done([console.said(Note("done.report", {"path": str(path)}), lang) for path in written], as_json)
        return 0

    return group
