"""Read a folded text as one of the kinds of texts that name places: a name, an address in any order, a station, an address abroad."""

from __future__ import annotations

import re

from qjmap.geocoding.abroad_parser import AbroadParser
from qjmap.geocoding.address_parser import AddressParser
from qjmap.geocoding.address_text import MAX_COMMAS
from qjmap.geocoding.answer_scores import AnswerScores
from qjmap.geocoding.cities_abroad import is_latin
from qjmap.geocoding.county_towns import TOWN_END
from qjmap.geocoding.name_boundaries import FIRST_IDEOGRAPH, GAP_STARTS, UNIT_SUFFIXES
from qjmap.geocoding.parsed_address import ParsedAddress
from qjmap.geocoding.station_parser import StationParser

STARTS_OF_PARTS = re.compile("[:：(（,;、 】]")
"""Characters after which a part of a text begins."""
_ENDS_OF_NAMES = frozenset("站村区")
_PART_SEPARATORS = re.compile("[,;、 ]")
_EARLY_DIGIT = re.compile(r".{0,3}\d")
_TO_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


class TextReader:
    """Reader of texts over the places of one parser.

    Attributes
    ----------
    abroad : the parser of names and addresses abroad.
    """

    def __init__(self, parser: AddressParser, scores: AnswerScores) -> None:
        self._parser, self._places, self._scores = parser, parser.places, scores
        self._stations = StationParser(parser)
        self._read_further = re.compile(
            rf".{{0,3}}\d|.{{1,5}}[{UNIT_SUFFIXES}]|.{{0,{parser.places.china.longest_town - 1}}}{TOWN_END.pattern}"
            rf"|.*{STARTS_OF_PARTS.pattern}"
        ).match
        """Matches texts on which `names_nothing` does not decide: with a digit or suffix of a unit near the beginning, or of several parts."""
        self.abroad = AbroadParser(parser)

    def names_nothing(self, folded: str) -> bool:
        """Whether a text certainly names no place: it begins with no name and has no part, digit or unit for another way of reading."""
        two = folded[:2]
        if (
            folded[0] < FIRST_IDEOGRAPH
            or folded[0] in GAP_STARTS
            or folded[-1] in _ENDS_OF_NAMES
            or self._parser.may_begin(two)
        ):
            return False
        return not (self.abroad.may_begin(two) or self._read_further(folded))

    def names(self, folded: str) -> ParsedAddress | None:
        """Read a text that is a name or begins with names; None for any other text, and for one in Latin letters that is no form.

        The short name of a county after a province is left out if it is only the beginning of another word.
        """
        if self._places.has_form(folded):
            return ParsedAddress(self._places.hits(folded), folded, len(folded))
        parsed = None if is_latin(folded) else self._parser.parse(folded)
        if parsed is not None and self._scores.is_word_behind_province(parsed, folded):
            return self._parser.parse(folded[: parsed.end - len(parsed.form)])
        return parsed

    def whole_name(self, folded: str) -> ParsedAddress | None:
        """Read a text that names a place, alone or with areas that contain it, and has nothing else; in China or abroad.

        None for any other text, and if the names contradict one another.
        """
        parsed = self.names(folded)
        if parsed is None and is_latin(folded):
            latin = self.abroad.parse_latin(folded)
            return latin[0] if latin is not None and not latin[1] and not latin[0].rivals else None
        if parsed is None or self.abroad.goes_on(parsed, folded):
            return self.abroad.parse_name(folded)
        return parsed if parsed.end == len(folded) and not parsed.rivals else None

    def station(self, folded: str) -> ParsedAddress | None:
        """Read a text that is the name of a railway station; None for any other text."""
        return self._stations.parse(folded) if folded[-1] == "站" else None

    def with_numerals(self, folded: str) -> ParsedAddress | None:
        """Read a text with a digit among its first four characters as if its digits were Chinese numerals (7星关区 as 七星关区).

        None for any other text, and if it then begins with no name.
        """
        return self._parser.parse(folded.translate(_TO_CHINESE_DIGITS)) if _EARLY_DIGIT.match(folded) else None

    def reversed(self, folded: str) -> tuple[ParsedAddress, str] | None:
        """Read an address that begins with its smallest part: 解放路1号,綦江区,重庆市.

        Return the parsed address, and the text with its parts in reverse order, to which it refers; None for any other text.
        """
        parts = [part.strip() for part in _PART_SEPARATORS.split(folded) if part.strip()]
        if not 2 <= len(parts) <= MAX_COMMAS:
            return None
        turned = ",".join(parts[::-1])
        parsed = self._parser.parse(turned)
        if parsed is None or parsed.rivals or len(parsed.form) < 3:
            return None
        return parsed, turned

    def embedded(self, folded: str) -> tuple[ParsedAddress, str] | None:
        """Read an address after a label (总部:重庆市綦江区), which must name a unit and an area around it, or a name in brackets (甲公司(綦江)).

        The name in brackets must be distinctive (`AnswerScores.is_distinctive`): 昆山 is not, since 昆山镇 begins with it too.

        Return the parsed address, and the part of the text to which it refers; None for any other text.
        """
        for separator in STARTS_OF_PARTS.finditer(folded):
            part = folded[separator.end() :]
            inside, bracket, _ = part.partition(")")
            hits = self._places.hits(inside) if bracket and folded[separator.start()] == "(" else ()
            if len(hits) == 1 and self._scores.is_distinctive(hits[0], inside):
                return ParsedAddress(hits, inside, len(inside)), inside
            parsed = self._parser.parse(part)
            if parsed is not None and not parsed.rivals and parsed.end > len(parsed.form) > 2:
                return parsed, part
        return None
