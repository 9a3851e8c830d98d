"""Names that are open are listed; an answer is kept as a row or an alias, and undone like any change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qjmap.cli import resolve_command
from qjmap.edit import resolve_names, undo
from qjmap.errors import UsageError
from qjmap.project import Project
from tests.commands import run_command
from tests.validation.test_check_project import made

pytestmark = pytest.mark.slow

SITES = "id,name,place,source\na,甲,鼓楼区,s1\nb,乙,海湾某园,s1\nc,丙,自贡市,s1\nd,丁,鼓楼区,s1\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made(tmp_path, sites=SITES, partnerships="id,name,parties,source\np,一,鼓楼区|海湾公司,s1\n")


def table(project: Project, name: str) -> str:
    return project.table_path(name).read_text(encoding="utf-8")


def test_open_names_are_listed_with_what_they_may_be(project: Project) -> None:
    report = resolve_names(project)
    assert [question.name for question in report.open] == ["鼓楼区", "海湾某园", "海湾公司"]
    first = report.open[0]
    assert [(mention.file, mention.rows) for mention in first.mentions] == [
        ("data/sites.csv", (2, 5)), ("data/partnerships.csv", (2,))
    ]  # fmt: skip
    assert ("320106", "江苏省 南京市", "district") in [(one.code, one.areas, one.kind) for one in first.candidates]
    assert "鼓楼区（江苏省南京市） 320106" in report.summary("zh")


def test_of_very_many_open_names_the_first_are_listed(tmp_path: Path) -> None:
    rows = "".join(f"s{at},厂{at},无名镇{at},s1\n" for at in range(100))
    report = resolve_names(made(tmp_path, sites=f"id,name,place,source\n{rows}"))
    lines = report.summary("zh").splitlines()
    assert len(report.open) == 100
    assert len(lines) < 60
    assert lines[-2:] == [
        "另有 60 个没有列出；加 --json 全部列出。",
        "还有 100 个名称没有选定；可以用 --answer 名称=代码 回答。",
    ]


@pytest.mark.slow
def test_a_code_adds_a_row_and_a_row_gets_an_alias(project: Project) -> None:
    places, sites = table(project, "places"), table(project, "sites")
    report = resolve_names(project, {"鼓楼区": "320106", "海湾某园": "qijiang", "海湾公司": "甲"})
    assert report.added == ["gulouqu"]
    assert report.open == []
    added = table(project, "places").splitlines()
    assert added[1].startswith("qijiang,綦江区,綦江|綦江县|海湾某园,")
    assert added[3].split(",")[:2] == ["gulouqu", "鼓楼区"]
    assert "320106" in added[3]
    assert "海湾公司" in table(project, "sites").splitlines()[1]
    assert resolve_names(project).open == []
    assert undo(project).done
    assert (table(project, "places"), table(project, "sites")) == (places, sites)


def test_a_name_of_the_gazetteer_is_an_answer_too(project: Project) -> None:
    assert resolve_names(project, {"鼓楼区": "南京市鼓楼区"}).added == ["gulouqu"]


def test_what_the_gazetteer_took_can_be_corrected(project: Project) -> None:
    report = resolve_names(project, {"自贡市": "cq"})
    assert report.settled == {"自贡市": "重庆市（cq）"}
    assert "重庆|自贡市" in table(project, "places")


def test_without_a_table_of_places_one_is_made(project: Project) -> None:
    project.table_path("places").unlink()
    assert resolve_names(project, {"鼓楼区": "350102"}).added == ["gulouqu"]
    assert table(project, "places").startswith("id,name,")
    assert undo(project).done
    assert not project.table_path("places").exists()


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"不在表里": "320106"}, "resolve-name"),
        ({"鼓楼区": "320106", "海湾某园": "不知道的地方"}, "resolve-answer"),
        ({"鼓楼区": "和平区"}, "resolve-answer"),
    ],
)
def test_a_wrong_answer_changes_nothing(project: Project, answers: dict[str, str], code: str) -> None:
    before = table(project, "places")
    with pytest.raises(UsageError) as raised:
        resolve_names(project, answers)
    assert raised.value.code == code
    assert table(project, "places") == before


@pytest.mark.slow
def test_the_command_lists_and_answers(project: Project) -> None:
    listed = run_command("resolve", "--json", cwd=project.root)
    assert [question["name"] for question in json.loads(listed.stdout)["open"]] == ["鼓楼区", "海湾某园", "海湾公司"]
    done = run_command("resolve", "--answer", "鼓楼区=320106", "--lang", "zh", cwd=project.root)
    assert done.returncode == 0
    assert "撤销：qjmap undo" in done.stdout
    assert "还有 2 个名称" in done.stdout
    assert run_command("resolve", "--answer", "鼓楼区", cwd=project.root).returncode == 2


@pytest.mark.slow
def test_on_a_terminal_each_name_is_asked_for(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve_command, "is_terminal", lambda: True)
    answers = iter(["9", "1", "", "a"])
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(answers))
    done = run_command("resolve", "--lang", "zh", cwd=project.root)
    assert done.returncode == 0, done.stderr
    assert "请输入 1 到 4 的序号" in done.stdout
    assert "320106" in table(project, "places")
    assert [question.name for question in resolve_names(project).open] == ["海湾某园"]
