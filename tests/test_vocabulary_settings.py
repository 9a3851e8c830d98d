"""Words that a project adds in `project.toml`: what is understood, and every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.errors import DataFaults
from qjmap.project import load_project
from qjmap.vocabulary import BUILT_IN, Vocabularies
from tests.test_project import GOOD, made

WORDS = """
[categories.dry-dock]
zh = "干船坞"
en = "Dry dock"
symbol = "boat+dot"
color = "#9C4F86"
synonyms = ["船坞", "修船厂"]
[categories.school]
synonyms = ["书院"]
[statuses.suspended]
zh = "缓建"
like = "planned"
synonyms = ["停建"]
[kinds.places.village]
zh = "村"
[kinds.partnerships.twinning]
en = "Twinning"
like = "membership"
[kinds.indicators.quota]
zh = "配额"
[modes.pipeline]
zh = "管道"
[units.mu]
zh = "亩"
synonyms = ["市亩"]
"""


def words(folder: Path, text: str = WORDS) -> Vocabularies:
    return load_project(made(folder, GOOD + text)).settings.vocabularies


def codes(folder: Path, text: str) -> list[tuple[str | None, str | None, str]]:
    with pytest.raises(DataFaults) as caught:
        load_project(made(folder, GOOD + text))
    assert all(fault.message(lang) and fault.cure(lang) for fault in caught.value.faults for lang in ("zh", "en"))
    return [(fault.column, fault.value, fault.code) for fault in caught.value.faults]


def test_words_of_every_vocabulary_are_added(tmp_path: Path) -> None:
    known = words(tmp_path)
    cases = {
        ("category", "修船厂"): "dry-dock", ("category", "Dry Dock"): "dry-dock", ("category", "书院"): "school",
        ("category", "学校"): "school", ("status", "停建"): "suspended", ("place_kind", "村"): "village",
        ("partnership_kind", "twinning"): "twinning", ("indicator_kind", "配额"): "quota", ("mode", "管道"): "pipeline",
        ("category", "没有这个词"): None,
    }  # fmt: skip
    assert {asked: known.find(asked[1], asked[0]) for asked in cases} == cases


def test_a_label_that_is_not_given_is_that_of_the_other_language(tmp_path: Path) -> None:
    known = words(tmp_path)
    assert known.label("status", "suspended", "en") == "缓建"
    assert known.label("partnership_kind", "twinning", "zh") == "Twinning"
    assert known.label("category", "school", "zh") == "学校"


def test_a_word_is_treated_like_the_built_in_one_that_it_names_and_else_like_an_unknown_one(tmp_path: Path) -> None:
    known = words(tmp_path)
    assert known.likes("status") == {"suspended": "planned"}
    assert known.likes("mode") == {"pipeline": "other"}
    assert known.likes("category") == {"dry-dock": "other"}


def test_other_stays_the_last_value(tmp_path: Path) -> None:
    assert list(words(tmp_path).entries("category"))[-2:] == ["dry-dock", "other"]


def test_a_word_of_the_project_wins_over_a_built_in_synonym(tmp_path: Path) -> None:
    known = words(tmp_path, '[categories.wharf]\nzh = "码头"\n')
    assert (known.find("码头", "category"), known.find("港口", "category")) == ("wharf", "port")
    assert BUILT_IN.find("码头", "category") == "port"


def test_projects_do_not_share_words(tmp_path: Path) -> None:
    first, second = words(tmp_path / "a"), words(tmp_path / "b", '[categories.quay]\nzh = "船坞"\n')
    assert (first.find("船坞", "category"), second.find("船坞", "category")) == ("dry-dock", "quay")
    assert BUILT_IN.find("船坞", "category") is None
    assert load_project(made(tmp_path / "c")).settings.vocabularies == BUILT_IN


def test_every_fault_of_the_words_at_once(tmp_path: Path) -> None:
    text = """
modes = "rail"
[categories]
quay = "码头"
"Dry Dock" = {zh = "干船坞"}
[categories.a]
colour = "red"
[categories.b]
zh = "乙"
symbol = "cube"
color = "red"
synonyms = "乙二"
[categories.c]
zh = 5
[categories.d]
zh = "船坞"
[categories.e]
zh = "船坞"
[categories.f]
zh = "school"
[statuses.x]
zh = "缓建"
like = "late"
symbol = "star"
[kinds.sites.y]
zh = "丁"
"""
    assert codes(tmp_path, text) == [
        ("modes", "rail", "setting-words"),
        ("kinds", "sites", "setting-word-field"),
        ("categories.quay", "码头", "setting-words"),
        ("categories", "Dry Dock", "setting-word-key"),
        ("categories.a", "colour", "setting-word-field"),
        ("categories.a", None, "setting-word-label"),
        ("categories.b", "乙二", "setting-word-text"),
        ("categories.b", "cube", "setting-word-choice"),
        ("categories.b", "red", "setting-word-color"),
        ("categories.c", "5", "setting-word-text"),
        ("categories.c", None, "setting-word-label"),
        ("statuses.x", "symbol", "setting-word-field"),
        ("statuses.x", "late", "setting-word-choice"),
        ("categories.e", "船坞", "setting-word-twice"),
        ("categories.f", "school", "setting-word-twice"),
    ]
