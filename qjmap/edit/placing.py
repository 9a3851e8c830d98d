"""What `locate --online` does to a project: positions for the rows of a table that have none, from a provider.

A cell that holds anything of a position is never touched. Only answers that lie in the area that the row names are
taken. Each position keeps the provider's own numbers and datum, and says whose they are and of which day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

from qjmap import datum
from qjmap.checks import check
from qjmap.checks.references import Register
from qjmap.edit.journal import locked, write_table
from qjmap.edit.ledger import Ledger
from qjmap.errors import DataFaults, QjmapError
from qjmap.locators.online.locator import Online, OnlineCandidate, Outcome
from qjmap.messages import text
from qjmap.project import Project, shown_path
from qjmap.schema import TABLES
from qjmap.tables import ROW, Parsed, TableFrame

_POSITION = ("lon", "lat", "precision", "position_source", "position_locator")
_ASKED_FOR = {"sites": ("address", "place"), "places": ("name", "parent")}
"""Table -> the column that is asked for, the column of the area that holds it. A site without an address is not asked for:
a provider finds some firm for any name."""

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
    """What filling in did.

    Attributes
    ----------
    filled : row number -> the position that it got.
    left : row number -> its name, and what came of asking.
    skipped : how many rows have no position and nothing to ask for.
    source : id of the row that the sources got; "" for none.
    undo : the command that takes it back; "" when nothing was written.
    """

    table: str
    dry_run: bool
    filled: dict[int, OnlineCandidate] = field(default_factory=dict)
    left: dict[int, tuple[str, Outcome]] = field(default_factory=dict)
    skipped: int = 0
    source: str = ""
    undo: str = ""

    def summary(self, lang: str) -> str:
        """What was asked and done, a line for each."""
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
        """The report for machines."""
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
    project: Project, online: Online, *, table: Literal["sites", "places"] = "sites", dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> FillReport:  # fmt: skip
    """Ask for the rows of a table that have no position, and write what was found into the table.

    The table is not locked while the provider is asked; when it was changed meanwhile, nothing is written, and running
    again asks nothing twice.

    Raises
    ------
    DataFaults : the table is in no state to be changed.
    QjmapError : the table was changed meanwhile or cannot be written.
    UsageError : the provider refuses the key.
    """
    target = project.table_path(table)
    before = target.read_bytes() if target.is_file() else b""
    there, faults = check(project)
    stopping = [fault for fault in faults if fault.severity == "fault"]
    if stopping:
        raise DataFaults(stopping)
    parsed = there[table]
    report = FillReport(project.shown(target), dry_run)
    if "lonlat" in parsed.raw.places and "lon" not in parsed.raw.typed:
        raise QjmapError("fill-table", file=report.table)
    _ask(parsed, online, report, progress)
    if report.filled and not dry_run:
        with locked(project):
            if target.read_bytes() != before:
                raise QjmapError("fill-changed", file=report.table)
            _write(project, there, table, before, report, online.asker.service.provider.name)
    return report


def _ask(parsed: Parsed, online: Online, report: FillReport, progress: Callable[[int, int], None] | None) -> None:
    subject, area = _ASKED_FOR[parsed.raw.table.name]
    raw, frame = parsed.raw.frame, parsed.frame
    empty = (raw[list(_POSITION)] == "").all(axis=1).to_numpy()
    report.skipped = int((empty & (frame[subject] == "").to_numpy()).sum())
    rows = frame[ROW].to_numpy()
    numbers = [at for at in range(len(frame)) if empty[at] and frame[subject].iat[at]]
    for done, at in enumerate(numbers, start=1):
        within = frame[area].iat[at]
        looked = online.look(str(frame[subject].iat[at]), (str(within),) if within else ())
        best, row = looked.answer.best, int(rows[at])
        if looked.outcome == "answered" and isinstance(best, OnlineCandidate):
            report.filled[row] = best
        elif looked.outcome:
            report.left[row] = str(frame["name"].iat[at]), looked.outcome
        if progress is not None:
            progress(done, len(numbers))


def _write(
    project: Project, there: Mapping[str, Parsed], table: str, before: bytes, report: FillReport, provider: str
) -> None:
    register = Register()
    for one in there.values():
        register.enter(one)
    source = _source(project, there["sources"], register, report, provider)
    raw = there[table].raw
    rows = raw.frame.set_index(ROW)
    changes = {row: _cells(best, str(rows.at[row, "datum"]), source) for row, best in report.filled.items()}
    after = _replaced(raw, before, changes)
    ids = dict(zip(there[table].frame[ROW], there[table].frame["id"], strict=True))
    write_table(
        project, project.table_path(table), before, after, source=f"locate --online {provider}",
        ids=[str(ids[row]) for row in report.filled], what="filled",
    )  # fmt: skip
    root = shown_path(project.root)
    report.undo = "qjmap undo" + ("" if root in (".", "") else f' "{root}"')


def _cells(best: OnlineCandidate, typed_datum: str, source: str) -> dict[str, str]:
    """The cells of a position: the provider's numbers in its datum, or in the one that the row names already."""
    lon, lat, cells = best.given_lon, best.given_lat, {"datum": best.provider_datum}
    if typed_datum and best.lon is not None and best.lat is not None:
        from qjmap.tables.cells import read_vocab

        x, y = datum.from_wgs84([best.lon], [best.lat], str(read_vocab(typed_datum, "datum")))
        lon, lat, cells = float(x[0]), float(y[0]), {}
    return {
        "lon": f"{lon:.10g}", "lat": f"{lat:.9g}", **cells, "precision": best.level,
        "position_source": source, "position_locator": f"{best.asked_on} {best.word}".strip(),
    }  # fmt: skip


def _source(project: Project, sources: Parsed, register: Register, report: FillReport, provider: str) -> str:
    """The id of the provider among the sources; a row is added where there is none."""
    for identifier in (provider, f"{provider}-geocoder"):
        held = register.rows.get(identifier)
        if held is not None and held[0] == "sources":
            return identifier
        if held is None:
            break
    accessed = max(best.asked_on for best in report.filled.values())
    record = {"id": identifier, **_SOURCES[provider], "accessed": accessed}
    path = project.table_path("sources")
    before = path.read_bytes() if path.is_file() else None
    names = list(TABLES["sources"].names)
    ledger = _ledger(sources.raw, before or b"", names)
    places = dict(sources.raw.places) if before and sources.raw.header else {name: at for at, name in enumerate(names)}
    row = [""] * (max(places.values()) + 1)
    for name, cell in record.items():
        if name in places:
            row[places[name]] = cell
    ledger.append([row])
    write_table(project, path, before, ledger.bytes, source=f"locate --online {provider}", ids=[identifier])
    report.source = identifier
    return identifier


def _replaced(raw: TableFrame, before: bytes, changes: Mapping[int, Mapping[str, str]]) -> bytes:
    """The table with other cells in some rows, columns added where it has none for them."""
    places = dict(raw.places)
    ledger = _ledger(raw, before, list(raw.header))
    missing = [
        name for name in dict.fromkeys(name for cells in changes.values() for name in cells) if name not in places
    ]
    if missing:
        ledger.add_columns(missing, raw.header_row)
        places |= {name: len(raw.header) + at for at, name in enumerate(missing)}
    ledger.replace({row: {places[name]: cell for name, cell in cells.items()} for row, cells in changes.items()})
    return ledger.bytes


def _ledger(raw: TableFrame, before: bytes, heads: list[str]) -> Ledger:
    try:
        return Ledger(before, heads, raw.delimiter)
    except ValueError as error:
        raise QjmapError("table-not-writable", file=raw.file, detail=str(error)) from None
