"""Run the rules on a project, and say on the map that it passed."""

from __future__ import annotations

from qjmap.errors import Fault
from qjmap.i18n import text
from qjmap.project import Project
from qjmap.publish.material import Material
from qjmap.publish.rules import BASES, RULES
from qjmap.validation import check


def find(project: Project, *, with_pages: bool = True) -> list[Fault]:
    """Return what keeps a map from leaving the building: the faults of its tables, else every finding of the rules.

    Parameters
    ----------
    with_pages : whether the pages in the project's ``maps`` are looked at too; a build is about to replace them.
    """
    material = Material(project, check(project), with_pages)
    if stopping := [fault for fault in material.checked.faults if fault.severity == "fault"]:
        return stopping
    found = []
    for rule in RULES:
        basis = BASES[rule.basis]
        words = {
            lang: getattr(basis, lang) + ("" if basis.read else text("publish.unread", lang)) for lang in ("zh", "en")
        }
        for fault in rule.find(material):
            params = {**fault.params, "basis": words}
            found.append(Fault(fault.file, fault.row, fault.column, fault.value, fault.code, params))
    return sorted(
        found, key=lambda fault: (fault.file, fault.row or 0, fault.column or "", fault.code, fault.value or "")
    )


def passed_line(project: Project) -> tuple[str, str] | None:
    """The line for the map's foot, Chinese and English, where the settings date the check and it finds nothing; else None."""
    date = project.settings.publish_checked
    if not date or find(project, with_pages=False):
        return None
    zh, en = (text("publish.passed", lang, date=date, rules=len(RULES)) for lang in ("zh", "en"))
    return zh, en
