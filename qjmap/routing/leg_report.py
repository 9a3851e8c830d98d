"""Report on every corridor leg: drawn length, grade, and deviation from the published length."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from qjmap.i18n import text
from qjmap.model.atlas import Atlas
from qjmap.vocabulary import Vocabularies


@dataclass(frozen=True, slots=True)
class LegReport:
    """Figures of one leg; lengths in kilometres, None if unknown."""

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
        """Relative deviation of the drawn length from the published one."""
        if self.length_km is None or not self.published_km:
            return None
        return self.length_km / self.published_km - 1

    def as_dict(self) -> dict[str, Any]:
        """Fields and deviation for JSON."""
        return {**asdict(self), "deviation": None if self.deviation is None else round(self.deviation, 4)}

    def line(self, lang: str, words: Vocabularies) -> str:
        """One line of text in a language; `words` of the project."""

        def km(value: float | None) -> str:
            return "-" if value is None else f"{value:.0f} km"

        share = "" if self.deviation is None else text("route.deviation", lang, share=f"{self.deviation:+.1%}")
        return text(
            "route.leg", lang, id=self.id, stops=self.stops, mode=words.label("mode", self.mode, lang), length=km(self.length_km),
            grade=text(f"grade.{self.grade or 'none'}", lang), schematic=km(self.schematic_km),
            published=km(self.published_km), deviation=share,
        )  # fmt: skip


def leg_reports(atlas: Atlas) -> list[LegReport]:
    """Reports on the legs of an atlas, sorted by corridor."""

    def optional(value: float) -> float | None:
        return None if math.isnan(value) else float(value)

    return [
        LegReport(
            row.id, " - ".join((start, *row.via, row.to)), row.mode, row.status, row.grade, optional(row.length_km),
            optional(row.schematic_km), optional(row.published_km), row.length_source, row.line_source,
        )
        for row, start in zip(atlas.corridor_legs.itertuples(index=False), atlas.corridor_legs["from"], strict=True)
    ]  # fmt: skip
