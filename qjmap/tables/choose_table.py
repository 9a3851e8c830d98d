"""Choose by the name or the columns of a file which table its rows belong to, if the user does not say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from qjmap.grammar import grammar
from qjmap.schema import TABLES, Table, fold
from qjmap.tables.arrange_columns import sample_column
from qjmap.tables.choose_columns import Choice, choose_columns
from qjmap.tables.headers import match_header
from qjmap.tables.table_frame import TableFrame


def table_of_path(path: Path) -> str | None:
    """Return the name of the table that a file `data/<table>.csv` holds, by the name of the file; None for any other file."""
    return path.stem if path.stem in TABLES and path.absolute().parent.name == "data" else None


def choose_table(rows: TableFrame) -> Table:
    """Return the table that the rows of a file belong to: partnerships if its columns fit them better, else the table it was read as.

    A ledger of projects (项目名称, 合作单位, 总投资, 开工时间) names parties, has no coordinates, and has more columns of partnerships than
    of sites.

    Parameters
    ----------
    rows : the file, read as sites.
    """
    partnerships = TABLES["partnerships"]
    if not rows.header_row or not any(_names_parties(head, partnerships) for head in rows.header):
        return rows.table
    samples = [sample_column(column) for column in rows.cells]
    ours, theirs = (
        _named(choose_columns(rows.header, samples, table, vocabularies=rows.vocabularies))
        for table in (rows.table, partnerships)
    )
    is_ledger = "parties" in theirs and len(theirs) > len(ours) and not ours & {"lon", "lat", "lonlat"}
    return partnerships if is_ledger else rows.table


def _named(choice: Choice) -> set[str]:
    """Return the columns of the table that a choice found in a file."""
    return {*choice.columns.values(), *choice.degrees, *(["parties"] if choice.parties else [])}


def _names_parties(head: str, partnerships: Table) -> bool:
    """Whether a header names the parties of a partnership, or one of them (甲方, 乙方)."""
    return match_header(head, partnerships).column == "parties" or fold(head) in _party_headers()


@cache
def _party_headers() -> frozenset[str]:
    return frozenset(fold(word) for words in grammar("headers")["party_parts"] for word in words)
