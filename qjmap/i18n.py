"""Messages, labels and vocabularies in Chinese and English, and the choice of the language. Faults have theirs in `errors`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import Any, Literal

from qjmap.errors import UsageError, format_parameter, printable

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")

_NOT_TEXTS = {"faults.json", "vocab.json"}


def text(key: str, lang: str, **params: object) -> str:
    """Return a text in a language, its placeholders `{name}` format_parameter from `params`. KeyError for an unknown key."""
    template = _all()[key]["zh" if lang == "zh" else "en"]
    return template.format(**{name: _printable(value) for name, value in params.items()}) if params else template


def _printable(value: object) -> object:
    """Remove control characters from texts and paths."""
    return printable(str(value)) if isinstance(value, (str, PurePath)) else value


@dataclass(frozen=True, slots=True)
class Note:
    """Information that is neither fault nor warning: how a file was read, what was done."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """Format the note as one line."""
        return text(
            self.key, lang, **{name: format_parameter(name, value, lang) for name, value in self.params.items()}
        )


def texts(name: str) -> dict[str, dict[str, str]]:
    """Load the texts of `assets/texts/<name>.json`: key -> {"zh": ..., "en": ...}."""
    loaded: dict[str, dict[str, str]] = _load(f"{name}.json")
    return loaded


def vocab() -> dict[str, dict[str, dict[str, Any]]]:
    """Load the vocabularies: name -> canonical value -> {"zh": label, "en": label, "synonyms": [...]}, in display order."""
    loaded: dict[str, dict[str, dict[str, Any]]] = _load("vocab.json")
    return loaded


def label(vocabulary: str, value: str, lang: str) -> str:
    """Return the label of a canonical value; the value itself where the vocabulary lacks it."""
    entry = vocab().get(vocabulary, {}).get(value)
    return str(entry["zh" if lang == "zh" else "en"]) if entry else value


def system_language() -> str | None:
    """Display language of Windows, "zh" or "en"; None on other systems, which set it in the environment."""
    if os.name != "nt":
        return None
    import ctypes
    import locale

    windll: Any = getattr(ctypes, "windll", None)
    number = int(windll.kernel32.GetUserDefaultUILanguage()) if windll else 0
    return language_of_windows(number, locale.getlocale()[0])


def language_of_windows(number: int, locale: str | None) -> str:
    """Map a language identifier of Windows, or where that is 0 a locale, to "zh" or "en"."""
    if number:
        return "zh" if number & 0x3FF == _CHINESE else "en"
    return "zh" if locale is None or locale.lower().startswith(("zh", "chinese")) else "en"


_CHINESE = 4
"""Primary language of Windows' identifiers of Chinese: 0x0804, 0x0404, 0x0C04 and others."""


def language(
    option: str | None, environ: Mapping[str, str], system: Callable[[], str | None] = system_language
) -> Lang:
    """Choose the language of messages: by option or QJMAP_LANG, else by locale, else by the system.

    Where none names a language (locale C, POSIX or unset) it is Chinese, which most users read, on office PCs with a bare
    environment.
    """
    for choice in (option, environ.get("QJMAP_LANG")):
        if choice in ("zh", "en"):
            return "zh" if choice == "zh" else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = environ.get(name, "").split(".")[0].lower()
        if locale in ("", "c", "posix"):
            continue
        return "zh" if locale.startswith("zh") else "en"
    return "en" if system() == "en" else "zh"


@cache
def _load(name: str) -> Any:
    path = files("qjmap") / "assets" / "texts" / name
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise UsageError("install-damaged", path=str(path)) from None


@cache
def _all() -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for entry in sorted((files("qjmap") / "assets" / "texts").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".json") and entry.name not in _NOT_TEXTS:
            for key, value in _load(entry.name).items():
                if key in merged:
                    raise ValueError(f"duplicate text {key!r}, once in {entry.name}")
                merged[key] = value
    return merged
