"""The gazetteer's files: columns as compact JSON, compressed; the same rows give the same bytes."""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import _gazetteer_sources as sources
import numpy as np
import shapely
from _gazetteer_units import Row
from _packages import Town, Unit
from pypinyin import lazy_pinyin

LEVELS: Final = ("country", "province", "city", "district", "development-zone", "airport", "port")
REGION: Final = ("50", "51", "52")
#: Tolerance of the polygons for points in degrees: finer in the region.
FINE, COARSE = 0.004, 0.01
VILLAGE_TIMES: Final = 5  # a village's name that so many villages have is ambiguous wherever it stands alone


def packed(value: Any) -> bytes:
    """Give compact JSON, compressed; the same value gives the same bytes."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8"), 9)


def units_file(rows: list[Row], simple: Mapping[str, str]) -> bytes:
    """Give the columns of the units and the index of their names."""
    number = {row.id: i for i, row in enumerate(rows)}
    index: dict[str, list[int]] = defaultdict(list)
    years = {}
    for i, row in enumerate(rows):
        for form, (kind, year) in row.forms.items():
            index[form].append(i * 4 + kind)
            if year:
                years[f"{form}|{i}"] = year
    return packed(
        {
            "id": [row.id for row in rows],
            "name": [row.name for row in rows],
            "level": [LEVELS.index(row.level) for row in rows],
            "parent": [number.get(row.parent, -1) for row in rows],
            "lon": [None if row.lon is None else round(row.lon * 1e5) for row in rows],
            "lat": [None if row.lat is None else round(row.lat * 1e5) for row in rows],
            "radius": [round(row.radius) for row in rows],
            "bbox": [[round(x * 1e3) for x in row.bbox] for row in rows],
            "until": {str(i): row.until for i, row in enumerate(rows) if row.until},
            "was_in": {str(i): [number[one] for one in sorted(row.was_in)] for i, row in enumerate(rows) if row.was_in},
            "origin": ",".join(row.origin for row in rows),
            "forms": list(index),
            "hits": [held[0] if len(held) == 1 else held for held in index.values()],
            "years": years,
            "simple": ["".join(simple), "".join(simple.values())],
        }
    )


def latin_file(rows: list[Row]) -> bytes:
    """Give the index of names in Latin letters, without gaps inside a name."""
    index: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        for form in sorted(row.latin):
            index[form].append(i)
    return packed({"forms": list(index), "hits": list(index.values())})


def towns_file(towns: Iterable[tuple[str, str, Town | None]]) -> bytes:
    """Give towns by county: names, three-digit codes, and points of those that have one."""
    counties: dict[str, list[tuple[str, str, Town | None]]] = defaultdict(list)
    for town in towns:
        counties[town[0][:6]].append(town)
    placed = [(code, place) for held in counties.values() for code, _, place in held if place]
    return packed(
        {
            "county": list(counties),
            "name": ["|".join(name for _, name, _ in held) for held in counties.values()],
            "code": ["".join(code[6:] for code, _, _ in held) for held in counties.values()],
            "point": {
                "code": [int(code) for code, _ in placed],
                "lon": [round(place.lon * 1e5) for _, place in placed],
                "lat": [round(place.lat * 1e5) for _, place in placed],
            },
        }
    )


def shapes_file(rows: dict[str, Row], shapes: dict[str, Unit]) -> bytes:
    """Give simplified polygons of today's counties: code, then rings as differences in 1e-3 degrees."""
    codes, rings = [], []
    held = [code for code in sorted(shapes) if code in rows and not rows[code].until]
    leaves = [
        c
        for c in held
        if rows[c].level == "district" or not any(r.parent == c and r.id in shapes for r in rows.values())
    ]
    for code in leaves:
        shape = shapely.simplify(shapes[code].geometry, FINE if code.startswith(REGION) else COARSE)
        outlines = []
        for part in shapely.get_parts(shape):
            for ring in (part.exterior, *part.interiors):
                xy = np.round(np.array(ring.coords)[:-1] * 1e3).astype(int)
                if len(xy) >= 3:
                    outlines.append(np.diff(xy, axis=0, prepend=[[0, 0]]).ravel().tolist())
        codes.append(code)
        rings.append(outlines)
    return packed({"code": codes, "rings": rings})


def villages_file(folder: Path, known: set[str]) -> bytes:
    """Give names that many villages have: how many, and up to four towns of the region (else of China) with one."""
    held: dict[str, list[str]] = defaultdict(list)
    for town, name in sources.villages(folder):
        for end in ("村民委员会", "社区居民委员会", "居民委员会", "社区居委会", "村委会", "委会", "民委员会"):
            if name.endswith(end):
                name = name.removesuffix(end) + ("社区" if "居" in end else "村" if end != "民委员会" else "")
                break
        name = name.replace("村村", "村").replace("社区社区", "社区")
        if 3 <= len(name) <= 5 and name.endswith(("村", "社区")):
            held[name].append(town)
    common = {}
    for name, towns in sorted(held.items()):
        if len(towns) >= VILLAGE_TIMES:
            near = sorted({one for one in towns if one in known}, key=lambda one: (not one.startswith(REGION), one))
            common[name] = [len(towns), *near[:4]]
    return packed(common)


def characters_file(text: set[str]) -> bytes:
    """Give what tells misspellings apart: characters that look like others, and syllables without tone."""
    alike = {wrong: right for wrong, right in sources.alike().items() if right}
    common = {character for character in map(chr, range(0x4E00, 0x9FA6)) if _in_gb2312(character)}
    syllables: dict[str, list[str]] = defaultdict(list)
    for character in sorted(common | text):
        sound = lazy_pinyin(character)[0]
        if sound.isascii():
            syllables[sound].append(character)
    return packed({"alike": alike, "sound": {sound: "".join(held) for sound, held in syllables.items()}})


def _in_gb2312(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False
