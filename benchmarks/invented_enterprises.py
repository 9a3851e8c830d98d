"""Write the project of an invented register of enterprises, of any size. The same seed gives the same bytes.

    python benchmarks/invented_enterprises.py 1000000 build/register                    # descriptions from templates, as registers have them
    python benchmarks/invented_enterprises.py 1000000 build/register --text random      # descriptions of random characters without repetitions
    python benchmarks/invented_enterprises.py 1000 build/register --partnerships 10000 --seed 2 --without-ids

The table of sites has 12 columns, with names, addresses and descriptions (40 to 120 characters) in Chinese, and positions in WGS 84.
Addresses are mixed as in tables of offices (`addresses.py`): most name a county of China, near which the site lies, one in five names no
place, and one in ten lies abroad. With `make(addresses="invented")` all sites lie in 40 invented districts instead. `qjmap build FOLDER`
makes the map. All rows are invented.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, too
from benchmarks.addresses import mixed_addresses

COLUMNS = (
    "id",
    "name",
    "category",
    "status",
    "place",
    "address",
    "lon",
    "lat",
    "datum",
    "start",
    "description",
    "source",
)
PART = 50_000  # number of rows that are made and written at once

_SHIRES = "东南西北上下大小新古"
_WATERS = ("河", "溪", "湾", "山")
_WORDS = (
    "宏达",
    "鑫源",
    "永盛",
    "华泰",
    "恒丰",
    "瑞祥",
    "金桥",
    "天成",
    "博远",
    "长兴",
    "嘉禾",
    "立信",
    "德昌",
    "众合",
    "安顺",
    "启明",
)
_TRADES = (
    ("机械制造", "齿轮、传动轴和变速箱壳体"), ("建材", "预拌混凝土、砌块和装配式构件"), ("农业开发", "辣椒、花椒和高山蔬菜"),
    ("物流", "城乡配送、仓储和冷链运输"), ("电子科技", "线路板、传感器和智能电表"), ("食品", "米粉、酱菜和调味品"),
    ("新能源", "锂电池材料、储能柜和充电桩"), ("商贸", "五金、家电和日用百货批发"), ("旅游", "景区、民宿和户外营地"),
    ("环保工程", "污水处理、固废回收和生态修复"), ("纺织", "工作服、家纺和产业用布"), ("医药", "中药饮片、原料药和医疗器械"),
)  # fmt: skip
_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "合作社", "厂")
_CATEGORIES = (
    "enterprise",
    "organisation",
    "industrial-park",
    "logistics-park",
    "hotel",
    "school",
    "hospital",
    "energy",
    "transport",
    "other",
)
_SHARES = (0.82, 0.05, 0.01, 0.02, 0.02, 0.02, 0.01, 0.02, 0.02, 0.01)
_STATUSES = ("operating", "under-construction", "signed", "planned", "proposed", "ended")
_ROADS = ("人民路", "建设路", "工业大道", "滨河路", "解放街", "创新一路", "园区东路", "老街")
_TAILS = (
    "", "，现有职工{n}人", "，现有职工{n}人，厂房面积{m}平方米", "，年销售额约{n}万元，产品销往周边各省",
    "，现有职工{n}人，年销售额约{m}万元，已通过质量管理体系认证，产品销往周边各省和沿海地区",
)  # fmt: skip
_HAN = np.arange(0x4E00, 0x4E00 + 6000, dtype=np.uint32)  # as many different characters as a newspaper uses, and more

Text = Literal["templates", "random"]
Addresses = Literal["invented", "mixed"]


def make(
    rows: int, folder: Path, *, text: Text = "templates", seed: int = 1, partnerships: int = 12, with_ids: bool = True,
    addresses: Addresses = "invented",
) -> Path:  # fmt: skip
    """Write the project and return its folder.

    Parameters
    ----------
    rows : number of sites.
    text : "templates" or "random", see the module.
    partnerships : number of partnerships; with 0 there is no such table.
    with_ids : whether the sites have ids; otherwise the program makes them.
    addresses : "mixed" or "invented", see the module.
    """
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(seed)
    places = _places(draw)
    _write(data / "places.csv", ("id", "name", "kind", "parent", "adcode", "lon", "lat", "datum", "source"), places)
    _write(data / "sites.csv", COLUMNS, _sites(draw, rows, places[1:], text, with_ids, addresses))
    sources = [("register", "虚构企业名录 Invented register", "无", "2021", "CC0-1.0")]
    _write(data / "sources.csv", ("id", "title", "publisher", "published", "licence"), sources)
    if partnerships:
        columns = ("id", "name", "kind", "parties", "status", "start", "source")
        _write(
            data / "partnerships.csv", columns, _partnerships(draw, partnerships, rows if with_ids else 0, places[1:])
        )
    (data / "project.toml").write_text(
        'id = "register"\ntitle = "虚构企业名录"\ntitle_en = "Invented register"\nas_of = "2021-06"\nhome = "d00"\n'
        'region = [103.0, 26.0, 111.0, 33.0]\nopening = ["d00", "d09", "d30", "d39"]\n',
        encoding="utf-8",
    )
    return folder


def _places(draw: np.random.Generator) -> list[tuple[object, ...]]:
    """Return the rows of places: an invented province, and 40 districts in an irregular grid."""
    rows: list[tuple[object, ...]] = [("p", "虚江省", "province", "", "990000", 107.0, 29.5, "wgs84", "register")]
    for at in range(40):
        lon, lat = 104.6 + at % 10 * 0.55 + draw.normal(0, 0.06), 27.8 + at // 10 * 1.1 + draw.normal(0, 0.1)
        name = f"{_SHIRES[at % 10]}{_WATERS[at // 10]}区"
        rows.append(
            (f"d{at:02}", name, "district", "p", f"99{at + 1:02}00", f"{lon:.6f}", f"{lat:.6f}", "wgs84", "register")
        )
    return rows


def _sites(
    draw: np.random.Generator, rows: int, places: Sequence[tuple[object, ...]], text: Text, with_ids: bool,
    addresses: Addresses,
) -> Iterator[tuple[object, ...]]:  # fmt: skip
    centres = np.array([[float(str(place[5])), float(str(place[6]))] for place in places])
    crowds = draw.dirichlet(np.full(len(places), 0.8))
    for start in range(0, rows, PART):
        count = min(PART, rows - start)
        where = draw.choice(len(places), count, p=crowds)
        points = centres[where] + draw.standard_t(3, (count, 2)).clip(-12, 12) * (0.06, 0.05)
        kinds = draw.choice(len(_CATEGORIES), count, p=_SHARES)
        states = draw.choice(len(_STATUSES), count, p=(0.8, 0.05, 0.02, 0.04, 0.02, 0.07))
        trades, words, forms, roads = (draw.integers(0, len(one), count) for one in (_TRADES, _WORDS, _FORMS, _ROADS))
        days = np.datetime64("1984-01-01") + draw.integers(0, 13_500, count)
        numbers, houses = draw.integers(5, 2000, (count, 2)), draw.integers(1, 400, count)
        tails = draw.integers(0, len(_TAILS), count)
        lengths = draw.integers(40, 121, count)
        mixed = iter(mixed_addresses(np.random.default_rng(start), count)) if addresses == "mixed" else None
        letters = (
            iter(draw.choice(_HAN, int(lengths.sum())).tobytes().decode("utf-32-le")) if text == "random" else iter("")
        )
        for at in range(count):
            place, trade = str(places[where[at]][1]), _TRADES[trades[at]]
            x, y, within = *points[at], str(places[where[at]][0])
            name = f"虚江省{place}{_WORDS[words[at]]}{start + at}{trade[0]}{_FORMS[forms[at]]}"
            address = f"虚江省{place}{_ROADS[roads[at]]}{houses[at]}号"
            if mixed is not None:
                name = f"{place[:2]}{_WORDS[words[at]]}{_TRADES[trades[at]][0]}{start + at}{_FORMS[forms[at]]}"
                address, point = (one := next(mixed)).text, one.point
                if point is not None:
                    (x, y), within = point, ""
            if text == "random":
                description = "".join(next(letters) for _ in range(lengths[at]))
            else:
                description = f"主要从事{trade[1]}的生产、加工与销售，注册资本{numbers[at, 0]}万元，位于{address}"
                description = (description + _TAILS[tails[at]].format(n=numbers[at, 1], m=numbers[at, 0] * 7))[
                    :119
                ].ljust(39, "。") + "。"
            yield (
                f"s{start + at}" if with_ids else "", name, _CATEGORIES[kinds[at]], _STATUSES[states[at]], within,
                address, f"{x:.6f}", f"{y:.6f}", "wgs84", days[at], description, "register",
            )  # fmt: skip


def _partnerships(
    draw: np.random.Generator, count: int, sites: int, places: Sequence[tuple[object, ...]]
) -> Iterator[tuple[object, ...]]:
    for at in range(count):
        one, other = draw.choice(len(places), 2, replace=False)
        party = f"s{draw.integers(0, sites)}" if sites and at % 2 else places[one][0]
        yield (
            f"w{at}",
            f"合作{at}",
            "agreement",
            f"{party}|{places[other][0]}",
            "signed",
            f"{2000 + at % 21}",
            "register",
        )


def _write(
    path: Path, columns: Sequence[str], rows: Iterator[tuple[object, ...]] | Sequence[tuple[object, ...]]
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--text", choices=("templates", "random"), default="templates")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--partnerships", type=int, default=12)
    parser.add_argument("--addresses", choices=("mixed", "invented"), default="mixed")
    parser.add_argument("--without-ids", action="store_true", help="leave the ids to the program")
    options = parser.parse_args()
    make(
        options.rows,
        options.folder,
        text=options.text,
        seed=options.seed,
        partnerships=options.partnerships,
        with_ids=not options.without_ids,
        addresses=options.addresses,
    )


if __name__ == "__main__":
    main()
