"""Passenger stations of China with the unit that the list of 12306 names for each. No registry package has their points."""

from collections import defaultdict
from collections.abc import Mapping

import _gazetteer_names as names
import _gazetteer_sources as sources
from _gazetteer_units import Row


def station_cities(rows: Mapping[str, Row]) -> dict[str, list[str]]:
    """Return name of a station without 站 -> adcodes of its units, sorted by name. A few names belong to two stations."""
    units: dict[str, list[Row]] = defaultdict(list)
    for row in rows.values():
        if row.level in ("province", "city", "district") and row.id.isdigit() and not row.abolished_in:
            for form in {row.name, names.stem(row.name, row.level)}:
                units[form].append(row)
    order = ("city", "province", "district")  # 12306 usually names the prefecture: 吉林 is 吉林市
    found: dict[str, list[str]] = {}
    for station, city in sources.stations():
        candidates = sorted(units.get(city, []), key=lambda row: order.index(row.level))
        widest = [row for row in candidates if row.level == candidates[0].level]
        if len(widest) == 1 and widest[0].id not in found.setdefault(station, []):
            found[station].append(widest[0].id)
    return {station: sorted(codes) for station, codes in sorted(found.items()) if codes}
