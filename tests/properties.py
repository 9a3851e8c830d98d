"""Sizes of property tests, by profile; ``pytest --hypothesis-profile dev`` selects one.

``ci`` runs the number of examples that a test states, the same ones in each run, so that a failure is caused by the change under test.
``dev`` runs at most 25 of them, for ``make quick``. ``explore`` draws ten times as many new ones, for ``make explore``, to find failures
that the other profiles do not.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings

DEV_EXAMPLES = 25
EXPLORE_EXAMPLES = 1_000
EXPLORE_TIMES = 10
# No deadline, because the machine may be busy. Examples may share fixtures, because each overwrites the files of the one before.
_SHARED: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
}
settings.register_profile("ci", derandomize=True, **_SHARED)
settings.register_profile("dev", max_examples=DEV_EXAMPLES, derandomize=True, **_SHARED)
settings.register_profile("explore", max_examples=EXPLORE_EXAMPLES, print_blob=True, **_SHARED)
settings.load_profile("ci")


def examples(count: int, **options: Any) -> settings:
    """Return the settings of a property test: `count` examples, at most 25 in the profile ``dev``, ten times as many in ``explore``."""
    number = settings().max_examples
    if number == DEV_EXAMPLES:
        count = min(count, DEV_EXAMPLES)
    elif number == EXPLORE_EXAMPLES:
        count *= EXPLORE_TIMES
    return settings(max_examples=count, **options)
