"""Run the page's reader of tables in Node, outside a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

from qjmap.page import import_worker
from tests.web_modules import WEB, web_modules

_END = """
const { program, given } = TOLD;
modules.setProgramData(program);
(async (E, given) => { BODY })(modules, given).then((answer) => process.stdout.write(JSON.stringify(answer)));
"""


def run_page_reader(body: str, given: Any = None) -> Any:
    """Run the body of an async JavaScript function in Node and return its result.

    The function has the parameters `E`, with all exports of the reader's modules, and `given`.
    """
    node = shutil.which("node")
    if node is None:
        raise RuntimeError("Node.js is missing: `make test` installs it (tests/install.sh)")
    told = json.dumps({"program": import_worker.program_data(), "given": given})
    names = [path.name for path in sorted((WEB / "src" / "import-worker").glob("*.js")) if path.name != "main.js"]
    reader = web_modules(*(f"import-worker/{name}" for name in names), "runtime/formula-guard.js")
    script = reader + _END.replace("BODY", body).replace("TOLD", told)
    done = subprocess.run([node, "-"], input=script, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
