"""What leaves a project besides its pages: layers as files, numbers as reports. Nothing that draws is needed for it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qjmap.engine import Engine
from qjmap.engine.here import Here
from qjmap.errors import UsageError
from qjmap.export.files import plain_frame, write_layers
from qjmap.export.geojson import MANY, SPARING, feature_parts
from qjmap.export.names import renamed
from qjmap.export.rows import attribution, attributions
from qjmap.files import Content, Part, parts_of, write_all
from qjmap.making import Step, arrived, make_atlas, quiet
from qjmap.messages import Note
from qjmap.model import Atlas
from qjmap.project import Project, shown_path
from qjmap.schema import DERIVED
from qjmap.tables import columns as cols
from qjmap.tables.parts import in_parts
from qjmap.targets import LAYER_FILES, REPORT_FILES, form_of, keep_off

if TYPE_CHECKING:
    import geopandas as gpd

    from qjmap.parts.road import SitesFile

_FORMS = ("geojson", "parquet", "csv")
"""Formats whose rows are made part by part; the others are made in memory, of all rows."""


class Screen(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Takes them."""


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
    project: Project, out: Path, *, layer: str | None = None, form: str | None = None, districts: bool = False,
    engine: Engine | None = None, step: Step = quiet, told: Callable[[Note], None] = lambda _: None,
) -> list[Path]:  # fmt: skip
    """Writes one layer to the file ``out``, or all of them into the folder ``out`` (a GeoPackage holds all in one file).

    Every file is made beside its place and renamed, so a failed export leaves what was there.

    Parameters
    ----------
    form : geojson, gpkg, fgb, kml, parquet or csv; that of the name of ``out`` when not told, else geojson.
    districts : sites get a column `COUNTY`, the adcode of the county that holds them.
    engine : runs the sites part by part, as it is always done with a table in parts. GeoJSON, GeoParquet and CSV are then
        never in memory as wholes; the other formats are.
    told : told what differs in the files: columns that a format cannot hold under their names.

    Raises
    ------
    UsageError : ``out`` is an input of the project, or its name tells another format.
    """
    form = _form(out, layer, form)
    keep_off(_targets(out, form, [layer] if layer else list(DERIVED)), project=project.root)
    if form in _FORMS and (engine is not None or in_parts(project)):
        return _export_parts(project, out, layer, form, districts, engine or Here(), step, told)
    atlas, _ = make_atlas(project, engine=engine, step=step)
    if districts:
        atlas = _with_counties(atlas)
    step("write")
    return _export(atlas, out, layer, form, {}, step, told)


def _with_counties(atlas: Atlas) -> Atlas:
    from qjmap.parts.districts import county_adcodes
    from qjmap.parts.finishing import COUNTY

    return replace(atlas, site_rows=atlas.site_rows.assign(**{COUNTY: county_adcodes(atlas.site_rows)}))


def _export_parts(
    project: Project, out: Path, layer: str | None, form: str, districts: bool, engine: Engine, step: Step,
    told: Callable[[Note], None],
) -> list[Path]:  # fmt: skip
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
        return _export(atlas, out, layer, form, made, step, told)


def _export(
    atlas: Atlas, out: Path, layer: str | None, form: str, made: Mapping[Path, Iterator[Part]], step: Step,
    told: Callable[[Note], None],
) -> list[Path]:  # fmt: skip
    """Writes the layers of the atlas, and those that are made already."""
    wanted = {name: frame for name, frame in atlas.kept_layers().items() if layer in (None, name)}
    if form == "geojson":
        sparing = SPARING if len(atlas.site_rows) > MANY else None
        parts = geojson_parts(atlas, step=quiet if made else step, at_once=sparing)
        targets = {name: _target(out, name, form, layer) for name in wanted}
        return write_all({path: made.get(path, parts[name]) for name, path in targets.items()}, lasting=False)
    frames = {name: plain_frame(name, frame) for name, frame in wanted.items()}
    groups: dict[Path, dict[str, gpd.GeoDataFrame]] = {}
    for name, frame in frames.items():
        groups.setdefault(_target(out, name, form, layer), {})[name] = frame
    with tempfile.TemporaryDirectory() as folder:
        contents: dict[Path, Content] = {}
        for number, (path, group) in enumerate(groups.items()):
            if path in made:
                contents[path] = made[path]
                continue
            beside = Path(folder) / f"{number}.{form}"
            for names in write_layers(form, beside, group).values():
                if other := renamed(names):
                    told(Note("note.columns-renamed", {"path": str(path), "columns": [f"{old} → {new}" for old, new in other.items()]}))
            contents[path] = parts_of(beside)
        return write_all(contents, lasting=False)


def report(
    project: Project, out: Path | None = None, *, form: str | None = None, table: str | None = None,
    language: str | None = None, screen: Screen | None = None,
) -> list[Path]:  # fmt: skip
    """Writes the numbers of a project: JSON or one table (CSV) to the file ``out``, all six tables into the folder ``out``.

    Without ``out``, or with ``-``, they go to ``screen`` as UTF-8; without a form too, in short. UsageError for six CSV
    tables in one file, and for one table as JSON.
    """
    from qjmap.report import TABLES, build_report, report_texts

    to_screen = out is None or str(out) == "-"
    if out is not None and not to_screen:
        form = form or "csv" if out.is_dir() else form_of(out, form, REPORT_FILES, ("csv", "json"), "csv")
    elif table:
        form = form or "csv"
    one_file = to_screen or (out is not None and (out.is_file() or out.suffix.lower() == ".csv"))
    if form == "csv" and table is None and one_file:
        raise UsageError("report-tables")
    if form == "json" and table:
        raise UsageError("report-json")
    if out is not None and not to_screen:
        names = ["report.json"] if form == "json" else [f"{name}.csv" for name in TABLES if table in (None, name)]
        keep_off([out] if len(names) == 1 and not out.is_dir() else [out / name for name in names], project=project.root)
    found = report_texts(build_report(make_atlas(project)[0]), form=form, table=table, language=language)
    if to_screen or out is None:
        if screen is not None:
            screen.write("".join(found.values()).encode("utf-8"))
        return []
    code = "utf-8" if form == "json" else "utf-8-sig"
    whole = len(found) == 1 and not out.is_dir()
    return write_all({out if whole else out / name: text.encode(code) for name, text in found.items()})


def _form(out: Path, layer: str | None, form: str | None) -> str:
    """The format of an export; UsageError as `form_of`, and for the name of a file where several are written."""
    if out.is_dir():
        return form or "geojson"
    if layer is not None or LAYER_FILES.get(out.suffix.lower()) == "gpkg":
        return form_of(out, form, LAYER_FILES, (*_FORMS, "gpkg", "fgb", "kml"), "geojson")
    if out.suffix.lower() in LAYER_FILES and form != "gpkg":
        raise UsageError("export-folder", path=shown_path(out))
    return form_of(out, form, LAYER_FILES, (), "") if form == "gpkg" else form or "geojson"


def _targets(out: Path, form: str, layers: Sequence[str]) -> list[Path]:
    """The files that an export writes."""
    return list(dict.fromkeys(_target(out, name, form, layers[0] if len(layers) == 1 else None) for name in layers))


def _target(out: Path, name: str, form: str, layer: str | None) -> Path:
    if (layer is not None or form == "gpkg") and not (layer and out.is_dir()):
        return out
    return out / f"{name}.{form}"
