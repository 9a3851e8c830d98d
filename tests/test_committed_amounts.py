"""Which amounts count as committed."""

from __future__ import annotations

import pytest

from qjmap.committed_amounts import COMMITTED, is_committed
from qjmap.vocabulary import BUILT_IN


@pytest.mark.parametrize("kind", BUILT_IN.entries("indicator_kind"))
def test_only_what_is_stated_as_actual_or_as_nothing_else_is_committed(kind: str) -> None:
    assert is_committed("signed", "")
    assert is_committed("signed", kind) == (kind == "actual")


@pytest.mark.parametrize("status", BUILT_IN.entries("status"))
def test_what_is_not_agreed_is_never_committed(status: str) -> None:
    assert is_committed(status, "actual") == (status in COMMITTED)
