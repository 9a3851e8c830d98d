"""Follow the calls of a function through the program, and count the climbs back into a higher layer.

    python benchmarks/call_walk.py [qjmap.pipeline.build:build] [--first 60] [--list]

Calls are resolved from the source alone: functions and classes of the same module or imported by name, functions of imported modules, and
methods of `self`. They are followed in the order of their evaluation, each function once. A climb is a step from one function to the next
one that lies in a higher layer of the import contract in pyproject.toml. Climbs are counted over all functions, and over those in folders
only, since every folder uses the modules directly in the package (schema, i18n, project …).
"""

from __future__ import annotations

import argparse
import ast
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Function = tuple[str, str]
"""A module, and the name of a function in it, or of a method as "Class.method"."""


@dataclass
class Module:
    """The functions of a module: name -> syntax tree; and its imports: imported name -> dotted name of what it stands for."""

    functions: dict[str, ast.AST] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)


def modules(root: Path) -> dict[str, Module]:
    """Return dotted name -> module, of all modules of the package in a checkout."""
    found = {}
    for path in sorted((root / "qjmap").rglob("*.py")):
        name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        found[name] = _parse(ast.parse(path.read_text(encoding="utf-8")))
    return found


def _parse(tree: ast.Module) -> Module:
    module = Module()
    node: ast.AST
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            module.functions[node.name] = node
        elif isinstance(node, ast.ClassDef):
            methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
            module.functions |= {f"{node.name}.{one.name}": one for one in methods}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            module.imports |= {
                one.asname or one.name.split(".")[0]: (one.asname and one.name) or one.name.split(".")[0]
                for one in node.names
            }
        elif isinstance(node, ast.ImportFrom) and node.module:
            module.imports |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return module


def walk(package: dict[str, Module], start: Function) -> list[Function]:
    """Return the functions that `start` calls, directly or through others, in the order of their first calls; `start` comes first."""
    visited: dict[Function, None] = {}

    def visit(function: Function) -> None:
        visited[function] = None
        for called in _calls(package, function):
            if called not in visited:
                visit(called)

    visit(start)
    return list(visited)


def _calls(package: dict[str, Module], function: Function) -> Iterator[Function]:
    """Yield the functions that a function calls, in the order of evaluation."""
    module, name = function
    node = package[module].functions[name]
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    for call in sorted(calls, key=lambda one: (one.end_lineno, one.end_col_offset)):
        dotted = _dotted(call.func)
        if dotted.startswith("self.") and "." in name:
            dotted = f"{name.partition('.')[0]}.{dotted.removeprefix('self.')}"
        if found := _resolve(package, module, dotted):
            yield found


def _dotted(node: ast.AST) -> str:
    """Return a name or attribute as it is written, "a.b.c"; "?" in place of any other expression."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def _resolve(package: dict[str, Module], module: str, dotted: str) -> Function | None:
    """Return the function of the package that a dotted name in a module stands for; None if it is none."""
    head, _, rest = dotted.partition(".")
    own = package[module]
    for name in (dotted, f"{dotted}.__init__"):
        if name in own.functions:
            return module, name
    if head not in own.imports:
        return None
    target = own.imports[head] + (f".{rest}" if rest else "")
    parts = target.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        other = ".".join(parts[:cut])
        if other in package and other != module:
            return _resolve(package, other, ".".join(parts[cut:]))
    return None


def levels(root: Path) -> dict[str, int]:
    """Return the level of each folder and module of the package in the import contract, 0 for the highest."""
    contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one.get("containers") == ["qjmap"])
    return {name.strip(): level for level, names in enumerate(layers) for name in names.split("|")}


def climbs(functions: list[Function], level: dict[str, int]) -> list[tuple[Function, Function]]:
    """Return the steps (function, next function) that lead into a higher layer."""
    storeys = [level[module.split(".")[1]] for module, _ in functions]
    steps = zip(functions, functions[1:], storeys, storeys[1:], strict=False)
    return [(function, following) for function, following, here, there in steps if there < here]


def in_folders(functions: list[Function], root: Path) -> list[Function]:
    """Return the functions whose modules lie in folders of the package."""
    return [function for function in functions if (root / "qjmap" / function[0].split(".")[1]).is_dir()]


def main() -> None:
    """Print the number of functions, modules and climbs, and with `--list` every step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("start", nargs="?", default="qjmap.pipeline.build:build")
    parser.add_argument("--first", type=int, default=60, help="functions of the walk that are counted")
    parser.add_argument("--list", action="store_true", help="print the functions, ^ before those that a climb leads to")
    parser.add_argument("--root", type=Path, default=ROOT, help="another checkout")
    options = parser.parse_args()
    module, _, name = options.start.partition(":")
    every, level = walk(modules(options.root), (module, name)), levels(options.root)
    for word, functions in (("", every), (" in folders", in_folders(every, options.root))):
        first = functions[: options.first]
        found = climbs(first, level)
        if options.list:
            higher = {following for _, following in found}
            sys.stdout.writelines(f"{'^' if one in higher else ' '} {one[0]}:{one[1]}\n" for one in first)
        count = len({one for one, _ in first})
        sys.stdout.write(f"{len(first)} functions{word}, {count} modules, {len(found)} climbs\n")


if __name__ == "__main__":
    main()
