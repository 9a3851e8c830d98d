"""Rules on what must not leave: personal data, keys and passwords, marks of secrecy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qjmap.errors import Fault
from qjmap.project import SETTINGS_FILE
from qjmap.publish.material import Material
from qjmap.schema import TABLES
from qjmap.tables.own_columns import decide, facts_of, personal_pattern

_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|[?&](?:tk|ak|key|token)=[0-9A-Za-z_-]{16,}"
    r"|(?i:\b(?:api[_-]?key|secret|token|password|passwd)\b|密码|口令|密钥)\s*[:=：]\s*[^\s\"'，。；]{6,}"
)
"""Keys of services, private keys, and words for a password with one behind them."""
_CLASSIFIED = re.compile(r"(?:绝密|机密|秘密)\s*[★☆]|内部资料|内部文件|内部使用|不得外传|仅供内部")
"""Marks of classified and internal documents."""
_SHOWN = 24
"""Characters of a cell that a finding repeats."""


def personal(material: Material) -> Iterator[Fault]:
    """No column that looks personal is shown, and no cell of another has a telephone, identity number or e-mail address."""
    pattern = re.compile(personal_pattern())
    for table in TABLES:
        frame = material.tables[table].frame
        looks = {
            column.name
            for column in decide(
                TABLES[table], {one.name: facts_of(one.name, frame[one.name].array) for one in material.own[table]}
            )
            if column.hidden
        }
        shown = {column.name for column in material.own[table] if not column.hidden}
        for name in sorted(looks & shown):
            yield Fault(material.tables[table].raw.file, None, name, None, "publish-personal-column", {"name": name})
        for row, column, cell in material.shown_texts(table):
            if (
                column not in looks
                and column not in ("id", "url", "locator", "position_locator")
                and pattern.search(cell)
            ):
                yield material.fault(table, row, column, cell[:_SHOWN], "publish-personal-cell")


def secrets(material: Material) -> Iterator[Fault]:
    """No cell and no setting has a key or password, or the mark of a document that must not leave."""
    for table in TABLES:
        for row, column, cell in material.shown_texts(table):
            for pattern, code in ((_SECRET, "publish-secret"), (_CLASSIFIED, "publish-classified")):
                if pattern.search(cell):
                    yield material.fault(table, row, column, None if code == "publish-secret" else cell[:_SHOWN], code)
    path = material.project.data / SETTINGS_FILE
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if _SECRET.search(line):
            yield Fault(material.project.display_path(path), number, None, None, "publish-secret")
