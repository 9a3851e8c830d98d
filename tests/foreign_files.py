"""Run `qjmap check` and `qjmap add --dry-run` on every file of a folder, such as other projects' test files or a shared drive.

    python -m tests.foreign_files FOLDER [FOLDER ...] [--seconds 60] [--memory-gb 4] [--verbose]

Every file is copied into a small new project, checked (`qjmap check FILE --json`) and added as a trial
(`qjmap add FILE --dry-run`), each in a process of its own with limited time and memory. A file may be read, or refused in
a sentence. It must not end in a traceback, a crash, silence or a time-out, a trial must change no table, and no command may
leave a file behind: the exit status is 1 if one does.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.region import make_region

CRASH_WORDS = ("Traceback (most recent call last)", "panicked at", "Fatal Python error")
"""Texts in the output of a process that crashed."""
QJMAP = (sys.executable, "-m", "qjmap")


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes of address space that one command may take."""

    seconds: int = 60
    memory: int = 4 * 1024**3


@dataclass(frozen=True)
class Outcome:
    """How a command ended.

    Attributes
    ----------
    kind : "read", "refused", or one of the failures "crash", "time-out", "silence" and "changed".
    detail : first line of its output.
    """

    kind: str
    detail: str = ""

    @property
    def failed(self) -> bool:
        """Return whether the outcome is a failure."""
        return self.kind not in ("read", "refused")


def run_command(command: Sequence[str], folder: Path, limits: Limits) -> Outcome:
    """Run a command in a folder and return how it ended."""

    def restrict() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))

    environment = {**os.environ, "QJMAP_LANG": "en", "QJMAP_LOG": str(folder / "errors.log")}
    process = subprocess.Popen(
        list(command),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=restrict,
    )
    try:
        out, err = (stream.decode("utf-8", "replace") for stream in process.communicate(timeout=limits.seconds))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return Outcome("time-out", f"did not end in {limits.seconds} s")
    lines = [line.strip() for line in (err + out).splitlines() if line.strip()]
    first = lines[0] if lines else ""
    if process.returncode < 0:
        return Outcome("crash", f"{signal.Signals(-process.returncode).name}: {first}")
    if crash := next((line for line in lines if any(word in line for word in CRASH_WORDS)), ""):
        return Outcome("crash", lines[-1] if lines else crash)
    if "row-failed" in out or (folder / "errors.log").exists():
        return Outcome("crash", f"a row ended in the last line of defence: {first}")
    if process.returncode == 0:
        return Outcome("read", first)
    return Outcome("refused", first) if lines else Outcome("silence", f"exit status {process.returncode}")


def try_file(
    source: Path, project: Path, limits: Limits, qjmap: Sequence[str] = QJMAP
) -> Iterator[tuple[str, Outcome]]:
    """Check a file and add it as a trial; yield the name and outcome of each command. If it changed or left a file, that is "changed"."""
    inbox = project / "inbox"
    inbox.mkdir()
    given = shutil.copyfile(source, inbox / source.name)
    try:
        for name, command in (
            ("check", ["check", str(given), "--json"]),
            ("add --dry-run", ["add", str(given), "--dry-run"]),
        ):
            before = _contents(project)
            outcome = run_command([*qjmap, *command], project, limits)
            (project / "errors.log").unlink(missing_ok=True)
            if not outcome.failed and (different := _contents(project) ^ before):
                outcome = Outcome("changed", ", ".join(sorted({name for name, _ in different})))
            yield name, outcome
    finally:
        shutil.rmtree(inbox)


def _contents(folder: Path) -> set[tuple[str, bytes]]:
    return {
        (str(path.relative_to(folder)), path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def run_folder(
    folder: Path, limits: Limits, qjmap: Sequence[str] = QJMAP, *, verbose: bool = False
) -> tuple[Counter[str], list[str]]:
    """Try every file of a folder and its subfolders; return the number of files by outcome (that of the worse command), and the failures."""
    worst = ("time-out", "crash", "changed", "silence", "refused", "read")
    counts: Counter[str] = Counter()
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        project = make_region(Path(temporary) / "湾区")
        for source in sorted(path for path in folder.rglob("*") if path.is_file()):
            ends = list(try_file(source, project, limits, qjmap))
            counts[min((outcome.kind for _, outcome in ends), key=worst.index)] += 1
            for command, outcome in ends:
                line = f"{outcome.kind:9} {source.relative_to(folder)} [{command}] {outcome.detail}"
                if outcome.failed:
                    failures.append(line)
                if verbose:
                    sys.stdout.write(line[:200] + "\n")
    return counts, failures


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--memory-gb", type=float, default=4)
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    failed = False
    for folder in given.folders:
        if not folder.is_dir():
            parser.error(f"no such folder: {folder}")
        limits = Limits(given.seconds, int(given.memory_gb * 1024**3))
        counts, failures = run_folder(folder, limits, verbose=given.verbose)
        sys.stdout.write(json.dumps({"folder": str(folder), **counts}, ensure_ascii=False) + "\n")
        sys.stdout.writelines(f"  {failure}\n" for failure in failures)
        failed |= bool(failures)
    sys.exit(failed)


if __name__ == "__main__":
    main()
