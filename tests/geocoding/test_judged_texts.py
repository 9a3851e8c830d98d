"""The measures that answers are held to, on 612 judged texts of every kind that people write.

``judged_texts.csv``: written by hand; public names of units in invented addresses, and names that name no place. ``adcode`` is
the unit that an answer must be or lie in, empty where there must be none.
"""

from __future__ import annotations

import csv
import functools
import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from qjmap.geocoding import Answer, OfflineLocator
from qjmap.geocoding.answer_scores import LEAST_SCORE
from qjmap.geocoding.locate_many import COLUMNS, locate_many

LOCATOR = OfflineLocator()
with Path(__file__).with_name("judged_texts.csv").open(encoding="utf-8", newline="") as file:
    JUDGED = [(row["text"], row["kind"], row["adcode"]) for row in csv.DictReader(file)]
NAMED = [(text, adcode) for text, _, adcode in JUDGED if adcode]
NO_PLACE = [text for text, kind, _ in JUDGED if kind == "no place"]


@functools.cache
def answers() -> dict[str, Answer]:
    """The answer to each text."""
    return {text: LOCATOR.locate(text) for text, _, _ in JUDGED}


def is_right(answer: Answer, adcode: str) -> bool:
    if answer.best is None or not adcode:
        return answer.best is None and not adcode
    places = LOCATOR.places
    place, unit = places.place_by_id(answer.best.id), places.place_by_id(adcode)
    return place is not None and unit is not None and places.lies_in(place, unit)


def test_there_are_enough_judged_texts() -> None:
    assert len({text for text, _, _ in JUDGED}) == len(JUDGED) >= 500
    assert len(NO_PLACE) >= 200


def test_texts_with_a_unit_are_answered() -> None:
    answered = [text for text, _ in NAMED if answers()[text].resolved]
    assert len(answered) >= 0.97 * len(NAMED)


def test_answers_are_right() -> None:
    wrong = [
        text for text, adcode in NAMED if answers()[text].best is not None and not is_right(answers()[text], adcode)
    ]
    assert len(wrong) <= 0.005 * len(NAMED), wrong


@pytest.mark.parametrize("kind", sorted({kind for _, kind, _ in JUDGED}))
def test_every_kind_is_read(kind: str) -> None:
    wrong = [text for text, one, adcode in JUDGED if one == kind and not is_right(answers()[text], adcode)]
    of_kind = Counter(one for _, one, _ in JUDGED)[kind]
    assert len(wrong) <= 0.04 * of_kind, wrong


def test_a_name_of_no_place_is_no_answer() -> None:
    guessed = [text for text in NO_PLACE if answers()[text].best is not None]
    assert len(guessed) <= len(NO_PLACE) // 1000, guessed


def test_no_answer_is_below_the_least_score() -> None:
    for answer in answers().values():
        assert answer.best is None or (answer.best.score is not None and answer.best.score >= LEAST_SCORE)


def test_a_doubtful_place_is_suggested() -> None:
    answer = answers()["东方水利"]
    assert (answer.best, answer.reason) == (None, "unknown")
    assert answer.suggestions == ("海南省 东方市",)
    assert answer.candidates[0].score is not None
    assert answer.candidates[0].score < LEAST_SCORE


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_answers_are_the_same_in_any_order_and_together(seed: int) -> None:
    texts = list(answers())
    random.Random(seed).shuffle(texts)
    fresh = OfflineLocator()
    assert {text: fresh.locate(text) for text in texts} == answers()
    columns = locate_many(OfflineLocator(), texts)
    rows = dict(zip(texts, zip(*(columns[name] for name in COLUMNS), strict=True), strict=True))
    for text, answer in answers().items():
        best = answer.best
        assert rows[text][0] == (best.id if best else "")
        assert rows[text][COLUMNS.index("score")] == (best.score if best else 0.0)
        assert rows[text][COLUMNS.index("reason")] == answer.reason


BATCH = """
import json, sys
from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.locate_many import locate_many
print(json.dumps(locate_many(OfflineLocator(), json.load(sys.stdin))))
"""


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["0", "1"])
def test_answers_are_the_same_in_another_process(seed: str) -> None:
    texts = [text for text, _, _ in JUDGED]
    random.Random(seed).shuffle(texts)
    done = subprocess.run(
        [sys.executable, "-c", BATCH], input=json.dumps(texts), capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert json.loads(done.stdout) == locate_many(OfflineLocator(), texts)
