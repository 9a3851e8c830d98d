"""The files of the package's gazetteer: compressed JSON in assets/gazetteer."""

import json
import zlib
from importlib.resources import files
from typing import Any


def read_asset(name: str) -> Any:
    """Read one of the package's gazetteer files."""
    return json.loads(zlib.decompress((files("qjmap") / "assets" / "gazetteer" / f"{name}.json.z").read_bytes()))
