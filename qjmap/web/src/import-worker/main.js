/* Worker of the page: reads files and pasted texts as rows of a table, and decides about them as `qjmap add` would. The first message brings
 * the data of the program; each further message is a job with an id, and is answered by a message with that id and the `result`, or,
 * after an unexpected error, its text as `failed`.
 */

import { readPair } from "./angles.js";
import { applyChanges } from "./apply-changes.js";
import { opened, previewTable, readTable } from "./read-table.js";
import { setProgramData } from "./program-data.js";

let outlines = /** @type {Unit[]} */ ([]); // boundaries of the last job that brought any

/** Does a job and returns its result. @param {ImportJob | PreviewJob | PatchJob | PairJob} job */
async function answer(job) {
  if (job.kind === "pair") return readPair(job.text, null);
  if (job.kind === "patch") return applyChanges(job);
  if (job.kind === undefined) {
    if (job.outlines) outlines = job.outlines;
    else job.outlines = outlines;
  }
  const read = await opened(job);
  return read.kind === "preview" ? previewTable(read) : readTable(read);
}

self.onmessage = async ({ data }) => {
  if (data.program) setProgramData(data.program);
  if (!data.job) return;
  try {
    self.postMessage({ id: data.id, result: await answer(data.job) });
  } catch (error) {
    self.postMessage({ id: data.id, failed: String(error instanceof Error ? error.stack : error) });
  }
};
