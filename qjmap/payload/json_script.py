"""JSON for script elements."""

from __future__ import annotations

import json
from typing import Any


def script_json(value: Any) -> str:
    """Serialize a value as JSON that is safe inside a script element: ``<``, ``>``, ``&``, U+2028 and U+2029 are escaped.

    Raises ValueError for NaN and infinity.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
