"""The tables: their columns, what a cell of each holds, and the headers under which people write them.

Everything that a reader, a check or an export has to know about a column stands here once. Nothing heavy is imported:
the command line asks this module before it knows whether there is any data to read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

ColumnType = Literal[
    "text",  # as it stands
    "texts",  # several texts, separated by |
    "id",  # the id of a row
    "ids",  # several ids, separated by |
    "roles",  # id:role, separated by |
    "date",  # ISO 8601, may stop at the year or the month
    "vocab",  # one value of a vocabulary
    "lon",  # degrees in the datum of the row
    "lat",
    "number",
    "integer",
    "url",
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    headers : other ways to write the header; the first is the Chinese label.
    refers : the tables one of whose ids a cell names; empty for any table (types "id", "ids" and "roles" only).
    """

    name: str
    type: ColumnType
    vocab: str | None = None
    required: bool = False
    headers: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The Chinese header."""
        return self.headers[0] if self.headers else self.name


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its file is `data/<name>.csv`."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the order in which the table is written."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)


LIST_SEPARATOR = "|"

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")

PRECISION_RADIUS_M: Mapping[str, float] = MappingProxyType(
    {
        # How far the true position may lie from the point given, as a radius in metres.
        "exact": 10.0,  # surveyed, or read off an entrance
        "site": 150.0,  # somewhere on the premises: half the diagonal of a larger factory
        "park": 2_000.0,  # somewhere in an industrial park of about 10 square kilometres
        "town": 6_000.0,  # a town or street of this region covers 60 to 150 square kilometres
        "district": 30_000.0,  # a district of Chongqing covers up to 3,000 square kilometres
        "city": 70_000.0,  # a prefecture of Sichuan or Guizhou covers 4,000 to 30,000 square kilometres
        "province": 300_000.0,
        "country": 2_000_000.0,
        "unresolved": float("inf"),  # the point says nothing
    }
)

DERIVED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "places": ("level", "radius_m", "position_of"),
        "sites": ("level", "radius_m", "position_of"),
        "partnerships": ("located", "length_km"),
        "corridors": ("modes", "grades", "length_km", "schematic_km", "legs"),
        "corridor_legs": ("grade", "length_km", "schematic_km", "line_source"),
    }
)
"""What an export adds to the rows of a table. A file that has all of these is one of our exports: they are worked out again."""

ORIGINAL: Mapping[str, str] = MappingProxyType({"orig_lon": "lon", "orig_lat": "lat", "orig_datum": "datum"})
"""Columns of an export that hold the cells as typed -> the columns of the table."""

LOCATED: Mapping[str, str] = MappingProxyType(
    {"level": "precision", "radius_m": "", "score": "", "place_id": "", "matched": "", "reason": ""}
)
"""What locating a file adds to its rows, and the column of the table that it fills: a position found by name is no surveyed one."""

ASKED: Mapping[str, str] = MappingProxyType({"provider_datum": "", "provider_reason": ""})
"""What locating adds with a provider and no table keeps: the position beside it is in WGS 84. `provider` and `asked_on` stay."""

FAULT_COLUMN = "错误"
"""Header of the column in which refused rows say what is wrong with them; readers pass over it."""

PAIR_HEADERS = (
    "经纬度", "坐标", "座标", "地理坐标", "位置坐标", "坐标位置", "经纬度坐标", "location", "coordinates", "coordinate", "coord",
    "coords", "lonlat", "lnglat", "latlon", "latlng", "lat_lon", "lng_lat", "geo", "gps", "point",
)  # fmt: skip
"""Headers of one column that holds longitude and latitude together, in either order."""

_ID = Column("id", "id", headers=("编号", "标识", "代码", "序列号", "编码", "ID号", "code", "identifier", "uid", "key"))
_NAME = Column(
    "name", "text", required=True,
    headers=("名称", "企业名称", "单位名称", "项目名称", "公司名称", "机构名称", "单位", "企业", "公司", "项目", "地名", "姓名", "名字",
             "中文名称", "中文名", "标题", "合作名称", "点位名称", "名称(中文)", "place_name", "title", "site", "company",
             "enterprise", "organisation", "organization", "name_zh", "name_cn", "label", "单位全称", "企业全称", "全称"),
)  # fmt: skip
_NAME_EN = Column(
    "name_en", "text",
    headers=("英文名称", "英文名", "外文名称", "名称(英文)", "english_name", "name_english", "english", "en_name", "name:en"),
)  # fmt: skip
_ALIASES = Column(
    "aliases",
    "texts",
    headers=("别名", "简称", "曾用名", "又名", "其他名称", "alias", "alt_name", "short_name", "other_names"),
)
_STATUS = Column(
    "status", "vocab", vocab="status",
    headers=("状态", "现状", "进展", "建设状态", "项目状态", "经营状态", "进度", "阶段", "state", "stage", "progress", "phase"),
)  # fmt: skip
_STATUS_NOTE = Column(
    "status_note", "text", headers=("状态说明", "进展说明", "进展情况", "现状说明", "status_remark", "status_comment")
)
_START = Column(
    "start", "date",
    headers=("开始日期", "开始", "起始日期", "开始时间", "起始时间", "成立日期", "成立时间", "签约日期", "签约时间", "签订日期",
             "投产日期", "投产时间", "日期", "时间", "start_date", "from_date", "since", "date", "signed_on", "begin"),
)  # fmt: skip
_END = Column(
    "end", "date",
    headers=("结束日期", "结束", "终止日期", "结束时间", "截止日期", "到期日期", "完成日期", "完成时间", "end_date", "to_date", "until"),
)  # fmt: skip
_DESCRIPTION = Column(
    "description", "text",
    headers=("说明", "描述", "简介", "内容", "介绍", "详情", "概况", "主要内容", "合作内容", "备注", "remark", "remarks", "comment",
             "details", "summary", "notes", "note"),
)  # fmt: skip
_DESCRIPTION_EN = Column("description_en", "text", headers=("英文说明", "英文描述", "英文简介", "description_english"))
_URL = Column(
    "url", "url", headers=("网址", "链接", "网站", "官网", "主页", "link", "website", "homepage", "web", "uri")
)
_PART_OF = Column(
    "part_of",
    "ids",
    headers=("属于", "隶属", "所属项目", "上级", "从属于", "所属", "partof", "belongs_to", "parent_project"),
)

_POSITION = (
    Column(
        "lon", "lon",
        headers=("经度", "东经", "东经度", "经", "x", "x坐标", "坐标x", "lng", "long", "longitude", "lon_deg", "point_x", "coord_x",
                 "e", "longtitude", "经度坐标", "经度值", "地理经度", "経度"),
    ),
    Column(
        "lat", "lat",
        headers=("纬度", "北纬", "北纬度", "纬", "y", "y坐标", "坐标y", "latitude", "lat_deg", "point_y", "coord_y", "n",
                 "latitute", "纬度坐标", "纬度值", "地理纬度"),
    ),
    Column(
        "datum", "vocab", vocab="datum",
        headers=("坐标系", "座标系", "坐标系统", "座标系统", "坐标基准", "大地基准", "基准", "坐标类型", "坐标来源系统", "crs", "srs",
                 "coordinate_system", "coordsys", "geodetic_datum"),
    ),
    Column(
        "precision", "vocab", vocab="precision",
        headers=("精度", "定位精度", "位置精度", "精确度", "accuracy", "position_precision", "location_precision"),
    ),
    Column(
        "position_source", "id", refers=("sources",),
        headers=("位置来源", "坐标来源", "定位来源", "coordinate_source", "location_source"),
    ),
    Column("position_locator", "text", headers=("位置出处", "坐标出处", "定位出处", "coordinate_locator", "location_locator")),
)  # fmt: skip

_AS_OF = Column(
    "as_of", "date", headers=("截至", "截至日期", "截至时间", "数据日期", "现状日期", "统计日期", "asof", "data_date")
)
_SOURCED = (
    _AS_OF,
    Column(
        "source", "id", refers=("sources",),
        headers=("来源", "资料来源", "数据来源", "出处", "信息来源", "依据", "sources", "reference", "data_source"),
    ),
    Column("locator", "text", headers=("来源位置", "出处位置", "页码", "段落", "章节", "page", "section", "paragraph")),
)  # fmt: skip

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            Table(
                "places",
                (
                    _ID,
                    _NAME,
                    _NAME_EN,
                    _ALIASES,
                    Column("kind", "vocab", vocab="place_kind",
                           headers=("类型", "类别", "地点类型", "级别", "层级", "type", "category", "class", "place_type")),
                    Column("parent", "id", refers=("places",),
                           headers=("上级地点", "上级", "所属地区", "隶属", "所在地区", "上级行政区", "parent_place", "within")),
                    Column("members", "ids", headers=("成员", "包含", "组成", "成员地点", "includes", "consists_of")),
                    Column("adcode", "text",
                           headers=("行政区划代码", "区划代码", "行政代码", "区划码", "ad_code", "admin_code", "gb")),
                    *_POSITION,
                    Column("valid_from", "date", headers=("起用日期", "设立日期", "设立时间", "启用日期", "established")),
                    Column("valid_to", "date", headers=("停用日期", "撤销日期", "撤销时间", "废止日期", "abolished")),
                    *_SOURCED,
                ),
            ),
            Table(
                "sites",
                (
                    _ID,
                    _NAME,
                    _NAME_EN,
                    _ALIASES,
                    Column("category", "vocab", vocab="category",
                           headers=("类别", "类型", "分类", "种类", "行业类别", "单位类型", "企业类型", "项目类型", "type", "kind", "class")),
                    _STATUS,
                    _STATUS_NOTE,
                    Column("place", "id", refers=("places",),
                           headers=("所在地", "所在区域", "地点", "所属区域", "所在园区", "园区", "区域", "所在地区", "所属地区", "区县",
                                    "located_in", "area", "district", "region")),
                    _PART_OF,
                    Column("operator", "text",
                           headers=("运营单位", "运营方", "经营单位", "运营商", "管理单位", "主体", "operated_by", "operator_name")),
                    Column("address", "text",
                           headers=("地址", "详细地址", "注册地址", "通讯地址", "单位地址", "企业地址", "经营地址", "办公地址", "住所", "位置",
                                    "addr", "street_address", "full_address")),
                    *_POSITION,
                    _START,
                    _END,
                    _DESCRIPTION,
                    _DESCRIPTION_EN,
                    _URL,
                    *_SOURCED,
                ),
            ),
            Table(
                "partnerships",
                (
                    _ID,
                    _NAME,
                    _NAME_EN,
                    _ALIASES,
                    Column("kind", "vocab", vocab="partnership_kind",
                           headers=("类型", "类别", "合作类型", "合作类别", "合作方式", "合作形式", "type", "category", "class")),
                    Column("parties", "ids",
                           headers=("合作方", "各方", "参与方", "合作单位", "签约方", "协议方", "合作双方", "partners", "participants")),
                    Column("roles", "roles", headers=("角色", "分工", "各方角色", "role")),
                    _PART_OF,
                    Column("about", "ids", headers=("涉及", "关于", "合作对象", "涉及对象", "标的", "concerns", "subject", "regarding")),
                    Column("direction", "vocab", vocab="direction", headers=("方向", "合作方向", "流向")),
                    _STATUS,
                    _STATUS_NOTE,
                    _START,
                    _END,
                    Column("value_cny", "number",
                           headers=("金额", "投资额", "总投资", "投资金额", "合同金额", "协议金额", "金额(元)", "投资", "value", "amount",
                                    "investment", "amount_cny", "value_rmb")),
                    Column("value_qualifier", "vocab", vocab="qualifier", headers=("金额限定", "金额说明", "约数", "amount_qualifier")),
                    _DESCRIPTION,
                    _DESCRIPTION_EN,
                    _URL,
                    *_SOURCED,
                ),
            ),
            Table(
                "corridors",
                (
                    _ID,
                    _NAME,
                    _NAME_EN,
                    _ALIASES,
                    _PART_OF,
                    Column("area", "id", refers=("places",), headers=("区域", "所在区域", "覆盖区域", "范围", "region")),
                    _STATUS,
                    _STATUS_NOTE,
                    _START,
                    _END,
                    _DESCRIPTION,
                    _DESCRIPTION_EN,
                    _URL,
                    *_SOURCED,
                ),
            ),
            Table(
                "corridor_legs",
                (
                    _ID,
                    Column("corridor", "id", required=True, refers=("corridors",), headers=("走廊", "通道", "所属通道", "所属走廊", "line")),
                    Column("seq", "integer", headers=("顺序", "序号", "次序", "顺序号", "order", "sequence", "no")),
                    Column("from", "id", refers=("places", "sites"), headers=("起点", "起始地", "始发", "origin", "from_place")),
                    Column("to", "id", refers=("places", "sites"), headers=("终点", "到达地", "目的地", "destination", "to_place")),
                    Column("via", "ids", refers=("places", "sites"), headers=("途经", "经由", "途经地", "through", "by_way_of", "via_places")),
                    Column("mode", "vocab", vocab="mode", headers=("方式", "运输方式", "交通方式", "运输类型", "transport", "transport_mode")),
                    Column("along", "vocab", vocab="network", headers=("依托网络", "沿线网络", "线路依据", "network", "follows")),
                    _STATUS,
                    Column("published_km", "number", headers=("公布里程", "里程", "长度", "里程(公里)", "长度(km)", "length_km", "distance_km")),
                    Column("length_source", "id", refers=("sources",), headers=("里程来源", "长度来源")),
                    *_SOURCED,
                ),
            ),
            Table(
                "indicators",
                (
                    _ID,
                    Column("subject", "id", headers=("对象", "主体", "所属对象", "指标对象", "of", "entity")),
                    Column("name", "text", required=True,
                           headers=("名称", "指标", "指标名称", "项目", "indicator", "indicator_name", "measure", "title", "label")),
                    _NAME_EN,
                    Column("kind", "vocab", vocab="indicator_kind", headers=("类型", "类别", "性质", "指标类型", "type", "category", "class")),
                    Column("qualifier", "vocab", vocab="qualifier", headers=("限定", "限定词", "约数", "修饰", "modifier")),
                    Column("value", "number", headers=("数值", "值", "指标值", "数量", "数据", "figure", "amount", "quantity")),
                    Column("unit", "text", headers=("单位", "计量单位", "units", "uom")),
                    Column("period", "text", headers=("时期", "期间", "年度", "年份", "时间", "统计期", "报告期", "year", "date")),
                    *_SOURCED,
                ),
            ),
            Table(
                "sources",
                (
                    _ID,
                    Column("title", "text", required=True, headers=("标题", "题名", "名称", "文件名称", "资料名称", "name", "document")),
                    Column("publisher", "text", headers=("发布单位", "发布机构", "出版者", "来源单位", "媒体", "published_by", "author")),
                    Column("published", "date", headers=("发布日期", "发布时间", "出版日期", "日期", "publication_date", "date", "year")),
                    _URL,
                    Column("accessed", "date", headers=("访问日期", "获取日期", "查阅日期", "access_date", "retrieved")),
                    Column("licence", "text", headers=("许可", "许可证", "授权", "版权", "license", "rights", "copyright")),
                    Column("note", "text", headers=("备注", "说明", "注", "附注", "notes", "remark", "comment", "description")),
                    _AS_OF,
                ),
            ),
        )
    }
)  # fmt: skip


SIMPLER = str.maketrans(  # characters of headers and vocabularies in which traditional writing differs; not a dictionary
    "稱業單類緯經標據狀態來說備註編號網項簡詳細負責資質產區園間開結束啟終運營幣額萬億數縣鎮鄉國際體機構組織協會場廠學醫廳飯館務貿易檢測試驗"
    "設規劃劃簽約協議聯盟點圖層參與關係對方雙單純現實預計劃勢倉儲鐵車車軌陸港樞紐輛電煤礦礦產線間貨發佈布權許證訪問時載別級屬總種話聯繫從內處號幾歷",
    "称业单类纬经标据状态来说备注编号网项简详细负责资质产区园间开结束启终运营币额万亿数县镇乡国际体机构组织协会场厂学医厅饭馆务贸易检测试验"
    "设规划划签约协议联盟点图层参与关系对方双单纯现实预计划势仓储铁车车轨陆港枢纽辆电煤矿矿产线间货发布布权许证访问时载别级属总种话联系从内处号几历",
)


_IGNORED = re.compile(r"[\s_\-‐-―·*:#'\"\u200b-\u200f\ufeff]+")
_TRADITIONAL = re.compile("[" + "".join(map(chr, SIMPLER)) + "]")


@cache
def _signs() -> list[str]:
    """The signs that a search in a long text looks for one by one, which is quicker there."""
    return [sign for sign in map(chr, range(0x10000)) if _IGNORED.match(sign)]


def fold(text: str) -> str:
    """A text as comparisons see it: full-width made half-width, lower case, no spaces, hyphens, underscores or marks of order, and
    the commonest traditional characters made simplified."""
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()
    if (len(plain) < 10_000 or any(sign in plain for sign in _signs())) and _IGNORED.search(plain):
        plain = _IGNORED.sub("", plain)
    return plain.translate(SIMPLER) if _TRADITIONAL.search(plain) else plain


_MARK = "\x01"  # between the texts of a column that is folded as one; nothing folds it away or into something else


def fold_all(texts: Sequence[str]) -> list[str]:
    """`fold` of each text, all of them at once where that is faster."""
    if len(texts) < 100:
        return [fold(text) for text in texts]
    folded = fold(_MARK.join(texts)).split(_MARK)
    return folded if len(folded) == len(texts) else [fold(text) for text in texts]
