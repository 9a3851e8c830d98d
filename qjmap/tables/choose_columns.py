"""Choose which columns of a file become which columns of its table, by headers and by what the first cells hold.

The rules:

1. A canonical header (`name`, `lon`) decides alone, and so does a Chinese label in a file that has mostly such labels
   (`match_headers`). Every other header makes a claim that the cells must confirm: some of them for a listed synonym, most of them
   for a family of headers or a weak word. An empty column confirms a listed synonym.
2. If several columns claim the same meaning, the one whose cells fit best is taken, then the one with the larger share of words of the
   vocabulary, then the one with the better rank of header, then the first. The others stay columns of their own.
3. Longitude and latitude are chosen as a pair (`coordinate_columns`). A name that no header gives is found by contents
   (`name_column`). If no column can be the name, the only column of the file stands in for it, or the address if the rows have
   coordinates.
4. A column of areas (省, 区县) is the place only if there are no coordinates and no better column names a place; a county goes
   before a town, a city and a province, since a town's name alone is seldom unique.
5. 甲方, 乙方, 丙方 together are the parties.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from qjmap.grammar import grammar
from qjmap.schema import Table, fold
from qjmap.tables.column_samples import MOST, Sample, fits, is_date, is_number, is_pair, is_place_name, is_shape
from qjmap.tables.coordinate_columns import Coordinates, choose_coordinates
from qjmap.tables.header_matches import Claim
from qjmap.tables.headers import CANONICAL, FAMILY, LISTED, WEAK, Match, area_level, header_words, match_headers
from qjmap.tables.name_column import find_name, find_stand_in
from qjmap.tables.propose_columns import propose_columns
from qjmap.tables.similar_headers import similar_headers
from qjmap.vocabulary import BUILT_IN, Vocabularies

_ALSO_NAMES = ("operator", "place", "parties", "aliases", "name_en")
"""Columns that hold names: if no better column is found, the name of the row may be a column that claims to be one of these."""
_EMPTY_HEADER = re.compile(r"列\d+")
_AREA_ORDER = ("county", "town", "city", "province")


@dataclass
class Choice:
    """Meaning of the columns of a file. Columns of the file are given by their index, from 0.

    Attributes
    ----------
    columns : index -> canonical column, "lonlat" for pairs of coordinates.
    matches : index -> what the header means.
    degrees : "lon", "lat" -> the columns of degrees, minutes and seconds, if an axis has several columns.
    parties : the columns 甲方, 乙方 ... that together are the parties.
    dropped : columns of running numbers.
    name_why : how the name was found: "family", "contents", "stand-in"; "" if a surer header or the user says it, or if there is none.
    beside : index of a column whose meaning another column got -> index of that other column.
    unfit : index of a column whose cells do not confirm its header -> (column that the header means, example of a cell).
    twice : (taken, other) for columns that claim the same meaning by a canonical header, and for coordinates of which only the order
        of the columns decided.
    shapes : columns of lines and areas as WKT.
    spread : columns of figures side by side, one for each date, in a table that has one figure a row.
    near : index of a column that may be the missing name or title, longitude, latitude or address -> that column of the table.
    proposed : whether the file has no header, so that contents alone decided.
    """

    columns: dict[int, str] = field(default_factory=dict)
    matches: Mapping[int, Match] = field(default_factory=dict)
    degrees: dict[str, tuple[int, ...]] = field(default_factory=dict)
    parties: tuple[int, ...] = ()
    dropped: frozenset[int] = frozenset()
    name_why: str = ""
    beside: dict[int, int] = field(default_factory=dict)
    unfit: dict[int, tuple[str, str]] = field(default_factory=dict)
    twice: tuple[tuple[int, int], ...] = ()
    shapes: tuple[int, ...] = ()
    spread: tuple[int, ...] = ()
    near: Mapping[int, str] = field(default_factory=dict)
    proposed: bool = False


def choose_columns(
    header: Sequence[str], samples: Sequence[Sample], table: Table, *, told: Mapping[int, str] | None = None,
    without: Collection[str] = (), headless: bool = False, vocabularies: Vocabularies = BUILT_IN,
) -> Choice:  # fmt: skip
    """Choose which columns of a file become which columns of `table`.

    Parameters
    ----------
    samples : the first cells of each column.
    told : columns whose meaning is known already: index -> canonical column, "" for a column that is none of the table's.
    without : columns of the table that the file does not have.
    headless : whether the file has no header.
    vocabularies : words that cells may hold, those of a project included.
    """
    return _Chooser(header, samples, table, dict(told or {}), frozenset(without), headless, vocabularies).choose()


def is_running_header(typed: str) -> bool:
    """Whether a header is that of running numbers (序号, No.), or one that was made up for an empty header (列1)."""
    return header_words(typed) in grammar("headers")["running_numbers"] or bool(_EMPTY_HEADER.fullmatch(typed.strip()))


def are_running_numbers(texts: Sequence[str]) -> bool:
    """Whether texts are 1, 2, 3 ... or 0, 1, 2 ... without gaps; False for no texts."""
    first = texts[0] if texts else ""
    return first in ("0", "1") and [*texts] == [str(number) for number in range(int(first), int(first) + len(texts))]


class _Chooser:
    def __init__(
        self, header: Sequence[str], samples: Sequence[Sample], table: Table, told: dict[int, str],
        without: frozenset[str], headless: bool, vocabularies: Vocabularies,
    ) -> None:  # fmt: skip
        self.header, self.samples, self.table, self.without = header, samples, table, without
        self.told, self.headless, self.vocabularies = told, headless, vocabularies
        self.matches = {} if headless else match_headers(header, table)
        self.choice = Choice({at: name for at, name in told.items() if name}, self.matches, proposed=headless)
        self.title = next((name for name in ("name", "title") if name in table), "")

    def choose(self) -> Choice:
        """Apply the rules of this module in their order, and return the choice."""
        choice = self.choice
        if self.headless:
            open_ = [at for at in range(len(self.header)) if at not in self.told]
            proposed = propose_columns(self.samples, open_, self.table, {*self.taken, *self.without})
            choice.columns |= proposed
        claims = self._claims(self.matches.items())
        for claim in sorted(claims, key=lambda claim: claim.index):
            if claim.match.rank == CANONICAL and claim.column not in self.taken:
                choice.columns[claim.index] = claim.column
        self._choose_best([claim for claim in claims if claim.index == self._nearest_id()])
        self._choose_coordinates(claims)
        self._choose_best([claim for claim in claims if claim.column == self.title])
        if self.title and self.title not in self.taken and self.title not in self.without:
            self._find_name(claims)
        others = [claim for claim in claims if claim.column not in (self.title, "id", "lon", "lat", "lonlat")]
        areas = [claim for claim in others if claim.column == "place" and self._is_area(claim)]
        self._choose_best([claim for claim in others if claim not in areas])
        self._choose_best(self._claims(self._otherwise(claims)))
        self._choose_area(areas)
        self._choose_parties()
        self._sort_the_rest(claims)
        return choice

    @property
    def taken(self) -> set[str]:
        """The columns of the table that are chosen already."""
        return {*self.choice.columns.values(), *self.choice.degrees}

    def _is_open(self, index: int) -> bool:
        """Whether a column has no meaning yet."""
        parts = (at for parts in self.choice.degrees.values() for at in parts)
        return index not in self.choice.columns and index not in self.told and index not in parts

    @property
    def _open(self) -> list[int]:
        """Indices of the columns that have no meaning yet."""
        return [at for at in range(len(self.header)) if self._is_open(at)]

    def _claims(self, matches: Iterable[tuple[int, Match]]) -> list[Claim]:
        """Return the claims of the columns that have no meaning yet."""
        claims = []
        for at, match in matches:
            if match.column is None or match.column in self.without or not self._is_open(at):
                continue
            claims.append(Claim(at, match, self._share(at, match), self._known(at, match.column)))
        return claims

    def _share(self, index: int, match: Match) -> float | None:
        """Return the share of the first cells that fit a match; None for an empty column.

        It is 1 for a canonical header and for ids, and at most 0.6 for a column of names in which half the texts or more repeat others.
        """
        sample, name = self.samples[index], match.column or ""
        if not sample.texts:
            return None
        if match.rank == CANONICAL or name == "id":
            return 1.0
        if name == "lonlat":
            return sample.share(is_pair)
        share = sample.share(
            fits(self.table.column(name), match.unit, weak=match.rank > LISTED, vocabularies=self.vocabularies)
        )
        repeated = name == self.title and len(sample.distinct) <= MOST * len(sample.texts)
        return min(share, MOST + 0.1) if repeated else share

    def _known(self, index: int, name: str) -> float:
        """Return the share of the first cells that are words of the column's vocabulary; 0 without a vocabulary."""
        vocabulary = self.table.column(name).vocab if name in self.table else None
        return (
            self.samples[index].share(lambda text: self.vocabularies.find(text, vocabulary) is not None)
            if vocabulary
            else 0.0
        )

    def _choose_best(self, claims: Sequence[Claim]) -> None:
        """Give each column of the table to the best of the claims that the cells confirm."""
        for claim in sorted(claims, key=lambda claim: claim.order):
            if claim.holds and claim.column not in self.taken and self._is_open(claim.index):
                self.choice.columns[claim.index] = claim.column

    def _nearest_id(self) -> int | None:
        """Return the index of the column of ids: `id` before 编号, 编号 before 代码; None without one."""
        ranks = {fold(word): rank for rank, word in enumerate(("id", *self.table.column("id").headers))}
        found = [at for at, match in self.matches.items() if match.column == "id" and self._is_open(at)]
        return min(found, key=lambda at: (ranks.get(fold(self.header[at]), len(ranks)), at), default=None)

    def _choose_coordinates(self, claims: Sequence[Claim]) -> None:
        """Choose the columns of coordinates, if the table has any."""
        if "lon" not in self.table:
            return
        known = {name: at for at, name in self.choice.columns.items() if name in ("lon", "lat", "lonlat")}
        found: Coordinates = choose_coordinates(self.header, self.samples, claims, known, self._open)
        self.choice.columns |= {at: name for at, name in found.columns.items() if name not in self.without}
        self.choice.degrees |= found.degrees
        self.choice.twice = found.clash

    def _find_name(self, claims: Sequence[Claim]) -> None:
        """Choose the column that names the rows if no claim of it holds: by contents, else one with a listed header although its cells do
        not confirm that, else a stand-in.
        """
        strong = {
            at for at, match in self.matches.items() if match.rank <= LISTED and match.column not in (None, "aliases")
        }
        claimed = {claim.index: claim.column for claim in claims if claim.holds}
        open_ = [at for at in self._open if at not in strong]
        free = [at for at in open_ if at not in claimed]
        why, found = "contents", find_name(self.samples, [free, [at for at in open_ if claimed.get(at) in _ALSO_NAMES]])
        if found is None:
            listed = [claim for claim in claims if claim.column == self.title and claim.match.rank == LISTED]
            if listed:
                self.choice.columns[listed[0].index] = self.title
                return
            why, found = "stand-in", find_stand_in(self.samples, self._stand_ins(claims))
        if found is not None:
            self.choice.name_why = why
            self.choice.columns[found] = self.title

    def _stand_ins(self, claims: Sequence[Claim]) -> list[int]:
        """Return the indices of the columns that may stand in for a missing name: the only column of the file; or, if it has longitudes or
        pairs of coordinates, columns of addresses.
        """
        if len(self.header) == 1:
            return [at for at in (0,) if self._is_open(at)]
        if not {"lon", "lonlat"} & self.taken:
            return []
        return [
            claim.index for claim in claims if claim.holds and claim.column == "address" and self._is_open(claim.index)
        ]

    def _otherwise(self, claims: Sequence[Claim]) -> list[tuple[int, Match]]:
        """Return (index, match) for each header whose cells do not confirm its meaning, and that has a second meaning in the table."""
        words = {fold(word): column for word, column in grammar("headers")["otherwise"]["headers"].items()}
        columns = grammar("headers")["otherwise"]["columns"]
        found = []
        for claim in claims:
            other = words.get(fold(self.header[claim.index]))
            if claim.match.rank != WEAK:
                other = other or columns.get(claim.column)
            if other in self.table and not claim.holds:
                found.append((claim.index, Match(other, rank=FAMILY)))
        return found

    def _is_area(self, claim: Claim) -> bool:
        """Whether a claim is that of a column of areas (省, 区县)."""
        return claim.match.rank == FAMILY and area_level(self.header[claim.index]) is not None

    def _choose_area(self, claims: Sequence[Claim]) -> None:
        """Take the best column of areas as the place, unless there is a place or coordinates."""
        if {"place", "lon", "lonlat"} & self.taken:
            return
        holding = [claim for claim in claims if claim.holds and self.samples[claim.index].share(is_place_name) > MOST]
        best = min(
            holding,
            key=lambda claim: (_AREA_ORDER.index(area_level(self.header[claim.index]) or ""), claim.index),
            default=None,
        )
        if best is not None:
            self.choice.columns[best.index] = "place"

    def _choose_parties(self) -> None:
        """Take columns with one of the parties each (甲方, 乙方) as the parties, if there are at least two."""
        if "parties" not in self.table or "parties" in self.taken or "parties" in self.without:
            return
        folded = [fold(head) for head in self.header]
        parts = []
        for words in grammar("headers")["party_parts"]:
            wanted = {fold(word) for word in words}
            parts += [at for at, head in enumerate(folded) if head in wanted and self._is_open(at)][:1]
        if len(parts) > 1:
            self.choice.parties = tuple(parts)

    def _sort_the_rest(self, claims: Sequence[Claim]) -> None:
        """Record what is known of the columns without a meaning (`beside`, `unfit`, `twice`, `shapes`, `spread`, `dropped`, `near`), and
        set `name_why` if the header of the name is a family.
        """
        choice = self.choice
        by_column = {name: at for at, name in choice.columns.items()}
        for claim in claims:
            if not self._is_open(claim.index) or claim.index in choice.parties:
                continue
            if claim.level >= 2 and claim.column in by_column and claim.column != "id" and not self._is_area(claim):
                choice.beside[claim.index] = by_column[claim.column]
            elif claim.match.rank <= LISTED and claim.share is not None and not claim.holds:
                choice.unfit[claim.index] = (claim.column, self.samples[claim.index].texts[0])
        choice.twice += tuple((taken, at) for at, taken in choice.beside.items() if self.matches[at].rank == CANONICAL)
        choice.shapes = tuple(
            at for at, sample in enumerate(self.samples) if self._is_open(at) and sample.share(is_shape) > MOST
        )
        if {"value", "period"} <= {column.name for column in self.table.columns} and "value" not in by_column:
            dated = [at for at in self._open if is_date(self.header[at]) and self.samples[at].share(is_number) > MOST]
            choice.spread = tuple(dated) if len(dated) > 1 else ()
        if self.title and choice.name_why == "":
            name = by_column.get(self.title, -1)
            match = self.matches.get(name)
            choice.name_why = "family" if match and match.rank == FAMILY and name not in self.told else ""
        open_ = self._open
        choice.dropped = frozenset(at for at in open_ if self._is_running(at))
        unused = [at for at in open_ if at not in choice.dropped and at not in choice.beside]
        choice.near = similar_headers(self.header, self.samples, unused, self.table, {*self.taken, *self.without})

    def _is_running(self, index: int) -> bool:
        """Whether a column holds the running numbers of the rows (1, 2, 3 ...) under a header for such numbers.

        Always False in a file with a canonical column of ids.
        """
        if any(match.column == "id" and match.rank == CANONICAL for match in self.matches.values()):
            return False
        texts = self.samples[index].texts
        return is_running_header(self.header[index]) and are_running_numbers(texts)
