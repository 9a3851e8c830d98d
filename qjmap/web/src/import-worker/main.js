/* A file or pasted text, read and judged as `qjmap add` would; runs in a worker of the page. */

import { applyChanges } from "./apply-changes.js";
import { opened, previewTable, readTable } from "./read-table.js";
import { setProgramData } from "./program-data.js";

self.onmessage = async ({ data }) => {
  if (data.program) setProgramData(data.program);
  if (!data.job) return;
  try {
    const job = data.job.kind === "patch" ? data.job : await opened(data.job);
    self.postMessage({ id: data.id, result: job.kind === "patch" ? applyChanges(job) : job.kind === "preview" ? previewTable(job) : readTable(job) });
  } catch (error) {
    self.postMessage({ id: data.id, failed: String(error instanceof Error ? error.stack : error) });
  }
};
