"""The match of a file's header with a column of the table, and how far the cells confirm it."""

from __future__ import annotations

from dataclasses import dataclass

from qjmap.tables.column_samples import MOST, NEARLY_ALL
from qjmap.tables.headers import CANONICAL, LISTED, Match


@dataclass(frozen=True)
class Claim:
    """The claim of a header that its column is a certain column of the table.

    Attributes
    ----------
    index : index of the column in the file.
    match : what the header means.
    share : share of the first cells that fit the column of the table, from 0 to 1; None for an empty column.
    known : share of the first cells that are words of the column's vocabulary; 0 without a vocabulary.
    """

    index: int
    match: Match
    share: float | None
    known: float = 0.0

    @property
    def column(self) -> str:
        """The column of the table that the header means; "" for none."""
        return self.match.column or ""

    @property
    def level(self) -> float:
        """3 if nearly all cells fit, 2 if most do, 1 if some do, 0 if none does, 0.5 for an empty column."""
        share = self.share
        return 0.5 if share is None else 3 if share >= NEARLY_ALL else 2 if share > MOST else 1 if share else 0

    @property
    def holds(self) -> bool:
        """Whether the cells confirm the header: always for a canonical one; for a listed one if some cells fit or the column is empty; for
        families and weak words if most cells fit.
        """
        if self.match.rank == CANONICAL:
            return True
        return self.level > 0 if self.match.rank == LISTED else self.level >= 2

    @property
    def order(self) -> tuple[float, ...]:
        """Sort key that puts the best claim first."""
        return (self.match.rank != CANONICAL, -self.level, -round(self.known, 1), self.match.rank, self.index)
