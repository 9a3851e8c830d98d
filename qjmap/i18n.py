"""Texts, labels and vocabularies in Chinese and English, and the choice of the language. The texts of faults are in `errors`."""

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
"""Files in `assets/texts` that have another form than key -> texts."""


def text(key: str, lang: str, **params: object) -> str:
    """Return a text in a language ("zh", else English), with its placeholders `{name}` replaced by `params`.

    Raises KeyError for an unknown key or, if there are any `params`, for a placeholder without a value.
    """
    template = _all()[key]["zh" if lang == "zh" else "en"]
    return template.format(**{name: _printable(value) for name, value in params.items()}) if params else template


def _printable(value: object) -> object:
    """Return a text or path without control characters; any other value as it is."""
    return printable(str(value)) if isinstance(value, (str, PurePath)) else value


@dataclass(frozen=True, slots=True)
class Note:
    """Information that is neither a fault nor a warning: how a file was read, what was done.

    Attributes
    ----------
    key : key of its text in `assets/texts`.
    params : values for the placeholders of the text.
    """

    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """Return the note as one line in a language."""
        return text(
            self.key, lang, **{name: format_parameter(name, value, lang) for name, value in self.params.items()}
        )


def texts(name: str) -> dict[str, dict[str, str]]:
    """Return the texts of `assets/texts/<name>.json`: key -> {"zh": text, "en": text}. Raise UsageError if the file is damaged."""
    loaded: dict[str, dict[str, str]] = _load(f"{name}.json")
    return loaded


def vocab() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the built-in vocabularies: name -> value -> {"zh": label, "en": label, "synonyms": [...]}, values in display order.

    Raise UsageError if their file is damaged.
    """
    loaded: dict[str, dict[str, dict[str, Any]]] = _load("vocab.json")
    return loaded


def label(vocabulary: str, value: str, lang: str) -> str:
    """Return the label of a value in a built-in vocabulary; the value itself if the vocabulary lacks it."""
    entry = vocab().get(vocabulary, {}).get(value)
    return str(entry["zh" if lang == "zh" else "en"]) if entry else value


def system_language() -> str | None:
    """Return the display language of Windows, "zh" or "en"; None on other systems, which state it in the environment."""
    if os.name != "nt":
        return None
    import ctypes
    import locale

    windll: Any = getattr(ctypes, "windll", None)
    number = int(windll.kernel32.GetUserDefaultUILanguage()) if windll else 0
    return language_of_windows(number, locale.getlocale()[0])


def language_of_windows(number: int, locale: str | None) -> str:
    """Return "zh" or "en" for a language of Windows.

    Parameters
    ----------
    number : language identifier; 0 if unknown.
    locale : name of the locale, which counts if the identifier is unknown; None means Chinese.
    """
    if number:
        return "zh" if number & 0x3FF == _CHINESE else "en"
    return "zh" if locale is None or locale.lower().startswith(("zh", "chinese")) else "en"


_CHINESE = 4
"""Lower ten bits of the identifiers that Windows has for Chinese: 0x0804, 0x0404, 0x0C04 and others."""


def language(
    option: str | None, environ: Mapping[str, str], system: Callable[[], str | None] = system_language
) -> Lang:
    """Return the language of messages: that of the option, else of QJMAP_LANG, else of the locale, else of the system.

    Any locale but a Chinese one means English. If none of the four names a language (the locale is C, POSIX or not set), it is Chinese:
    most users read it, and their office PCs set no locale.

    Parameters
    ----------
    option : value of the option ``--lang``; None if it is not given.
    environ : environment variables; the locale is the first of LC_ALL, LC_MESSAGES and LANG that names a language.
    system : function that returns "zh" or "en", the language of the system, or None.
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
    """Return the texts of all files: key -> {"zh": text, "en": text}. ValueError if two files have the same key."""
    merged: dict[str, dict[str, str]] = {}
    for entry in sorted((files("qjmap") / "assets" / "texts").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".json") and entry.name not in _NOT_TEXTS:
            for key, value in _load(entry.name).items():
                if key in merged:
                    raise ValueError(f"duplicate text {key!r}, once in {entry.name}")
                merged[key] = value
    return merged
