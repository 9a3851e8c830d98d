"""Random changes of tables for tests of `apply` and of the page's editor, and a simple model that gives the expected result."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from typing import Any

WORDS = ["甲", "乙 厂", 'a "q"', "b,c", "两行\n文字", "=1+1", "-5", "'x", "綦江", "", "é", "x;y", "“引号”", "@a"]
"""Cells that need quotation marks, neutralising as formulas, or neither."""
NAMES = [word for word in WORDS if word]

Change = dict[str, Any]
Rows = list[dict[str, str]]


def random_changes(
    rng: random.Random, rows: Rows, count: int, columns: Sequence[str], table: str = "sites"
) -> list[Change]:
    """Draw a sequence of consistent changes: of rows that exist, or that earlier changes have added."""
    current, out = [dict(row) for row in rows], list[Change]()
    for number in range(count):
        op = rng.choice(["add", "change", "change", "change", "delete"]) if current else "add"
        if op == "add":
            new = {"id": f"n{number}-{rng.randrange(10**6)}", "name": rng.choice(NAMES), "place": "qijiang"}
            new |= {name: rng.choice(WORDS) for name in rng.sample(list(columns), rng.randrange(len(columns) + 1))}
            current.append(new)
            cells = {name: cell for name, cell in new.items() if name != "id"}
            out.append({"op": "add", "table": table, "id": new["id"], "new": cells})
            continue
        row = rng.choice(current)
        if op == "delete":
            current.remove(row)
            out.append({"op": "delete", "table": table, "id": row["id"], "old": {"name": row["name"]}})
            continue
        name = rng.choice(["name", *columns])
        cell = rng.choice(NAMES if name == "name" else WORDS)
        out.append(
            {"op": "change", "table": table, "id": row["id"], "old": {name: row.get(name, "")}, "new": {name: cell}}
        )
        row[name] = cell
    return out


def modelled(rows: Rows, changes: Sequence[Change]) -> Rows:
    """Return the rows, as dicts, after the changes have been made one after the other."""
    out = [dict(row) for row in rows]
    for change in changes:
        at = next((at for at, row in enumerate(out) if row["id"] == change["id"]), -1)
        if change["op"] == "add":
            out.append({"id": change["id"], **change["new"]})
        elif change["op"] == "delete":
            del out[at]
        else:
            out[at] |= change["new"]
    return [{name: cell for name, cell in row.items() if cell} for row in out]


def random_table(rng: random.Random, rows: Rows, columns: Sequence[str]) -> tuple[str, str, str]:
    """Write rows as an office would have them: line ends, quotation marks around any cell, some blank lines; with an own column.

    Returns
    -------
    The text, its encoding and its delimiter.
    """
    line_end = rng.choice(["\n", "\r\n"])
    delimiter = rng.choice([",", ",", ";", "\t"])
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    out = io.StringIO(newline="")
    writer = csv.DictWriter(
        out,
        ["id", "name", "place", *columns],
        lineterminator=line_end,
        quoting=quoting,
        delimiter=delimiter,
        restval="",
    )
    writer.writeheader()
    writer.writerows(rows)
    text = out.getvalue()
    if rng.random() < 0.3:
        text = text[: -len(line_end)]
    return text, rng.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), delimiter
