"""Command `view`: show any file that qjmap reads on a page of its own."""

from __future__ import annotations

from pathlib import Path

from qjmap.cli import output
from qjmap.cli.options import PATH, argument, command, datum_option, json_option, option, sheet_and_encoding_options
from qjmap.errors import UsageError
from qjmap.i18n import Note


@command
@argument("file", type=PATH, metavar_key="file")
@option("--column", text_key="view.column")
@option("-o", "--out", type=PATH, text_key="view.out")
@option("--title", text_key="view.title")
@datum_option
@sheet_and_encoding_options
@json_option
def view(
    lang: str, file: Path, column: str | None, out: Path | None, title: str | None, datum: str | None, sheet: str | None,
    encoding: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Write a page that shows the rows of a file; no project is needed."""
    from qjmap.frames.explore_frames import explore  # imported here to save start-up time
    from qjmap.frames.file_to_geodataframe import read_file
    from qjmap.output_paths import check_outputs

    target = out if out is not None else Path(f"{file.stem}.html")
    check_outputs([target], read=[file])
    frame, said = read_file(file, shown=str(file), sheet=sheet, encoding=encoding, datum=datum)
    missing = int((frame.geometry.isna() | frame.geometry.is_empty).sum())
    if missing == len(frame):
        raise UsageError("frame-nowhere", path=str(file))
    page = explore(frame, column, title=title, name=file.stem, language=lang)
    page.save(target)
    notes = [one for one in said if isinstance(one, Note)]
    lines = [(note.key.replace(".", "-"), str(file), note.text(lang)) for note in notes]
    done = [Note("done.view", {"path": str(target), "rows": len(frame)})]
    if missing:
        done.append(Note("done.view-missing", {"rows": missing}))
    messages = [(note.key.replace(".", "-"), str(target), note.text(lang)) for note in done]
    output.print_messages([*lines, *messages], as_json)
    return 0
