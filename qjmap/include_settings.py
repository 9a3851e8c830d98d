"""Settings of included projects, `[include]` in `data/project.toml`: prefix of their ids = folder."""

from __future__ import annotations

import re
from collections.abc import Mapping

PREFIX = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
"""A part of an id: lower-case letters and digits in words joined by `-` or `_`."""
SEPARATOR = "."
"""Between the prefix of a project and an id of it."""
Problem = tuple[str, str, Mapping[str, object]]
"""Value, code and parameters of a fault."""


def parse_include(value: object) -> tuple[dict[str, str], list[Problem]]:
    """Parse `[include]` -> folder by prefix, in the order of the settings, and every problem. TypeError where it is no table."""
    if not isinstance(value, Mapping):
        raise TypeError
    folders: dict[str, str] = {}
    problems: list[Problem] = []
    for prefix, folder in value.items():
        if not PREFIX.fullmatch(prefix):
            problems.append((prefix, "include-prefix", {}))
        elif not isinstance(folder, str) or not folder.strip():
            problems.append((f"{prefix} = {folder}", "include-folder", {}))
        else:
            folders[prefix] = folder.strip()
    return folders, problems
