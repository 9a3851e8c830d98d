/* What the program makes of the same cells, headers and files; `python -m tests.web_cases FOLDER` writes it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

export function cases(name) {
  const folder = process.env.QJMAP_CASES;
  if (!folder) throw new Error("QJMAP_CASES names no folder of cases: run `make web-test`");
  return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
}
