"""The page's reader of tables, run outside a browser: what a script makes of it under Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

from qjmap.page import entrance

_BEGIN = "globalThis.self = globalThis;\n"
_END = """
const { rules, given } = TOLD;
Entrance.begin(rules);
const answer = ((E, given) => { BODY })(Entrance, given);
process.stdout.write(JSON.stringify(answer));
"""


def run_page_reader(body: str, given: Any = None) -> Any:
    """What the body of a function of `E` (the reader) and `given` returns."""
    node = shutil.which("node")
    if node is None:
        raise RuntimeError("Node.js is missing: `make test` installs it (tests/install.sh)")
    told = json.dumps({"rules": entrance.rules(), "given": given})
    script = _BEGIN + entrance.source() + _END.replace("BODY", body).replace("TOLD", told)
    done = subprocess.run([node, "-"], input=script, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
