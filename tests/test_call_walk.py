"""A reader who follows a build from its first line seldom climbs back into a higher folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.call_walk import climbs, in_folders, levels, modules, walk


@pytest.mark.slow
def test_a_walk_of_the_build_climbs_at_most_twice(repository: Path) -> None:
    functions = walk(modules(repository), ("qjmap.pipeline.build", "build"))
    assert len(functions) > 300  # calls are found at all
    first = in_folders(functions, repository)[:60]
    assert len(climbs(first, levels(repository))) <= 2, climbs(first, levels(repository))
