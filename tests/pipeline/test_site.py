"""A folder for a web server: its files and addresses, the same bytes each time, and nothing of the project touched."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from qjmap.cli.main import main
from qjmap.errors import UsageError
from qjmap.pipeline.build import build
from qjmap.pipeline.site import build_site
from qjmap.project import load_project
from qjmap.report.headless_browser import VARIABLE
from tests.region import make_region

URL = "https://example.org/%E5%9C%B0%E5%9B%BE"
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_every_address_is_a_file_and_the_project_stays(region: Path, tmp_path: Path) -> None:
    old = make_region(tmp_path / "old")
    path = old / "data" / "partnerships.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",signed,", ",planned,", 1), encoding="utf-8")
    before, out = files_of(region), tmp_path / "site"
    site = build_site(load_project(region), out, url="https://example.org/地图/", since=str(old))
    assert files_of(region) == before
    assert {path.relative_to(out).as_posix() for path in site.files} == set(files_of(out))
    listed = [node.text or "" for node in ElementTree.parse(out / "sitemap.xml").iter(f"{_SITEMAP}loc")]
    assert listed[0] == f"{URL}/"
    for address in listed:
        assert (out / (address.removeprefix(f"{URL}/") or "index.html")).is_file()
    assert {"data/sites.geojson", "data/sources.csv", "data/datapackage.json"} <= {
        one.removeprefix(f"{URL}/") for one in listed
    }
    page = site.files[0].read_text(encoding="utf-8")
    tags = dict(re.findall(r'<meta property="(og:\w+)" content="([^"]*)">', page))
    assert tags["og:url"] == f"{URL}/"
    assert tags["og:title"] == load_project(region).settings.title
    assert "og:image" not in tags
    items = [node.findtext("title") or "" for node in ElementTree.parse(out / "feed.xml").iter("item")]
    assert items == ["“湾区—山城协议”（pact）的状态由“规划”变为“已签约”。"]


@pytest.mark.slow
def test_it_is_the_same_bytes_each_time_and_the_page_of_a_build_but_for_its_head(region: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        build_site(load_project(region), tmp_path / name, url=URL)
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")
    assert "feed.xml" not in files_of(tmp_path / "a")
    page = (tmp_path / "a" / "index.html").read_text(encoding="utf-8")
    plain = re.sub(
        r'<(?:meta|link) (?:name="description"|name="twitter:card"|rel="canonical"|property="og:)[^>]*>\n', "", page
    )
    assert plain == build(load_project(region)).page.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_picture_of_the_project_is_taken_where_no_browser_is(region: Path, tmp_path: Path) -> None:
    project = load_project(region)
    project.maps.mkdir()
    (project.maps / f"{project.settings.id}.png").write_bytes(b"picture")
    site = build_site(project, tmp_path / "site", url=URL)
    assert site.picture == "project"
    assert (tmp_path / "site" / "picture.png").read_bytes() == b"picture"
    assert f'<meta property="og:image" content="{URL}/picture.png">' in site.files[0].read_text(encoding="utf-8")


@pytest.mark.browser
def test_a_browser_draws_the_picture(region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "no Chromium on this machine: run `make browser` first; browser tests are never skipped"
    monkeypatch.setenv(VARIABLE, chromium)
    assert build_site(load_project(region), tmp_path / "site").picture == "browser"
    data = (tmp_path / "site" / "picture.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (1200, 630)


@pytest.mark.slow
def test_views_are_pages_behind_an_index(region: Path, tmp_path: Path) -> None:
    settings = region / "data" / "project.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + '\n[[views]]\nid = "hills"\ntitle = "山"\n', encoding="utf-8"
    )
    project = load_project(region)
    build_site(project, tmp_path / "site")
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    for name in (project.settings.id, "hills"):
        assert f'href="{name}.html"' in index
        assert (tmp_path / "site" / f"{name}.html").is_file()


def test_wrong_use_writes_nothing(region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = str(tmp_path / "site")
    for options in (["--site", site, "--out", site], ["--url", URL], ["--site", site, "--url", "example.org"]):
        with pytest.raises(SystemExit) as done:
            main(["build", str(region), *options])
        assert done.value.code == 2
    assert capsys.readouterr().err.count("--") >= 2
    with pytest.raises(UsageError):
        build_site(load_project(region), region / "data")
    assert not Path(site).exists()
