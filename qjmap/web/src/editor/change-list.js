/* The list of changes of rows: steps that can be undone and redone, and all changes of a row joined to one. */

const VERSION = 1; // of change files

/**
 * Joins the changes of each row, in the order in which the rows are first touched or added; the twin of qjmap/edit/change_file.py.
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

/** The key of a row in maps. @param {{ table: string, id: string }} row */
export const keyOf = ({ table, id }) => table + "\n" + id;

/**
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
    rows.set(key, row); // added rows stand in the order of their additions
  } else {
    if (!row.added) for (const name of Object.keys(next)) if (!(name in row.new) && !(name in row.old) && name in old) row.old[name] = old[name];
    Object.assign(row.new, next);
  }
}

/** @typedef {{ steps: RowChange[][], undone: RowChange[][] }} Kept The steps of a list, and those that were undone, the last one last. */
/** @typedef {ReturnType<typeof makeChangeList>} ChangeList */

/**
 * @param {string} map id of the map
 */
export function makeChangeList(map) {
  const listeners = /** @type {((touched: RowChange[]) => void)[]} */ ([]);
  /** @type {Kept} */
  let kept = { steps: [], undone: [] };
  /** @type {Map<string, NetChange> | null} joined changes by row; null until they are asked for */
  let net = null;

  function joined() {
    if (!net) net = new Map(netChanges(kept.steps.flat()).map((change) => [keyOf(change), change]));
    return net;
  }

  /** @param {Kept} next @param {RowChange[]} touched */
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
    /** The joined change of a row; undefined for none. @param {string} table @param {string} id */
    of: (table, id) => joined().get(keyOf({ table, id })),
    /** Calls a listener after every step with the changes that were made or taken back. @param {(touched: RowChange[]) => void} listener */
    onChange: (listener) => { listeners.push(listener); },
    /** Makes changes in one step. @param {...RowChange} changes */
    add(...changes) { if (changes.length) set({ steps: [...kept.steps, changes], undone: [] }, changes); },
    undo() {
      const last = kept.steps[kept.steps.length - 1];
      if (last) set({ steps: kept.steps.slice(0, -1), undone: [...kept.undone, last] }, last);
    },
    redo() {
      const last = kept.undone[kept.undone.length - 1];
      if (last) set({ steps: [...kept.steps, last], undone: kept.undone.slice(0, -1) }, last);
    },
    /** Forgets the changes of rows that are in the tables now. @param {(change: RowChange) => boolean} isDone */
    forget(isDone) {
      const touched = kept.steps.flat();
      set({ steps: kept.steps.map((step) => step.filter((change) => !isDone(change))).filter((step) => step.length), undone: [] }, touched);
    },
    /** Takes a list from elsewhere. @param {Kept} next */
    restore(next) {
      const touched = kept.steps.flat();
      set(next, [...touched, ...next.steps.flat()]);
    },
    /** Returns the text of a change file. @param {(change: RowChange) => boolean} [isIn] which changes it holds; all by default */
    file: (isIn = () => true) => JSON.stringify({ qjmap_changes: VERSION, map, changes: kept.steps.flat().filter(isIn) }, null, 1) + "\n",
    /**
     * Returns the cells of a row with its changes; null for a deleted one.
     *
     * @param {string} table
     * @param {string} id
     * @param {RowRecord} record of the table, empty for none
     * @returns {RowRecord | null}
     */
    edited(table, id, record) {
      const change = joined().get(keyOf({ table, id }));
      if (!change) return record;
      return change.removed && !change.added ? null : { ...(change.removed ? {} : record), ...change.new };
    },
  };
}
