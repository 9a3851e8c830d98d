"""A project is found from its folder, its data folder or a file in that; its settings say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from qjmap.errors import DataFaults, UsageError
from qjmap.project import display_path, load_project

GOOD = 'id = "bay"\ntitle = "湾区"\n'


def made(folder: Path, settings: str | bytes = GOOD) -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "project.toml").write_bytes(settings if isinstance(settings, bytes) else settings.encode())
    return folder


def test_opened_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = made(tmp_path / "湾区 地图")
    for path in (root, root / "data", root / "data" / "project.toml", str(root)):
        assert load_project(path).root.resolve() == root.resolve()
    monkeypatch.chdir(root)
    assert load_project().settings.title == "湾区"
    monkeypatch.chdir(root / "data")
    assert load_project(".").root.resolve() == root.resolve()
    assert load_project("project.toml").root.resolve() == root.resolve()


def test_folders_and_names(tmp_path: Path) -> None:
    project = load_project(made(tmp_path))
    assert project.table_path("sites") == tmp_path / "data" / "sites.csv"
    assert project.geo == tmp_path / "geo"
    assert project.maps == tmp_path / "maps"
    assert project.display_path(project.table_path("sites")) == "data/sites.csv"
    assert display_path(Path("/elsewhere/a.csv"), tmp_path) == "/elsewhere/a.csv"


def test_all_settings(tmp_path: Path) -> None:
    text = GOOD + (
        'title_en = "Bay"\nlanguage = "en"\nas_of = 2021-04-13\nreview_number = "渝S(2021)001号"\nhome = "bay"\n'
        'region = [100, 20.5, 110, 30]\nopening = ["a", "b"]\nattribution = ["x", {zh = "甲", en = "one"}]\n'
    )
    settings = load_project(made(tmp_path, b"\xef\xbb\xbf" + text.encode())).settings
    assert settings.as_of == "2021-04-13"
    assert settings.region == (100.0, 20.5, 110.0, 30.0)
    assert settings.opening == ("a", "b")
    assert settings.attribution == (("x", "x"), ("甲", "one"))


def test_what_is_no_project(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none", "project-missing"), (tmp_path, "project-no-data")):
        with pytest.raises(UsageError) as caught:
            load_project(path)
        assert caught.value.code == code
    (tmp_path / "data").mkdir()
    with pytest.raises(UsageError) as caught:
        load_project(tmp_path)
    assert caught.value.code == "project-no-settings"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('id = "a"\n', ["setting-missing"]),
        ("", ["setting-missing", "setting-missing"]),
        (GOOD + 'colour = "red"\n', ["setting-unknown"]),
        (
            GOOD + 'language = "fr"\nregion = [1, 2]\nopening = "a"\n',
            ["setting-language", "setting-region", "setting-list"],
        ),
        (GOOD + "region = [110, 20, 100, 30]\n", ["setting-region"]),
        ('id = "a b"\ntitle = 3\n', ["setting-id", "setting-text"]),
        ("id = \n", ["toml-form"]),
        (b'id = "\xb2\xe2"\n', ["toml-not-utf8"]),
    ],
)
def test_faulty_settings_are_named_all_at_once(tmp_path: Path, text: str | bytes, codes: list[str]) -> None:
    with pytest.raises(DataFaults) as caught:
        load_project(made(tmp_path, text))
    assert [fault.code for fault in caught.value.faults] == codes


def faults_of(folder: Path, settings: str) -> list[tuple[str | None, str]]:
    with pytest.raises(DataFaults) as caught:
        load_project(made(folder, settings))
    assert all(fault.cure("zh") and fault.cure("en") for fault in caught.value.faults)
    return [(fault.value, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize("name", ["index", "Index", "con", "NUL", "com1", "LPT9", "aux", "prn", "COM0"])
def test_ids_that_no_page_can_bear(tmp_path: Path, name: str) -> None:
    assert faults_of(tmp_path / "own", f'id = "{name}"\ntitle = "x"\n') == [(name, "setting-id-taken")]
    assert faults_of(tmp_path / "view", GOOD + f'[[views]]\nid = "{name}"\ntitle = "x"\n') == [
        (name, "setting-id-taken")
    ]


def test_ids_are_not_too_long(tmp_path: Path) -> None:
    assert load_project(made(tmp_path / "good", f'id = "{"a" * 64}"\ntitle = "x"\n')).settings.id == "a" * 64
    assert faults_of(tmp_path / "own", f'id = "{"a" * 65}"\ntitle = "x"\n') == [("a" * 65, "setting-id-long")]
    assert faults_of(tmp_path / "view", GOOD + f'[[views]]\nid = "{"a" * 400}"\ntitle = "x"\n') == [
        ("a" * 400, "setting-id-long")
    ]


@pytest.mark.parametrize(
    ("own", "views"), [("bay", ["bay"]), ("bay", ["BAY"]), ("bay", ["a", "A"]), ("bay", ["x-y", "X-Y"])]
)
def test_no_page_replaces_another(tmp_path: Path, own: str, views: list[str]) -> None:
    text = f'id = "{own}"\ntitle = "x"\n' + "".join(f'[[views]]\nid = "{one}"\ntitle = "x"\n' for one in views)
    assert faults_of(tmp_path, text) == [(views[-1], "setting-view-twice")]


@pytest.mark.parametrize("name", ["a.", "a ", "a/b", "../a", "a:b", "中", "", "."])
def test_other_ids_are_no_names_of_files(tmp_path: Path, name: str) -> None:
    assert {code for _, code in faults_of(tmp_path, f'id = "{name.strip() or "/"}"\ntitle = "x"\n[[views]]\nid = "{name}"\ntitle = "x"\n')} <= {
        "setting-id", "setting-views", "setting-view-twice"}  # fmt: skip


def test_all_views_that_are_wrong_are_named(tmp_path: Path) -> None:
    text = GOOD + "".join(
        f"[[views]]\n{one}\n"
        for one in (
            'id = "con"\ntitle = "x"',
            'id = "a"',
            'id = "b"\ntitle = "x"\nlayers = ["roads"]',
            'id = "Bay"\ntitle = "x"',
        )
    )
    assert faults_of(tmp_path, text + "\n[page]\nrows = -1\n") == [
        ("con", "setting-id-taken"), ("a", "setting-views"), ("b", "setting-views"), ("{'rows': -1}", "setting-page"), ("Bay", "setting-view-twice")
    ]  # fmt: skip
