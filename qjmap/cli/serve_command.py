"""Command `serve`: a local web page of a project that is rebuilt when its tables change, and in which they can be edited."""

from __future__ import annotations

from pathlib import Path

import click

from qjmap.cli.click_classes import Count
from qjmap.cli.options import command, option, project_argument
from qjmap.i18n import text


@command
@project_argument
@option("--port", type=Count(0), default=0, text_key="serve.port")
@option("--no-open", "quiet", is_flag=True, text_key="serve.quiet")
def serve(lang: str, project: Path, port: int, quiet: bool) -> int:
    """Print the address of the page, open it in a browser unless `quiet`, and serve it until Ctrl-C."""
    from qjmap.project import load_project
    from qjmap.serve import LocalServer

    server = LocalServer(load_project(project), port=port, lang=lang)
    click.echo(text("serve.at", lang, address=server.address))
    if not quiet:
        click.launch(server.address)
    try:
        server.run()
    except KeyboardInterrupt:
        server.watch.end()
    return 0
