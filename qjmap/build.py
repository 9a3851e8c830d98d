"""The pipeline to the end: tables -> checks -> atlas -> pages and exports, all of it written or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qjmap.engine import Engine
from qjmap.engine.ahead import begin
from qjmap.engine.here import Here
from qjmap.errors import Fault
from qjmap.exporting import geojson_parts
from qjmap.files import Content, Part, write_all
from qjmap.making import Step, arrived, make_atlas, quiet
from qjmap.model import Atlas
from qjmap.project import INDEX, Project
from qjmap.tables.parts import in_parts
from qjmap.targets import keep_off

PAGE_ROWS = 200_000
"""Sites on the page of a table in parts, where nothing else is said."""


@dataclass(frozen=True)
class Built:
    """What a build wrote, and the warnings it met on the way."""

    page: Path
    exports: tuple[Path, ...]
    counts: dict[str, int]
    warnings: tuple[Fault, ...]


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
    """Tables -> maps/<id>.html and geo/export/<layer>.geojson; nothing is written unless all of it can be.

    A project with views gets a page for each of them, and an ``index.html`` over all pages.

    Parameters
    ----------
    rows : sites that the page holds at most besides those that other tables name; ``[page] rows`` of the settings when not
        told, else `PAGE_ROWS` of a table in parts, and all of a table in one file.
    engine : runs the sites part by part, as it is always done with a table in parts.
    """
    begin(_load)
    if out is not None:
        keep_off(_pages(project, out).values(), project=project.root)
    limit = rows if rows is not None else project.settings.page.rows
    if engine is None and not in_parts(project):
        atlas, warnings = make_atlas(project, strict=strict, step=step)
        page = atlas
        if limit is not None:
            from qjmap.parts.sampling import sample

            page = sample(atlas, limit)
        return _build(page, geojson_parts(atlas, step=step), len(atlas.site_rows), warnings, out, tiles, step)
    from qjmap.parts.finishing import Plan
    from qjmap.parts.road import travel

    with tempfile.TemporaryDirectory() as folder:
        plan, limit = Plan("geojson"), PAGE_ROWS if limit is None else limit
        found = travel(project, engine or Here(), plan, rows=limit, folder=Path(folder), strict=strict, step=step)
        atlas, warnings = arrived(project, found, strict)
        parts = geojson_parts(atlas, sites=found.file, step=step)
        count = found.beyond.rows if found.beyond else 0
        return _build(atlas, parts, count, warnings, out, tiles, step)


def _load() -> None:
    """What every page needs, whatever it shows: a third of the time of a small build, while the tables are read."""
    import qjmap.drawing  # noqa: F401
    from qjmap.page.entrance import packed

    packed()


def _pages(project: Project, out: Path | None) -> dict[str, Path]:
    """The pages by their ids: the project's own, those of its views, and where there are any, the one over all of them."""
    settings, folder = project.settings, out or project.maps
    names = [settings.id, *(view.id for view in settings.views), *([INDEX] if settings.views else [])]
    return {name: folder / f"{name}.html" for name in names}


def _build(
    atlas: Atlas, exported: Mapping[str, Iterator[Part]], sites: int, warnings: tuple[Fault, ...], out: Path | None,
    tiles: Sequence[str], step: Step,
) -> Built:  # fmt: skip
    """Pages of the atlas, and the exports."""
    from qjmap.drawing import ground, page_bytes
    from qjmap.page import Card, index_html, opening

    step("draw")
    project, settings = atlas.project, atlas.project.settings
    paths = _pages(project, out)
    views = (settings.main_view(), *settings.views)
    pages: dict[Path, Content] = {paths[view.id]: page_bytes(atlas, tiles=tiles, view=view) for view in views}
    page = next(iter(pages))
    if settings.views:
        cards = [Card(f"{view.id}.html", view, opening(atlas, view.opening)[0]) for view in views]
        pages[paths[INDEX]] = index_html(atlas, ground(atlas), cards).encode("utf-8")
    exports: dict[Path, Content] = {project.geo / "export" / f"{name}.geojson": parts for name, parts in exported.items()}
    write_all({**pages, **exports}, lasting=False)
    counts = {name: len(frame) for name, frame in atlas.kept_layers().items()} | {"sites": sites}
    return Built(page, tuple(exports), counts, warnings)
