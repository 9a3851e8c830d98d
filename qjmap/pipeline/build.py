"""Build a project: tables -> checks -> atlas -> pages and exports. Either all files are written or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qjmap.atomic_write import Chunk, Content, write_all
from qjmap.engine import Engine
from qjmap.errors import Fault
from qjmap.model.atlas import Atlas
from qjmap.output_paths import check_outputs
from qjmap.pipeline.export import geojson_parts
from qjmap.pipeline.load import Step, load, quiet
from qjmap.project import Project
from qjmap.setting_values import INDEX

PAGE_ROWS = 200_000
"""Number of sites on the page of a table in partitions, unless the settings or the caller give another."""


@dataclass(frozen=True, repr=False)
class Built:
    """What a build wrote: the project's own page, the exports, the number of rows by layer; and the warnings."""

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
    engine: Engine | None = None,
    step: Step = quiet,
) -> Built:
    """Write maps/<id>.html and geo/export/<layer>.geojson; all files or none.

    A project with views gets a page for each of them, and an ``index.html`` that links all pages.

    Parameters
    ----------
    out : folder for the pages; None for the project's own.
    tiles : names of online backgrounds besides those of the settings.
    strict : whether warnings stop the build too.
    rows : greatest number of sites on the page, besides those that other tables name. None for ``[page] rows`` of the settings; if they
        do not give it, `PAGE_ROWS` for a table in partitions, and all rows for a table in one file.
    engine : runs the partitions of the sites; None for this process.
    """
    if out is not None:
        check_outputs(_pages(project, out).values(), project=project.root)
    limit = rows if rows is not None else project.settings.page.rows
    limit_of_partitions = PAGE_ROWS if limit is None else limit
    with load(
        project, form="geojson", by_county=True, rows=limit_of_partitions, engine=engine, strict=strict, step=step
    ) as loaded:
        page = loaded.atlas
        if limit is not None and loaded.sites_file is None:
            from qjmap.pipeline.sample_sites import sample_sites

            page = sample_sites(page, limit)
        if project.settings.publish_checked and loaded.sites_file is None:
            page = _with_passed_line(page, project)
        exports = geojson_parts(loaded.atlas, sites=loaded.sites_file, step=step)
        return _write(page, exports, loaded.sites, loaded.warnings, out, tiles, step)


def _with_passed_line(atlas: Atlas, project: Project) -> Atlas:
    """Return the atlas with a line in the map's foot that it passed the check before publication, where it did."""
    from qjmap.publish import passed_line

    if (line := passed_line(project)) is None:
        return atlas
    settings = replace(atlas.project.settings, attribution=(*atlas.project.settings.attribution, line))
    return replace(atlas, project=replace(atlas.project, settings=settings))


def _pages(project: Project, out: Path | None) -> dict[str, Path]:
    """Return id -> path of the pages: the project's own, one for each view, and with views an index of all pages."""
    settings, folder = project.settings, out or project.maps
    names = [view.id for view in settings.pages]
    names += [INDEX] if len(names) > 1 else []
    return {name: folder / f"{name}.html" for name in names}


def _write(
    atlas: Atlas, exported: Mapping[str, Iterator[Chunk]], sites: int, warnings: tuple[Fault, ...], out: Path | None,
    tiles: Sequence[str], step: Step,
) -> Built:  # fmt: skip
    """Write the pages of the atlas, and the exports."""
    from qjmap.page import Card, index_html, opening_view
    from qjmap.pipeline.map import ground, page_bytes

    step("draw")
    project, settings = atlas.project, atlas.project.settings
    paths = _pages(project, out)
    views = settings.pages
    pages: dict[Path, Content] = {paths[view.id]: page_bytes(atlas, tiles=tiles, view=view) for view in views}
    page = next(iter(pages))
    if len(views) > 1:
        cards = [Card(f"{view.id}.html", view, opening_view(atlas, view.opening)[0]) for view in views]
        pages[paths[INDEX]] = index_html(atlas, ground(atlas), cards).encode("utf-8")
    exports: dict[Path, Content] = {
        project.geo / "export" / f"{name}.geojson": parts for name, parts in exported.items()
    }
    write_all({**pages, **exports}, durable=False)
    counts = {name: len(frame) for name, frame in atlas.layer_rows().items()} | {"sites": sites}
    return Built(page, tuple(exports), counts, warnings)
