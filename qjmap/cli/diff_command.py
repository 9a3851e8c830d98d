"""Command `diff`: compare two editions of a project's data.

Libraries are imported inside the command, since the help needs none of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qjmap.cli import output
from qjmap.cli.click_classes import Choice
from qjmap.cli.options import PATH, argument, command, json_option, option, project_option
from qjmap.errors import UsageError
from qjmap.i18n import Note

if TYPE_CHECKING:
    from qjmap.pipeline.compare import Form


@command
@argument("old", metavar_key="edition")
@argument("new", metavar_key="edition")
@project_option
@option("--format", "form", type=Choice(("text", "json", "markdown", "html")), text_key="diff.format")
@option("-o", "--out", type=PATH, text_key="diff.out")
@json_option
def diff(lang: str, old: str, new: str, project: Path, form: Form | None, out: Path | None, as_json: bool) -> int:
    """Print or write the changes from one edition to another, or write a page that shows both editions."""
    from qjmap.diff import changes, open_edition, render
    from qjmap.output_paths import check_outputs

    form = form or ("json" if as_json else None)
    if out is None:
        if form == "html":
            raise UsageError("diff-out")
        before, after = (open_edition(name, project) for name in (old, new))
        click.echo(render(form or "text", changes(before, after), before, after, lang), nl=False)
        return 0
    from qjmap.pipeline.compare import write_comparison

    check_outputs([out], project=project, read=[path for path in (Path(old), Path(new)) if path.is_file()])
    before, after = (open_edition(name, project) for name in (old, new))
    write_comparison(out, changes(before, after), before, after, project, form=form, lang=lang)
    output.print_notes([Note("done.export", {"path": str(out)})], lang, as_json)
    return 0
