"""Build a project: tables -> checks -> atlas -> pages and exports. Either all files are written or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qjmap.atomic_write import Content, write_all
from qjmap.engine import Engine
from qjmap.errors import Fault
from qjmap.model.atlas import Atlas
from qjmap.output_paths import check_outputs
from qjmap.pipeline.export import geojson_parts
from qjmap.pipeline.load import Loaded, Step, load, quiet
from qjmap.project import Project
from qjmap.setting_values import INDEX, View

PAGE_ROWS = 200_000
"""Number of sites on the page of a table in partitions, unless the settings or the caller give another."""


Tags = Sequence[tuple[str, Mapping[str, str]]]
"""HTML tags for the head of a page, each as its name and its attributes."""


@dataclass(frozen=True, repr=False)
class Built:
    """Result of a build.

    Attributes
    ----------
    page, exports : paths of the project's main page, and of the GeoJSON exports.
    counts : layer -> number of its rows.
    warnings : warnings about the project.
    """

    page: Path
    exports: tuple[Path, ...]
    counts: dict[str, int]
    warnings: tuple[Fault, ...]

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        return f"<Built {self.page}: {counts}, {len(self.warnings)} warnings>"


def build(
    project: Project,
    *,
    out: Path | None = None,
    tiles: Sequence[str] = (),
    strict: bool = False,
    rows: int | None = None,
    since: str | None = None,
    engine: Engine | None = None,
    step: Step = quiet,
) -> Built:
    """Write maps/<id>.html and geo/export/<layer>.geojson, all files or none, and return what was written.

    A project with views gets a page for each of them, and an ``index.html`` that links all pages.

    Parameters
    ----------
    out : folder for the pages; None for the project's own.
    tiles : names of online backgrounds besides those of the settings.
    strict : whether warnings stop the build too.
    rows : maximum number of sites on the page, besides those to which other tables refer. None for ``[page] rows`` of the settings; if
        they do not give it, `PAGE_ROWS` for a table in partitions, and all rows for a table in one file.
    since : earlier edition, as `diff.open_edition` takes it; the pages then list the changes since that edition.
    engine : runs the partitions of the sites; None for this process.

    Raises
    ------
    DataFaults : the tables have faults, or with `strict` warnings.
    UsageError : a page would overwrite an input of the project, or a background or `since` is unknown.
    """
    changes = changes_since(project, since)
    if out is not None:
        check_outputs(_pages(project, out).values(), project=project.root)
    with loaded_for_pages(project, rows=rows, engine=engine, strict=strict, step=step) as (loaded, atlas):
        exported = geojson_parts(loaded.atlas, sites=loaded.sites_file, step=step)
        step("draw")
        paths = _pages(project, out)
        pages = page_contents(atlas, paths, tiles=tiles, changes=changes)
        exports: dict[Path, Content] = {
            project.geo / "export" / f"{name}.geojson": parts for name, parts in exported.items()
        }
        write_all({**pages, **exports}, durable=False)
        return Built(next(iter(pages)), tuple(exports), row_counts(loaded, atlas), loaded.warnings)


@contextmanager
def loaded_for_pages(
    project: Project, *, rows: int | None, engine: Engine | None, strict: bool, step: Step
) -> Iterator[tuple[Loaded, Atlas]]:
    """Context manager that loads a project and yields it with the atlas for its pages, which may hold only some of the sites.

    Parameters and errors are as in `build`.
    """
    limit = rows if rows is not None else project.settings.page.rows
    limit_of_partitions = PAGE_ROWS if limit is None else limit
    with load(
        project, form="geojson", by_county=True, rows=limit_of_partitions, engine=engine, strict=strict, step=step
    ) as loaded:
        atlas = loaded.atlas
        if limit is not None and loaded.sites_file is None:
            from qjmap.pipeline.sample_sites import sample_sites

            atlas = sample_sites(atlas, limit)
        if project.settings.publish_checked and loaded.sites_file is None:
            atlas = _with_passed_line(atlas, project)
        yield loaded, atlas


def row_counts(loaded: Loaded, atlas: Atlas) -> dict[str, int]:
    """Return layer -> number of its rows; all sites are counted, also if the atlas holds only some."""
    return {name: len(frame) for name, frame in atlas.layer_rows().items()} | {"sites": loaded.sites}


def _with_passed_line(atlas: Atlas, project: Project) -> Atlas:
    """Return the atlas with an attribution that the project passed the check before publication; unchanged if it did not."""
    from qjmap.publish import passed_line

    if (line := passed_line(project)) is None:
        return atlas
    settings = replace(atlas.project.settings, attribution=(*atlas.project.settings.attribution, line))
    return replace(atlas, project=replace(atlas.project, settings=settings))


def changes_since(project: Project, since: str | None) -> dict[str, Any]:
    """Return the changes from an earlier edition to the present project, as `diff.page_changes` returns them; {} if `since` is None.

    Errors are as in `diff.open_edition`.
    """
    if since is None:
        return {}
    from qjmap.diff import changes, open_edition, page_changes

    old, new = open_edition(since, project.root), open_edition(str(project.root), project.root)
    return page_changes(
        changes(old, new), replace(old, name=Path(since).resolve().stem if Path(since).exists() else since), new
    )


def _pages(project: Project, out: Path | None) -> dict[str, Path]:
    """Return id -> path of the pages: the project's main page, one for each view, and with views an index of all pages (id `INDEX`)."""
    settings, folder = project.settings, out or project.maps
    names = [view.id for view in settings.pages]
    names += [INDEX] if len(names) > 1 else []
    return {name: folder / f"{name}.html" for name in names}


def page_contents(
    atlas: Atlas,
    paths: Mapping[str, Path],
    *,
    tiles: Sequence[str],
    changes: Mapping[str, Any],
    head: Callable[[View], Tags] = lambda _: (),
) -> dict[Path, Content]:
    """Return path -> contents of the pages of an atlas: the main page first, then one for each view, and with views the index of all pages.

    Parameters
    ----------
    paths : id of each page -> its file; `INDEX` for the index.
    tiles : names of online backgrounds besides those of the settings.
    changes : changes that the pages list, as `changes_since` returns them.
    head : function that returns the tags for the head of the page of a view.

    Raises
    ------
    UsageError : a basemap is unknown, or needs a key that is missing.
    """
    from qjmap.page import Card, index_html, opening_view
    from qjmap.pipeline.map import ground, page_bytes

    views = atlas.project.settings.pages
    pages: dict[Path, Content] = {
        paths[view.id]: page_bytes(atlas, tiles=tiles, view=view, changes=changes, head=head(view)) for view in views
    }
    if len(views) > 1:
        cards = [Card(paths[view.id].name, view, opening_view(atlas, view.opening)[0]) for view in views]
        pages[paths[INDEX]] = index_html(atlas, ground(atlas), cards).encode("utf-8")
    return pages
