"""A network is read from the text of its module as Python would import it."""

from __future__ import annotations

import importlib
import random
from pathlib import Path

import numpy as np
import pytest

from qjmap.routing.network_files import read_network


def write(folder: Path, name: str, graph: object, nodes: object) -> None:
    text = f"\nfrom builtins import dict as GeoGraph\ngraph={graph}\nnodes={nodes}\n{name}_geograph = GeoGraph(graph=graph)\n"
    (folder / f"{name}.py").write_text(text, encoding="ascii")
    importlib.invalidate_caches()


@pytest.mark.parametrize("seed", range(12))
def test_the_text_gives_what_an_import_gives(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    draw, name = random.Random(seed), f"network_{seed}"
    count = draw.choice([0, 1, 2, 50])
    graph = [
        {draw.randrange(count): draw.choice([0.0, 1e-05, draw.uniform(0, 500)]) for _ in range(draw.randrange(4))}
        for _ in range(count)
    ]
    nodes = [[draw.uniform(-90, 90), draw.choice([-180.0, 0.0, 12.5])] for _ in range(count)]
    write(tmp_path, name, graph, nodes)
    imported = importlib.import_module(name)
    read = read_network(name)
    assert read.graph == imported.graph
    assert np.array_equal(read.nodes, np.array(imported.nodes).reshape(-1, 2)[:, ::-1])


@pytest.mark.parametrize(("graph", "nodes"), [([{1: 2.0}], []), ("load()", "load()"), ([], [[1.0, 2.0]])])
def test_a_network_module_of_another_form_is_refused(
    graph: object, nodes: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    name = f"other_{abs(hash(str(graph) + str(nodes)))}"
    write(tmp_path, name, graph, nodes)
    with pytest.raises(ValueError, match=name):
        read_network(name)


def test_a_module_that_is_not_installed_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_network"):
        read_network("no_such_network")
