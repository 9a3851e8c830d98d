"""Texts in two languages, and the choice between them."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest

import qjmap
from qjmap.i18n import Note, label, language, text, texts, vocab

FOLDER = Path(qjmap.__file__).parent / "assets" / "texts"


@pytest.mark.parametrize(
    "path", [p for p in sorted(FOLDER.glob("*.json")) if p.stem not in ("vocab", "faults")], ids=lambda p: p.stem
)
def test_every_text_is_there_twice(path: Path) -> None:
    for key, both in json.loads(path.read_text(encoding="utf-8")).items():
        assert {"zh", "en"} <= set(both), key
        holes = [
            {name.partition("|")[0] for _, name, _, _ in string.Formatter().parse(both[lang]) if name}
            for lang in ("zh", "en")
        ]
        assert holes[0] == holes[1], key


def test_text_fills_in() -> None:
    assert "GB18030" in text("note-encoding", "zh", file="a.csv", encoding="GB18030", why="…", delimiter=",")
    assert text("note-encoding", "en") == texts("reading")["note-encoding"]["en"]
    with pytest.raises(KeyError):
        text("no-such-text", "zh")


def test_a_note_shows_rows_as_runs() -> None:
    assert "2-4" in Note("note-above", {"rows": [2, 3, 4]}).text("en")


@pytest.mark.parametrize(
    ("option", "environ", "expected"),
    [
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LANG": "en_GB.UTF-8"}, "en"),
        (None, {"LC_ALL": "C.UTF-8", "LANG": "de_DE"}, "en"),
        (None, {"LANG": "C.UTF-8"}, "zh"),
        (None, {}, "zh"),
        (None, {"QJMAP_LANG": "en"}, "en"),
        ("fr", {"LANG": "en_US"}, "en"),
    ],
)
def test_language(option: str | None, environ: dict[str, str], expected: str) -> None:
    assert language(option, environ) == expected


def test_labels() -> None:
    assert label("status", "planned", "zh") == "规划"
    assert label("status", "unheard-of", "zh") == "unheard-of"
    assert set(vocab()["qualifier"]) == {"=", "about", ">=", ">", "<=", "<"}
