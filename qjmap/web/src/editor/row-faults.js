/* Keeps the faults of changed rows. A row with a fault stays in the list of changes, but saved files leave it out until it is corrected. */

import { keyOf } from "./change-list.js";

/** @typedef {ReturnType<typeof makeRowFaults>} RowFaults */

/** Returns whether a fault is more than a warning. @param {ToldFault} fault */
export const isFault = ({ severity }) => severity === "fault";

/** Makes the collection of the faults of changed rows. */
export function makeRowFaults() {
  /** @type {Map<string, ToldFault[]>} */
  const told = new Map();
  /** @type {((isChanged: boolean) => void)[]} */
  const listeners = [];
  /** @type {Promise<unknown>} the validation of the last change */
  let settled = Promise.resolve();
  const faults = {
    /**
     * Returns the faults and warnings of a row.
     *
     * @param {string} table
     * @param {string} id
     * @returns {ToldFault[]}
     */
    of: (table, id) => told.get(keyOf({ table, id })) || [],
    /** Returns whether saved files leave a row out. @param {{ table: string, id: string }} row */
    isRefused: (row) => (told.get(keyOf(row)) || []).some(isFault),
    /** The rows that have a fault, as [table, id]. @returns {string[][]} */
    get refused() { return Array.from(told).filter(([, all]) => all.some(isFault)).map(([key]) => key.split("\n")); },
    /** Replaces the faults of rows that were validated. @param {string} table @param {Map<string, ToldFault[]>} byId */
    set(table, byId) {
      const isChanged = Array.from(byId).some(([id, all]) => JSON.stringify(all) !== JSON.stringify(faults.of(table, id)));
      for (const [id, all] of byId) if (all.length) told.set(keyOf({ table, id }), all); else told.delete(keyOf({ table, id }));
      listeners.forEach((listener) => listener(isChanged));
    },
    /** Registers a listener, which is called when rows were validated; `isChanged`: whether their faults are others. @param {(isChanged: boolean) => void} listener */
    onChange: (listener) => { listeners.push(listener); },
    /** The promise that resolves when all changes so far are validated. */
    get settled() { return settled; },
    /** Sets the promise of the validation of the last change. @param {Promise<unknown>} validation */
    await(validation) { settled = validation; },
  };
  return faults;
}
