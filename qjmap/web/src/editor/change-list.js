/* An ordered list of changes of rows, of which every step can be undone and redone. */

const VERSION = 1; // of change files

/**
 * All changes of each row as one, in the order in which the rows are first touched or added; the twin of qjmap/edit/change_file.py.
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

/**
 * @param {Map<string, NetChange>} rows
 * @param {RowChange} change
 * @param {number} number
 */
function join(rows, { op, table, id, old = {}, new: next = {} }, number) {
  const key = table + "\n" + id, row = rows.get(key);
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

/** @typedef {{ changes: RowChange[], undone: RowChange[] }} Kept What is kept of a list. */
/** @typedef {ReturnType<typeof makeChangeList>} ChangeList */

/**
 * @param {string} map id of the map
 */
export function makeChangeList(map) {
  const listeners = /** @type {((kept: Kept) => void)[]} */ ([]);
  /** @type {Kept} */
  let kept = { changes: [], undone: [] };
  /** @param {Kept} next */
  function set(next) {
    kept = next;
    listeners.forEach((listener) => listener(kept));
  }

  return {
    get all() { return kept.changes; },
    get net() { return netChanges(kept.changes); },
    get kept() { return kept; },
    canUndo: () => kept.changes.length > 0,
    canRedo: () => kept.undone.length > 0,
    /** Called after every step. @param {(kept: Kept) => void} listener */
    onChange: (listener) => { listeners.push(listener); },
    /** @param {RowChange} change */
    add: (change) => set({ changes: [...kept.changes, change], undone: [] }),
    undo() { if (kept.changes.length) set({ changes: kept.changes.slice(0, -1), undone: [...kept.undone, kept.changes[kept.changes.length - 1]] }); },
    redo() { if (kept.undone.length) set({ changes: [...kept.changes, kept.undone[kept.undone.length - 1]], undone: kept.undone.slice(0, -1) }); },
    clear: () => set({ changes: [], undone: [] }),
    /** Takes a list from elsewhere without telling of it. @param {Kept} next */
    restore(next) { kept = { changes: next.changes || [], undone: next.undone || [] }; },
    /** The text of a change file. */
    file: () => JSON.stringify({ qjmap_changes: VERSION, map, changes: kept.changes }, null, 1) + "\n",
    /**
     * The cells of a row with its changes; null for a deleted one.
     *
     * @param {string} table
     * @param {string} id
     * @param {RowRecord} record of the table, empty for none
     * @returns {RowRecord | null}
     */
    edited(table, id, record) {
      const change = netChanges(kept.changes).find((one) => one.table === table && one.id === id);
      if (!change) return record;
      return change.removed && !change.added ? null : { ...(change.removed ? {} : record), ...change.new };
    },
  };
}
