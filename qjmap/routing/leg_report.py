"""Report on every corridor leg: drawn length, grade, and deviation from the published length."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from qjmap.i18n import text
from qjmap.model.atlas import Atlas
from qjmap.model.corridor_distances import relative_deviations
from qjmap.vocabulary import Vocabularies


@dataclass(frozen=True, slots=True)
class LegReport:
    """Figures of one corridor leg. Lengths are in kilometres and None if unknown; texts are "" if unknown.

    Attributes
    ----------
    stops : ids of its start, the places that it runs past and its end, joined by " - ".
    grade : how far the drawn line can be trusted: "surveyed", "generalised" or "schematic"; "" without a line.
    length_km : length of the drawn line.
    schematic_km : length of its straight schematic parts.
    mode, status : values of the vocabularies of these names.
    published_km : length that `length_source` states.
    length_source : id of the source of the published length.
    line_source : origin of the drawn line.
    """

    id: str
    stops: str
    mode: str
    status: str
    grade: str
    length_km: float | None
    schematic_km: float | None
    published_km: float | None
    length_source: str
    line_source: str

    @property
    def deviation(self) -> float | None:
        """Relative deviation of the drawn length from the published one: 0.1 if drawn 10 % longer; None if either is unknown."""
        return _known(float(relative_deviations(self.length_km, self.published_km)))

    def as_dict(self) -> dict[str, Any]:
        """Return the fields, and the deviation rounded to 4 decimals, as values for JSON."""
        return {**asdict(self), "deviation": None if self.deviation is None else round(self.deviation, 4)}

    def line(self, lang: str, words: Vocabularies) -> str:
        """Return the report as one line of text in a language ("zh" or "en"). `words` has the vocabularies of the project."""

        def km(value: float | None) -> str:
            return "-" if value is None else f"{value:.0f} km"

        share = "" if self.deviation is None else text("route.deviation", lang, share=f"{self.deviation:+.1%}")
        return text(
            "route.leg", lang, id=self.id, stops=self.stops, mode=words.label("mode", self.mode, lang), length=km(self.length_km),
            grade=text(f"grade.{self.grade or 'none'}", lang), schematic=km(self.schematic_km),
            published=km(self.published_km), deviation=share,
        )  # fmt: skip


def leg_reports(atlas: Atlas) -> list[LegReport]:
    """Return a report on each leg of an atlas, sorted by corridor and order of travel."""
    return [
        LegReport(
            row.id, " - ".join((start, *row.via, row.to)), row.mode, row.status, row.grade, _known(row.length_km),
            _known(row.schematic_km), _known(row.published_km), row.length_source, row.line_source,
        )
        for row, start in zip(atlas.corridor_legs.itertuples(index=False), atlas.corridor_legs["from"], strict=True)
    ]  # fmt: skip


def _known(value: float) -> float | None:
    """Return a number unchanged, or None for NaN."""
    return None if math.isnan(value) else float(value)
