"""Commands on a whole project: build, check, export, report, route.

Libraries and the pipeline are imported inside the commands, since the help needs none of them.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qjmap.cli import output
from qjmap.cli.click_classes import Choice, Count
from qjmap.cli.fault_groups import has_header
from qjmap.cli.options import (
    PATH,
    all_option,
    all_sheets_option,
    columns_option,
    command,
    datum_option,
    engine_options,
    json_option,
    open_engine,
    option,
    project_argument,
    sheet_and_encoding_options,
    strict_option,
    table_option,
)  # fmt: skip
from qjmap.cli.progress import progress_line
from qjmap.cli.usage_errors import Misuse
from qjmap.i18n import Note, text
from qjmap.schema import TABLES

if TYPE_CHECKING:
    from qjmap.errors import Fault
    from qjmap.project import Project

_FORMATS = ("geojson", "gpkg", "parquet", "fgb", "kml", "csv", "xlsx")
_DOCUMENTS = (".docx", ".pptx", ".html", ".pdf")
_TEMPLATES = (".docx", ".pptx")
_REPORT_TABLES = ("places", "partners", "corridors", "legs", "status", "gaps")


@command
@project_argument
@option("--out", type=PATH, text_key="build.out")
@option("--tiles", metavar_key="name", multiple=True, text_key="build.tiles")
@option("--open", "show", is_flag=True, text_key="build.open")
@option("--rows", type=Count(0), text_key="build.rows")
@option("--since", metavar_key="edition", text_key="build.since")
@option("--site", type=PATH, text_key="build.site")
@option("--url", metavar_key="url", text_key="build.url")
@engine_options
@strict_option
@all_option
@json_option
def build(
    lang: str, project: Path, out: Path | None, tiles: tuple[str, ...], show: bool, rows: int | None, since: str | None,
    site: Path | None, url: str | None, engine: str | None, workers: int | None, strict: bool, every: bool, as_json: bool,
) -> int:  # fmt: skip
    """Write the pages and exports of a project, or a folder for a web server; print how many rows the map has."""
    from qjmap.pipeline.build import build as build_project
    from qjmap.project import display_path, load_project

    if site is not None:
        if out is not None:
            raise Misuse("site-out")
        if url is not None and not url.startswith(("https://", "http://")):
            raise Misuse("site-url-form", url=url)
        options = {"tiles": tiles, "strict": strict, "rows": rows, "since": since}
        return _build_site(
            load_project(project), site, url, lang, as_json, show=show, engine=engine, workers=workers, **options
        )
    if url is not None:
        raise Misuse("site-url")
    with progress_line(lang, silent=as_json) as on_progress, open_engine(engine, workers) as opened:
        built = build_project(
            load_project(project),
            out=out,
            tiles=tiles,
            strict=strict,
            rows=rows,
            since=since,
            engine=opened,
            step=on_progress,
        )
    if as_json:
        output.print_json(built.warnings, lang)
    else:
        size, folder = round(built.page.stat().st_size / 1000), display_path(built.exports[0].parent)
        counts = {**built.counts, "page": display_path(built.page), "size": size, "folder": folder}
        click.echo(text("done.build", lang, **counts))
        if built.warnings and every:
            output.print_faults(built.warnings, lang, as_json, every=True)
        elif built.warnings:
            output.print_faults([one for one in built.warnings if one.code == "columns-personal"], lang, as_json=False)
            click.echo(text("done.warnings", lang, count=sum(fault.count for fault in built.warnings)))
    if show:
        click.launch(built.page.resolve().as_uri())
    return 0


def _build_site(
    project: Project, folder: Path, url: str | None, lang: str, as_json: bool, *, show: bool, engine: str | None, workers: int | None,
    **options: Any,
) -> int:  # fmt: skip
    """Write the pages and exports of a project to a folder for a web server, and print what is in it.

    Parameters
    ----------
    url : address at which the folder will be published; None if unknown.
    options : further arguments of `qjmap.pipeline.site.build_site`.
    """
    from qjmap.pipeline.site import build_site
    from qjmap.project import display_path

    with progress_line(lang, silent=as_json) as on_progress, open_engine(engine, workers) as opened:
        site = build_site(project, folder, url=url, engine=opened, step=on_progress, **options)
    if as_json:
        output.print_json(site.warnings, lang)
        return 0
    page = site.files[0]
    click.echo(text("done.site", lang, **site.counts, page=display_path(page), files=len(site.files)))
    for key in (f"site.picture.{site.picture or 'none'}", *(() if url else ("site.no_url",))):
        click.echo(text(key, lang))
    if show:
        click.launch(page.resolve().as_uri())
    return 0


@command
@project_argument
@option("--project", "target", type=PATH, text_key="check.project")
@option("--publish", is_flag=True, text_key="check.publish")
@table_option
@datum_option
@sheet_and_encoding_options
@columns_option
@all_sheets_option
@engine_options
@strict_option
@all_option
@json_option
def check(
    lang: str, project: Path, target: Path | None, publish: bool, all_sheets: bool, strict: bool, every: bool, as_json: bool,
    engine: str | None, workers: int | None, **read_options: Any,
) -> int:  # fmt: skip
    """Print the faults of a project, or the faults that `add` would find in a table file."""
    from qjmap.pipeline.load import find_faults
    from qjmap.project import load_project

    if all_sheets and read_options.pop("sheet", None) is not None:
        raise Misuse("sheets")
    if publish:
        return _check_publication(target or project, lang, as_json)
    lines: list[str] = []
    if project.is_file() or (project.suffix and not project.exists()):
        has_project = target is not None or Path("data", "project.toml").is_file()
        whole = load_project(target or Path()) if has_project else None
        faults, lines = _check_file(project, whole, lang, all_sheets=all_sheets, every=every, **read_options)
    else:
        with progress_line(lang, silent=as_json) as on_progress, open_engine(engine, workers) as opened:
            faults = find_faults(load_project(project), engine=opened, step=on_progress)
    output.print_faults(faults, lang, as_json, every=every)
    if not as_json and (every or has_header(faults)):
        found = Counter[str]()
        for fault in faults:
            found[fault.severity] += fault.count
        summary = text("done.faults", lang, faults=found["fault"], warnings=found["warning"])
        for line in [*lines, summary if faults else text("done.sound", lang)]:
            click.echo(line)
    return int(any(strict or fault.severity == "fault" for fault in faults))


def _check_publication(project: Path, lang: str, as_json: bool) -> int:
    """Print the faults for which the map of a project must not be published; return 1 if there are any, else 0."""
    from qjmap.project import load_project
    from qjmap.publish import RULES, find

    found = find(load_project(project))
    output.print_faults(found, lang, as_json, every=True)
    if not as_json:
        key = "publish.found" if found else "publish.sound"
        click.echo(text(key, lang, count=len(found), rules=len(RULES)))
    return int(bool(found))


def _check_file(
    path: Path, project: Project | None, lang: str, *, all_sheets: bool, every: bool, **read_options: Any
) -> tuple[list[Fault], list[str]]:
    """Return the faults of a table file, and lines of text on how it was read and how many rows `add` would add, update and refuse.

    Parameters
    ----------
    all_sheets : whether to read all worksheets of a workbook.
    every : whether the lines have all notes, however many there are.
    read_options : options of `validation.read_file`.
    """
    from qjmap.edit import note_lines
    from qjmap.validation import judge, read_file
    from qjmap.validation.several_sheets import judge_sheets, read_sheets

    notes: list[Note] = []
    if all_sheets:
        frames, notes = read_sheets(path, project=project, **read_options)
        judged = judge_sheets(frames, project)
    else:
        judged = [judge(read_file(path, project=project, **read_options), project)]
    notes = [*(note for one in judged for note in one.notes), *notes]
    lines = note_lines(list({note.text(lang): note for note in notes}.values()), lang, every=every)
    counts = {
        name: sum(len(getattr(one, name)) for one in judged) for name in ("added", "already", "updated", "refused")
    }
    return [fault for one in judged for fault in one.faults], [*lines, text("check-rows", lang, **counts)]


@command
@project_argument
@option("--layer", type=Choice(tuple(TABLES)), text_key="export.layer")
@option("--all", "every", is_flag=True, text_key="export.all")
@option("--format", "form", type=Choice(_FORMATS), text_key="export.format")
@option("-o", "--out", required=True, type=PATH, text_key="export.out")
@option("--districts", is_flag=True, text_key="export.districts")
@engine_options
@json_option
def export(
    lang: str, project: Path, layer: str | None, every: bool, form: str | None, out: Path, districts: bool,
    engine: str | None, workers: int | None, as_json: bool,
) -> int:  # fmt: skip
    """Write the table that ``--layer`` names, or all tables, to files; with ``-o -`` write one table as GeoJSON to standard output."""
    from qjmap.atomic_write import file_chunks
    from qjmap.pipeline.export import export as export_layers
    from qjmap.project import load_project

    if every and layer is not None:
        raise Misuse("export-all")
    if str(out) == "-":
        if form not in (None, "geojson") or layer is None:
            raise Misuse("export-out")
        with tempfile.TemporaryDirectory() as folder, open_engine(engine, workers) as opened:
            file = Path(folder, "out")
            written = export_layers(load_project(project), file, layer=layer, districts=districts, engine=opened)
            for chunk in file_chunks(written[0]):
                output.StandardOutput().write(chunk)
        return 0
    notes: list[Note] = []
    with progress_line(lang, silent=as_json) as on_progress, open_engine(engine, workers) as opened:
        written = export_layers(
            load_project(project), out, layer=layer, form=form, districts=districts, engine=opened, step=on_progress,
            on_note=notes.append,
        )  # fmt: skip
    notes += [Note("done.export", {"path": str(path)}) for path in written]
    output.print_notes(notes, lang, as_json)
    return 0


@command
@project_argument
@option("--format", "form", type=Choice(["csv", "json"]), text_key="report.format")
@option("--docx", "kind", flag_value="docx", text_key="report.docx")
@option("--pptx", "kind", flag_value="pptx", text_key="report.pptx")
@option("--html", "kind", flag_value="html", text_key="report.html")
@option("--pdf", "kind", flag_value="pdf", text_key="report.pdf")
@option("--template", type=PATH, text_key="report.template")
@option("--since", metavar_key="edition", text_key="report.since")
@option("--table", type=Choice(_REPORT_TABLES), text_key="report.table")
@option("-o", "--out", type=PATH, text_key="report.out")
@option("--lang", "language", type=Choice(["zh", "en"]), text_key="report.lang")
@json_option
def report(
    lang: str, project: Path, form: str | None, kind: str | None, template: Path | None, since: str | None,
    table: str | None, out: Path | None, language: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Write the statistics of a project to files or standard output, or its report as a document.

    ``--lang`` is also the language of the files and of the document.
    """
    suffix = out.suffix.lower() if out is not None else ""
    if kind or template or since or suffix in _DOCUMENTS:
        if form or table or out is None or suffix not in _DOCUMENTS or suffix != f".{kind or suffix[1:]}":
            raise Misuse("report-document", forms=list(_DOCUMENTS))
        if template and suffix not in _TEMPLATES:
            raise Misuse("report-template")
        return _write_document(project, out, lang, as_json, template=template, since=since, language=language)
    from qjmap.pipeline.export import report as write_report
    from qjmap.project import load_project

    if as_json and (out is None or str(out) == "-"):  # --json means the statistics here, not the messages
        if form == "csv":
            raise Misuse("report-json")
        form = "json"
    if language is None and not (form or table or out):
        language = lang
    screen = output.StandardOutput()
    written = write_report(load_project(project), out, form=form, table=table, language=language, screen=screen)
    if written:
        output.print_notes([Note("done.report", {"path": str(path)}) for path in written], lang, as_json)
    return 0


def _write_document(
    project: Path,
    out: Path,
    lang: str,
    as_json: bool,
    *,
    template: Path | None,
    since: str | None,
    language: str | None,
) -> int:
    """Write the report of a project as a .docx, .pptx, .html or .pdf document, and print its path."""
    from qjmap.pipeline.illustrated_report import report_document
    from qjmap.project import load_project

    report_document(load_project(project), out, template=template, since=since, language=language)
    output.print_notes([Note("done.report", {"path": str(out)})], lang, as_json)
    return 0


@command
@project_argument
@option("--list", "only_list", is_flag=True, text_key="route.list")
@json_option
def route(lang: str, project: Path, only_list: bool, as_json: bool) -> int:
    """Find lines for corridor legs on the rail, road and sea networks, write them to `geo/corridor_legs.geojson` and list all legs.

    With `only_list`, find and write no lines.
    """
    from qjmap.pipeline.load import load_atlas
    from qjmap.project import load_project
    from qjmap.routing import leg_reports
    from qjmap.routing import route as route_legs

    opened = load_project(project)
    if not only_list:
        routed = route_legs(opened, step=lambda network: click.echo(text(f"step.route.{network}", lang), err=True))
    legs = leg_reports(load_atlas(opened)[0])
    if as_json:
        click.echo(json.dumps([leg.as_dict() for leg in legs], ensure_ascii=False, indent=1))
        return 0
    for leg in legs:
        click.echo(leg.line(lang, opened.settings.vocabularies))
    if not only_list:
        click.echo(text("done.route", lang, path=opened.display_path(routed.path), count=len(routed.lines)))
    return 0
