"""The list of rules that are checked before publication, each with the regulation on which it is based."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qjmap.errors import Fault
from qjmap.publish import map_rules, privacy_rules, table_rules
from qjmap.publish.project_data import ProjectData


@dataclass(frozen=True)
class Basis:
    """A regulation, or a rule of this program, on which rules are based.

    Attributes
    ----------
    zh, en : title and article, in Chinese and English.
    read : whether the author of the rule read the text of the article. If not, only its title and number were known, and the messages of
        faults state this.
    """

    zh: str
    en: str
    read: bool


BASES = {
    "content-3": Basis(
        "《公开地图内容表示规范》（自然资规〔2023〕2号）第三条、第五条",
        "Rules for the contents of public maps (MNR 2023 No. 2), articles 3 and 5", True,
    ),
    "regulation-review": Basis(
        "《地图管理条例》（国务院令第664号）关于地图审核和标注审图号的规定",
        "Map Management Regulations (State Council Decree 664), on review and its number", False,
    ),
    "regulation-secrecy": Basis(
        "《地图管理条例》（国务院令第664号）第三条：遵守有关保密法律、法规",
        "Map Management Regulations (State Council Decree 664), article 3: laws on secrecy", True,
    ),
    "surveying": Basis(
        "《中华人民共和国测绘法》（2017年修订）关于测绘基准和成果质量的规定",
        "Surveying and Mapping Law (2017), on datums and the quality of results", False,
    ),
    "personal": Basis("《中华人民共和国个人信息保护法》", "Personal Information Protection Law", False),
    "licence": Basis("各数据来源的许可条款", "The licences of the data drawn", False),
    "house": Basis(
        "本程序的规则：每条事实有来源，不把估计写成实测，不把预测写成事实",
        "A rule of this program: facts have sources, guesses are shown as such", True,
    ),
}  # fmt: skip
"""Key -> regulation."""


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    codes : codes of the faults that it finds.
    basis : key of its regulation in `BASES`.
    find : function that yields a fault for every violation.
    of_map : whether it concerns what the settings of the map's project alone decide, so that included projects are not checked.
    """

    codes: tuple[str, ...]
    basis: str
    find: Callable[[ProjectData], Iterable[Fault]]
    of_map: bool = False


RULES = (
    Rule(
        ("publish-review-missing", "publish-review-form", "publish-review-hidden"),
        "regulation-review",
        map_rules.review,
        of_map=True,
    ),
    Rule(("publish-border", "publish-territory"), "content-3", map_rules.territory),
    Rule(("publish-tiles",), "content-3", map_rules.foreign_tiles, of_map=True),
    Rule(("publish-datum",), "surveying", table_rules.datum),
    Rule(("publish-precision-source", "publish-precision-digits"), "surveying", table_rules.precision),
    Rule(("publish-schematic",), "surveying", map_rules.surveyed_lines),
    Rule(("publish-personal-column", "publish-personal-cell"), "personal", privacy_rules.personal),
    Rule(("publish-secret", "publish-classified"), "regulation-secrecy", privacy_rules.secrets),
    Rule(("publish-licence", "publish-credit"), "licence", table_rules.licences),
    Rule(("publish-source",), "house", table_rules.sources),
    Rule(("publish-forecast",), "house", table_rules.forecasts),
)
"""All rules, in the order in which they run."""
