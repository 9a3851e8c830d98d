"""The rules of the check before publication, each with the regulation that it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qjmap.errors import Fault
from qjmap.publish import facts, map_content, privacy
from qjmap.publish.material import Material


@dataclass(frozen=True)
class Basis:
    """A regulation, or a rule of the house.

    Attributes
    ----------
    read : whether the text of the article was read when the rule was written; of the others the title and number are known only.
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
"""Regulations by key. Texts that could not be read are named, and said to be unread."""


@dataclass(frozen=True)
class Rule:
    """One rule: its codes, the regulation, and the function that finds what breaks it."""

    codes: tuple[str, ...]
    basis: str
    find: Callable[[Material], Iterable[Fault]]


RULES = (
    Rule(
        ("publish-review-missing", "publish-review-form", "publish-review-hidden"),
        "regulation-review",
        map_content.review,
    ),
    Rule(("publish-border", "publish-territory"), "content-3", map_content.territory),
    Rule(("publish-tiles",), "content-3", map_content.foreign_tiles),
    Rule(("publish-datum",), "surveying", facts.datum),
    Rule(("publish-precision-source", "publish-precision-digits"), "surveying", facts.precision),
    Rule(("publish-schematic",), "surveying", map_content.surveyed_lines),
    Rule(("publish-personal-column", "publish-personal-cell"), "personal", privacy.personal),
    Rule(("publish-secret", "publish-classified"), "regulation-secrecy", privacy.secrets),
    Rule(("publish-licence", "publish-credit"), "licence", facts.licences),
    Rule(("publish-source",), "house", facts.sources),
    Rule(("publish-forecast",), "house", facts.forecasts),
)
"""All rules, in the order of their findings within a file."""
