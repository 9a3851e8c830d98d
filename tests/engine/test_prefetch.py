"""Results of a prefetch come in order, errors where their result would have come."""

from __future__ import annotations

import pytest

from qjmap.engine.prefetch import prefetch


def test_results_come_in_order_and_errors_where_they_belong() -> None:
    def halved(number: int) -> int:
        if number % 2:
            raise ValueError(f"{number} is odd")
        return number // 2

    assert list(prefetch(halved, range(0, 20, 2))) == list(range(10))
    results = prefetch(halved, [2, 4, 5, 6])
    assert [next(results), next(results)] == [1, 2]
    with pytest.raises(ValueError, match="5 is odd"):
        next(results)
