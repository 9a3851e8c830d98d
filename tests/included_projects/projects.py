"""Small invented projects that include each other."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from qjmap.included_projects import Merged, merge
from qjmap.project import load_project
from qjmap.validation.check_project import CheckedProject, check_project

Rows = Sequence[Mapping[str, object]]


def make(root: Path, *, include: Mapping[str, str] | None = None, settings: str = "", **tables: Rows) -> Path:
    """Write a project with the given tables, whose rows are given as canonical header -> cell."""
    data = root / "data"
    data.mkdir(parents=True, exist_ok=True)
    included = "".join(f'{prefix} = "{folder}"\n' for prefix, folder in (include or {}).items())
    text = f'id = "{root.name}"\ntitle = "{root.name}"\n{settings}\n' + (f"[include]\n{included}" if include else "")
    (data / "project.toml").write_text(text, encoding="utf-8")
    for name, rows in tables.items():
        with (data / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            heads = dict.fromkeys(head for row in rows for head in row)
            writer = csv.DictWriter(file, list(heads), restval="")
            writer.writeheader()
            writer.writerows(rows)
    return root


def merged(root: Path) -> tuple[CheckedProject, Merged]:
    """Check a project and merge the projects that it includes."""
    checked = check_project(load_project(root))
    assert [fault for fault in checked.faults if fault.severity == "fault"] == []
    return checked, merge((checked.part(), *checked.included), checked.others)
