"""The garbage collector rests where there is nothing for it, and always comes back."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from qjmap.collector import uncollected


def test_the_collector_comes_back_after_an_error() -> None:
    with pytest.raises(KeyError), uncollected():
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()


def test_who_has_switched_it_off_keeps_it_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_a_command_imports_is_set_apart_once_and_nothing_made_later() -> None:
    told = """
import gc
from qjmap.collector import libraries
with libraries():
    import json
first = gc.get_freeze_count()
kept = [[one] for one in range(1000)]
with libraries():
    import decimal
print(gc.isenabled(), first > 1000, gc.get_freeze_count() <= first)
"""
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "True"]
