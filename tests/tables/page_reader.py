"""The page's reader of tables, run outside a browser: what a script makes of it under Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

from qjmap.page import entrance
from tests.web_modules import WEB, web_modules

_END = """
const { rules, given } = TOLD;
modules.setRules(rules);
const answer = ((E, given) => { BODY })(modules, given);
process.stdout.write(JSON.stringify(answer));
"""


def run_page_reader(body: str, given: Any = None) -> Any:
    """What the body of a function of `E` (all that the reader's modules export) and `given` returns."""
    node = shutil.which("node")
    if node is None:
        raise RuntimeError("Node.js is missing: `make test` installs it (tests/install.sh)")
    told = json.dumps({"rules": entrance.rules(), "given": given})
    names = [path.name for path in sorted((WEB / "src" / "import").glob("*.js")) if path.name != "worker.js"]
    reader = web_modules(*(f"import/{name}" for name in names), "runtime/formulas.js")
    script = reader + _END.replace("BODY", body).replace("TOLD", told)
    done = subprocess.run([node, "-"], input=script, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
