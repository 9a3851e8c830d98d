"""Export layers as files and statistics as reports. Imports no module that draws maps."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qjmap.atomic_write import Chunk, Content, file_chunks, write_all
from qjmap.engine import Engine
from qjmap.errors import UsageError
from qjmap.export.attribution import attribution, attributions
from qjmap.export.column_names import changed_names
from qjmap.export.companion_columns import names_by_id
from qjmap.export.data_package import FILE as PACKAGE
from qjmap.export.data_package import data_package
from qjmap.export.flat_frame import flat_frame
from qjmap.export.formats import WHOLE, write_layers
from qjmap.export.geojson import feature_parts
from qjmap.export.geopackage import view
from qjmap.export.legend import Legend
from qjmap.export.qgis_project import qgz
from qjmap.i18n import Note
from qjmap.model.atlas import Atlas
from qjmap.model.counties_of_sites import COUNTY, county_adcodes
from qjmap.output_paths import LAYER_FILES, REPORT_FILES, check_outputs, output_format
from qjmap.pipeline.load import Step, load, load_atlas, quiet
from qjmap.project import Project, display_path
from qjmap.schema import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from qjmap.partitioned.run_passes import SitesFile

_FORMS = ("geojson", "parquet", "csv")
"""Formats that are written partition by partition; other formats need all rows in memory."""


class Screen(Protocol):
    """A binary stream to write to."""

    def write(self, data: bytes, /) -> object:
        """Write bytes."""


def geojson_texts(atlas: Atlas) -> dict[str, str]:
    """Return name of each layer -> the layer as GeoJSON text."""
    return {name: b"".join(parts).decode("utf-8") for name, parts in geojson_parts(atlas).items()}


def geojson_parts(
    atlas: Atlas,
    *,
    tables: Mapping[str, pd.DataFrame] | None = None,
    sites: SitesFile | None = None,
    step: Step = quiet,
) -> dict[str, Iterator[Chunk]]:
    """Return name of each table -> the table as GeoJSON, as an iterator of chunks.

    Parameters
    ----------
    tables : frames of the atlas by name; None for its layers.
    sites : all sites, if the atlas does not hold them.
    step : called with "write", the number of rows written so far and the number of all rows. Not called if there are ``sites``, which
        report their own progress.
    """
    layers_of = atlas.export_rows() if tables is None else tables
    done = dict.fromkeys(layers_of, 0)
    rows = sum(map(len, layers_of.values()))

    def counter(name: str) -> Callable[[int], None]:
        def report(count: int) -> None:
            done[name] = count
            if sites is None:
                step("write", sum(done.values()), rows)

        return report

    as_of = atlas.project.settings.as_of
    named = attributions(atlas, layers_of)
    return {
        name: sites.chunks(named[name], as_of)
        if name == "sites" and sites is not None
        else feature_parts(name, frame, attribution=named[name], as_of=as_of, done=counter(name))
        for name, frame in layers_of.items()
    }


def export(
    project: Project, out: Path, *, layer: str | None = None, form: str | None = None, districts: bool = False,
    engine: Engine | None = None, step: Step = quiet, on_note: Callable[[Note], None] = lambda _: None,
) -> list[Path]:  # fmt: skip
    """Write one table to the file ``out``, or all tables into the folder ``out``, or into the file ``out`` in one of the formats `WHOLE`.

    Return the paths of the files. A QGIS project is written beside a GeoPackage of all tables, and the descriptor of a Data Package into a
    folder of CSV files. Every file is first written under a temporary name and then renamed, so a failed export leaves the previous files.

    Parameters
    ----------
    layer : name of a table; None for all.
    form : geojson, gpkg, fgb, kml, parquet, csv or xlsx; None for the format that the name of ``out`` means, else geojson.
    districts : whether to give sites a column `COUNTY`, the adcode of the county that contains them.
    engine : runs the partitions of the sites; None for this process. GeoJSON, GeoParquet and CSV are written from partitions without
        having all rows in memory; for other formats all rows are in memory.
    on_note : called with a note about columns that a format must rename.

    Raises
    ------
    UsageError : there is no table ``layer``; ``out`` is an input of the project, its name has the suffix of another format, or it is one
        file for several tables of a format that holds one.
    DataFaults : the tables have faults.
    """
    if layer is not None and layer not in TABLES:
        raise UsageError("table-unknown", table=layer, allowed=list(TABLES))
    form = _form(out, layer, form)
    check_outputs(_targets(out, form, [layer] if layer else list(TABLES)), project=project.root)
    chunked = form in _FORMS
    with load(
        project, form=form if chunked and layer in (None, "sites") else "", counties=districts,
        rows=0 if chunked else None, engine=engine, step=step,
    ) as loaded:  # fmt: skip
        atlas, chunks = loaded.atlas, dict[Path, Iterator[Chunk]]()
        if loaded.sites_file is not None:
            target = _target(out, "sites", form, layer)
            chunks[target] = loaded.sites_file.chunks(attribution(atlas, "sites"), project.settings.as_of)
        elif districts:
            counties = county_adcodes(atlas.site_rows)
            atlas = replace(atlas, site_rows=atlas.site_rows.assign(**{COUNTY: counties}))
        step("write")
        frames = {name: frame for name, frame in atlas.export_tables().items() if layer in (None, name)}
        paths = {name: _target(out, name, form, layer) for name in frames}
        if form != "geojson":
            return _write_frames(form, atlas, frames, paths, chunks, on_note)
        texts = geojson_parts(atlas, tables=frames, sites=loaded.sites_file, step=step)
        return write_all({path: texts[name] for name, path in paths.items()}, durable=False)


def _write_frames(
    form: str, atlas: Atlas, frames: Mapping[str, pd.DataFrame], paths: Mapping[str, Path], chunks: Mapping[Path, Iterator[Chunk]],
    on_note: Callable[[Note], None],
) -> list[Path]:  # fmt: skip
    """Write tables to their files, several to one file for the formats `WHOLE`. A file that has ``chunks`` is written from these."""
    known, legend = names_by_id(atlas.table_rows()), _legend(atlas)
    flat = {name: flat_frame(name, frame, known) for name, frame in frames.items()}
    groups: dict[Path, dict[str, pd.DataFrame]] = {}
    for name in frames:
        if paths[name] not in chunks:
            groups.setdefault(paths[name], {})[name] = flat[name]
    contents: dict[Path, Content] = {**chunks}
    with tempfile.TemporaryDirectory() as folder:
        for number, (path, layers) in enumerate(groups.items()):
            file = Path(folder) / f"{number}.{form}"
            for names in write_layers(form, file, layers, replace(legend, file=path.name)).values():
                if other := changed_names(names):
                    columns = [f"{old} → {new}" for old, new in other.items()]
                    on_note(Note("note.columns-renamed", {"path": str(path), "columns": columns}))
            contents[path] = file_chunks(file)
        written = {path: contents[path] for path in paths.values()}
        return write_all({**written, **_beside(form, atlas, flat, written, legend)}, durable=False)


def _beside(
    form: str, atlas: Atlas, flat: Mapping[str, pd.DataFrame], written: Mapping[Path, Content], legend: Legend
) -> dict[Path, Content]:
    """Return the file that is written in addition to those of all tables: a QGIS project beside a GeoPackage, or the descriptor of a Data
    Package beside CSV files; {} for other formats, or if some tables are not exported.
    """
    path = next(iter(written))
    if len(flat) < len(TABLES):
        return {}
    if form == "gpkg":
        return {path.with_suffix(".qgz"): qgz(path.name, list(flat), view(flat, legend.opening), legend)}
    if form == "csv":
        return {path.with_name(PACKAGE): data_package(atlas.project.settings.id, flat, legend)}
    return {}


def _legend(atlas: Atlas) -> Legend:
    settings = atlas.project.settings
    title = settings.title if settings.language == "zh" else settings.title_en or settings.title
    credits_ = (*attribution(atlas), *(zh if settings.language == "zh" else en for zh, en in settings.attribution))
    return Legend(
        title, settings.language, settings.vocabularies, credits_, settings.as_of, opening=tuple(settings.opening)
    )


def report(
    project: Project, out: Path | None = None, *, form: str | None = None, table: str | None = None,
    language: str | None = None, screen: Screen | None = None,
) -> list[Path]:  # fmt: skip
    """Write the statistics of a project: JSON or one table (CSV) to the file ``out``, or all six tables into the folder ``out``.

    Return the paths of the files. Without ``out``, or if it is ``-``, the statistics are written to ``screen`` as UTF-8; as a summary in
    words if neither a form nor a table is given.

    Parameters
    ----------
    form : "csv" or "json"; None for the one that the name of ``out`` means, else "csv".
    table : name of one table of statistics; None for all.
    language : language of the texts, "zh" or "en"; None for the project's.

    Raises
    ------
    UsageError : six CSV tables are requested in one file, or one table as JSON; or ``out`` is an input of the project, or its name has the
        suffix of another format.
    DataFaults : the tables have faults.
    """
    from qjmap.report import TABLES, build_report, report_texts

    to_screen = out is None or str(out) == "-"
    if out is not None and not to_screen:
        form = form or "csv" if out.is_dir() else output_format(out, form, REPORT_FILES, ("csv", "json"), "csv")
    elif table:
        form = form or "csv"
    one_file = to_screen or (out is not None and (out.is_file() or out.suffix.lower() == ".csv"))
    if form == "csv" and table is None and one_file:
        raise UsageError("report-tables")
    if form == "json" and table:
        raise UsageError("report-json")
    if out is not None and not to_screen:
        names = ["report.json"] if form == "json" else [f"{name}.csv" for name in TABLES if table in (None, name)]
        check_outputs(
            [out] if len(names) == 1 and not out.is_dir() else [out / name for name in names], project=project.root
        )
    found = report_texts(build_report(load_atlas(project)[0]), form=form, table=table, language=language)
    if to_screen or out is None:
        if screen is not None:
            screen.write("".join(found.values()).encode("utf-8"))
        return []
    code = "utf-8" if form == "json" else "utf-8-sig"
    whole = len(found) == 1 and not out.is_dir()
    return write_all({out if whole else out / name: text.encode(code) for name, text in found.items()})


def _form(out: Path, layer: str | None, form: str | None) -> str:
    """Return the format of an export; parameters as in `export`.

    Raises the errors of `output_format`, and UsageError if ``out`` is one file for several tables of a format that holds one.
    """
    if out.is_dir():
        return form or "geojson"
    if layer is not None or LAYER_FILES.get(out.suffix.lower()) in WHOLE:
        return output_format(out, form, LAYER_FILES, (*_FORMS, *WHOLE, "fgb"), "geojson")
    if out.suffix.lower() in LAYER_FILES and form not in WHOLE:
        raise UsageError("export-folder", path=display_path(out))
    return output_format(out, form, LAYER_FILES, (), "") if form in WHOLE else form or "geojson"


def _targets(out: Path, form: str, layers: Sequence[str]) -> list[Path]:
    """Return the files that an export writes."""
    targets = [_target(out, name, form, layers[0] if len(layers) == 1 else None) for name in layers]
    if len(layers) > 1 and form in ("csv", "gpkg"):
        targets.append(out / PACKAGE if form == "csv" else out.with_suffix(".qgz"))
    return list(dict.fromkeys(targets))


def _target(out: Path, name: str, form: str, layer: str | None) -> Path:
    """Return the file of a table or layer: `out` itself if it names a file for all or for this one, else a file in it."""
    if (layer is not None or form in WHOLE) and not (layer and out.is_dir()):
        return out
    return out / f"{name}.{form}"
