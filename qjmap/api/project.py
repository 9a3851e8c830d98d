"""`Project`: a project in a folder, with methods for the commands that read or change its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qjmap.api.atlas import Atlas
from qjmap.api.locating import geocode, locate
from qjmap.geocoding import Answer, OfflineLocator
from qjmap.project import Project as _ProjectFolder
from qjmap.project import Settings, load_project

if TYPE_CHECKING:
    import geopandas as gpd

    from qjmap.api.comparison import Comparison
    from qjmap.diff import Change
    from qjmap.edit import AddReport, ApplyReport, Duplicates, Prefer, ResolveReport, SheetsReport, UndoReport
    from qjmap.errors import Fault
    from qjmap.pipeline.build import Built
    from qjmap.report import Report
    from qjmap.routing import Routed


class Project:
    """A project: a folder with tables, geometry and pages."""

    def __init__(self, folder: _ProjectFolder) -> None:
        self._folder = folder

    @property
    def root(self) -> Path:
        """Folder that contains ``data/``."""
        return self._folder.root

    @property
    def settings(self) -> Settings:
        """Settings in ``data/project.toml``."""
        return self._folder.settings

    def check(
        self, file: str | Path | None = None, *, table: str | None = None, datum: str | None = None, sheet: str | None = None,
        encoding: str | None = None, columns: str | Mapping[str, str] | None = None,
    ) -> list[Fault]:  # fmt: skip
        """Return all faults and warnings of the project's tables, settings and files in ``geo``, or those of a single table file.

        Parameters
        ----------
        file : table file whose rows are checked as if they were added; the project's own tables if None.
        table, datum, sheet, encoding, columns : how to read ``file``, as in `add`.

        Raises
        ------
        UsageError : a file cannot be read, or table, datum, sheet, encoding or a column is unknown.
        DataFaults : the table to which ``file`` would be added cannot be read.
        """
        from qjmap.pipeline.load import find_faults

        if file is None:
            return find_faults(self._folder)
        from qjmap.validation import judge, read_file

        frame = read_file(
            Path(file), table, datum=datum, sheet=sheet, encoding=encoding, columns=columns, project=self._folder
        )
        return [*judge(frame, self._folder).faults]

    def atlas(self, *, strict: bool = False) -> Atlas:
        """Check and locate the tables, and return them as an atlas.

        Raises
        ------
        DataFaults : there are faults or, with ``strict``, warnings.
        """
        from qjmap.pipeline.load import load_atlas

        return Atlas(load_atlas(self._folder, strict=strict)[0])

    def report(self) -> Report:
        """Return the statistics of the tables; see `Atlas.report`. Raise DataFaults if the tables have faults."""
        return self.atlas().report()

    def report_document(
        self,
        out: str | Path,
        *,
        template: str | Path | None = None,
        since: str | None = None,
        language: str | None = None,
    ) -> Path:
        """Write the report as a document, whose suffix (.docx, .pptx, .html or .pdf) determines its format; return its path.

        Parameters
        ----------
        template : .docx or .pptx file whose styles or layouts a file of its kind keeps.
        since : earlier edition, as in `build`, for a section on the changes since that edition.
        language : "zh" or "en"; by default the project's.

        Raises
        ------
        UsageError : another suffix; or as `qjmap.pipeline.illustrated_report.report_document` raises it.
        DataFaults : there are faults.
        """
        from qjmap.pipeline.illustrated_report import report_document

        chosen = Path(template) if template is not None else None
        report_document(self._folder, Path(out), template=chosen, since=since, language=language)
        return Path(out)

    def build(
        self,
        out: str | Path | None = None,
        *,
        tiles: str | Sequence[str] = (),
        strict: bool = False,
        since: str | None = None,
    ) -> Built:
        """Write ``maps/<id>.html`` and ``geo/export/<layer>.geojson``; see `qjmap.pipeline.build.build`.

        Parameters
        ----------
        out : folder of the pages; by default ``maps`` in the project.
        tiles : name or names of online basemaps that readers may turn on, besides those of the settings: osm, amap, amap-imagery, imagery,
            tianditu, tianditu-imagery, or any provider of xyzservices.
        strict : treat warnings as faults.
        since : earlier edition (git revision, project, page or export); the pages then list the changes since that edition.

        Raises
        ------
        DataFaults : there are faults or, with ``strict``, warnings; nothing is written.
        UsageError : a basemap is unknown, needs a key that is missing, or has tiles that cannot be placed in WGS 84; ``since`` is unknown;
            or a page would overwrite an input of the project.
        """
        from qjmap.pipeline.build import build

        names = [tiles] if isinstance(tiles, str) else list(tiles)
        return build(self._folder, out=Path(out) if out is not None else None, tiles=names, strict=strict, since=since)

    def export(
        self, out: str | Path, *, layer: str | None = None, form: str | None = None, districts: bool = False
    ) -> list[Path]:
        """Write one table to the file ``out``, or all seven tables into the folder ``out``; return the paths of the files.

        All tables go into one file ``out`` if the format is gpkg, kml or xlsx. See `qjmap.pipeline.export.export`.

        Parameters
        ----------
        layer : name of a table; all of them if None.
        form : geojson, gpkg, fgb, kml, parquet, csv or xlsx; if None, the one that the suffix of ``out`` means, else geojson.
        districts : add to sites a column with the adcode of the county that contains them.

        Raises
        ------
        DataFaults : the project's tables have faults.
        UsageError : there is no table ``layer``; or ``out`` is an input of the project, has the suffix of another format, or is one file
            for several tables of a format that holds one.
        """
        from qjmap.pipeline.export import export

        return export(self._folder, Path(out), layer=layer, form=form, districts=districts)

    def route(self) -> Routed:
        """Find lines for corridor legs on the rail, road and sea networks and write them to ``geo/corridor_legs.geojson``.

        Needs the extra ``route``. Result and errors as in `qjmap.routing.route`.
        """
        from qjmap.routing import route

        return route(self._folder)

    def add(
        self, file: str | Path, *, table: str | None = None, datum: str | None = None, sheet: str | None = None,
        encoding: str | None = None, columns: str | Mapping[str, str] | None = None, update: bool = False,
        duplicates: Duplicates = "refuse", yes: bool = False,
        dry_run: bool = False, lang: str = "zh", step: Callable[..., None] | None = None,
    ) -> AddReport:  # fmt: skip
        """Add the valid rows of a table file to a table of the project; write the faulty rows to a file beside it.

        Parameters, result and errors as in `qjmap.edit.add`.
        """
        from qjmap.edit import add

        return add(
            self._folder, Path(file), table=table, datum=datum, sheet=sheet, encoding=encoding, columns=columns, update=update,
            duplicates=duplicates, yes=yes, dry_run=dry_run, lang=lang, step=step,
        )  # fmt: skip

    def add_sheets(
        self, file: str | Path, *, table: str | None = None, datum: str | None = None, encoding: str | None = None,
        columns: str | Mapping[str, str] | None = None, duplicates: Duplicates = "refuse", yes: bool = False,
        dry_run: bool = False, lang: str = "zh", step: Callable[..., None] | None = None,
    ) -> SheetsReport:  # fmt: skip
        """Add the valid rows of all worksheets of a workbook, each worksheet to the table that its name or its header means.

        Parameters, result and errors as in `qjmap.edit.add_sheets`.
        """
        from qjmap.edit import add_sheets

        return add_sheets(
            self._folder, Path(file), table=table, datum=datum, encoding=encoding, columns=columns, duplicates=duplicates,
            yes=yes, dry_run=dry_run, lang=lang, step=step,
        )  # fmt: skip

    def apply(self, changes: str | Path, *, prefer: Prefer = "", dry_run: bool = False) -> ApplyReport:
        """Apply a change file, which the page's editor has saved, to the tables. See `qjmap.edit.apply_changes`."""
        from qjmap.edit import apply_changes

        return apply_changes(self._folder, Path(changes), prefer=prefer, dry_run=dry_run)

    def diff(self, other: str | Path) -> list[Change]:
        """Return the changes from another edition of the data to this project; `compare` returns an object that also writes them.

        Parameters
        ----------
        other : folder of a project, git revision of this project, built page (.html), or file or folder that `export` wrote. Errors as
            in `qjmap.diff.open_edition`.
        """
        return list(self.compare(other))

    def compare(self, old: str | Path, new: str | Path | None = None) -> Comparison:
        """Compare two editions of the data; the changes can be written as text, JSON, Markdown or a page of both editions.

        Parameters
        ----------
        old, new : each a folder of a project, a git revision of this one, a built page, or a file or folder of an export; ``new`` is
            this project if None. Errors as in `qjmap.diff.open_edition`.
        """
        from qjmap.api.comparison import Comparison
        from qjmap.diff import open_edition

        before, after = (open_edition(str(self.root if one is None else one), self.root) for one in (old, new))
        return Comparison(before, after, self.root, self.settings.language)

    def resolve(self, answers: Mapping[str, str] | None = None) -> ResolveReport:
        """Record which places the unknown or ambiguous names in the tables mean, and report the names that are still unresolved.

        Parameters
        ----------
        answers : name -> adcode or full name of a place in the gazetteer, or id or name of a row of places or sites. The name becomes
            an alias of that row; a place that no row describes is added to places. None only lists the unresolved names. Errors as in
            `qjmap.edit.resolve_names`.
        """
        from qjmap.edit import resolve_names

        return resolve_names(self._folder, answers)

    def undo(self) -> UndoReport:
        """Undo the last change of the tables. Raise UsageError if there is none, QjmapError if a table was changed after it."""
        from qjmap.edit import undo

        return undo(self._folder)

    def template(
        self,
        out: str | Path,
        table: str = "sites",
        *,
        language: str | None = None,
        full: bool = False,
        force: bool = False,
    ) -> Path:
        """Write a workbook to fill in, with the project's vocabularies, and return its path. See `qjmap.scaffold.write_template`."""
        from qjmap.scaffold import write_template

        return write_template(out, table, language=language, full=full, force=force, project=self.root)

    def locate(self, text: str, *, within: Sequence[str] = (), online: str | None = None) -> Answer:
        """Locate a name or an address: among the project's places first, then in the gazetteer. See `qjmap.locate`."""
        return locate(text, within=within, project=self.root, online=online)

    def geocode(
        self, names: str | Iterable[str], *, countries: Iterable[str] | None = None, online: str | None = None
    ) -> gpd.GeoDataFrame:
        """Locate names or addresses, among the project's places first; return a GeoDataFrame with a row for each. See `qjmap.geocode`."""
        return geocode(names, countries=countries, project=self.root, online=online)

    def locate_file(
        self, file: str | Path, out: str | Path, *, sheet: str | None = None, encoding: str | None = None
    ) -> tuple[int, int]:
        """Locate the rows of a table file and write them to ``out`` (CSV or .xlsx); return the number of rows and of located rows.

        Unresolved texts are listed in a second file beside ``out``, or on a second worksheet of it; see
        `qjmap.geocoding.geocode_file.locate_file`.

        Parameters
        ----------
        file : the table, or a folder of tables, which are read as one.
        sheet, encoding : worksheet and text encoding of ``file``, which must not be a folder then.

        Raises
        ------
        UsageError, DataFaults : as in `qjmap.geocoding.geocode_file.locate_file`.
        """
        from qjmap.geocoding.geocode_file import ReadOptions, locate_file, unresolved_path
        from qjmap.output_paths import check_outputs

        check_outputs((Path(out), unresolved_path(Path(out))), project=self.root, read=(Path(file),))
        return locate_file(self.gazetteer(), Path(file), Path(out), reading=ReadOptions(sheet, encoding))

    def gazetteer(self) -> OfflineLocator:
        """Return the offline locator of names and addresses: it searches the project's places first, then the gazetteer.

        The gazetteer has the administrative units and towns of China, and countries and cities abroad.

        Raises
        ------
        DataFaults : the project's table of places cannot be read.
        """
        from qjmap.pipeline.project_locator import project_locator

        return project_locator(self._folder)

    def __repr__(self) -> str:
        return f"<Project {self.settings.id} at {self.root}>"


def open_project(path: str | Path = ".") -> Project:
    """Open the project in a folder.

    Parameters
    ----------
    path : folder of the project, its folder ``data``, or a file in that.

    Raises
    ------
    UsageError : the folder does not contain ``data/project.toml``.
    DataFaults : that file cannot be read, or has invalid values.
    """
    return Project(load_project(Path(path)))


def new_project(name: str, folder: str | Path | None = None, *, within: str = "", example: bool = False) -> Project:
    """Make the project of a county, prefecture or province of China, and open it. See `qjmap.scaffold.new_project`.

    Parameters
    ----------
    name : name or adcode of the administrative unit.
    folder : folder to write, which must be missing or empty; by default a folder in the current one with the name of the unit.
    within : name or adcode of an area that contains the unit, if several units have the name.
    example : fill the tables with invented firms and agreements.

    Raises
    ------
    UsageError : the name means no unit or several, or the folder is not empty.
    """
    from qjmap.scaffold import new_project as make

    return open_project(make(name, folder, within=within, example=example).folder)
