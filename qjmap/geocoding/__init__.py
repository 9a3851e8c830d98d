"""Geocoding: names and addresses -> candidates with coordinates, level and score; offline unless a provider is named.

How an address is processed (重庆市綦江区古南街道人民路1号):

1. `address_text` folds it: full width, case, traditional characters, labels such as 地址：.
2. `address_parser` reads names from its start (重庆市, 綦江区, 古南街道) and keeps, as the *state*, the places that they may mean together;
   `latin_parser`, `abroad_parser` and `station_parser` read the other kinds of texts, `fuzzy_match` misspelt names. What follows
   the names (人民路1号) is the *rest*.
3. `place_choice` decides between several places of the state, `answer_scores` computes the score of the chosen place, and
   `address_decider` calls these modules in order.
4. `candidates` turns the place into the fields of an answer: id, name, level, position (WGS 84 degrees), radius in metres.

`offline_locator` does all that for one text, `locate_many` for many (`prefix_rows` answers texts that begin alike without reading them
again), `geocode_file` for a table; `reverse` finds the units around a point; `online` asks a provider
about texts that stay unresolved or are located only coarsely. The places are those of `china_gazetteer` and `project_gazetteer`, joined in
`merged_gazetteer`; `china_gazetteer` defines "place", "form" and "hit".

The public functions are `qjmap.locate`, `qjmap.geocode` and `qjmap.reverse` (in `qjmap.api.locating`). This package exports the types that
they use, and two helpers for distances.
"""

from qjmap.geocoding.answers import Answer, Candidate, Locator, Reason
from qjmap.geocoding.offline_locator import OfflineLocator
from qjmap.geocoding.project_gazetteer import Position, ProjectGazetteer, box_around, distance_m

__all__ = [
    "Answer",
    "Candidate",
    "Locator",
    "OfflineLocator",
    "Position",
    "ProjectGazetteer",
    "Reason",
    "box_around",
    "distance_m",
]
