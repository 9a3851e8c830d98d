"""Positions of sites do not depend on the other rows of the frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qjmap.model.resolve_positions import site_positions
from qjmap.pipeline.load import load_atlas
from qjmap.pipeline.project_locator import project_locator
from qjmap.project import load_project
from qjmap.validation import check
from tests.validation.test_check_project import made


@pytest.mark.slow
@pytest.mark.parametrize("rows", [slice(None), slice(1, None, 2), slice(None, None, -1), slice(-3, None)])
def test_some_of_the_rows_lie_where_they_lie_among_all(region: Path, rows: slice) -> None:
    project = load_project(region)
    locator = project_locator(project)
    sites = load_atlas(project)[0].sites.drop(columns="geometry")
    sites["address"] = [f"重庆市綦江区{number}号" if number % 3 else "湖畔市" for number in range(len(sites))]
    sites["place"] = ["" if number % 2 else place for number, place in enumerate(sites["place"])]
    sites["part_of"] = [() for _ in range(len(sites))]
    sites["lon"], sites["lat"] = np.nan, np.nan
    everywhere = site_positions(sites, locator.places.project, lambda: locator)
    some = site_positions(sites.iloc[rows], locator.places.project, lambda: locator)
    assert np.isfinite(everywhere.lon).any()
    for name in ("lon", "lat", "radius_m"):
        np.testing.assert_array_equal(getattr(some, name), getattr(everywhere, name)[rows])
    assert list(some.position_of) == list(everywhere.position_of)[rows]


SITES = """id,name,place,address,source
a,甲,石柱县,石柱县黄水镇1号,s1
b,乙,石柱县,黄水镇2号,s1
c,丙,石柱县,四川省自贡市大安区,s1
d,丁,石柱县,重庆市石柱县,s1
e,戊,sz,石柱县黄水镇,s1
f,己,,石柱县黄水镇,s1
"""


@pytest.mark.parametrize("point", ["", "108.11,30.0,wgs84"])
def test_an_address_inside_the_place_says_where_in_it(tmp_path: Path, point: str) -> None:
    """Whether the place has coordinates or takes them from the gazetteer; an address elsewhere does not move the site."""
    places = f"id,name,kind,adcode,lon,lat,datum,source\nsz,石柱县,district,500240,{point or ',,'},s1\n"
    project = made(tmp_path, places=places, sites=SITES)
    sites = load_atlas(project)[0].sites
    assert list(sites["position_of"]) == ["500240105", "500240105", "sz", "sz", "500240105", "500240105"]
    assert list(sites["level"]) == ["town", "town", "district", "district", "town", "town"]
    (told,) = [fault for fault in check(project)[1] if fault.code == "address-outside"]
    assert (told.row, told.params["place"], told.params["lies"]) == (4, "石柱县", "四川省 自贡市 大安区")


def test_an_address_is_never_coarser_than_the_place(tmp_path: Path) -> None:
    places = "id,name,kind,parent,lon,lat,datum,precision,source\nsz,石柱县,district,,,,,,s1\nyq,某园,park,sz,108.2,30.1,wgs84,park,s1\n"
    sites = "id,name,place,address,source\na,甲,yq,石柱县黄水镇1号,s1\n"
    site = load_atlas(made(tmp_path, places=places, sites=sites))[0].sites.iloc[0]
    assert (site["level"], site["position_of"]) == ("park", "yq")


def test_places_without_coordinates_are_located_by_code_then_by_name(tmp_path: Path) -> None:
    places = (
        "id,name,kind,parent,adcode,precision,source\n"
        "a,某县,district,,500240,,s1\nb,鼓楼区,district,c,,,s1\nc,福州市,city,,,,s1\nd,鼓楼区,district,,,,s1\n"
        "e,自贡市,city,,,unresolved,s1\nf,义乌市,city,,,,s1\ng,某片区,area,c,,,s1\n"
    )
    atlas = load_atlas(made(tmp_path, places=places))[0].places.set_index("id")
    assert list(atlas["position_of"]) == ["500240", "350102", "350100", "", "", "330782", "c"]
    assert list(atlas["level"]) == ["district", "district", "city", "unresolved", "unresolved", "district", "city"]


def test_a_doubtful_address_is_no_position(tmp_path: Path) -> None:
    """Below the least score a place is a suggestion, in a build as in `locate`."""
    places = "id,name,kind,adcode,lon,lat,datum,source\nsz,石柱县,district,500240,,,,s1\n"
    sites = "id,name,place,address,source\na,甲,,东方水利,s1\nb,乙,,桐梓坡路1号,s1\nc,丙,,綦江一中,s1\n"
    located = load_atlas(made(tmp_path, places=places, sites=sites))[0].sites
    assert list(located["level"]) == ["unresolved", "unresolved", "district"]
