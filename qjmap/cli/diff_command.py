"""Command `diff`: compare two editions of a project's data.

Libraries are imported inside the command, since the help needs none of them.
"""

from __future__ import annotations

from pathlib import Path

import click

from qjmap.cli import output
from qjmap.cli.click_classes import Choice
from qjmap.cli.options import PATH, argument, command, json_option, option, project_option
from qjmap.errors import UsageError
from qjmap.i18n import Note

_SUFFIXES = {".md": "markdown", ".json": "json", ".html": "html", ".htm": "html"}


@command
@argument("old", metavar_key="edition")
@argument("new", metavar_key="edition")
@project_option
@option("--format", "form", type=Choice(("text", "json", "markdown", "html")), text_key="diff.format")
@option("-o", "--out", type=PATH, text_key="diff.out")
@json_option
def diff(lang: str, old: str, new: str, project: Path, form: str | None, out: Path | None, as_json: bool) -> int:
    """Print or write the changes from one edition to another, or write a page that shows both editions."""
    from qjmap.atomic_write import write_all
    from qjmap.diff import changes, open_edition, render
    from qjmap.output_paths import check_outputs

    if form is None:
        form = "json" if as_json else _SUFFIXES.get(out.suffix.lower(), "text") if out is not None else "text"
    if out is not None:
        check_outputs([out], project=project, read=[path for path in (Path(old), Path(new)) if path.is_file()])
    if form == "html" and out is None:
        raise UsageError("diff-out")
    before, after = (open_edition(name, project) for name in (old, new))
    if form == "html" and out is not None:
        from qjmap.pipeline.compare import compare

        compare(before, after, out, project)
        output.print_notes([Note("done.export", {"path": str(out)})], lang, as_json)
        return 0
    written = render(form, changes(before, after), before, after, lang)
    if out is None:
        click.echo(written, nl=False)
        return 0
    write_all({out: written.encode()}, durable=False)
    output.print_notes([Note("done.export", {"path": str(out)})], lang, as_json)
    return 0
