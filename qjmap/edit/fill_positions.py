"""Fill in the missing positions of a table's rows from an online provider: `locate --online` in a project.

Rows in which any cell of the position is filled are not changed. An answer is used only if it lies in the area that the row names. The
coordinates are written in the datum that the row states, else in the provider's, with the provider and the date as their source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import chain, count
from typing import Literal

from qjmap import datum
from qjmap.edit.add_rows import patched
from qjmap.edit.project_lock import locked
from qjmap.edit.undo_changes import undo_command
from qjmap.edit.write_tables import TableChange, write_tables
from qjmap.errors import DataFaults, QjmapError
from qjmap.geocoding.online.online_locator import OnlineCandidate, OnlineLocator, Outcome
from qjmap.i18n import text
from qjmap.project import Project
from qjmap.tables import ROW, Parsed
from qjmap.validation import check
from qjmap.validation.check_project import ids_in_use

_POSITION = ("lon", "lat", "precision", "position_source", "position_locator")
_LOOKUP_COLUMNS = {"sites": ("address", "place"), "places": ("name", "parent")}
"""Table -> the column to look up, and the column of the area that contains the row. Sites are not looked up by name, because providers
return some firm for any name."""

_SOURCES: Mapping[str, Mapping[str, str]] = {
    "nominatim": {"title": "Nominatim (OpenStreetMap)", "publisher": "OpenStreetMap contributors",
                  "url": "https://nominatim.openstreetmap.org/", "licence": "ODbL 1.0"},
    "photon": {"title": "Photon (OpenStreetMap)", "publisher": "OpenStreetMap contributors",
               "url": "https://photon.komoot.io/", "licence": "ODbL 1.0"},
    "amap": {"title": "高德地图地理编码", "publisher": "高德软件有限公司", "url": "https://lbs.amap.com/",
             "licence": "高德地图开放平台服务协议"},
    "tianditu": {"title": "天地图地理编码", "publisher": "国家基础地理信息中心", "url": "http://lbs.tianditu.gov.cn/",
                 "licence": "天地图服务条款"},
    "baidu": {"title": "百度地图地理编码", "publisher": "北京百度网讯科技有限公司", "url": "https://lbsyun.baidu.com/",
              "licence": "百度地图开放平台服务条款"},
}  # fmt: skip


@dataclass
class FillReport:
    """Result of filling in positions. A row whose text the offline locator locates precisely enough is not queried, and not in the report.

    Attributes
    ----------
    table : name of the table's file in messages.
    dry_run : whether nothing was written because it was a trial run.
    filled : row number -> the answer that gives its new position.
    left : row number -> (name of the row, outcome of the query), for the rows whose query gave no position that was accepted.
    skipped : number of rows that have neither a position nor a text to look up.
    source : id of the provider's row, if it was added to the table of sources; else "".
    undo : command that undoes the change; "" if nothing was written.
    """

    table: str
    dry_run: bool
    filled: dict[int, OnlineCandidate] = field(default_factory=dict)
    left: dict[int, tuple[str, Outcome]] = field(default_factory=dict)
    skipped: int = 0
    source: str = ""
    undo: str = ""

    def summary(self, lang: str) -> str:
        """Return the result as text: the counts, a line for each row without an answer, and what to do next."""
        asked = len(self.filled) + len(self.left)
        key = "fill-dry" if self.dry_run else "fill-done"
        lines = [text(key, lang, table=self.table, count=len(self.filled), asked=asked)]
        for row, (name, outcome) in self.left.items():
            lines.append(text("fill-row", lang, row=row, name=name, outcome=text(f"outcome.{outcome}", lang)))
        if self.skipped:
            lines.append(text("fill-skipped", lang, count=self.skipped))
        if self.source:
            lines.append(text("fill-source", lang, id=self.source))
        if self.undo:
            lines.append(text("fill-undo", lang, command=self.undo))
        return "\n".join(lines)

    def as_dict(self, lang: str) -> dict[str, object]:
        """Return the result as values for JSON."""
        return {
            "table": self.table,
            "dry_run": self.dry_run,
            "filled": [{"row": row, **asdict(best)} for row, best in self.filled.items()],
            "left": [
                {"row": row, "name": name, "provider_reason": outcome, "message": text(f"outcome.{outcome}", lang)}
                for row, (name, outcome) in self.left.items()
            ],
            "skipped": self.skipped,
            "source": self.source,
            "undo": self.undo,
        }


def fill_positions(
    project: Project, online: OnlineLocator, *, table: Literal["sites", "places"] = "sites", dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> FillReport:  # fmt: skip
    """Look up the rows of a table that have no position, and write the positions into the table.

    The table is not locked during the requests. If it is changed in this time, nothing is written; answers are cached, so that running
    the command again sends no request twice. One undo takes the positions and the provider's row of sources back.

    Parameters
    ----------
    online : locator that asks the provider.
    table : table whose rows are looked up: sites by address, places by name.
    dry_run : send the requests and report, without writing.
    progress : called with the number of rows looked up so far, and the number of all rows to look up.

    Raises
    ------
    DataFaults : the project's tables have faults, before or after the requests.
    QjmapError : the table has longitude and latitude in one column, was changed during the requests, or cannot be written; or another
        program is changing the tables.
    UsageError : the provider refuses the key, or a table cannot be read or written.
    OSError : a table cannot be written for another reason, such as a full disk.
    """
    target = project.table_path(table)
    before = target.read_bytes() if target.is_file() else b""
    parsed = _sound_tables(project)[table]
    report = FillReport(project.display_path(target), dry_run)
    if "lonlat" in parsed.raw.places and "lon" not in parsed.raw.typed:
        raise QjmapError("fill-table", file=report.table)
    _ask(parsed, online, report, progress)
    if report.filled and not dry_run:
        with locked(project):
            if target.read_bytes() != before:
                raise QjmapError("fill-changed", file=report.table)
            _write(project, table, before, report, online.provider.name)
    return report


def _ask(
    parsed: Parsed, online: OnlineLocator, report: FillReport, progress: Callable[[int, int], None] | None
) -> None:
    subject, area = _LOOKUP_COLUMNS[parsed.raw.table.name]
    raw, frame = parsed.raw.frame, parsed.frame
    empty = (raw[list(_POSITION)] == "").all(axis=1).to_numpy()
    report.skipped = int((empty & (frame[subject] == "").to_numpy()).sum())
    rows = frame[ROW].to_numpy()
    numbers = [index for index in range(len(frame)) if empty[index] and frame[subject].iat[index]]
    for done, index in enumerate(numbers, start=1):
        within = frame[area].iat[index]
        looked = online.locate_with_outcome(str(frame[subject].iat[index]), (str(within),) if within else ())
        best, row = looked.answer.best, int(rows[index])
        if looked.outcome == "answered" and isinstance(best, OnlineCandidate):
            report.filled[row] = best
        elif looked.outcome:
            report.left[row] = str(frame["name"].iat[index]), looked.outcome
        if progress is not None:
            progress(done, len(numbers))


def _write(project: Project, table: str, before: bytes, report: FillReport, provider: str) -> None:
    """Write the positions, and the provider's row of sources if there is none, as one change. The caller must hold the lock.

    The tables are read again, since the other ones may have been changed during the requests.
    """
    tables = _sound_tables(project)
    source, added = _source(project, tables, report, provider)
    rows = tables[table].raw.frame.set_index(ROW)
    cells = {row: _cells(best, str(rows.at[row, "datum"]), source) for row, best in report.filled.items()}
    ids = dict(zip(tables[table].frame[ROW], tables[table].frame["id"], strict=True))
    filled = [str(ids[row]) for row in report.filled]
    after = patched(before, tables[table], [], cells)[0]
    changes = [TableChange(project.table_path(table), before, after, filled, what="filled")]
    if added is not None:
        changes.append(added)
        report.source = source
    write_tables(project, changes, source=f"locate --online {provider}")
    report.undo = undo_command(project)


def _sound_tables(project: Project) -> Mapping[str, Parsed]:
    """Return the tables of a project; raise DataFaults if they have faults."""
    tables, faults, _ = check(project)
    if stopping := [fault for fault in faults if fault.severity == "fault"]:
        raise DataFaults(stopping)
    return tables


def _cells(best: OnlineCandidate, typed_datum: str, source: str) -> dict[str, str]:
    """Return column -> cell of a new position.

    The coordinates are in the datum that the row states (`typed_datum`); if it is "", in the provider's, which is then written too.
    """
    lon, lat, cells = best.given_lon, best.given_lat, {"datum": best.provider_datum}
    if typed_datum and best.lon is not None and best.lat is not None:
        from qjmap.tables.cell_values import read_vocab

        x, y = datum.from_wgs84([best.lon], [best.lat], str(read_vocab(typed_datum, "datum")))
        lon, lat, cells = float(x[0]), float(y[0]), {}
    return {
        "lon": f"{lon:.10g}", "lat": f"{lat:.9g}", **cells, "precision": best.level,
        "position_source": source, "position_locator": f"{best.asked_on} {best.word}".strip(),
    }  # fmt: skip


def _source(
    project: Project, tables: Mapping[str, Parsed], report: FillReport, provider: str
) -> tuple[str, TableChange | None]:
    """Return the id of the provider's row in the table of sources, and the change that adds the row if there is none.

    The id is the name of the provider, followed by "-geocoder" and a number as far as rows of other tables have the shorter ids.
    """
    used, there = ids_in_use(tables.values()), ids_in_use([tables["sources"]])
    longer = f"{provider}-geocoder"
    candidates = chain((provider, longer), (f"{longer}-{number}" for number in count(2)))
    identifier = next(one for one in candidates if one in there or one not in used)
    if identifier in there:
        return identifier, None
    accessed = max(best.asked_on for best in report.filled.values())
    record = {"id": identifier, **_SOURCES[provider], "accessed": accessed}
    path, sources = project.table_path("sources"), tables["sources"]
    before = path.read_bytes() if path.is_file() else None
    return identifier, TableChange(path, before, patched(before, sources, [record], {})[0], [identifier])
