"""Run the rules of publication on a project, and write the line on the map that states that the project has passed them."""

from __future__ import annotations

from collections.abc import Iterator

from qjmap.errors import Fault
from qjmap.i18n import text
from qjmap.included_projects import included_projects, walk
from qjmap.project import Project
from qjmap.publish.project_data import ProjectData
from qjmap.publish.rules import BASES, RULES
from qjmap.validation import check


def find(project: Project, *, with_pages: bool = True) -> list[Fault]:
    """Return the faults for which a map must not be published: those of its tables if there are any, else those that the rules find.

    The tables and the geometry of included projects are checked too, since the map shows them. Each fault of a rule names the regulation
    on which it is based. Warnings are not returned.

    Parameters
    ----------
    with_pages : whether to check the built pages in the project's ``maps`` too; False during a build, which replaces them.
    """
    data = ProjectData(project, check(project), with_pages)
    if stopping := [fault for fault in data.checked.faults if fault.severity == "fault"]:
        return stopping
    top, _ = included_projects(project)  # its faults are in `stopping`
    faults = list(_violations(data))
    for node in walk(top):
        if node is not top:
            faults += _violations(ProjectData(node.project, check(node.project), with_pages=False, is_included=True))
    return sorted(
        faults, key=lambda fault: (fault.file, fault.row or 0, fault.column or "", fault.code, fault.value or "")
    )


def _violations(data: ProjectData) -> Iterator[Fault]:
    """Yield the faults that the rules find in one project, each with the regulation on which it is based as the parameter ``basis``."""
    for rule in RULES:
        if rule.of_map and data.is_included:
            continue
        basis = BASES[rule.basis]
        words = {
            lang: getattr(basis, lang) + ("" if basis.read else text("publish.unread", lang)) for lang in ("zh", "en")
        }
        for fault in rule.find(data):
            params = {**fault.params, "basis": words}
            yield Fault(fault.file, fault.row, fault.column, fault.value, fault.code, params)


def passed_line(project: Project) -> tuple[str, str] | None:
    """Return the line at the foot of the map that states that the check was passed, and on which date: (Chinese, English).

    None if the settings do not state the date of the check (`publish_checked`), or if the check finds a fault.
    """
    date = project.settings.publish_checked
    if not date or find(project, with_pages=False):
        return None
    zh, en = (text("publish.passed", lang, date=date, rules=len(RULES)) for lang in ("zh", "en"))
    return zh, en
