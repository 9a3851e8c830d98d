/* The list of changes of rows: steps that can be undone and redone, and the net change of each row. */

const VERSION = 1; // version of the format of change files

/**
 * Combines all changes of a row into one net change, in the order in which the rows were first changed or last added; the twin of
 * qjmap/edit/change_file.py.
 *
 * @param {RowChange[]} changes
 * @returns {NetChange[]}
 */
export function netChanges(changes) {
  /** @type {Map<string, NetChange>} */
  const rows = new Map();
  changes.forEach((change, at) => join(rows, change, at + 1));
  return Array.from(rows.values());
}

/** Returns the key of a row in a Map: table and id in two lines. @param {{ table: string, id: string }} row */
export const keyOf = ({ table, id }) => table + "\n" + id;

/**
 * Combines a change, the number-th of the list, with the earlier changes of its row. An added row that is deleted again leaves nothing.
 *
 * @param {Map<string, NetChange>} rows
 * @param {RowChange} change
 * @param {number} number
 */
function join(rows, { op, table, id, old = {}, new: next = {} }, number) {
  const key = keyOf({ table, id }), row = rows.get(key);
  if (!row) {
    rows.set(key, { table, id, added: op === "add", removed: op === "delete", old: { ...old }, new: { ...next }, numbers: [number] });
    return;
  }
  row.numbers.push(number);
  if (op === "delete") {
    if (row.added && !row.removed) rows.delete(key);
    else Object.assign(row, { added: false, removed: true, new: {} });
  } else if (op === "add") {
    Object.assign(row, { added: true, new: { ...next } });
    rows.delete(key);
    rows.set(key, row); // moves it to the end: added rows are in the order in which they were added
  } else {
    if (!row.added) for (const name of Object.keys(next)) if (!(name in row.new) && !(name in row.old) && name in old) row.old[name] = old[name];
    Object.assign(row.new, next);
  }
}

/** @typedef {{ steps: RowChange[][], undone: RowChange[][] }} Kept The steps of a list, and the undone steps; each in the order in which they were made or undone. */
/** @typedef {ReturnType<typeof makeChangeList>} ChangeList */

/** Makes the list of changes of a map: functions and properties that read, add, undo and redo changes. @param {string} map id of the map */
export function makeChangeList(map) {
  const listeners = /** @type {((touched: RowChange[]) => void)[]} */ ([]);
  /** @type {Kept} */
  let kept = { steps: [], undone: [] };
  /** @type {Map<string, NetChange> | null} cached result of `joined` */
  let net = null;

  /** Returns key of a row -> its net change. */
  function joined() {
    if (!net) net = new Map(netChanges(kept.steps.flat()).map((change) => [keyOf(change), change]));
    return net;
  }

  /** Replaces the steps and calls the listeners with the changes that were made or undone. @param {Kept} next @param {RowChange[]} touched */
  function set(next, touched) {
    kept = next;
    net = null;
    listeners.forEach((listener) => listener(touched));
  }

  return {
    get all() { return kept.steps.flat(); },
    get net() { return Array.from(joined().values()); },
    get kept() { return kept; },
    canUndo: () => kept.steps.length > 0,
    canRedo: () => kept.undone.length > 0,
    /** Returns the net change of a row; undefined if it has none. @param {string} table @param {string} id */
    of: (table, id) => joined().get(keyOf({ table, id })),
    /**
     * Registers a listener, which is called after each step with the changes that were made or undone.
     *
     * @param {(touched: RowChange[]) => void} listener
     */
    onChange: (listener) => { listeners.push(listener); },
    /** Adds changes as one step. @param {...RowChange} changes */
    add(...changes) { if (changes.length) set({ steps: [...kept.steps, changes], undone: [] }, changes); },
    undo() {
      const last = kept.steps[kept.steps.length - 1];
      if (last) set({ steps: kept.steps.slice(0, -1), undone: [...kept.undone, last] }, last);
    },
    redo() {
      const last = kept.undone[kept.undone.length - 1];
      if (last) set({ steps: [...kept.steps, last], undone: kept.undone.slice(0, -1) }, last);
    },
    /** Removes the changes that the tables contain now, and all undone steps. @param {(change: RowChange) => boolean} isDone */
    forget(isDone) {
      const touched = kept.steps.flat();
      set({ steps: kept.steps.map((step) => step.filter((change) => !isDone(change))).filter((step) => step.length), undone: [] }, touched);
    },
    /** Replaces the list, by one that was stored or comes from another window. @param {Kept} next */
    restore(next) {
      const touched = kept.steps.flat();
      set(next, [...touched, ...next.steps.flat()]);
    },
    /** Returns the text of a change file. @param {(change: RowChange) => boolean} [isIn] which changes it holds; all by default */
    file: (isIn = () => true) => JSON.stringify({ qjmap_changes: VERSION, map, changes: kept.steps.flat().filter(isIn) }, null, 1) + "\n",
    /**
     * Returns the cells of a row with its changes; null if it was deleted.
     *
     * @param {string} table
     * @param {string} id
     * @param {RowRecord} record cells of the row in the table; empty if it has none
     * @returns {RowRecord | null}
     */
    edited(table, id, record) {
      const change = joined().get(keyOf({ table, id }));
      if (!change) return record;
      return change.removed && !change.added ? null : { ...(change.removed ? {} : record), ...change.new };
    },
  };
}
