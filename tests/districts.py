"""Make and build a project of many administrative units: ``python -m tests.districts --every 50 --seed 1``."""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qjmap.errors import DataFaults, Fault, QjmapError
from qjmap.geocoding.china_gazetteer import load_china_gazetteer
from qjmap.pipeline.build import build
from qjmap.pipeline.load import find_faults
from qjmap.project import load_project
from qjmap.scaffold import new_project


@dataclass(frozen=True)
class Tried:
    """Result for a unit: faults and warnings, and the size of its page in bytes (0 if none was built)."""

    adcode: str
    name: str
    faults: tuple[Fault, ...]
    size: int
    error: str = ""


def adcodes() -> list[str]:
    """Return the adcodes of all counties, prefectures and provinces of today."""
    china = load_china_gazetteer()
    return [
        code
        for row, code in enumerate(china.ids)
        if len(code) == 6 and code.isdigit() and china.kind(row) in ("province", "city", "district")
        if not china.abolished_in(row)
    ]


def sample(every: int, seed: int) -> list[str]:
    """Return one of every ``every`` units, drawn at random."""
    codes = adcodes()
    return sorted(random.Random(seed).sample(codes, -(-len(codes) // every)))


def try_unit(adcode: str, folder: Path, *, builds: bool, example: bool = False) -> Tried:
    """Make the project of a unit, and check or build it."""
    china = load_china_gazetteer()
    name = china.name(china.row_by_id[adcode])
    try:
        project = load_project(new_project(adcode, folder, example=example).folder)
        if not builds:
            return Tried(adcode, name, tuple(find_faults(project)), 0)
        built = build(project)
        return Tried(adcode, name, built.warnings, built.page.stat().st_size)
    except DataFaults as error:
        return Tried(adcode, name, error.faults, 0)
    except QjmapError as error:
        return Tried(adcode, name, (), 0, error.line("en"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Try units, and print those with faults or warnings and the sizes of the pages; 1 if there is any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="check the projects, build none")
    parser.add_argument("--example", action="store_true", help="fill them with the example")
    given = parser.parse_args(arguments)
    sizes, wrong, begun = [], 0, time.process_time()
    for adcode in sample(given.every, given.seed):
        folder = Path(tempfile.mkdtemp())
        try:
            tried = try_unit(adcode, folder, builds=not given.check, example=given.example)
        finally:
            shutil.rmtree(folder)
        sizes.append(tried.size)
        for line in (*(fault.line("en") for fault in tried.faults), *filter(None, (tried.error,))):
            sys.stdout.write(f"{adcode} {tried.name}: {line}\n")
            wrong += 1
    kilobytes = [size / 1000 for size in sizes] or [0]
    seconds = (time.process_time() - begun) / max(len(sizes), 1)
    sys.stdout.write(
        f"{len(sizes)} units, {wrong} faults and warnings, {seconds:.2f} s of processor time each; pages of "
        f"{min(kilobytes):.0f} / {statistics.median(kilobytes):.0f} / {max(kilobytes):.0f} kB (least, middle, most)\n"
    )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
