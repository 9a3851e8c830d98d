"""Find the projects that a project includes, directly or through others."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from qjmap.errors import DataFaults, Fault, UsageError
from qjmap.include_settings import SEPARATOR
from qjmap.project import SETTINGS_FILE, Project, load_project


@dataclass(frozen=True)
class Included:
    """A project and the projects that it includes: a node of a directed graph without cycles.

    Attributes
    ----------
    projects : prefix -> included project, in the order of the settings. A project that several others include is one object.
    """

    project: Project
    projects: Mapping[str, Included] = field(default_factory=dict)


def included_projects(project: Project) -> tuple[Included, list[Fault]]:
    """Return a project with all projects that it includes, directly or through others, and the faults.

    A folder that is no project, has faults in its settings or would include itself is left out, with its faults. Folders in settings are
    relative to the folder of the project whose settings name them. Messages name files relative to the folder of `project`.
    """
    search = _Search(project)
    return search.open(project, (_root(project),)), search.faults


def flatten(top: Included) -> tuple[dict[str, Included], dict[str, str]]:
    """Return two mappings of all projects that a project includes, directly or through others: prefix -> project, further prefix -> prefix.

    A project that an included project includes has both prefixes, joined by a dot: ``chuannan.zigong``. If several paths lead to a
    project, it has the prefix of the shortest path; among paths of equal length, of the one that the settings name first. The
    prefixes of the other paths are its further prefixes.
    """
    found: dict[str, Included] = {}
    prefix_of: dict[Path, str] = {}
    others: dict[str, str] = {}
    level: list[tuple[str, Included]] = [("", top)]
    while level:
        below = [
            (f"{outer}{SEPARATOR}{prefix}" if outer else prefix, one)
            for outer, node in level
            for prefix, one in node.projects.items()
        ]
        for prefix, one in below:
            root = _root(one.project)
            if root in prefix_of:
                others[prefix] = prefix_of[root]
            else:
                prefix_of[root], found[prefix] = prefix, one
        level = below
    return found, others


class _Search:
    """Depth-first search through included folders. It opens each folder once and collects faults."""

    def __init__(self, top: Project) -> None:
        self._top = top
        self._opened: dict[Path, Included] = {}
        self.faults: list[Fault] = []

    def open(self, project: Project, chain: Sequence[Path]) -> Included:
        below: dict[str, Included] = {}
        for prefix, folder in project.settings.include.items():
            one = self._open(project, prefix, folder, chain)
            if one is not None:
                below[prefix] = one
        return Included(project, below)

    def _open(self, project: Project, prefix: str, folder: str, chain: Sequence[Path]) -> Included | None:
        path = project.root / folder
        root = Path(os.path.realpath(path))

        def fault(code: str, **params: object) -> None:
            shown = project.display_path(project.data / SETTINGS_FILE)
            self.faults.append(Fault(shown, None, f"include.{prefix}", folder, code, params))

        if root in chain:
            names = [self._shown(one) for one in (*chain[chain.index(root) :], root)]
            fault("include-cycle", chain=" → ".join(names))
            return None
        if root not in self._opened:
            try:
                opened = load_project(path)
            except DataFaults as error:
                self.faults += [replace(one, file=self._shown(Path(os.path.abspath(one.file)))) for one in error.faults]
                return None
            except (UsageError, OSError):
                fault("include-missing", path=self._shown(root))
                return None
            opened = replace(opened, shown_from=self._top.shown_from or self._top.root)
            self._opened[root] = self.open(opened, (*chain, root))
        return self._opened[root]

    def _shown(self, path: Path) -> str:
        return replace(self._top, shown_from=self._top.shown_from or self._top.root).display_path(path)


def _root(project: Project) -> Path:
    return Path(os.path.realpath(project.root))


def walk(top: Included) -> Iterator[Included]:
    """Yield a project and all that it includes, each once and after the projects that it includes; `top` comes last."""
    seen: set[int] = set()

    def visit(node: Included) -> Iterator[Included]:
        if id(node) in seen:
            return
        seen.add(id(node))
        for one in node.projects.values():
            yield from visit(one)
        yield node

    yield from visit(top)
