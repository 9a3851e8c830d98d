/* The matrix of partners: rows and columns are places; a cell has the number of partnerships between its two places, and a click on it lists
 * these partnerships. Only partnerships that pass the filter count.
 */

import { planMatrix } from "./matrix-picture.js";
import { buttonOf, closest, el, elIn, listen, templatePart } from "../app/base/dom.js";
import { today } from "../app/base/today.js";
import { measuringContext } from "../app/base/wrap-text.js";
import { download } from "../app/export/file-formats.js";
import { makeCover } from "../runtime/open-views.js";
import { SvgContext } from "../runtime/svg-context.js";

/** @type {Record<string, [number, number]>} key -> number of columns and rows by which it moves the focus */
const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
const SIGNS = { none: "", descending: " ▼", ascending: " ▲" };
const OWN = "-"; // sort key for the order of the columns
const SCALE = 2; // pixels of the PNG per px of the picture
const FIRST = 12; // number of places that are shown until the reader asks for all

/** @typedef {import("../app/base/relation-index.js").Partner} Partner */
/** @typedef {{ places: string[], cells: Map<string, Map<string, Partner>>, links: Map<string, number>, outside: number }} Counts As `countPairs` returns them. */

/**
 * Counts the partnerships of each pair of places. Returns `places`, those that are a party themselves most often first; `cells`, place ->
 * partner -> their partnerships; `links`, place -> number of its partnerships; and `outside`, the number of partnerships that are in no cell,
 * since fewer than two places take part in them.
 *
 * @param {{ store: Store, relations: RelationIndex, filter: RowFilter }} parts
 * @returns {Counts}
 */
function countPairs({ store, relations, filter }) {
  /** Returns whether an id is that of a place. @param {string} id */
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
 * Returns the button of the next cell with a number in a direction; null if there is none.
 *
 * @param {HTMLElement} table
 * @param {HTMLElement} button the button of the cell to start from
 * @param {number} across columns per step: 1 right, -1 left, 0 neither
 * @param {number} down rows per step
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
 * Moves the focus to the button of a cell, which becomes the only one that Tab reaches.
 *
 * @param {HTMLElement} table
 * @param {HTMLElement | null} button
 */
function focusCell(table, button) {
  if (!button) return;
  for (const other of /** @type {NodeListOf<HTMLElement>} */ (table.querySelectorAll('td button[tabindex="0"]'))) other.tabIndex = -1;
  button.tabIndex = 0;
  button.focus();
}

/** Moves the focus to the next or previous column header. @param {HTMLElement} head @param {number} across 1 next, -1 previous, 0 neither */
function moveHead(head, across) {
  const next = /** @type {HTMLElement | null | undefined} */ ((across > 0 ? head.nextElementSibling : across < 0 ? head.previousElementSibling : null)?.querySelector("button"));
  if (!next) return;
  /** @type {HTMLElement} */ (head.querySelector("button")).tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

/**
 * Returns the description of a cell: its two places, the number of their partnerships, and how many of these only sites or places within them
 * make.
 *
 * @param {Language} language
 * @param {Store} store
 * @param {string} one id of the place of the row
 * @param {Partner} partner the place of the column
 */
function cellWords({ t, now }, store, one, { id, refs, own }) {
  const within = refs.filter((ref) => !own.has(ref)).length, words = t("matrix.cell", { one: store.nameOfId(one), other: store.nameOfId(id), total: refs.length });
  return within ? words + (now === "zh" ? "，" : ", ") + t("count.within", { total: within }) : words;
}

/**
 * Returns the elements that list the partnerships of two places.
 *
 * @param {{ language: Language, store: Store, format: Format, facts: RowFacts }} parts
 * @param {string} one id of the first place
 * @param {Partner} partner the second place
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
 * Returns the cell of two places: a button with the number, or an empty cell.
 *
 * @param {{ language: Language, store: Store, format: Format }} parts
 * @param {string} one id of the place of the row
 * @param {string} other id of the place of the column
 * @param {Partner | undefined} partner their partnerships; undefined if they have none
 * @param {number} most largest number in the matrix
 * @param {boolean} pressed whether the cell is chosen
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
 * Makes the order of the rows: a sort key and a direction. A key is the id of a place (number of partnerships with it), "name", "" (number
 * of all partnerships), or `OWN` (the order of the columns).
 *
 * @param {{ language: Language, store: Store }} parts
 */
function makeOrder({ language, store }) {
  let sorted = OWN, falling = true;
  return {
    /** Returns the direction in which the rows are sorted by a key. @param {string} key @returns {keyof typeof SIGNS} */
    of: (key) => (key !== sorted ? "none" : falling ? "descending" : "ascending"),
    /** Returns whether the column header of a key is the one that Tab reaches. @param {string} key */
    leads: (key) => key === (sorted === OWN ? "name" : sorted),
    /** Sorts by a key; by the present key in the other direction. @param {string} key */
    by(key) {
      falling = key === sorted ? !falling : key !== "name";
      sorted = key;
    },
    /** Returns the places in the order of the rows. @param {string[]} shown @param {Counts} counts */
    rows(shown, { cells, links }) {
      const of = (/** @type {string} */ id) => (sorted ? cells.get(id)?.get(sorted)?.refs.length || 0 : links.get(id) || 0);
      const byName = (/** @type {string} */ a, /** @type {string} */ b) => store.nameOfId(a).localeCompare(store.nameOfId(b), language.now === "zh" ? "zh-CN" : "en");
      if (sorted === OWN) return shown;
      const rising = shown.slice().sort((a, b) => (sorted === "name" ? byName(a, b) : of(a) - of(b) || -byName(a, b)));
      return falling ? rising.reverse() : rising;
    },
  };
}

/**
 * Returns the shown part of the matrix in the form that matrix-picture.js draws.
 *
 * @param {{ language: Language, store: Store, format: Format, made: () => string }} parts
 * @param {Counts} counts
 * @param {string[]} shown places of the columns
 * @param {string[]} ordered the same places in the order of the rows
 * @returns {import("./matrix-picture.js").MatrixPicture}
 */
function pictureOf({ language: { t }, store, format, made }, { cells, links, outside }, shown, ordered) {
  const number = (/** @type {string} */ one, /** @type {string} */ other) => cells.get(one)?.get(other)?.refs.length || 0;
  return {
    title: t("matrix.title"), heads: shown.map((id) => store.nameOfId(id)), totalHead: t("matrix.links"),
    most: Math.max(1, ...shown.flatMap((one) => shown.map((other) => number(one, other)))),
    rows: ordered.map((one) => ({ name: store.nameOfId(one), total: format.number(links.get(one) || 0), cells: shown.map((other) => (one === other ? null : number(one, other))) })),
    notes: [t("matrix.caption"), t("matrix.rule"), outside ? t("matrix.outside", { total: outside }) : "", made()].filter(Boolean),
  };
}

/**
 * Makes the element of the table.
 *
 * @param {{ language: Language, store: Store, format: Format }} parts
 * @param {{ counts: Counts, shown: string[], around: string, chosen: [string, string] | null }} given the places that are shown, the one whose
 *   headers are marked ("" for none), and the two places of the chosen cell
 * @param {ReturnType<typeof makeOrder>} order
 * @param {(key: string) => void} sortBy called when a column header is clicked
 */
function tableOf(parts, { counts, shown, around, chosen }, order, sortBy) {
  const { language: { t }, store, format } = parts, { cells, links } = counts, ownClass = (/** @type {string} */ id) => (id && id === around ? "qj-matrix-own" : null);
  const most = Math.max(1, ...shown.flatMap((one) => shown.map((other) => cells.get(one)?.get(other)?.refs.length || 0)));
  /** Makes a column header that sorts the rows. @param {string} key @param {string} words */
  const head = (key, words) => el("th", { scope: "col", class: ownClass(key), "aria-sort": order.of(key) },
    buttonOf("qj-matrix-sort", elIn("span", {}, words + SIGNS[order.of(key)]), () => sortBy(key), { "data-sort": key, tabindex: order.leads(key) ? "0" : "-1" }));
  return el("table", { class: "qj-matrix" },
    el("caption", {}, t("matrix.caption")),
    el("thead", {}, el("tr", {}, head("name", t("matrix.place")), head("", t("matrix.links")), shown.map((id) => head(id, store.nameOfId(id))))),
    el("tbody", {}, order.rows(shown, counts).map((one) => el("tr", {}, el("th", { scope: "row", class: ownClass(one) }, elIn("span", {}, store.nameOfId(one))), el("td", { class: "qj-quiet" }, format.number(links.get(one) || 0)),
      shown.map((other) => cell(parts, one, other, cells.get(one)?.get(other), most, Boolean(chosen && chosen[0] === one && chosen[1] === other)))))));
}

/**
 * Makes the table and the list of the chosen cell: fills them, and handles keys and clicks.
 *
 * @param {{ language: Language, store: Store, relations: RelationIndex, format: Format, filter: RowFilter, facts: RowFacts, tools: () => Node[], made: () => string }} parts
 */
function makeMatrixTable(parts) {
  const { language: { t } } = parts, order = makeOrder(parts);
  const scroll = templatePart("matrix-scroll"), note = templatePart("matrix-note"), deals = templatePart("matrix-deals");
  let around = ""; // id of the row from whose panel the matrix was opened; its headers are marked
  let showsAll = false;
  /** @type {[string, string] | null} places of the chosen cell */
  let chosen = null;

  /** Sorts the rows by a key; the focus stays on its header. @param {string} key */
  function sortBy(key) {
    order.by(key);
    fill();
    /** @type {HTMLElement | null} */ (scroll.querySelector(`[data-sort="${CSS.escape(key)}"]`))?.focus();
  }

  /** Lists the partnerships of the chosen cell; hides the list without one. @param {Counts["cells"]} cells */
  function list(cells) {
    const partner = chosen && cells.get(chosen[0])?.get(chosen[1]);
    deals.hidden = !partner;
    deals.replaceChildren(...(chosen && partner ? dealNodes(parts, chosen[0], partner) : []));
  }

  /**
   * Returns the places that are shown: the first ones or all, and the one from whose panel the matrix was opened.
   *
   * @param {Counts} counts
   */
  function placesOf({ places }) {
    const shown = showsAll ? places : places.slice(0, FIRST);
    return around && places.includes(around) && !shown.includes(around) ? [...shown, around] : shown;
  }

  function fill() {
    const counts = countPairs(parts), { places, outside } = counts, shown = placesOf(counts);
    scroll.replaceChildren(shown.length ? tableOf(parts, { counts, shown, around, chosen }, order, sortBy) : el("p", { class: "qj-none" }, t("matrix.none")));
    const first = scroll.querySelector('button[aria-pressed="true"]') || scroll.querySelector("td button");
    if (first) /** @type {HTMLElement} */ (first).tabIndex = 0;
    const more = places.length > shown.length
      ? buttonOf("qj-more qj-matrix-all", t("matrix.all", { total: places.length }), () => { showsAll = true; fill(); focusCell(scroll, scroll.querySelector("td button")); }) : "";
    note.replaceChildren(el("span", {}, t("matrix.note")), outside ? el("span", {}, t("matrix.outside", { total: outside })) : "", more, ...parts.tools());
    list(counts.cells);
  }

  listen(scroll, "keydown", (event) => {
    const step = STEPS[event.key], button = closest(event, "td button"), head = closest(event, "th");
    if (!step || (!button && !head)) return;
    event.preventDefault();
    if (!button) moveHead(/** @type {HTMLElement} */ (head), step[0]);
    else focusCell(scroll, nextCell(scroll, button, step[0], step[1]));
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
    /** Returns the shown part of the matrix in the form that matrix-picture.js draws. */
    picture() {
      const counts = countPairs(parts), shown = placesOf(counts);
      return pictureOf(parts, counts, shown, order.rows(shown, counts));
    },
    /** Goes back to the first places without a chosen cell, and marks the headers of a place. @param {string} id "" to mark none */
    reset(id) {
      around = id;
      chosen = null;
      showsAll = false;
    },
  };
}

/**
 * Makes the buttons that save the matrix as PNG and SVG and print it (`tools`), and the picture that is printed (`paper`).
 *
 * @param {FigureParts} parts
 * @param {() => import("./matrix-picture.js").MatrixPicture} picture returns the shown part of the matrix
 */
function makeMatrixFiles({ language, meta }, picture) {
  const { t } = language, name = (/** @type {string} */ suffix) => `${meta.id || "map"}-matrix.${suffix}`;
  function drawn() {
    const plan = planMatrix(measuringContext(), picture()), ctx = new SvgContext(plan.width, plan.height, "qj-matrix-");
    plan.draw(ctx.asCanvas());
    return ctx;
  }
  function savePng() {
    const plan = planMatrix(measuringContext(), picture()), canvas = document.createElement("canvas"), ctx = /** @type {Ctx} */ (canvas.getContext("2d"));
    canvas.width = plan.width * SCALE;
    canvas.height = plan.height * SCALE;
    ctx.scale(SCALE, SCALE);
    plan.draw(ctx);
    canvas.toBlob((blob) => { if (blob) download(blob, name("png")); }, "image/png");
  }
  return {
    paper: () => el("div", { id: "qj-matrix-paper" }, /** @type {Node} */ (drawn().element())),
    tools: () => [
      buttonOf("qj-more", t("board.png"), savePng, { "data-act": "png" }),
      buttonOf("qj-more", t("board.svg"), () => download(new Blob([drawn().text(t("matrix.title"))], { type: "image/svg+xml" }), name("svg")), { "data-act": "svg" }),
      buttonOf("qj-more", t("figures.print"), () => window.print(), { "data-act": "print" }),
    ],
  };
}

/** Makes the matrix and the button that opens it. @param {FigureParts} parts */
export function makePartnerMatrix(parts) {
  const { language, format, filter, meta, closeList } = parts, files = makeMatrixFiles(parts, () => table.picture());
  const made = () => [language.pick(meta.title, ""), meta.as_of ? language.t("as_of", { date: format.date(meta.as_of) }) : "", language.t("made", { date: format.date(today()) })].filter(Boolean).join(" · ");
  const table = makeMatrixTable({ ...parts, tools: files.tools, made }), { fill, scroll, deals, reset } = table;
  const view = templatePart("matrix"), title = templatePart("matrix-title"), close = templatePart("matrix-close"), cover = makeCover(view, () => open(false));
  /** @type {HTMLElement | null} the element that had the focus before the matrix was opened */
  let before = null;

  /** Opens or closes the matrix. @param {boolean} yes @param {string} [id] id of the row from whose panel it is opened */
  function open(yes, id = "") {
    if (yes === !view.hidden) return;
    if (yes) {
      before = /** @type {HTMLElement | null} */ (document.activeElement);
      reset(id);
    }
    view.hidden = !yes;
    cover(yes);
    document.documentElement.dataset.matrix = yes ? "open" : "closed";
    if (yes) {
      fill();
      scroll.scrollTo(0, 0);
      title.focus();
    } else if (before && before.isConnected) before.focus({ preventScroll: true });
  }

  const refill = () => { if (!view.hidden) fill(); };
  // On paper a picture takes the place of the page.
  window.addEventListener("beforeprint", () => { if (!view.hidden) document.body.append(files.paper()); });
  window.addEventListener("afterprint", () => document.getElementById("qj-matrix-paper")?.remove());
  // A link to a row closes the matrix, so that the map shows the row.
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
    /** Returns the matrix of all places as rows of cells for a file; a cell is "" if its two places have no partnership. */
    cells() {
      const { places, cells } = countPairs(parts), { store } = parts;
      return [["", ...places.map((one) => store.nameOfId(one))], ...places.map((one) => [store.nameOfId(one), ...places.map((other) => String(cells.get(one)?.get(other)?.refs.length || ""))])];
    },
    /** Makes a button that opens the matrix and marks the headers of a row. @param {string} id */
    opener: (id) => buttonOf("qj-more qj-matrix-open", language.t("matrix.open"), () => open(true, id)),
  };
}
