/* A file or pasted text, read and judged as `qjmap add` would; runs in a worker of the page. */

import { readTable } from "./read-table.js";
import { setRules } from "./text.js";

self.onmessage = ({ data }) => {
  if (data.rules) setRules(data.rules);
  if (!data.job) return;
  try {
    self.postMessage({ id: data.id, result: readTable(data.job) });
  } catch (error) {
    self.postMessage({ id: data.id, failed: String(error instanceof Error ? error.stack : error) });
  }
};
