"""Ctrl-C ends a command before it writes, even where a library clears the interrupt."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from qjmap.atomic_write import write_all
from qjmap.cli.system_errors import as_qjmap_error
from qjmap.interrupts import raise_if_received, remembered


@contextmanager
def _handler(handler: signal.Handlers | object) -> Iterator[None]:
    before = signal.signal(signal.SIGINT, handler)  # type: ignore[arg-type]
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupt_that_a_library_clears() -> None:
    with suppress(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("the interrupt was not delivered")


def test_a_cleared_interrupt_is_raised_before_anything_is_written(tmp_path: Path) -> None:
    kept = tmp_path / "a.csv"
    kept.write_bytes(b"before")
    with _handler(signal.default_int_handler), remembered():
        _interrupt_that_a_library_clears()
        with pytest.raises(KeyboardInterrupt):
            write_all({kept: b"after", tmp_path / "new" / "b.csv": b"after"})
    assert kept.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [kept]


def test_an_interrupt_of_one_command_does_not_end_the_next(tmp_path: Path) -> None:
    with _handler(signal.default_int_handler):
        with remembered():
            _interrupt_that_a_library_clears()
        raise_if_received()
        with remembered():
            write_all({tmp_path / "a.csv": b"a"})
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert (tmp_path / "a.csv").read_bytes() == b"a"


def test_a_background_job_of_a_shell_goes_on_ignoring_interrupts() -> None:
    with _handler(signal.SIG_IGN), remembered():
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        os.kill(os.getpid(), signal.SIGINT)
        raise_if_received()


def test_other_threads_leave_the_handler_alone() -> None:
    seen = []

    def run() -> None:
        with remembered():
            seen.append(signal.getsignal(signal.SIGINT))

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [before]


def test_an_interrupt_that_python_wraps_in_another_error_is_an_interrupt() -> None:
    try:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as interrupt:
            raise RuntimeError("Error calling __set_name__") from interrupt
    except RuntimeError as error:
        assert as_qjmap_error(error).exit_code == 130
    try:
        try:
            raise KeyboardInterrupt
        finally:
            {}["missing"]
    except KeyError as error:
        assert as_qjmap_error(error).exit_code == 130
