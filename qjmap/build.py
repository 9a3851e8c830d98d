"""The pipeline, the one module that knows every step: tables -> checks -> atlas -> pages, exports and reports."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol

import pandas as pd

from qjmap.checks import check
from qjmap.drawing import ground, page_bytes
from qjmap.engine import Engine
from qjmap.engine.here import Here
from qjmap.errors import DataFaults, Fault, UsageError
from qjmap.export.files import WRITERS, plain_frame
from qjmap.export.geojson import feature_parts
from qjmap.export.rows import attribution
from qjmap.files import Content, parts_of, write_all
from qjmap.leglines import FILE, read_lines
from qjmap.model import Atlas, Belongs, build_atlas
from qjmap.page import Card, index_html, opening
from qjmap.parts.districts import county_adcodes
from qjmap.parts.finishing import COUNTY, Plan
from qjmap.parts.road import FORMS, SitesFile, Travelled, travel
from qjmap.parts.sampling import sample
from qjmap.project import Project
from qjmap.report import build_report, report_texts
from qjmap.tables import Parsed
from qjmap.tables import columns as cols
from qjmap.tables.parts import in_parts

PAGE_ROWS = 200_000
"""Sites on the page of a table in parts, where nothing else is said."""


class Step(Protocol):
    """Told what a command is about to do, and in the steps that count their rows, how many of how many are done."""

    def __call__(self, step: str, done: int = 0, total: int = 0, /) -> None:
        """Take it in."""


@dataclass(frozen=True)
class Built:
    """What a build wrote, and the warnings it met on the way."""

    page: Path
    exports: tuple[Path, ...]
    counts: dict[str, int]
    warnings: tuple[Fault, ...]


def quiet(step: str, done: int = 0, total: int = 0, /) -> None:
    """Says nothing: progress for callers that show none."""


def make_atlas(
    project: Project, *, strict: bool = False, engine: Engine | None = None, step: Step = quiet
) -> tuple[Atlas, tuple[Fault, ...]]:
    """The located atlas and the warnings; DataFaults with every fault when there is any (or, strict, any warning).

    Parameters
    ----------
    engine : reads the sites part by part, as those of a table in parts always are; the atlas holds them all even so.
    """
    if engine is not None or in_parts(project):
        found = travel(project, engine or Here(), Plan(keep=None), strict=strict, step=step)
        atlas, warnings = _arrived(project, found, strict)
        return replace(atlas, beyond=None), warnings
    step("read")
    tables, faults = check(project, step=step)
    stopping = [fault for fault in faults if strict or fault.severity == "fault"]
    if stopping:
        raise DataFaults(stopping)
    step("locate")
    frames = {name: tables.pop(name).frame for name in list(tables)}
    atlas, stale = _atlas(project, frames)
    if strict and stale:
        raise DataFaults(stale)
    return atlas, (*faults, *stale)


def _arrived(project: Project, found: Travelled, strict: bool) -> tuple[Atlas, tuple[Fault, ...]]:
    """The atlas of what came of all parts, and the warnings; DataFaults where a fault stands against it."""
    stopping = [fault for fault in found.faults if strict or fault.severity == "fault"]
    if stopping:
        raise DataFaults(stopping)
    atlas, stale = _atlas(project, found.frames, found.belongs)
    if strict and stale:
        raise DataFaults(stale)
    whole = found.beyond is None or found.beyond.rows == len(atlas.sites)
    return replace(atlas, beyond=None if whole else found.beyond), (*found.faults, *stale)


def check_parts(project: Project, engine: Engine | None = None, *, step: Step = quiet) -> list[Fault]:
    """Every fault of a project whose sites are read part by part, and of its lines of corridor legs."""
    has_lines = (project.geo / FILE).is_file()
    found = travel(project, engine or Here(), Plan(keep=None) if has_lines else Plan(), rows=0, step=step)
    if not found.frames:
        return found.faults
    try:
        return [*found.faults, *_atlas(project, found.frames, found.belongs)[1]]
    except DataFaults as error:
        return [*found.faults, *error.faults]


def _atlas(
    project: Project, frames: dict[str, pd.DataFrame], belongs: Belongs | None = None
) -> tuple[Atlas, list[Fault]]:
    """The atlas, and a warning when lines of corridor legs no longer fit the tables; the frames are used up."""
    lines = read_lines(project.geo, project.shown(project.geo / FILE))
    atlas = build_atlas(project, frames, lines, consume=True, belongs=belongs)
    legs = list(atlas.stale_legs)
    stale = Fault(lines.shown, None, "id", None, "lines-stale", {"legs": legs, "count": len(legs)}, "warning")
    return atlas, [stale] if legs else []


def line_faults(project: Project, tables: Mapping[str, Parsed]) -> list[Fault]:
    """What is wrong with `geo/corridor_legs.geojson`: it cannot be read, or does not fit these sound tables."""
    if not (project.geo / FILE).is_file():
        return []
    try:
        return _atlas(project, {name: table.frame for name, table in tables.items()})[1]
    except DataFaults as error:
        return list(error.faults)


def geojson_texts(atlas: Atlas) -> dict[str, str]:
    """The layers as GeoJSON texts by name."""
    return {name: b"".join(parts).decode("utf-8") for name, parts in geojson_parts(atlas).items()}


def geojson_parts(
    atlas: Atlas, *, sites: SitesFile | None = None, step: Step = quiet
) -> dict[str, Iterator[bytes]]:
    """The layers as GeoJSON by name, in parts that are made as they are taken; those of ``sites`` where the atlas has not all."""
    layers_of = atlas.layers()
    done = dict.fromkeys(layers_of, 0)
    rows = sum(map(len, layers_of.values()))

    def tell(name: str) -> Callable[[int], None]:
        def told(count: int) -> None:
            done[name] = count
            step("write", sum(done.values()), rows)

        return told

    as_of = atlas.project.settings.as_of
    if sites is not None:
        made = sites.parts(attribution(atlas, "sites"), as_of)
        return {name: made if name == "sites" else parts for name, parts in geojson_parts(atlas).items()}
    return {
        name: feature_parts(name, frame, attribution=attribution(atlas, name), as_of=as_of, done=tell(name))
        for name, frame in layers_of.items()
    }


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
    limit = rows if rows is not None else project.settings.page.rows
    if engine is None and not in_parts(project):
        atlas, warnings = make_atlas(project, strict=strict, step=step)
        page = atlas if limit is None else sample(atlas, limit)
        return _build(page, geojson_parts(atlas, step=step), len(atlas.sites), warnings, out, tiles, step)
    with tempfile.TemporaryDirectory() as folder:
        plan, limit = Plan("geojson"), PAGE_ROWS if limit is None else limit
        found = travel(project, engine or Here(), plan, rows=limit, folder=Path(folder), strict=strict, step=step)
        atlas, warnings = _arrived(project, found, strict)
        parts = geojson_parts(atlas, sites=found.file, step=step)
        count = found.beyond.rows if found.beyond else 0
        return _build(atlas, parts, count, warnings, out, tiles, step)


def _build(
    atlas: Atlas, exported: Mapping[str, Iterator[bytes]], sites: int, warnings: tuple[Fault, ...], out: Path | None,
    tiles: Sequence[str], step: Step,
) -> Built:  # fmt: skip
    """Pages of the atlas, and the exports."""
    step("draw")
    project, settings = atlas.project, atlas.project.settings
    folder = out or project.maps
    views = (settings.main_view(), *settings.views)
    pages: dict[Path, Content] = {
        folder / f"{view.id}.html": page_bytes(atlas, tiles=tiles, view=view) for view in views
    }
    page = next(iter(pages))
    if settings.views:
        cards = [Card(f"{view.id}.html", view, opening(atlas, view.opening)[0]) for view in views]
        pages[folder / "index.html"] = index_html(atlas, ground(atlas), cards).encode("utf-8")
    exports: dict[Path, Content] = {project.geo / "export" / f"{name}.geojson": parts for name, parts in exported.items()}
    write_all({**pages, **exports})
    counts = {name: len(frame) for name, frame in atlas.layers().items()} | {"sites": sites}
    return Built(page, tuple(exports), counts, warnings)


def export(
    project: Project, out: Path, *, layer: str | None = None, form: str = "geojson", districts: bool = False,
    engine: Engine | None = None, step: Step = quiet,
) -> list[Path]:  # fmt: skip
    """Writes one layer to the file ``out``, or all of them into the folder ``out`` (a GeoPackage holds all in one file).

    Every file is made beside its place and renamed, so a failed export leaves what was there.

    Parameters
    ----------
    districts : sites get a column `COUNTY`, the adcode of the county that holds them.
    engine : runs the sites part by part, as it is always done with a table in parts. GeoJSON, GeoParquet and CSV are then
        never in memory as wholes; the other formats are.
    """
    if form in FORMS and (engine is not None or in_parts(project)):
        return _export_parts(project, out, layer, form, districts, engine or Here(), step)
    atlas, _ = make_atlas(project, engine=engine, step=step)
    if districts:
        atlas = replace(atlas, sites=atlas.sites.assign(**{COUNTY: county_adcodes(atlas.sites)}))
    step("write")
    return _export(atlas, out, layer, form, {}, step)


def _export_parts(
    project: Project, out: Path, layer: str | None, form: str, districts: bool, engine: Engine, step: Step
) -> list[Path]:
    if form == "parquet" and not cols.has_arrow():
        raise UsageError("parquet-extra")
    with tempfile.TemporaryDirectory() as folder:
        wanted = Plan(form if layer in (None, "sites") else "", counties=districts, keep=None)
        found = travel(project, engine, wanted, rows=0, folder=Path(folder), step=step)
        atlas, _ = _arrived(project, found, strict=False)
        made = {}
        if found.file is not None:
            made[_target(out, "sites", form, layer)] = found.file.parts(
                attribution(atlas, "sites"), project.settings.as_of
            )
        elif districts:
            atlas = replace(atlas, sites=atlas.sites.assign(**{COUNTY: county_adcodes(atlas.sites)}))
        return _export(atlas, out, layer, form, made, step)


def _export(
    atlas: Atlas, out: Path, layer: str | None, form: str, made: dict[Path, Iterator[bytes]], step: Step
) -> list[Path]:
    """Writes the layers of the atlas, and those that are made already."""
    wanted = {name: frame for name, frame in atlas.layers().items() if layer in (None, name)}
    if form == "geojson":
        parts = geojson_parts(atlas, step=quiet if made else step)
        return write_all({path: made.get(path, parts[name]) for name in wanted for path in [_target(out, name, form, layer)]})
    frames = {name: plain_frame(name, frame) for name, frame in wanted.items()}
    groups = {out: frames} if form == "gpkg" else {_target(out, n, form, layer): {n: f} for n, f in frames.items()}
    with tempfile.TemporaryDirectory() as folder:
        contents: dict[Path, Content] = {}
        for number, (path, group) in enumerate(groups.items()):
            if path in made:
                contents[path] = made[path]
                continue
            beside = Path(folder) / f"{number}.{form}"
            WRITERS[form](beside, group)
            contents[path] = parts_of(beside)
        return write_all(contents)


def report(
    project: Project, out: Path | None = None, *, form: str | None = None, table: str | None = None,
    language: str | None = None, screen: BinaryIO | None = None,
) -> list[Path]:  # fmt: skip
    """Writes the numbers of a project: JSON or one table (CSV) to the file ``out``, all six tables into the folder ``out``.

    Without ``out``, or with ``-``, they go to ``screen`` as UTF-8; without a form too, in short. UsageError for six CSV
    tables in one file, and for one table as JSON.
    """
    to_screen = out is None or str(out) == "-"
    form = form or ("json" if out and out.suffix.lower() == ".json" else "csv" if table or not to_screen else None)
    one_file = to_screen or (out is not None and (out.is_file() or out.suffix.lower() == ".csv"))
    if form == "csv" and table is None and one_file:
        raise UsageError("report-tables")
    if form == "json" and table:
        raise UsageError("report-json")
    found = report_texts(build_report(make_atlas(project)[0]), form=form, table=table, language=language)
    if to_screen or out is None:
        if screen is not None:
            screen.write("".join(found.values()).encode("utf-8"))
        return []
    code = "utf-8" if form == "json" else "utf-8-sig"
    whole = len(found) == 1 and not out.is_dir()
    return write_all({out if whole else out / name: text.encode(code) for name, text in found.items()})


def _target(out: Path, name: str, form: str, layer: str | None) -> Path:
    if layer is not None and not out.is_dir():
        return out
    return out / f"{name}.{form}"
