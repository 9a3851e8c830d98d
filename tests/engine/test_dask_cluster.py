"""On Dask the bytes are the same, with a worker that dies on the way, and behind a scheduler's address."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.invented_enterprises import make
from qjmap.engine import Engine, open_engine
from qjmap.errors import DataFaults, UsageError
from qjmap.partitioned import check_and_locate
from qjmap.partitioned.check_and_locate import PartitionResult, Shared
from qjmap.partitioned.parse_partition import Task
from qjmap.pipeline.build import build
from qjmap.pipeline.export import export
from qjmap.pipeline.load import find_faults
from qjmap.project import load_project
from qjmap.validation import check
from tests.partitioned.cutting import cut_up

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Engine]:
    with open_engine("dask", workers=2) as engine:
        yield engine


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(400, tmp_path_factory.mktemp("register") / "one", seed=2)


def test_the_files_are_the_same(tmp_path: Path, register: Path, cluster: Engine) -> None:
    project = load_project(cut_up(register, tmp_path / "cut", [50, 200, 201], parquet=[1]))
    for form in ("geojson", "parquet"):
        export(load_project(register), tmp_path / "one", layer="sites", form=form)
        export(project, tmp_path / "many", layer="sites", form=form, engine=cluster)
        assert (tmp_path / "many").read_bytes() == (tmp_path / "one").read_bytes()


def test_the_page_is_the_same(tmp_path: Path, register: Path, cluster: Engine) -> None:
    project = load_project(cut_up(register, tmp_path / "cut", [150]))
    here = build(project, out=tmp_path / "here", rows=100)
    assert build(project, out=tmp_path / "there", rows=100, engine=cluster).page.read_bytes() == here.page.read_bytes()


def test_faults_come_back_as_they_were_found(tmp_path: Path, register: Path, cluster: Engine) -> None:
    project = cut_up(register, tmp_path / "cut", [150])
    part = project / "data" / "sites" / "part-001.csv"
    part.write_text(part.read_text(encoding="utf-8").replace("wgs84", "西安80", 3), encoding="utf-8")
    loaded = load_project(project)
    assert find_faults(loaded, engine=cluster) == find_faults(loaded)
    with pytest.raises(DataFaults) as found:
        export(loaded, tmp_path / "out", layer="sites", engine=cluster)
    assert len(found.value.faults) == 3


def dying(task: Task, shared: Shared) -> PartitionResult:
    """Kills the worker that has the second part, once."""
    assert shared.facts.project is not None
    mark = shared.facts.project.root / "died"
    if task.partition.path.name == "part-001.csv" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return check_and_locate.process_partition(task, shared)


def test_a_lost_worker_changes_no_byte(tmp_path: Path, register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(load_project(register), tmp_path / "one", layer="sites")
    project = cut_up(register, tmp_path / "cut", [60, 120, 180, 240, 300])
    monkeypatch.setattr("qjmap.partitioned.run_passes.process_partition", dying)
    with open_engine("dask", workers=2) as engine:
        export(load_project(project), tmp_path / "many", layer="sites", engine=engine)
    assert (project / "died").exists()
    assert (tmp_path / "many").read_bytes() == (tmp_path / "one").read_bytes()


def always_dying(task: Task, shared: Shared) -> PartitionResult:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError(task, shared)


def test_a_part_that_kills_every_worker_is_given_up(
    tmp_path: Path, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = cut_up(register, tmp_path / "cut", [])
    out = tmp_path / "out"
    out.write_text("kept", encoding="utf-8")
    monkeypatch.setattr("qjmap.partitioned.run_passes.process_partition", always_dying)
    monkeypatch.setattr("qjmap.engine.dask_cluster._FAILURES", 1)
    with open_engine("dask", workers=1) as engine, pytest.raises(UsageError) as found:
        export(load_project(project), out, layer="sites", engine=engine)
    assert found.value.code == "engine-lost"
    assert out.read_text(encoding="utf-8") == "kept"


def started(module: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def scheduler() -> Iterator[str]:
    """A scheduler as somebody else runs it."""
    with started("dask_scheduler", "--host", "127.0.0.1", "--port", "0") as one:
        assert one.stderr is not None
        yield next(line.rpartition(" ")[2].strip() for line in one.stderr if "Scheduler at:" in line)
        one.kill()


@pytest.fixture
def worker(scheduler: str) -> Iterator[subprocess.Popen[str]]:
    """The only worker of that scheduler."""
    with started("dask_worker", scheduler, "--nthreads", "1", "--no-nanny") as one:
        yield one
        one.kill()


@pytest.mark.usefixtures("worker")
def test_a_scheduler_of_somebody_else_is_taken_by_its_address(tmp_path: Path, register: Path, scheduler: str) -> None:
    project = cut_up(register, tmp_path / "cut", [100, 200])
    export(load_project(register), tmp_path / "one", layer="sites")
    command = ["export", str(project), "--layer", "sites", "--engine", scheduler, "-o", str(tmp_path / "many")]
    subprocess.run([sys.executable, "-m", "qjmap", *command], check=True, capture_output=True)
    assert (tmp_path / "many").read_bytes() == (tmp_path / "one").read_bytes()


def test_a_scheduler_without_workers_is_not_waited_for(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qjmap.engine.dask_cluster._PATIENCE_SECONDS", 2.0)
    with pytest.raises(UsageError) as found, open_engine(scheduler):
        pass
    assert found.value.code == "engine-idle"


def test_when_the_last_worker_is_lost_nothing_is_waited_for(
    scheduler: str, worker: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qjmap.engine.dask_cluster._ALONE_SECONDS", 4.0)
    with open_engine(scheduler) as engine, pytest.raises(UsageError) as found:
        for number in engine.map(abs, [-1, -2, -3, -4, -5, -6]):
            assert number == 1
            worker.kill()
            worker.wait()
            next(engine.map(time.sleep, [0]))
    assert found.value.code == "engine-lost"


def test_nothing_answers_at_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qjmap.engine.dask_cluster._PATIENCE_SECONDS", 1.0)
    with pytest.raises(UsageError) as found, open_engine("tcp://127.0.0.1:9"):
        pass
    assert found.value.code == "engine-unreachable"


def test_an_engine_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError) as found:
        open_engine("spark")
    assert found.value.code == "engine-unknown"


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError) as found, open_engine("dask"):
        pass
    assert found.value.code == "engine-extra"
    assert "qjmap[dask]" in found.value.cure("en")


def test_without_an_engine_nothing_of_dask_is_imported(register: Path, tmp_path: Path) -> None:
    project = cut_up(register, tmp_path / "cut", [100])
    code = (
        "import sys\nfrom qjmap.cli.main import main\n"
        f"try:\n    main(['check', {str(project)!r}])\nexcept SystemExit as stop:\n    assert not stop.code, stop.code\n"
        "print(sorted({'dask', 'distributed'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_one_file_on_an_engine_is_the_same_file(
    tmp_path: Path, register: Path, cluster: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "rows_per_range", 30)
    monkeypatch.setattr(cluster, "partition_bytes", 20_000)
    export(load_project(register), tmp_path / "one", layer="sites")
    export(load_project(register), tmp_path / "many", layer="sites", engine=cluster)
    assert (tmp_path / "many").read_bytes() == (tmp_path / "one").read_bytes()
    assert find_faults(load_project(register), engine=cluster) == check(load_project(register))[1]


def test_workers_go_with_a_cluster_of_ones_own(tmp_path: Path, register: Path) -> None:
    for engine in ([], ["--engine", "tcp://127.0.0.1:9"]):
        command = [sys.executable, "-m", "qjmap", "check", str(register), "--workers", "2", *engine, "--lang", "en"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, "--engine dask" in done.stderr) == (2, True)
