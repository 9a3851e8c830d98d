/* Worker of the page: reads files and pasted texts as rows of a table, and decides about them as `qjmap add` would. The first message brings
 * the data of the program, each further one a job.
 */

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
