"""Draw the architecture: the folders and modules of the package in the layers of its import contract, with their imports.

``python docs/make_architecture.py [FILE]`` writes FILE, by default ``docs/architecture.svg``. The same sources give the same bytes.
"""

from __future__ import annotations

import ast
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "qjmap"
WIDTH = 1240
MARGIN = 20
GAP_X, GAP_Y = 14, 34
BOX_WIDTH = 228
LINE_HEIGHT = 15
CHARACTERS = 34
"""Maximum length of a line of a docstring in a box, in characters."""
MOST_LINES = 3
"""Maximum number of lines of a docstring in a box."""


@dataclass(frozen=True)
class Box:
    """A unit of the package (a folder or a module) and where it is drawn; lengths in pixels."""

    name: str
    lines: tuple[str, ...]
    x: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        """The x coordinate of the middle of the box."""
        return self.x + BOX_WIDTH / 2


def layers() -> list[list[str]]:
    """Return the units of each layer, the highest layer first, from the import contract of the package."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    [contract] = [item for item in contracts if item.get("containers") == ["qjmap"]]
    return [layer.replace(" ", "").split("|") for layer in contract["layers"]]


def modules(unit: str) -> list[Path]:
    """Return the Python files of a unit."""
    folder = PACKAGE / unit
    if folder.is_dir():
        return sorted(path for path in folder.rglob("*.py") if "node_modules" not in path.parts)
    return [folder.with_suffix(".py")]


def imported_units(path: Path, units: set[str]) -> Iterator[str]:
    """Yield the units that a module imports, also inside of functions, but not those that it imports for type checkers only."""
    pending: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        pending.extend(ast.iter_child_nodes(node))
        if isinstance(node, ast.ImportFrom) and node.module == "qjmap":
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qjmap."):
            names = [str(node.module).split(".")[1]]
        elif isinstance(node, ast.Import):
            names = [alias.name.split(".")[1] for alias in node.names if alias.name.startswith("qjmap.")]
        else:
            continue
        yield from (name for name in names if name in units)


def imports(units: list[str]) -> dict[str, set[str]]:
    """Return unit -> other units that it imports."""
    known = set(units)
    return {unit: {name for path in modules(unit) for name in imported_units(path, known)} - {unit} for unit in units}


def without_detours(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the transitive reduction of a graph of imports: without imports of units that other imported units lead to."""

    def reachable(unit: str) -> set[str]:
        return {unit}.union(*(reachable(target) for target in graph[unit]))

    reach = {unit: reachable(unit) for unit in graph}
    return {
        unit: {target for target in targets if not any(target in reach[other] for other in targets - {target})}
        for unit, targets in graph.items()
    }


def first_sentence(unit: str) -> str:
    """Return the first line of the docstring of a unit, up to its first full stop."""
    path = PACKAGE / unit / "__init__.py" if (PACKAGE / unit).is_dir() else PACKAGE / f"{unit}.py"
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.split("\n", 1)[0].replace("`", "").partition(". ")[0].rstrip(".")


def rows_of_boxes() -> Iterator[list[Box]]:
    """Yield the boxes of each row, from the top. A layer takes as many rows as it needs."""
    per_row = int((WIDTH - 2 * MARGIN + GAP_X) // (BOX_WIDTH + GAP_X))
    y = float(MARGIN)
    for layer in layers():
        for start in range(0, len(layer), per_row):
            units = layer[start : start + per_row]
            texts = [
                tuple(textwrap.wrap(first_sentence(unit), CHARACTERS, max_lines=MOST_LINES, placeholder=" …"))
                for unit in units
            ]
            height = 28 + LINE_HEIGHT * max(map(len, texts))
            width = len(units) * (BOX_WIDTH + GAP_X) - GAP_X
            x = (WIDTH - width) / 2
            yield [
                Box(unit, lines, x + i * (BOX_WIDTH + GAP_X), y, height)
                for i, (unit, lines) in enumerate(zip(units, texts, strict=True))
            ]
            y += height + (GAP_Y if start + per_row >= len(layer) else GAP_X)


def drawn_box(box: Box) -> str:
    """Return the SVG of a box with its name and docstring."""
    is_folder = (PACKAGE / box.name).is_dir()
    name = f"{box.name}/" if is_folder else f"{box.name}.py"
    rows = "".join(
        f'<tspan x="{box.x + 10:g}" dy="{LINE_HEIGHT}">{escape(line, quote=False)}</tspan>' for line in box.lines
    )
    return (
        f'<rect class="{"folder" if is_folder else "module"}" x="{box.x:g}" y="{box.y:g}" width="{BOX_WIDTH}" '
        f'height="{box.height:g}" rx="4"/>'
        f'<text x="{box.x + 10:g}" y="{box.y + 18:g}"><tspan class="name">{name}</tspan>{rows}</text>'
    )


def drawn_import(source: Box, target: Box) -> str:
    """Return the SVG of the curve from a unit down to a unit that it imports."""
    top, bottom = source.y + source.height, target.y
    bend = (bottom - top) / 2
    return (
        f'<path d="M{source.middle:g} {top:g}C{source.middle:g} {top + bend:g} '
        f'{target.middle:g} {bottom - bend:g} {target.middle:g} {bottom:g}"/>'
    )


def drawing() -> str:
    """Return the picture as SVG text."""
    boxes = {box.name: box for row in rows_of_boxes() for box in row}
    graph = without_detours(imports(list(boxes)))
    lines = [drawn_import(boxes[unit], boxes[target]) for unit in boxes for target in sorted(graph[unit])]
    height = max(box.y + box.height for box in boxes.values()) + MARGIN
    style = (
        "text{font:11px Arial,sans-serif;fill:#333}.name{font-weight:bold;font-size:13px;fill:#111}"
        "rect{stroke:#4a6a8a;fill:#eef4fa}.module{fill:#fff;stroke:#aaa}path{fill:none;stroke:#9ab;stroke-width:1}"
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img">',
            "<title>Folders and modules of qjmap; each imports only from layers below it</title>",
            f"<style>{style}</style>",
            f'<rect x="0" y="0" width="{WIDTH}" height="{height:g}" style="fill:#fff;stroke:none"/>',
            *lines,
            *map(drawn_box, boxes.values()),
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "architecture.svg"
    out.write_text(drawing(), encoding="utf-8", newline="\n")
