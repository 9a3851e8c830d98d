/* The filter by time: shows the rows that existed, were signed or were planned in a year or a quarter. */

import { holding, period, span, stateAt } from "../app/base/date-spans.js";
import { yieldToBrowser } from "../app/base/dom.js";

const LONG = 92; // maximum number of days in a quarter
const DATES = ["start", "end"];
/** Columns with the dates of each table of an atlas. Places are not counted; they are only hidden in periods in which they did not exist. */
const COLUMNS = { sites: DATES, partnerships: DATES, corridors: DATES, places: ["valid_from", "valid_to"] };
/** States of a row in a period, see `stateAt`; a row's state is kept as an index into this list. */
const STATES = ["", "existing", "signed", "planned", "undated"];
const UNDATED = STATES.indexOf("undated");

/** @typedef {import("../app/base/date-spans.js").Dates} Dates */

/**
 * Returns the dates that count in a period. If a start is known only to the year and the period is a quarter, the start is set to the last
 * quarter of the year, because only then it is certain that the row had started.
 *
 * @param {string} at the period ("2020", "2020-Q3")
 * @param {Dates} dates
 * @returns {Dates}
 */
function datesFor(at, dates) {
  const { start } = dates;
  if (!start || !at.includes("Q") || start[1] - start[0] < LONG) return dates;
  return { ...dates, start: [start[1] - LONG + 1, start[1]] };
}

/**
 * Makes the object that reads the dates of rows and computes the states of rows in a period.
 *
 * @param {Meta} meta
 * @param {Store} store
 */
function makeRowStates(meta, store) {
  const known = span(meta.as_of);
  const columns = /** @type {Record<string, string[]>} */ (meta.time?.columns || COLUMNS), tables = Object.keys(columns), counted = tables.filter((table) => table !== "places");
  /** @type {Map<string, { row: number, dates: Dates }[]>} table -> its rows with a date */
  const dated = new Map();
  /** @type {Map<string, Uint8Array>} table -> for each row the index of its state in STATES */
  const states = new Map();
  let undated = 0;

  /** Returns the dates and the status of a row; null if it has neither start nor end. @param {Ref} r @returns {Dates | null} */
  function datesOf(r) {
    const [start, end] = columns[store.tableOf(r)].map((column) => span(store.get(r, column).slice(0, 10)));
    if (!start && !end) return null;
    const own = store.get(r, "as_of");
    return { start, end, status: store.statusLike(r), known: own ? span(own) : known };
  }

  return {
    /** Returns for each row of a table the index of its state in STATES; undefined before a period was set. @param {string} table */
    of: (table) => states.get(table),
    /** Number of rows without a date, places excepted; 0 until `read` is done. */
    get undated() { return undated; },
    counted,
    /** Returns the state of a row or draft in a period, one of STATES. @param {Ref} r @param {string} at */
    stateOf(r, at) {
      const dates = datesOf(r);
      return dates ? stateAt(/** @type {[number, number]} */ (period(at)), datesFor(at, dates)) : "undated";
    },
    /** Reads the dates of all tables, part by part; resolves when it is done. */
    async read() {
      for (const table of tables) {
        const rows = [];
        for await (const part of store.parts(table)) {
          if (part.from) await yieldToBrowser();
          for (let row = part.from; row < part.to; row++) {
            const dates = datesOf(store.refOf(table, row));
            if (dates) rows.push({ row, dates });
          }
        }
        dated.set(table, rows);
        if (table !== "places") undated += store.rows(table) - rows.length;
      }
    },
    /** Computes the states of all rows in a period. @param {string} at */
    compute(at) {
      const days = /** @type {[number, number]} */ (period(at));
      for (const [table, rows] of dated) {
        const all = new Uint8Array(store.rows(table)).fill(UNDATED);
        for (const { row, dates } of rows) all[row] = STATES.indexOf(stateAt(days, datesFor(at, dates)));
        states.set(table, all);
      }
    },
    /** Returns the ids of the rows that have a date, exist or are planned in the period, and pass a filter. @param {RowFilter} filter */
    datedIds: (filter) => Array.from(states).flatMap(([table, all]) => {
      const mask = filter.mask(table);
      return Array.from(all, (state, row) => (state && state !== UNDATED && (!mask || mask[row]) ? store.id(store.refOf(table, row)) : "")).filter(Boolean);
    }),
    /** Returns for each period how many starts and ends of rows fall into it. @param {string[]} list periods, all years or all quarters */
    events(list) {
      const index = new Map(list.map((at, k) => [at, k])), counts = new Uint32Array(list.length), unit = list[0].includes("Q") ? "quarter" : "year";
      for (const table of counted) {
        for (const { dates } of dated.get(table) || []) {
          for (const when of [datesFor(list[0], dates).start, dates.end]) {
            const k = when ? index.get(holding(when[0], unit)) : undefined;
            if (k !== undefined) counts[k]++;
          }
        }
      }
      return counts;
    },
  };
}

/** Adds the dimension "time" to the row filter; returns the object that sets it. @param {{ meta: Meta, store: Store, filter: RowFilter }} parts */
export function makeTimeFilter({ meta, store, filter }) {
  const rows = makeRowStates(meta, store);
  let at = ""; // the period that is shown, "" for all periods
  let requested = ""; // the period that was asked for last, while the dates are read
  let showUndated = true;
  /** @type {Promise<void> | null} */
  let reading = null; // promise of reading the dates, set on first use

  /** Returns whether rows of a table without a date pass. @param {string} table */
  const undatedPass = (table) => table === "places" || showUndated;

  filter.add("time", {
    mask(table) {
      const states = rows.of(table), keep = undatedPass(table);
      if (!at || !states) return null;
      return states.map((state) => (state && (keep || state !== UNDATED) ? 1 : 0));
    },
    row(r) {
      const table = store.tableOf(r);
      if (!at || !rows.of(table)) return true;
      const state = rows.stateOf(r, at);
      return state === "undated" ? undatedPass(table) : state !== "";
    },
    clear() {
      at = requested = "";
      showUndated = true;
    },
  });

  return {
    /** The period that is shown ("2020", "2020-Q3"), "" for all periods. */
    get at() { return at; },
    /** Whether rows without a date are shown while a period is set. */
    get showUndated() { return showUndated; },
    /** Number of rows without a date, places excepted; 0 until the dates are read. */
    get undated() { return rows.undated; },
    /**
     * Limits the shown rows to those of a period, such as "2020" or "2020-Q3"; if `next` is "" or no period, all rows are shown. Resolves
     * when the filter is set.
     *
     * @param {string} next
     */
    async set(next) {
      requested = next && period(next) ? next : "";
      if (requested) await (reading = reading || rows.read());
      if (at === requested) return;
      at = requested;
      if (at) rows.compute(at);
      filter.changed("time");
    },
    /** Shows or hides rows without a date while a period is set. @param {boolean} yes */
    setShowUndated(yes) {
      if (showUndated === yes) return;
      showUndated = yes;
      if (at) filter.changed("time");
    },
    /** Resolves to the number of starts and ends of rows in each period. @param {string[]} list periods, all years or all quarters */
    events: async (list) => {
      await (reading = reading || rows.read());
      return rows.events(list);
    },
    /** Returns the ids of the shown rows that have a date; null if no period is set, or if rows without a date are hidden. */
    datedIds: () => (at && showUndated ? rows.datedIds(filter) : null),
    /** Returns the numbers of shown rows by state in the period, without places; all 0 if no period is set. */
    count() {
      const counts = { existing: 0, signed: 0, planned: 0 };
      for (const table of at ? rows.counted : []) {
        const states = rows.of(table), mask = filter.mask(table);
        for (let row = 0; states && row < states.length; row++) {
          const state = STATES[states[row]];
          if ((state === "existing" || state === "signed" || state === "planned") && (!mask || mask[row])) counts[state]++;
        }
      }
      return counts;
    },
  };
}
