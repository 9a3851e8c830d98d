"""Every leg in figures: how long it is drawn, how well, and how far from what is published."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from qjmap.messages import label, text
from qjmap.model import Atlas


@dataclass(frozen=True, slots=True)
class LegReport:
    """One leg; kilometres, None where there is no such figure."""

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
        """How much longer the line is than published, as a share."""
        if self.length_km is None or not self.published_km:
            return None
        return self.length_km / self.published_km - 1

    def as_dict(self) -> dict[str, Any]:
        """The leg for machines."""
        return {**asdict(self), "deviation": None if self.deviation is None else round(self.deviation, 4)}

    def line(self, lang: str) -> str:
        """The leg as one line of text."""

        def km(value: float | None) -> str:
            return "-" if value is None else f"{value:.0f} km"

        share = "" if self.deviation is None else text("route.deviation", lang, share=f"{self.deviation:+.1%}")
        return text(
            "route.leg", lang, id=self.id, stops=self.stops, mode=label("mode", self.mode, lang), length=km(self.length_km),
            grade=text(f"grade.{self.grade or 'none'}", lang), schematic=km(self.schematic_km),
            published=km(self.published_km), deviation=share,
        )  # fmt: skip


def listing(atlas: Atlas) -> list[LegReport]:
    """The legs of an atlas in the order of their corridors."""

    def known(value: float) -> float | None:
        return None if math.isnan(value) else float(value)

    return [
        LegReport(
            row.id, " - ".join((start, *row.via, row.to)), row.mode, row.status, row.grade, known(row.length_km),
            known(row.schematic_km), known(row.published_km), row.length_source, row.line_source,
        )
        for row, start in zip(atlas.corridor_legs.itertuples(index=False), atlas.corridor_legs["from"], strict=True)
    ]  # fmt: skip
