"""JSON that may stand inside a script element."""

from __future__ import annotations

import json
from typing import Any


def script_json(value: Any) -> str:
    """JSON that may stand inside a script element: no ``<``, ``>``, ``&`` or line separators in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
