"""Read the files of the package's gazetteer, which are JSON compressed with zlib, in assets/gazetteer."""

import json
import zlib
from importlib.resources import files
from typing import Any


def read_asset(name: str) -> Any:
    """Return the parsed JSON of a file of the gazetteer. `name` is its file name without ``.json.z``: units, towns ..."""
    return json.loads(zlib.decompress((files("qjmap") / "assets" / "gazetteer" / f"{name}.json.z").read_bytes()))
