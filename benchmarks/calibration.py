"""Check the scores of `qjmap locate` on texts whose places are known: answers with a score must be right at least that often.

    python benchmarks/calibration.py LIST.csv [--half check|set|both] [--verbose]

You provide the list: a CSV with the columns `text` and `adcode` (of the county, prefecture or province in which the place of the text
lies; empty for a text that names no place), and optionally `kind`. The scores were set on one half of each list, the texts whose SHA-256
is even; ``check``, the default, measures on the other half. docs/locate.md describes the lists, which are not part of the project.

An answer is right if it is the unit, lies in it or contains it. Answers are grouped by tenths of the score. The exit code is 1 if the mean
score of a group of at least `LEAST_ANSWERS` answers lies outside the 95 % interval (Wilson) of its share of right answers.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.locate_many import locate_many

LEAST_ANSWERS = 200
"""Minimum number of answers of a group that can fail."""
_NORMAL_95 = 1.96
"""Quantile of the normal distribution for an interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Case:
    """A text, the adcode of the unit in which its place lies ("" for no place), and the kind of text."""

    text: str
    adcode: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Bin:
    """A group of answers with similar scores: their number, their mean score, and the share of right ones."""

    answers: int
    score: float
    right: float

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share of right answers, by the formula of Wilson."""
        n, z2 = self.answers, _NORMAL_95**2
        middle = (self.right + z2 / (2 * n)) / (1 + z2 / n)
        half = _NORMAL_95 / (1 + z2 / n) * math.sqrt(self.right * (1 - self.right) / n + z2 / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def holds(self) -> bool:
        """Whether the answers are right as often as their scores say, no more and no less, as far as their number shows."""
        return self.interval[0] <= self.score <= self.interval[1]


def is_even(text: str) -> bool:
    """Whether a text belongs to the half on which the scores were set."""
    return hashlib.sha256(text.encode()).digest()[-1] % 2 == 0


def judged(locator: OfflineLocator, cases: Sequence[Case]) -> list[tuple[Case, float, bool]]:
    """Return (case, score of its answer, whether the answer is right) for each case that has an answer."""
    places, answers = locator.places, locate_many(locator, [case.text for case in cases])
    found = []
    for case, own, score in zip(cases, answers["place_id"], answers["score"], strict=True):
        place = places.place_by_id(own) if own else None
        if place is None:
            continue
        unit = places.place_by_id(case.adcode) if case.adcode else None
        right = unit is not None and (places.lies_in(place, unit) or places.lies_in(unit, place))
        found.append((case, float(score), right))
    return found


def bins_of(answers: Iterable[tuple[Case, float, bool]], width: float = 0.1) -> dict[float, Bin]:
    """Return lower end of the scores -> group of answers. A score of 1 belongs to the last group.

    Parameters
    ----------
    width : width of a group on the scale from 0 to 1.
    """
    held: dict[float, list[tuple[float, bool]]] = defaultdict(list)
    last = round(1 / width) - 1
    for _, score, right in answers:
        held[min(last, int(score / width + 1e-9)) * width].append((score, right))
    return {
        low: Bin(len(rows), sum(score for score, _ in rows) / len(rows), sum(right for _, right in rows) / len(rows))
        for low, rows in sorted(held.items())
    }


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a list."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [Case(row["text"], row["adcode"], row.get("kind") or "") for row in csv.DictReader(lines)]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the groups; return 1 if one fails, else 0."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("list", type=Path)
    parser.add_argument("--half", choices=("check", "set", "both"), default="check")
    parser.add_argument("--verbose", action="store_true", help="list wrong answers")
    options = parser.parse_args(argv)
    wanted = {"check": (False,), "set": (True,), "both": (False, True)}[options.half]
    cases = [case for case in read_cases(options.list) if is_even(case.text) in wanted]
    answers = judged(OfflineLocator(suggests=False), cases)
    for kind in sorted({case.kind for case in cases}):
        right = [good for case, _, good in answers if case.kind == kind]
        total = sum(case.kind == kind for case in cases)
        print(
            f"{kind or 'all':20}{total:>8} texts, answered {len(right) / total:.2%}, right {sum(right)}, wrong {len(right) - sum(right)}"
        )
    failed = 0
    for title, width in (("tenths", 0.1), ("hundredths", 0.01)):
        print(f"{title:12}{'answers':>9}{'score':>9}{'right':>9}   95 %")
        for low, one in bins_of(answers, width).items():
            mark = "" if one.holds else "   not its score"
            print(
                f"{low:<12.2f}{one.answers:>9}{one.score:>9.4f}{one.right:>9.4f}   {one.interval[0]:.4f}-{one.interval[1]:.4f}{mark}"
            )
            failed += width == 0.1 and one.answers >= LEAST_ANSWERS and not one.holds
    if options.verbose:
        for case, score, good in answers:
            if not good:
                print(f"{score:.3f} {case.text} {case.adcode}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
