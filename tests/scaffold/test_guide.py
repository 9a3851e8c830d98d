"""The guide says what every table, column, word and setting means, and is the same wherever it stands."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from docs.make_guide import README, with_guide
from qjmap.cli.main import main
from qjmap.i18n import vocab
from qjmap.project import _DERIVED, Settings
from qjmap.scaffold import guide, new_project
from qjmap.schema import TABLES
from qjmap.vocabulary_settings import VOCABULARY_SETTINGS


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_column_and_setting_is_explained(lang: str) -> None:
    text = guide(lang)
    for table in TABLES.values():
        section = text.split(f"`{table.name}.csv`\n\n|")[1].split("\n### ")[0]
        for column in table.columns:
            assert f"`{column.name}` |" in section, (table.name, column.name)
    settings = {field.name for field in fields(Settings)} - {*_DERIVED} | {*VOCABULARY_SETTINGS}
    assert [name for name in settings if f"`{name}`" not in text] == []
    assert "${" not in text
    assert "$columns" not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_word_of_the_lists_stands_in_it(lang: str) -> None:
    text = guide(lang)
    used = {column.vocab for table in TABLES.values() for column in table.columns if column.vocab}
    assert [entry[lang] for name in used for entry in vocab()[name].values() if entry[lang] not in text] == []


def test_the_guide_command_prints_the_guide(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for lang in ("zh", "en"):
        with pytest.raises(SystemExit) as ended:
            main(["guide", "--lang", lang])
        assert ended.value.code == 0
        assert capsysbinary.readouterr().out.decode() == guide(lang)


def test_help_ends_with_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    for lang in ("zh", "en"):
        with pytest.raises(SystemExit):
            main(["--help", "--lang", lang])
        assert "qjmap guide" in " ".join(capsys.readouterr().out.splitlines()[-2:])


def test_new_projects_and_the_first_atlas_contain_the_guide(tmp_path: Path) -> None:
    made = new_project("义乌市", tmp_path / "p")
    assert (made.folder / "data" / "README.md").read_text(encoding="utf-8") == guide("zh")
    text = README.read_text(encoding="utf-8")
    assert text == with_guide(text), "run make guide"
