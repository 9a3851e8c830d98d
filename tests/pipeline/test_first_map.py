"""The first map of a user elsewhere: a new project, rows written by hand with names only, one build."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from qjmap.cli.main import main
from qjmap.export.attribution import attribution
from qjmap.pipeline.load import load_atlas
from qjmap.project import load_project

FIRMS = ("甲乙", "丙丁", "戊己", "庚辛", "壬癸", "子丑")
PLACES = ("义乌市", "佛堂镇", "金华市", "东阳市", "杜伊斯堡")
AGREEMENTS = (
    "义乌市、马德里", "义乌市、杜伊斯堡", "义乌市、石柱土家族自治县", "义乌市、昆山市", "义乌市、济南市", "金华市、华沙", "义乌市、阿拉山口",
    "义乌市、塔什干", "东阳市、苏州", "义乌市、宁波市、杭州市",
)  # fmt: skip
CORRIDORS = {
    "国际班列（虚构）": ("义乌市", "西安市", "阿拉山口", "华沙", "杜伊斯堡", "马德里"),
    "海铁联运（虚构）": ("义乌市", "宁波市", "新加坡"),
}


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return int(ended.value.code or 0)


def append(file: Path, *rows: dict[str, str]) -> None:
    """Write rows below those of a table, as a person does who knows its Chinese headers."""
    with file.open("a", encoding="utf-8") as table:
        header = file.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        assert all(row.keys() <= {*header} for row in rows)
        table.writelines(",".join(row.get(head, "") for head in header) + "\n" for row in rows)


@pytest.fixture
def yiwu(tmp_path: Path) -> Path:
    """A new project with 30 sites, 10 agreements and 2 corridors of names only."""
    folder = tmp_path / "yiwu"
    assert run("new", "义乌市", "-o", folder) == 0
    names = [f"{firm}{kind}（虚构）" for firm in FIRMS for kind in ("机械厂", "物流园", "纺织厂", "研发中心", "仓库")]
    append(
        folder / "data" / "sites.csv",
        *({"名称": name, "类别": "企业", "所在地": PLACES[at % 5]} for at, name in enumerate(names)),
    )
    append(
        folder / "data" / "partnerships.csv",
        *({"名称": f"协议{at}（虚构）", "合作方": parties} for at, parties in enumerate(AGREEMENTS, 1)),
    )
    append(folder / "data" / "corridors.csv", *({"名称": name} for name in CORRIDORS))
    append(
        folder / "data" / "corridor_legs.csv",
        *(
            {"通道": name, "顺序": str(at), "起点": start, "终点": end, "方式": "铁路"}
            for name, stops in CORRIDORS.items()
            for at, (start, end) in enumerate(pairwise(stops), 1)
        ),
    )
    return folder


@pytest.mark.slow
def test_names_alone_give_the_whole_map_at_the_first_try(yiwu: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("build", yiwu, "--lang", "en") == 0
    assert "30 sites, 10 partnerships, 2 corridors" in capsys.readouterr().out
    atlas, warnings = load_atlas(load_project(yiwu))
    assert {warning.code for warning in warnings} <= {"no-source", "place-implied", "reference-named"}
    assert atlas.sites.geometry.notna().all()
    assert atlas.partnerships.geometry.notna().all()
    assert atlas.corridors.geometry.notna().all()
    assert atlas.corridor_legs.geometry.notna().all()
    places = atlas.places.set_index("name")
    assert places.loc["马德里"].geometry.x == pytest.approx(-3.7, abs=0.1)
    assert places.loc["杜伊斯堡"].geometry.x == pytest.approx(6.77, abs=0.1)
    assert list(places.loc[["马德里", "石柱土家族自治县", "佛堂镇"], "level"])[:2] == ["city", "district"]
    assert set(places["position_source"]) == {"cpca", "gazetteer"}
    assert any("GeoNames" in line for line in attribution(atlas))


def test_a_misspelt_partner_is_told_and_the_rest_is_drawn(yiwu: Path) -> None:
    append(yiwu / "data" / "places.csv", {"名称": "马德理", "来源": "units"})
    append(yiwu / "data" / "partnerships.csv", {"名称": "又一份协议", "合作方": "义乌市、马德理"})
    atlas, warnings = load_atlas(load_project(yiwu))
    (told,) = [warning for warning in warnings if warning.code == "place-unlocated"]
    assert "马德理" in told.line("zh")
    assert "1 项合作的连线" in told.line("zh")
    assert list(atlas.partnerships.geometry.isna()).count(True) == 1
