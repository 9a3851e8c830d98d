"""Tell which Chinese characters sound or look alike; the table of both is read on first use."""

from __future__ import annotations

from functools import cache

from qjmap.geocoding.china_gazetteer import read_asset


def are_similar(written: str, right: str) -> bool:
    """Whether two characters sound alike (pinyin without tones) or look alike."""
    return sound_alike(written, right) or look_alike(written, right)


def look_alike(written: str, right: str) -> bool:
    """Whether two characters look alike."""
    look_alikes = _tables()[0]
    return right in look_alikes.get(written, "") or written in look_alikes.get(right, "")


def sound_alike(written: str, right: str) -> bool:
    """Whether two characters have a syllable in common, whatever the tone."""
    sounds = _tables()[1]
    return bool(sounds.get(written, frozenset()) & sounds.get(right, frozenset()))


def syllables(character: str) -> frozenset[str]:
    """Return the syllables (pinyin without tones) of a character; empty for an unknown one."""
    return _tables()[1].get(character, frozenset())


@cache
def _tables() -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Return two mappings: character -> characters that look like it; character -> its syllables (pinyin without tones)."""
    data = read_asset("characters")
    sounds: dict[str, set[str]] = {}
    for syllable, characters in data["sound"].items():
        for character in characters:
            sounds.setdefault(character, set()).add(syllable)
    return data["alike"], {character: frozenset(held) for character, held in sounds.items()}
