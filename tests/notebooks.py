"""Runs the cells of a notebook in order, as a kernel does: one namespace, and the last expression of a cell is displayed."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NOTEBOOKS = sorted((Path(__file__).parents[1] / "docs" / "notebooks").glob("*.ipynb"))


@dataclass
class Run:
    """Result of running a notebook: its namespace, and the output of each cell (HTML, else the repr; "" if none)."""

    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})
    shown: list[str] = field(default_factory=list)


def cells(path: Path) -> list[dict[str, Any]]:
    """Return the code cells of a notebook."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def run(path: Path) -> Run:
    """Run a notebook in the current folder."""
    done = Run()
    for cell in cells(path):
        body = ast.parse("".join(cell["source"]), str(path)).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), str(path), "exec"), done.names)
        value = eval(compile(ast.Expression(last.value), str(path), "eval"), done.names) if last else None
        shown = value._repr_html_() if hasattr(value, "_repr_html_") else None
        done.shown.append(shown or ("" if value is None else repr(value)))
    return done
