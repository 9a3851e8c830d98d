/* Time as a dimension of the filter: which things existed, were signed or were planned at a year or a quarter.
 *
 *   time.at            the period that is shown ("2020", "2020-Q3"), "" for all of time
 *   time.set(period)   shows a period, or with "" everything again; resolves when the map has been told
 *   time.undated       how many things have no date, and
 *   time.showUndated   whether they are shown at a period
 *   time.count()       {existing, signed, planned}: things that are shown at the period
 */

import { period, span, stateAt } from "./dates.js";
import { yieldToBrowser } from "./dom.js";

const TABLES = ["sites", "partnerships", "corridors"]; // what is dated; places are only taken out when they were not
const STATES = ["", "existing", "signed", "planned", "undated"];
const UNDATED = STATES.indexOf("undated");

/** @param {{ meta: Meta, store: Store, filter: Filter }} given */
export function makeTime({ meta, store, filter }) {
  const known = span(meta.as_of);
  const dated = new Map(); // table -> [{row, start, end, status, known}], the rows that have a date
  const states = new Map(); // table -> Uint8Array, an index of STATES for each row
  const time = { at: "", showUndated: true, undated: 0, set, undatedShown, count };
  /** @type {any} */
  let ready = null;

  /**
   * From when to when a row's thing was there; null without a date.
   *
   * @param {Ref} r
   */
  function datesOf(r) {
    const columns = store.tableOf(r) === "places" ? ["valid_from", "valid_to"] : ["start", "end"];
    const [start, end] = columns.map((column) => span(store.get(r, column)));
    if (!start && !end) return null;
    const own = store.get(r, "as_of");
    return { start, end, status: store.get(r, "status"), known: own ? span(own) : known };
  }

  /* Reads the dates, part by part; asked for only when time is first used. */
  async function read() {
    for (const table of [...TABLES, "places"]) {
      const found = [];
      for await (const part of store.parts(table)) {
        if (part.from) await yieldToBrowser();
        for (let row = part.from; row < part.to; row++) {
          const dates = datesOf(store.refOf(table, row));
          if (dates) found.push({ row, ...dates });
        }
      }
      dated.set(table, found);
      if (table !== "places") time.undated += store.rows(table) - found.length;
    }
  }

  function judge() {
    const days = /** @type {[number, number]} */ (period(time.at));
    for (const [table, found] of dated) {
      const all = new Uint8Array(store.rows(table)).fill(UNDATED);
      for (const one of found) all[one.row] = STATES.indexOf(stateAt(days, one));
      states.set(table, all);
    }
  }

  filter.add("time", {
    /** @param {string} table */
    mask(table) {
      if (!time.at || !states.has(table)) return null;
      const all = states.get(table);
      const keep = table === "places" || time.showUndated;
      return all.map((/** @type {any} */ state) => (state && (keep || state !== UNDATED) ? 1 : 0));
    },
    /** @param {Ref} r */
    row(r) {
      const table = store.tableOf(r);
      if (!time.at || !states.has(table)) return true;
      const dates = datesOf(r);
      return dates ? stateAt(/** @type {[number, number]} */ (period(time.at)), dates) !== "" : table === "places" || time.showUndated;
    },
    clear() {
      time.at = "";
      time.showUndated = true;
    },
  });

  let wish = "";
  /** @param {string} at */
  async function set(at) {
    wish = at && period(at) ? at : "";
    if (wish) await (ready = ready || read());
    if (time.at === wish) return;
    time.at = wish;
    if (time.at) judge();
    filter.changed("time");
  }

  /** @param {boolean} yes */
  function undatedShown(yes) {
    if (time.showUndated === yes) return;
    time.showUndated = yes;
    if (time.at) filter.changed("time");
  }

  function count() {
    /** @type {Record<string, number>} */
    const counts = { existing: 0, signed: 0, planned: 0 };
    for (const table of TABLES) {
      const all = states.get(table);
      const mask = filter.mask(table);
      if (!all || !time.at) continue;
      for (let row = 0; row < all.length; row++) {
        const state = STATES[all[row]];
        if (state in counts && (!mask || mask[row])) counts[state]++;
      }
    }
    return counts;
  }

  return time;
}
