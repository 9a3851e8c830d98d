"""The invented region with columns that the user added to sites: numbers, dates, links, texts, empty and personal columns."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.region import make_region

SECRETS = ("023-99887766", "王保密", "13899887766", "50022219900101123X", "secret@example.cn", "不公开的话")
"""Contents of the columns that must not be published."""

COLUMNS: dict[str, list[str]] = {
    "职工人数": ["1234", "56", "", "7890", "12", "345"],
    "占地面积（亩）": ["12.5", "3", "", "1000.25", "7", "8"],
    "获批日期": ["2019-05-06", "2019-11", "2021", "", "2020/3/1", "2018"],
    "官方网页": ["https://example.cn/a?b=1", "www.example.com", "", "https://example.cn/c", "", ""],
    "评级": ["A", "B", "A", "", "C", "A"],
    "统一代码": ["0012", "0013", "0014", "0015", "0016", "0017"],
    "产品": ["变速器齿轮、主轴、同步器等汽车零部件，年产三百万件，" * 6, "铝型材", "", "", "<b>压铸件</b>", "铝型材"],
    "投资额": ["500", "12.5", "3000000000", "", "80", "1"],
    "编外人员": ["0", "1", "2", "", "", ""],
    "空列": [""] * 6,
    "规模": ["大", "小", "", "", "中", "小"],
    "网络": ["ftp://example.cn", "无", "", "", "", ""],
    "联系电话": [SECRETS[0], "110", "", "", "", ""],
    "联系人": [SECRETS[1], "", "", "", "", ""],
    "备用": [SECRETS[2], "", "", "", "", ""],
    "证件": [SECRETS[3], "", "", "", "", ""],
    "邮件": [SECRETS[4], "", "", "", "", ""],
    "内部": [SECRETS[5], "", "", "", "", ""],
}
HELD_BACK = ("联系电话", "联系人", "备用", "证件", "邮件", "内部")

SETTINGS = """
[columns.职工人数]
label = "在岗职工"
label_en = "Staff"
unit = "人"
filter = true
order = 1
[columns.评级]
label_en = "Rating"
filter = true
[columns.获批日期]
filter = true
[columns.sites.投资额]
unit = "万元"
[columns.内部]
hidden = true
"""


def make_own_region(folder: Path, *, repeat: int = 1, settings: str = SETTINGS) -> Path:
    """Write the region with these columns filled in its first sites; ``repeat`` multiplies the number of rows."""
    region = make_region(folder)
    path = region / "data" / "sites.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    own = list(zip(*COLUMNS.values(), strict=True))
    cells = [[*row, *(own[at] if at < len(own) else [""] * len(COLUMNS))] for at, row in enumerate(rows)]
    again = [
        [f"more-{number}-{at}", f"厂{number}号{at}", *row[2:]]
        for number in range(1, repeat)
        for at, row in enumerate(cells)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([[*header, *COLUMNS], *cells, *again])
    with (region / "data" / "project.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    return region
