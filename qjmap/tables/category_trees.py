"""Categories of places in the category trees of map services (Amap, Baidu) and tags of OpenStreetMap -> categories of the vocabulary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from qjmap.grammar import grammar
from qjmap.schema import fold
from qjmap.vocabulary import Vocabularies

_TAG = re.compile(r"([a-z_:]+)\s*=\s*([a-z0-9_;:.-]+)", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[;；>＞]\s*")
_ALTERNATIVES = re.compile(r"[|｜]")


def mapped_category(text: str, vocabularies: Vocabularies) -> str | None:
    """Return the category that a text of a map service means; None if it means none.

    The text may be a path in a category tree (公司企业;公司;机械电子), a tag (amenity=school), or the value of a tag (school). In a path the
    most specific level that the vocabulary or a tree has decides. Of several paths, separated by |, only the first counts.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if tag := _TAG.fullmatch(plain):
        values = _tags().get(tag[1].lower(), {})
        return next((values[value] for value in (*tag[2].lower().split(";"), "*") if value in values), None)
    path = [fold(level) for level in _SEPARATOR.split(_ALTERNATIVES.split(plain)[0]) if level.strip()]
    if not path:
        return None
    if path[0] in _roots():
        return _in_tree(path, vocabularies)
    return _values().get(plain.lower().replace(" ", "_")) if len(path) == 1 else None


def _in_tree(path: list[str], vocabularies: Vocabularies) -> str | None:
    """Return the category of a path of folded levels: of the deepest level that is a word of the vocabulary (except the first level) or the
    end of a path in a tree; None if no level is.
    """
    for depth in range(len(path), 0, -1):
        value = vocabularies.find(path[depth - 1], "category") if depth > 1 else None
        if value is None:
            value = _paths().get(tuple(path[:depth]))
        if value is not None:
            return value
    return None


@cache
def _paths() -> Mapping[tuple[str, ...], str]:
    """Map each path of all trees, as folded levels, to its category."""
    trees = grammar("category_trees")["paths"]
    return {
        tuple(fold(level) for level in path.split(";")): category
        for tree in trees.values()
        for category, paths in tree.items()
        for path in paths
    }


@cache
def _roots() -> frozenset[str]:
    """Return the folded first levels of all trees, including those that are mapped to no category."""
    return frozenset(path[0] for path in _paths()) | {fold(root) for root in grammar("category_trees")["roots"]}


@cache
def _tags() -> Mapping[str, Mapping[str, str]]:
    """Return key of an OpenStreetMap tag -> its value -> category; the value * stands for any other value."""
    tags: dict[str, dict[str, str]] = {}
    for category, named in grammar("category_trees")["tags"].items():
        for tag in named:
            key, _, value = tag.partition("=")
            tags.setdefault(key, {}).setdefault(value, category)
    return tags


@cache
def _values() -> Mapping[str, str]:
    """Map values of tags to categories: only values that mean the same category under every key, and no words that are too common to be
    understood without a key.
    """
    found: dict[str, set[str]] = {}
    for values in _tags().values():
        for value, category in values.items():
            found.setdefault(value, set()).add(category)
    left_out = {"*", *grammar("category_trees")["only_with_key"]}
    return {
        value: categories.pop() for value, categories in found.items() if len(categories) == 1 and value not in left_out
    }
