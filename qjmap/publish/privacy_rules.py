"""Rules on what must not be published: personal data, keys and passwords, classified documents. Each yields a fault per violation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from qjmap.errors import Fault
from qjmap.project import SETTINGS_FILE
from qjmap.publish.project_data import ProjectData
from qjmap.schema import TABLES
from qjmap.tables.own_columns import decide, facts_of, personal_pattern

_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|[?&](?:tk|ak|key|token)=[0-9A-Za-z_-]{16,}"
    r"|(?i:\b(?:api[_-]?key|secret|token|password|passwd)\b|密码|口令|密钥)\s*[:=：]\s*[^\s\"'，。；]{6,}"
)
"""Pattern of private keys, keys of online services, and passwords after a word for password."""
_CLASSIFIED = re.compile(r"(?:绝密|机密|秘密)\s*[★☆]|内部资料|内部文件|内部使用|不得外传|仅供内部")
"""Pattern of the markings of classified and internal documents."""
_SHOWN = 24
"""Maximum number of characters of a text that a fault shows."""


def personal(data: ProjectData) -> Iterator[Fault]:
    """Rule: no own column that looks personal (by its header, or since most of its cells do) is published; and no other published text
    contains a telephone number, identity number or e-mail address.

    Ids and references to them, addresses of web pages (`url`) and locators in sources are exempt.
    """
    ids = {row["id"] for table in TABLES for row in data.rows(table)}
    for table in TABLES:
        frame = data.tables[table].frame
        looks = {
            column.name
            for column in decide(
                TABLES[table], {one.name: facts_of(one.name, frame[one.name].array) for one in data.own[table]}
            )
            if column.hidden
        }
        shown = {column.name for column in data.own[table] if not column.hidden}
        for name in sorted(looks & shown):
            yield Fault(data.tables[table].raw.file, None, name, None, "publish-personal-column", {"name": name})
        exempt = {*looks, "url", "locator", "position_locator"}
        for row, column, cell in data.shown_texts(table):
            if column not in exempt and cell not in ids and _is_personal(cell):
                yield data.fault(table, row, column, cell[:_SHOWN], "publish-personal-cell")
    for told in data.other_texts():
        if _is_personal(told.text):
            yield told.fault(told.text[:_SHOWN], "publish-personal-cell")


def _is_personal(text: str) -> bool:
    """Return whether a text contains a telephone number, identity number or e-mail address, in half-width or full-width characters."""
    return re.search(personal_pattern(), unicodedata.normalize("NFKC", text)) is not None


def secrets(data: ProjectData) -> Iterator[Fault]:
    """Rule: no published text contains a key, a password, or the marking of a classified or internal document; and no line of
    `project.toml` contains a key or password.
    """
    for table in TABLES:
        for row, column, cell in data.shown_texts(table):
            for code, value in _marks(cell):
                yield data.fault(table, row, column, value, code)
    path = data.project.data / SETTINGS_FILE
    for told in data.other_texts():
        for code, value in _marks(told.text):
            if (
                code == "publish-classified" or told.file != data.settings_file
            ):  # keys in the settings are found by line
                yield told.fault(value, code)
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if _SECRET.search(line):
            yield Fault(data.settings_file, number, None, None, "publish-secret")


def _marks(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield the codes of the faults in a text, each with the value to show: None for a secret, else the start of the text."""
    if _SECRET.search(text):
        yield "publish-secret", None
    if _CLASSIFIED.search(text):
        yield "publish-classified", text[:_SHOWN]
