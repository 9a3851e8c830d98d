"""Contents of the opening card: four numbers, and chapters, each of which sets layers, filter and view of the page.

A project defines its chapters as `[[views]]` in the settings; otherwise they are made from its tables: the home place, the partners with
most partnerships, the corridors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qjmap.i18n import LANGS, text
from qjmap.model.atlas import Atlas
from qjmap.model.relations import Relations, joint_rows, key_numbers
from qjmap.page.opening_view import opening_view
from qjmap.setting_values import View

MOST_PARTNERS = 3
"""Maximum number of chapters about partners, if a project defines no chapters."""
MOST_NAMES = 3
"""Maximum number of names in a line of a chapter."""

Bilingual = dict[str, str]


def story(atlas: Atlas, relations: Relations) -> dict[str, Any]:
    """Return the numbers and chapters of an atlas, as values for JSON."""
    written = [_written(atlas, view) for view in atlas.project.settings.views]
    return {"numbers": key_numbers(atlas, relations), "chapters": written or list(_derived(atlas, relations))}


def _chapter(
    identifier: str, title: Bilingual, lines: Sequence[Bilingual], bounds: Sequence[Sequence[float]],
    layers: Sequence[str] = (), chosen: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    filters = {column: list(values) for column, values in (chosen or {}).items()}
    return {
        "id": identifier,
        "title": title,
        "lines": list(lines),
        "bounds": bounds,
        "layers": list(layers),
        "filter": filters,
    }


def _written(atlas: Atlas, view: View) -> dict[str, Any]:
    """Return the chapter that a project defines by a view."""
    lines = view.lines or view.lines_en
    others = view.lines_en or view.lines
    pairs = [{"zh": zh, "en": en} for zh, en in zip(lines, others, strict=True)]
    title = {"zh": view.title, "en": view.title_en or view.title}
    return _chapter(view.id, title, pairs, opening_view(atlas, view.opening)[0], view.layers, view.filter)


def _derived(atlas: Atlas, relations: Relations) -> Iterator[dict[str, Any]]:
    """Yield the chapters of an atlas whose project defines none: an overview, the main partners, the corridors."""
    names = _names(atlas)
    home = atlas.project.settings.home
    counted = key_numbers(atlas, relations)
    if home in names:
        everything = _in_both("story.overview", **counted)
        yield _chapter("home", names[home], [everything], opening_view(atlas)[0])
    placed = set(atlas.places["id"][~atlas.places.geometry.isna()])
    main = (
        [(one, shared.rows) for one, shared in relations.partners(home) if one in placed]
        if home in relations.links
        else []
    )
    for partner, rows in main[:MOST_PARTNERS]:
        counts = {"total": len(rows), "joint": len(joint_rows(atlas, rows))}
        bounds, _ = opening_view(atlas, [home, partner])
        lines = [_in_both("story.partner", **counts), _first_names(atlas, rows)]
        yield _chapter(f"partner-{partner}", names[partner], lines, bounds, chosen={"partner": [partner]})
    if len(atlas.corridors):
        named = _listed([*atlas.corridors["name"]], [*atlas.corridors["name_en"]])
        title = _in_both("story.corridors")
        yield _chapter("corridors", title, [named], _bounds_of_corridors(atlas), ("places", "corridors"))


def _bounds_of_corridors(atlas: Atlas) -> list[list[float]]:
    """Return [[south, west], [north, east]] in degrees of the lines of the corridors; of the opening view if there are none."""
    lines = atlas.corridors.geometry.dropna()
    if not len(lines):
        return opening_view(atlas)[0]
    west, south, east, north = (round(float(side), 5) for side in lines.total_bounds)
    return [[south, west], [north, east]]


def _in_both(key: str, **values: object) -> Bilingual:
    """Return the text with a key in both languages: {"zh": text, "en": text}."""
    return {lang: text(key, lang, **values) for lang in LANGS}


def _names(atlas: Atlas) -> dict[str, Bilingual]:
    """Return id of a place -> its names, {"zh": name, "en": English name, else the Chinese one}."""
    places = zip(atlas.places["id"], atlas.places["name"], atlas.places["name_en"], strict=True)
    return {identifier: {"zh": name, "en": name_en or name} for identifier, name, name_en in places}


def _first_names(atlas: Atlas, rows: Sequence[int]) -> Bilingual:
    """Return the names of the first of the given partnerships as one line, with joint projects before others (see `_listed`)."""
    joint = joint_rows(atlas, rows)
    chosen = [*joint, *(row for row in rows if row not in set(joint))]
    frame = atlas.partnership_rows.iloc[chosen]
    return _listed([*frame["name"]], [*frame["name_en"]])


def _listed(names: Sequence[str], names_en: Sequence[str]) -> Bilingual:
    """Return the first `MOST_NAMES` names as one line in each language; a missing English name is replaced by the Chinese one."""
    pairs = [(name, name_en or name) for name, name_en in zip(names, names_en, strict=True)]
    line = {
        "zh": "、".join(name for name, _ in pairs[:MOST_NAMES]),
        "en": "; ".join(name for _, name in pairs[:MOST_NAMES]),
    }
    if len(pairs) > MOST_NAMES:
        return {lang: text("story.and_more", lang, names=line[lang], total=len(pairs)) for lang in LANGS}
    return line
