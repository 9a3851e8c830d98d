/* The faults of changed rows: a row with a fault stays in the list of changes, and in no file that is saved, until it is mended. */

import { keyOf } from "./change-list.js";

/** @typedef {ReturnType<typeof makeRowFaults>} RowFaults */

/** @param {ToldFault} fault */
export const isFault = ({ severity }) => severity === "fault";

export function makeRowFaults() {
  /** @type {Map<string, ToldFault[]>} */
  const told = new Map();
  /** @type {(() => void)[]} */
  const listeners = [];
  /** @type {Promise<unknown>} the validation of the last change */
  let settled = Promise.resolve();
  const faults = {
    /** @param {string} table @param {string} id @returns {ToldFault[]} */
    of: (table, id) => told.get(keyOf({ table, id })) || [],
    /** Whether a row is kept out of files. @param {{ table: string, id: string }} row */
    isRefused: (row) => (told.get(keyOf(row)) || []).some(isFault),
    /** Rows that have a fault: [table, id]. @returns {string[][]} */
    get refused() { return Array.from(told).filter(([, all]) => all.some(isFault)).map(([key]) => key.split("\n")); },
    /** Replaces the faults of rows. @param {string} table @param {Map<string, ToldFault[]>} byId */
    set(table, byId) {
      for (const [id, all] of byId) if (all.length) told.set(keyOf({ table, id }), all); else told.delete(keyOf({ table, id }));
      listeners.forEach((listener) => listener());
    },
    /** @param {() => void} listener */
    onChange: (listener) => { listeners.push(listener); },
    /** Resolves when all changes so far are validated. */
    get settled() { return settled; },
    /** @param {Promise<unknown>} validation */
    await(validation) { settled = validation; },
  };
  return faults;
}
