"""What leaves a project besides its pages: layers as files, numbers as reports. Nothing that draws is needed for it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from qjmap.engine import Engine
from qjmap.engine.here import Here
from qjmap.errors import UsageError
from qjmap.export.files import WRITERS, plain_frame
from qjmap.export.geojson import MANY, SPARING, feature_parts
from qjmap.export.rows import attribution, attributions
from qjmap.files import Content, Part, parts_of, write_all
from qjmap.making import Step, arrived, make_atlas, quiet
from qjmap.model import Atlas
from qjmap.project import Project
from qjmap.tables import columns as cols
from qjmap.tables.parts import in_parts

if TYPE_CHECKING:
    from qjmap.parts.road import SitesFile

_FORMS = ("geojson", "parquet", "csv")
"""Formats whose rows are made part by part; the others are made in memory, of all rows."""


def geojson_texts(atlas: Atlas) -> dict[str, str]:
    """The layers as GeoJSON texts by name."""
    return {name: b"".join(parts).decode("utf-8") for name, parts in geojson_parts(atlas).items()}


def geojson_parts(
    atlas: Atlas, *, sites: SitesFile | None = None, step: Step = quiet, at_once: int | None = None
) -> dict[str, Iterator[Part]]:
    """The layers as GeoJSON by name, in parts that are made as they are taken; those of ``sites`` where the atlas has not all.

    ``at_once`` is as in `feature_parts`.
    """
    layers_of = atlas.kept_layers()
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
    named = attributions(atlas, layers_of)
    return {
        name: feature_parts(name, frame, attribution=named[name], as_of=as_of, done=tell(name), at_once=at_once)
        for name, frame in layers_of.items()
    }


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
    if form in _FORMS and (engine is not None or in_parts(project)):
        return _export_parts(project, out, layer, form, districts, engine or Here(), step)
    atlas, _ = make_atlas(project, engine=engine, step=step)
    if districts:
        atlas = _with_counties(atlas)
    step("write")
    return _export(atlas, out, layer, form, {}, step)


def _with_counties(atlas: Atlas) -> Atlas:
    from qjmap.parts.districts import county_adcodes
    from qjmap.parts.finishing import COUNTY

    return replace(atlas, site_rows=atlas.site_rows.assign(**{COUNTY: county_adcodes(atlas.site_rows)}))


def _export_parts(
    project: Project, out: Path, layer: str | None, form: str, districts: bool, engine: Engine, step: Step
) -> list[Path]:
    from qjmap.parts.finishing import Plan
    from qjmap.parts.road import travel

    if form == "parquet" and not cols.has_arrow():
        raise UsageError("parquet-extra")
    with tempfile.TemporaryDirectory() as folder:
        wanted = Plan(form if layer in (None, "sites") else "", counties=districts, keep=None)
        found = travel(project, engine, wanted, rows=0, folder=Path(folder), step=step)
        atlas, _ = arrived(project, found, strict=False)
        made = {}
        if found.file is not None:
            made[_target(out, "sites", form, layer)] = found.file.parts(
                attribution(atlas, "sites"), project.settings.as_of
            )
        elif districts:
            atlas = _with_counties(atlas)
        return _export(atlas, out, layer, form, made, step)


def _export(
    atlas: Atlas, out: Path, layer: str | None, form: str, made: Mapping[Path, Iterator[Part]], step: Step
) -> list[Path]:
    """Writes the layers of the atlas, and those that are made already."""
    wanted = {name: frame for name, frame in atlas.kept_layers().items() if layer in (None, name)}
    if form == "geojson":
        sparing = SPARING if len(atlas.site_rows) > MANY else None
        parts = geojson_parts(atlas, step=quiet if made else step, at_once=sparing)
        targets = {name: _target(out, name, form, layer) for name in wanted}
        return write_all({path: made.get(path, parts[name]) for name, path in targets.items()}, lasting=False)
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
        return write_all(contents, lasting=False)


def report(
    project: Project, out: Path | None = None, *, form: str | None = None, table: str | None = None,
    language: str | None = None, screen: BinaryIO | None = None,
) -> list[Path]:  # fmt: skip
    """Writes the numbers of a project: JSON or one table (CSV) to the file ``out``, all six tables into the folder ``out``.

    Without ``out``, or with ``-``, they go to ``screen`` as UTF-8; without a form too, in short. UsageError for six CSV
    tables in one file, and for one table as JSON.
    """
    from qjmap.report import build_report, report_texts

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
