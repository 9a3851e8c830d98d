"""Write a template to a file."""

from __future__ import annotations

from pathlib import Path

from qjmap.atomic_write import write_all
from qjmap.errors import UsageError
from qjmap.output_paths import check_outputs
from qjmap.project import Settings, display_path, load_project
from qjmap.scaffold.template_workbook import template_workbook
from qjmap.vocabulary import BUILT_IN

_SUFFIX = ".xlsx"


def write_template(
    out: Path | str,
    table: str = "sites",
    *,
    language: str | None = None,
    full: bool = False,
    force: bool = False,
    project: Path | str = ".",
) -> Path:
    """Write a workbook to fill in and return its path.

    Parameters
    ----------
    out : path of the file; without a suffix it gets `.xlsx`.
    table : name of a table, or "all" for a workbook with a sheet for each table.
    language : language of headers and explanations, "zh" or "en"; by default that of the project, else "zh".
    full : with all columns; by default only with those that people usually fill in.
    force : replace an existing file.
    project : folder of the project whose language and words are used. The default, the current folder, need not be a project.

    Raises
    ------
    UsageError : the file exists and `force` is not set, has the suffix of another format, or is an input of a project; or `project` is
        neither a project nor the current folder.
    """
    path = Path(out)
    if not path.suffix:
        path = path.with_name(f"{path.name}{_SUFFIX}")
    if path.suffix.lower() != _SUFFIX:
        raise UsageError("template-suffix", path=display_path(path))
    check_outputs([path])
    if path.exists() and not force:
        raise UsageError("output-there", path=display_path(path))
    settings = _settings(project)
    lang = language or (settings.language if settings else "zh")
    words = settings.vocabularies if settings else BUILT_IN
    write_all({path: template_workbook(table, lang, full=full, vocabularies=words)}, durable=False)
    return path


def _settings(project: Path | str) -> Settings | None:
    """Return the settings of a project; None if the folder is the current one and no project."""
    try:
        return load_project(project).settings
    except UsageError:
        if Path(project) != Path():
            raise
        return None
