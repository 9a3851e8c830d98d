"""Settings of included projects: the table `[include]` in `data/project.toml`, with entries ``prefix of their ids = "folder"``."""

from __future__ import annotations

import re
from collections.abc import Mapping

PREFIX = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
"""Pattern of a prefix: words of lower-case letters and digits, joined by `-` or `_`."""
SEPARATOR = "."
"""Separator between the prefix of a project and an id of the project."""
Problem = tuple[str, str, Mapping[str, object]]
"""A fault in the settings: the value as messages show it, the code of its text (see `errors`), and the parameters of the text."""


def parse_include(value: object) -> tuple[dict[str, str], list[Problem]]:
    """Parse the value of `[include]`; return prefix -> folder, in the order of the settings, and all faults.

    Raises TypeError if the value is no table of TOML.
    """
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
