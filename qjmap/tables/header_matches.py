"""A column of a file that its header claims to be a column of the table, and how far its cells bear that out."""

from __future__ import annotations

from dataclasses import dataclass

from qjmap.tables.column_contents import MOST, NEARLY_ALL
from qjmap.tables.headers import CANONICAL, LISTED, Match


@dataclass(frozen=True)
class Claim:
    """A column of the file that may be one of the table.

    Attributes
    ----------
    index : where it stands in the file.
    match : what its header says.
    share : of its first cells that fit; None of an empty column.
    known : the share of its first cells that a vocabulary knows, where it takes other words too.
    """

    index: int
    match: Match
    share: float | None
    known: float = 0.0

    @property
    def column(self) -> str:
        """The column that it claims to be."""
        return self.match.column or ""

    @property
    def level(self) -> float:
        """3 where nearly all cells fit, 2 where most do, 1 where some do, 0.5 without any cell."""
        share = self.share
        return 0.5 if share is None else 3 if share >= NEARLY_ALL else 2 if share > MOST else 1 if share else 0

    @property
    def holds(self) -> bool:
        """Whether the cells bear the header out."""
        if self.match.rank == CANONICAL:
            return True
        return self.level > 0 if self.match.rank == LISTED else self.level >= 2

    @property
    def order(self) -> tuple[float, ...]:
        """Sort key: the best claim first."""
        return (self.match.rank != CANONICAL, -self.level, -round(self.known, 1), self.match.rank, self.index)
