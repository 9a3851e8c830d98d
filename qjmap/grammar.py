"""Grammar of tables as people write them: headers, words and patterns, as data that the page's reader carries too."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from qjmap.errors import UsageError

_FOLDER = files("qjmap") / "assets" / "grammar"


@cache
def grammar(name: str) -> Any:
    """Load `assets/grammar/<name>.json`; UsageError where it cannot be read."""
    path = _FOLDER / f"{name}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise UsageError("install-damaged", path=str(path)) from None


def all_grammars() -> dict[str, Any]:
    """Load every file of the grammar: name -> content."""
    names = sorted(entry.name.removesuffix(".json") for entry in _FOLDER.iterdir() if entry.name.endswith(".json"))
    return {name: grammar(name) for name in names}
