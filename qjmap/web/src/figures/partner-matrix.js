/* A matrix of partners: places by places, in each cell the number of partnerships in which the two places are partners. A click on a cell
 * lists these. Partnerships that do not pass the filter are not counted.
 */

import { buttonOf, closest, el, elIn, listen, makeCover, templatePart } from "../app/base/dom.js";

/** @type {Record<string, [number, number]>} number of columns and rows by which a key moves the focus */
const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
const FIRST = 12; // number of places shown at first: those with most partnerships

/** @typedef {import("../app/base/relation-index.js").Partner} Partner */
/** @typedef {{ places: string[], cells: Map<string, Map<string, Partner>>, links: Map<string, number>, outside: number }} Counts */

/**
 * For each place the partners that are places; places with most partnerships of their own first. `outside` is the number of partnerships
 * that are in no cell, because fewer than two places take part.
 *
 * @param {{ store: Store, relations: RelationIndex, filter: RowFilter }} parts
 * @returns {Counts}
 */
function countPairs({ store, relations, filter }) {
  /** @param {string} id */
  const isPlace = (id) => store.tableOf(store.ref(id) ?? NaN) === "places";
  /** @type {Counts["cells"]} */
  const cells = new Map();
  /** @type {Map<string, number>} */
  const links = new Map();
  /** @type {Map<string, number>} */
  const own = new Map();
  const passing = new Set(), inside = new Set();
  for (const id of relations.taking()) {
    const refs = relations.links(id).filter(({ ref }) => filter.passes(ref));
    for (const { ref } of refs) passing.add(ref);
    const partners = isPlace(id) ? relations.partners(id, filter.passes).filter((partner) => isPlace(partner.id)) : [];
    if (!partners.length) continue;
    links.set(id, refs.length);
    own.set(id, refs.filter(({ via }) => !via).length);
    cells.set(id, new Map(partners.map((partner) => [partner.id, partner])));
    for (const partner of partners) for (const ref of partner.refs) inside.add(ref);
  }
  const compare = (/** @type {Map<string, number>} */ counts, /** @type {string} */ a, /** @type {string} */ b) => (counts.get(b) || 0) - (counts.get(a) || 0);
  return { places: Array.from(links.keys()).sort((a, b) => compare(own, a, b) || compare(links, a, b) || (a < b ? -1 : 1)), cells, links, outside: passing.size - inside.size };
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

/** The label of a cell: two places, and their number of partnerships. @param {Language} language @param {Store} store @param {string} one @param {Partner} partner */
function cellWords({ t, now }, store, one, { id, refs, own }) {
  const within = refs.filter((ref) => !own.has(ref)).length, words = t("matrix.cell", { one: store.nameOfId(one), other: store.nameOfId(id), total: refs.length });
  return within ? words + (now === "zh" ? "，" : ", ") + t("count.within", { total: within }) : words;
}

/**
 * The list of the partnerships of two places.
 *
 * @param {{ language: Language, store: Store, format: Format, facts: RowFacts }} parts
 * @param {string} one
 * @param {Partner} partner
 */
function dealNodes({ language, store, format, facts }, one, partner) {
  const { t } = language;
  return [
    el("h3", {}, cellWords(language, store, one, partner)),
    el("ul", { class: "qj-plain" }, partner.refs.map((ref) => el("li", {}, facts.link(store.id(ref)),
      el("span", { class: "qj-line qj-quiet qj-numbers" }, [store.kind(ref), store.status(ref) || t("status.none"),
        format.span(store.get(ref, "start"), store.get(ref, "end")) || t("date.none"), facts.money(ref) || t("deal.no_value")].join(" · ")),
      facts.shortSource(ref)))),
  ];
}

/**
 * @param {{ language: Language, store: Store, format: Format }} parts
 * @param {string} one
 * @param {string} other
 * @param {Partner | undefined} partner
 * @param {number} most
 * @param {boolean} pressed
 */
function cell({ language, store, format }, one, other, partner, most, pressed) {
  if (one === other) return el("td", { class: "qj-matrix-self", "aria-label": language.t("matrix.self") });
  if (!partner) return el("td", {});
  return el("td", {}, el("button", {
    type: "button", tabindex: "-1", "data-one": one, "data-other": other,
    "data-weight": Math.ceil((4 * partner.refs.length) / most), "aria-pressed": String(pressed), "aria-label": cellWords(language, store, one, partner),
  }, format.number(partner.refs.length)));
}

/**
 * The table and the list of the chosen cell.
 *
 * @param {{ language: Language, store: Store, relations: RelationIndex, format: Format, filter: RowFilter, facts: RowFacts }} parts
 */
function makeMatrixTable(parts) {
  const { language: { t }, store, format } = parts;
  const scroll = templatePart("matrix-scroll"), note = templatePart("matrix-note"), deals = templatePart("matrix-deals");
  let around = ""; // id of the row from whose panel the matrix was opened; its line is marked
  let showsAll = false;
  /** @type {[string, string] | null} places of the chosen cell */
  let chosen = null;

  /** @param {string[]} shown @param {Counts} counts */
  function table(shown, { cells, links }) {
    const most = Math.max(1, ...shown.flatMap((one) => shown.map((other) => cells.get(one)?.get(other)?.refs.length || 0)));
    /** @param {"row" | "col"} scope @param {string} id */
    const head = (scope, id) => el("th", { scope, class: id === around ? "qj-matrix-own" : null }, elIn("span", {}, store.nameOfId(id)));
    return el("table", { class: "qj-matrix" },
      el("caption", {}, t("matrix.caption")),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("matrix.place")), el("th", { scope: "col" }, t("matrix.links")), shown.map((id) => head("col", id)))),
      el("tbody", {}, shown.map((one) => el("tr", {}, head("row", one), el("td", { class: "qj-quiet" }, format.number(links.get(one) || 0)),
        shown.map((other) => cell(parts, one, other, cells.get(one)?.get(other), most, Boolean(chosen && chosen[0] === one && chosen[1] === other)))))));
  }

  /** Lists the partnerships of the chosen cell. @param {Counts["cells"]} cells */
  function list(cells) {
    const partner = chosen && cells.get(chosen[0])?.get(chosen[1]);
    deals.hidden = !partner;
    deals.replaceChildren(...(chosen && partner ? dealNodes(parts, chosen[0], partner) : []));
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
    cover(yes); // also covers the list view, which may be open
    document.documentElement.dataset.matrix = yes ? "open" : "closed";
    if (yes) {
      fill();
      scroll.scrollTo(0, 0);
      title.focus();
    } else if (before && before.isConnected) before.focus({ preventScroll: true });
  }

  const refill = () => { if (!view.hidden) fill(); };
  // A click on a link closes the matrix, since the link's row is shown on the map.
  deals.addEventListener("click", (event) => {
    if (!closest(event, 'a[href^="#id="]')) return;
    open(false);
    closeList();
  }, true);
  listen(close, "click", () => open(false));
  const button = templatePart("matrix-button");
  button.hidden = false;
  listen(button, "click", () => open(true));
  language.bind(button, "matrix.open");
  filter.onChange(refill);
  language.onChange(refill);
  language.bind(title, "matrix.title");
  language.bind(view, "matrix.title", "aria-label");
  language.bind(scroll, "matrix.title", "aria-label");
  language.bind(close, "matrix.close", "aria-label");

  return {
    open,
    /** The matrix of all places as rows of cells, for a file; "" if two places have no partnership. */
    cells() {
      const { places, cells } = countPairs(parts), { store } = parts;
      return [["", ...places.map((one) => store.nameOfId(one))], ...places.map((one) => [store.nameOfId(one), ...places.map((other) => String(cells.get(one)?.get(other)?.refs.length || ""))])];
    },
    /** A button that opens the matrix for a row. @param {string} id */
    opener: (id) => buttonOf("qj-more qj-matrix-open", language.t("matrix.open"), () => open(true, id)),
    get isOpen() { return !view.hidden; },
  };
}
