"""Every text that is not a fault, in Chinese and English, and the choice between the two."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import Any, Literal

from qjmap.errors import UsageError, filled, printable

Lang = Literal["zh", "en"]

_NOT_TEXTS = {"faults.json", "vocab.json"}


def text(key: str, lang: str, **params: object) -> str:
    """The text under `key` in `lang`, with `{name}` filled from `params`. KeyError when there is no such text."""
    template = _all()[key]["zh" if lang == "zh" else "en"]
    return template.format(**{name: _plain(value) for name, value in params.items()}) if params else template


def _plain(value: object) -> object:
    """Texts and paths without what a terminal would obey; anything else as it is."""
    return printable(str(value)) if isinstance(value, (str, PurePath)) else value


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader should know that is neither wrong nor doubtful: what was found, what was done."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """The note as one line."""
        return text(self.key, lang, **{name: filled(name, value, lang) for name, value in self.params.items()})


def texts(name: str) -> dict[str, dict[str, str]]:
    """All texts of one file, `assets/texts/<name>.json`: key -> {"zh": ..., "en": ...}."""
    loaded: dict[str, dict[str, str]] = _load(f"{name}.json")
    return loaded


def vocab() -> dict[str, dict[str, dict[str, Any]]]:
    """Vocabulary -> canonical value -> {"zh": label, "en": label, "synonyms": [...]}, in the order in which people list them."""
    loaded: dict[str, dict[str, dict[str, Any]]] = _load("vocab.json")
    return loaded


def label(vocabulary: str, value: str, lang: str) -> str:
    """What a reader sees for a canonical value; the value itself when the vocabulary does not hold it."""
    entry = vocab().get(vocabulary, {}).get(value)
    return str(entry["zh" if lang == "zh" else "en"]) if entry else value


def system_language() -> str | None:
    """The language in which Windows speaks to its user, as "zh" or "en"; None elsewhere, where the environment tells it."""
    if os.name != "nt":
        return None
    import ctypes
    import locale

    windll: Any = getattr(ctypes, "windll", None)
    number = int(windll.kernel32.GetUserDefaultUILanguage()) if windll else 0
    return language_of_windows(number, locale.getlocale()[0])


def language_of_windows(number: int, locale: str | None) -> str:
    """The language of a language number of Windows, or, where that is 0, of a locale; "en" for all but Chinese."""
    if number:
        return "zh" if number & 0x3FF == _CHINESE else "en"
    return "zh" if locale is None or locale.lower().startswith(("zh", "chinese")) else "en"


_CHINESE = 4
"""The primary language of Windows' language numbers: 0x0804, 0x0404, 0x0C04 and others."""


def language(
    option: str | None, environ: Mapping[str, str], system: Callable[[], str | None] = system_language
) -> Lang:
    """The language of messages: the option, else the locale, else what the system says of itself.

    A locale that names no language (C, POSIX, none at all) is taken as Chinese: that is what most readers of these
    messages read, and it is where an office PC with a bare environment stands.
    """
    for wish in (option, environ.get("QJMAP_LANG")):
        if wish in ("zh", "en"):
            return "zh" if wish == "zh" else "en"
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
    found: dict[str, dict[str, str]] = {}
    for entry in sorted((files("qjmap") / "assets" / "texts").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".json") and entry.name not in _NOT_TEXTS:
            for key, value in _load(entry.name).items():
                if key in found:
                    raise ValueError(f"text {key!r} stands in two files, one of them {entry.name}")
                found[key] = value
    return found
