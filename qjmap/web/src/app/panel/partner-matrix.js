/* Who works with whom, as a table: places by places, in each cell the number of partnerships in which both take part. A cell lists
 * them. What is filtered out is not counted.
 */

import { buttonOf, closest, el, elIn, listen, makeCover, pushTo, templatePart } from "../base/dom.js";

/** @type {Record<string, [number, number]>} columns and rows by which a key moves on */
const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
const FIRST = 12; // places at first: those with most links

/** @typedef {{ places: string[], cells: Map<string, Ref[]>, links: Map<string, number>, outside: number }} Counts */

/** @param {string} a @param {string} b */
const cellKey = (a, b) => a + "\u0000" + b;

/**
 * Partnerships by pair of places, places with most links first; `outside` those of fewer than two places.
 *
 * @param {{ store: Store, relations: RelationIndex, filter: RowFilter }} parts
 * @returns {Counts}
 */
function countPairs({ store, relations, filter }) {
  /** The place of a party: itself, or that of a site; "" without one. @param {string} party */
  function placeOf(party) {
    const r = store.ref(party);
    if (r === undefined) return "";
    return store.tableOf(r) === "places" ? party : relations.homeOf(party);
  }
  /** @type {Map<string, Ref[]>} */
  const cells = new Map();
  /** @type {Map<string, number>} */
  const links = new Map();
  let outside = 0;
  for (let row = 0; row < store.rows("partnerships"); row++) {
    const ref = store.refOf("partnerships", row);
    if (!filter.passes(ref)) continue;
    const places = Array.from(new Set(store.list(ref, "parties").map(placeOf).filter(Boolean))).sort();
    if (places.length < 2) { outside++; continue; }
    places.forEach((one, index) => {
      links.set(one, (links.get(one) || 0) + 1);
      for (const other of places.slice(index + 1)) for (const key of [cellKey(one, other), cellKey(other, one)]) pushTo(cells, key, ref);
    });
  }
  const count = (/** @type {string} */ place) => links.get(place) || 0;
  return { places: Array.from(links.keys()).sort((a, b) => count(b) - count(a) || (a < b ? -1 : 1)), cells, links, outside };
}

/**
 * The next cell with a number in a direction; null where there is none.
 *
 * @param {HTMLElement} table
 * @param {HTMLElement} button
 * @param {number} across
 * @param {number} down
 */
function nextCell(table, button, across, down) {
  const rows = /** @type {HTMLTableRowElement[]} */ (Array.from(table.querySelectorAll("tbody tr")));
  let row = rows.indexOf(/** @type {HTMLTableRowElement} */ (button.closest("tr"))), column = /** @type {HTMLTableCellElement} */ (button.closest("td")).cellIndex;
  for (row += down, column += across; rows[row] && rows[row].cells[column]; row += down, column += across) {
    const found = rows[row].cells[column].querySelector("button");
    if (found) return found;
  }
  return null;
}

/**
 * Moves the focus to a cell, the only one that Tab reaches.
 *
 * @param {HTMLElement} table
 * @param {HTMLElement | null} button
 */
function focusCell(table, button) {
  if (!button) return;
  for (const other of /** @type {NodeListOf<HTMLElement>} */ (table.querySelectorAll('button[tabindex="0"]'))) other.tabIndex = -1;
  button.tabIndex = 0;
  button.focus();
}

/**
 * The partnerships of two places.
 *
 * @param {{ language: Language, store: Store, format: Format, facts: RowFacts }} parts
 * @param {[string, string]} pair
 * @param {Ref[]} refs
 */
function dealNodes({ language: { t }, store, format, facts }, [one, other], refs) {
  return [
    el("h3", {}, t("matrix.cell", { one: store.nameOfId(one), other: store.nameOfId(other), total: refs.length })),
    el("ul", { class: "qj-plain" }, refs.map((ref) => el("li", {}, facts.link(store.id(ref)),
      el("span", { class: "qj-line qj-quiet qj-numbers" }, [store.kind(ref), store.status(ref) || t("status.none"),
        format.span(store.get(ref, "start"), store.get(ref, "end")) || t("date.none"), facts.money(ref) || t("deal.no_value")].join(" · ")),
      facts.shortSource(ref)))),
  ];
}

/**
 * @param {{ language: Language, store: Store, format: Format }} parts
 * @param {string} one
 * @param {string} other
 * @param {Ref[] | undefined} refs
 * @param {number} most
 * @param {boolean} pressed
 */
function cell({ language: { t }, store, format }, one, other, refs, most, pressed) {
  if (one === other) return el("td", { class: "qj-matrix-self", "aria-label": t("matrix.self") });
  if (!refs) return el("td", {});
  return el("td", {}, el("button", {
    type: "button", tabindex: "-1", "data-one": one, "data-other": other,
    "data-weight": Math.ceil((4 * refs.length) / most), "aria-pressed": String(pressed),
    "aria-label": t("matrix.cell", { one: store.nameOfId(one), other: store.nameOfId(other), total: refs.length }),
  }, format.number(refs.length)));
}

/**
 * The table and the list of the chosen cell.
 *
 * @param {{ language: Language, store: Store, relations: RelationIndex, format: Format, filter: RowFilter, facts: RowFacts }} parts
 */
function makeMatrixTable(parts) {
  const { language: { t }, store, format } = parts;
  const scroll = templatePart("matrix-scroll"), note = templatePart("matrix-note"), deals = templatePart("matrix-deals");
  let around = ""; // the row from whose panel it was opened: its line is marked
  let showsAll = false;
  /** @type {[string, string] | null} places of the chosen cell */
  let chosen = null;

  /** @param {string[]} shown @param {Counts} counts */
  function table(shown, { cells, links }) {
    const most = Math.max(1, ...shown.flatMap((one) => shown.map((other) => (cells.get(cellKey(one, other)) || []).length)));
    /** @param {"row" | "col"} scope @param {string} id */
    const head = (scope, id) => el("th", { scope, class: id === around ? "qj-matrix-own" : null }, elIn("span", {}, store.nameOfId(id)));
    return el("table", { class: "qj-matrix" },
      el("caption", {}, t("matrix.caption")),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("matrix.place")), el("th", { scope: "col" }, t("matrix.links")), shown.map((id) => head("col", id)))),
      el("tbody", {}, shown.map((one) => el("tr", {}, head("row", one), el("td", { class: "qj-quiet" }, format.number(links.get(one) || 0)),
        shown.map((other) => cell(parts, one, other, cells.get(cellKey(one, other)), most, Boolean(chosen && chosen[0] === one && chosen[1] === other)))))));
  }

  /** Lists the partnerships of the chosen cell. @param {Counts["cells"]} cells */
  function list(cells) {
    const refs = (chosen && cells.get(cellKey(...chosen))) || [];
    deals.hidden = !refs.length;
    deals.replaceChildren(...(chosen && refs.length ? dealNodes(parts, chosen, refs) : []));
  }

  function fill() {
    const counts = countPairs(parts), { places, outside } = counts;
    const shown = showsAll ? places : places.slice(0, FIRST);
    if (around && places.includes(around) && !shown.includes(around)) shown.push(around);
    scroll.replaceChildren(shown.length ? table(shown, counts) : el("p", { class: "qj-none" }, t("matrix.none")));
    const first = scroll.querySelector('button[aria-pressed="true"]') || scroll.querySelector("button");
    if (first) /** @type {HTMLElement} */ (first).tabIndex = 0;
    const more = places.length > shown.length
      ? buttonOf("qj-more", t("matrix.all", { total: places.length }), () => { showsAll = true; fill(); focusCell(scroll, scroll.querySelector("button")); }) : "";
    note.replaceChildren(el("span", {}, t("matrix.note")), outside ? el("span", {}, t("matrix.outside", { total: outside })) : "", more);
    list(counts.cells);
  }

  listen(scroll, "keydown", (event) => {
    const step = STEPS[event.key], button = closest(event, "td button");
    if (!step || !button) return;
    event.preventDefault();
    focusCell(scroll, nextCell(scroll, button, step[0], step[1]));
  });
  listen(scroll, "click", (event) => {
    const button = closest(event, "td button");
    if (!button) return;
    chosen = [button.dataset.one || "", button.dataset.other || ""];
    fill();
    focusCell(scroll, scroll.querySelector('button[aria-pressed="true"]'));
    templatePart("said").textContent = button.getAttribute("aria-label");
    deals.scrollIntoView({ block: "nearest" });
  });

  return {
    fill, scroll, deals,
    /** Resets the matrix to the partners of a row. @param {string} id */
    reset(id) {
      around = id;
      chosen = null;
      showsAll = false;
    },
  };
}

/** @param {{ language: Language, store: Store, relations: RelationIndex, format: Format, filter: RowFilter, facts: RowFacts, closeList: () => void }} parts */
export function makePartnerMatrix(parts) {
  const { language, filter, closeList } = parts, { fill, scroll, deals, reset } = makeMatrixTable(parts);
  const view = templatePart("matrix"), title = templatePart("matrix-title"), close = templatePart("matrix-close"), cover = makeCover(view);
  /** @type {HTMLElement | null} what had the focus before */
  let before = null;

  /** @param {boolean} yes @param {string} id of the row from whose panel it is opened */
  function open(yes, id = "") {
    if (yes === !view.hidden) return;
    if (yes) {
      before = /** @type {HTMLElement | null} */ (document.activeElement);
      reset(id);
    }
    view.hidden = !yes;
    cover(yes); // the list may lie between
    document.documentElement.dataset.matrix = yes ? "open" : "closed";
    if (yes) {
      fill();
      scroll.scrollTo(0, 0);
      title.focus();
    } else if (before && before.isConnected) before.focus({ preventScroll: true });
  }

  const refill = () => { if (!view.hidden) fill(); };
  // A link in it goes to the map.
  deals.addEventListener("click", (event) => {
    if (!closest(event, 'a[href^="#id="]')) return;
    open(false);
    closeList();
  }, true);
  listen(close, "click", () => open(false));
  listen(templatePart("matrix-button"), "click", () => open(true));
  language.bind(templatePart("matrix-button"), "matrix.open");
  filter.onChange(refill);
  language.onChange(refill);
  language.bind(title, "matrix.title");
  language.bind(view, "matrix.title", "aria-label");
  language.bind(scroll, "matrix.title", "aria-label");
  language.bind(close, "matrix.close", "aria-label");

  return {
    open,
    /** A button that opens the matrix for a row. @param {string} id */
    opener: (id) => buttonOf("qj-more qj-matrix-open", language.t("matrix.open"), () => open(true, id)),
    get isOpen() { return !view.hidden; },
  };
}
