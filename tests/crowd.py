"""Make any number of invented sites with positions, like those in a register of enterprises, for tests and benchmarks of large tables."""

from __future__ import annotations

import random as chance

import geopandas as gpd
import numpy as np
import shapely

_WORDS = ("机械", "电子", "食品", "化工", "物流", "建材", "农业", "齿轮", "铝材", "能源")
_KINDS = ("有限公司", "制造厂", "股份有限公司", "合作社", "研究院")
_TOWNS = ("海口", "山城", "湖畔", "石桥", "新街", "东溪", "南坪", "北渡")
_CATEGORIES = (
    "enterprise",
    "organisation",
    "industrial-park",
    "logistics-park",
    "energy",
    "transport",
    "other",
    "school",
)
_STATUS = ("operating", "planned", "ended")
_HAN = range(0x4E00, 0x9FA5)


def invented_sites(count: int, *, random: bool = False, seed: int = 1) -> gpd.GeoDataFrame:
    """Return ``count`` sites around the invented region's towns as a frame of an atlas (EPSG:4326), sorted by id.

    Texts are made from templates, like those of registers, or (``random``) of characters drawn at random.
    """
    numbers, dice = np.random.default_rng(seed), chance.Random(seed)
    centres = numbers.uniform([100.0, 29.0], [102.5, 31.5], (40, 2))
    near = numbers.choice(40, count, p=numbers.dirichlet(np.full(40, 0.6)))
    points = np.round(centres[near] + numbers.normal(0, 0.15, (count, 2)), 6)

    def drawn(low: int, high: int) -> str:
        return "".join(map(chr, dice.choices(_HAN, k=dice.randint(low, high))))

    def name() -> str:
        signs = map(chr, dice.choices(_HAN, k=2))
        return f"{dice.choice(_TOWNS)}{''.join(signs)}{dice.choice(_WORDS)}{dice.choice(_KINDS)}"

    def description() -> str:
        return (
            f"{dice.choice(_TOWNS)}的{dice.choice(_WORDS)}企业，主要生产{dice.choice(_WORDS)}与{dice.choice(_WORDS)}产品，"
            f"年产值{dice.randint(1, 99999)}万元，员工{dice.randint(5, 999)}人，面向{dice.choice(_TOWNS)}与{dice.choice(_TOWNS)}市场"
        )

    def address() -> str:
        return f"{dice.choice(_TOWNS)}区{dice.choice(_TOWNS)}街道{dice.choice(_WORDS)}路{dice.randint(1, 999)}号{dice.randint(1, 30)}栋"

    texts = {
        "name": [drawn(8, 16) if random else name() for _ in range(count)],
        "address": [drawn(40, 60) if random else address() for _ in range(count)],
        "description": [drawn(40, 120) if random else description() for _ in range(count)],
    }
    years, months = numbers.integers(1990, 2024, count), numbers.integers(1, 13, count)
    same = {
        "name_en": "", "aliases": (), "status_note": "", "place": "harbour", "part_of": (), "operator": "", "precision": "site",
        "position_source": "", "position_locator": "", "end": "", "description_en": "", "url": "", "as_of": "2020-06",
        "source": "survey", "locator": "§1", "orig_datum": "wgs84", "level": "site", "radius_m": 200.0, "position_of": "",
    }  # fmt: skip
    columns = {
        "id": [f"s-{number:07d}" for number in range(count)],
        **texts,
        "category": [
            _CATEGORIES[one] for one in numbers.choice(8, count, p=[0.6, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05])
        ],
        "status": [_STATUS[one] for one in numbers.integers(0, 3, count)],
        "start": [f"{year}-{month:02d}" for year, month in zip(years, months, strict=True)],
        "orig_lon": [f"{value:.6f}" for value in points[:, 0]],
        "orig_lat": [f"{value:.6f}" for value in points[:, 1]],
        **{column: [value] * count for column, value in same.items()},
        "_row": range(count),
    }
    return gpd.GeoDataFrame(columns, geometry=shapely.points(points), crs="EPSG:4326")
