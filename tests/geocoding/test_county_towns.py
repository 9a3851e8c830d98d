"""Towns are found inside their county by their names with and without suffix, the longest first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qjmap.geocoding import OfflineLocator
from qjmap.geocoding.china_gazetteer import ALIAS, EXACT, SHORT, TOWN_SUFFIXES, load_china_gazetteer, town_stem
from qjmap.geocoding.county_towns import CountyTowns
from qjmap.geocoding.name_boundaries import skip_gap
from tests.properties import examples

LOCATOR = OfflineLocator(suggests=False)
CHINA = load_china_gazetteer()
COUNTIES = [row for row in range(len(CHINA.ids)) if CHINA.kind(row) == "district" and CHINA.towns_of(row)]


def one_by_one(county: int, text: str) -> tuple[int, str] | None:
    """The kind and length of the longest form at the beginning of a text, by going through all towns."""
    found: list[tuple[int, int, str]] = []
    for name, _ in CHINA.towns_of(county):
        stem = town_stem(name)
        if text.startswith(name):
            found.append((len(name), EXACT, name))
        if stem != name and text.startswith(stem):
            rest = text[len(stem) :]
            if not rest or skip_gap(rest, 0):
                found.append((len(stem), SHORT, stem))
            suffix = next((one for one in TOWN_SUFFIXES if rest.startswith(one)), "")
            if suffix and not text.startswith(name):
                found.append((len(stem), ALIAS, stem + suffix))
    if not found:
        return None
    _, kind, form = max(found, key=lambda one: (one[0], one[1] == EXACT, len(one[2])))
    return kind, form


@examples(300)
@given(
    st.sampled_from(COUNTIES), st.data(), st.sampled_from(["", "镇", "街道", "乡", "人民路1号", " 1号", "（东）", "村"])
)
def test_match_finds_what_going_through_all_towns_finds(county: int, data: st.DataObject, tail: str) -> None:
    name = data.draw(st.sampled_from([name for name, _ in CHINA.towns_of(county)]))
    text = data.draw(st.sampled_from([name, town_stem(name)])) + tail
    expected, found = one_by_one(county, text), CountyTowns(CHINA, (county,)).match(text, 0)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert (found[0][0][1], found[1]) == expected


def test_a_name_that_holds_the_beginning_of_a_gap_word_is_found_whole() -> None:
    """市 begins 市辖区, which stands between names; in 东花市 and 唐自头 it is a part of the name."""
    for name, county in (("东花市", "东城区"), ("唐自头", "玉田县"), ("市府东路", "昆都仑区")):
        rows = [
            row
            for row in COUNTIES
            if CHINA.name(row) == county and name in {town_stem(one) for one, _ in CHINA.towns_of(row)}
        ]
        assert rows, county
        found = CountyTowns(CHINA, tuple(rows)).match(name, 0)
        assert found is not None and found[1] == name


def test_the_towns_with_the_longest_names_are_found_by_them() -> None:
    names = {name: code // 1000 for county in COUNTIES for name, code in CHINA.towns_of(county)}
    longest = max(map(len, names))
    assert CHINA.longest_town == longest
    for name in (name for name in names if len(name) >= longest - 2):
        for text in (name, f"{name}人民路1号", f"{CHINA.name(CHINA.parent(CHINA.row_by_id[str(names[name])]))}{name}"):
            best = LOCATOR.locate(text).best
            assert best is not None, text
            assert best.name == name
