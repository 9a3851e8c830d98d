"""Read `assets/grammar`: JSON files with the headers, words and patterns by which tables are read, here and in the page's import worker."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from qjmap.errors import UsageError

_FOLDER = files("qjmap") / "assets" / "grammar"


@cache
def grammar(name: str) -> Any:
    """Return the content of `assets/grammar/<name>.json`, which is read once. Raise UsageError if it is damaged."""
    path = _FOLDER / f"{name}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise UsageError("install-damaged", path=str(path)) from None


def all_grammars() -> dict[str, Any]:
    """Return the content of all files of the grammar: name -> content."""
    names = sorted(entry.name.removesuffix(".json") for entry in _FOLDER.iterdir() if entry.name.endswith(".json"))
    return {name: grammar(name) for name in names}
