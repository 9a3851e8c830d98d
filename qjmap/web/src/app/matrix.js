/* Who works with whom, as a table: places by places, in each cell how many partnerships both take part in. A cell lists
 * them. What is filtered out is not counted.
 */

import { clearNode, el, elIn, pushTo, templatePart } from "./dom.js";

/** @type {Record<string, [number, number]>} Columns and rows that a key goes on by. */
const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
const FIRST = 12; // places at first: those with most links

/** @param {{ language: Language, store: Store, relations: Relations, format: Format, filter: Filter, details: RowDetails, closeList: () => void }} given */
export function makeMatrix({ language, store, relations, format, filter, details, closeList }) {
  const { t } = language;
  const view = templatePart("matrix");
  const scroll = templatePart("matrix-scroll");
  const note = templatePart("matrix-note");
  const deals = templatePart("matrix-deals");
  const title = templatePart("matrix-title");
  const close = templatePart("matrix-close");
  let around = ""; // the row from whose panel it was opened: its line is marked
  let all = false;
  /** @type {any} */
  let chosen = null; // [place, place]
  /** @type {any} */
  let before = null;
  /** @type {any[]} */
  let reachable = []; // what lies beneath and could be reached before it was opened

  /**
   * The place that a party stands for in the table: itself, or that of a site; "" without one.
   *
   * @param {string} party
   */
  function placeOf(party) {
    const r = store.ref(party);
    if (r === undefined) return "";
    return store.tableOf(r) === "places" ? party : relations.homeOf(party);
  }

  /* {places, cells: "a\u0000b" -> refs, outside}: places with most links first. */
  function count() {
    const cells = new Map();
    const links = new Map();
    let outside = 0;
    for (let row = 0; row < store.rows("partnerships"); row++) {
      const ref = store.refOf("partnerships", row);
      if (!filter.passes(ref)) continue;
      const places = Array.from(new Set(store.list(ref, "parties").map(placeOf).filter(Boolean))).sort();
      if (places.length < 2) outside++;
      else places.forEach((one) => links.set(one, (links.get(one) || 0) + 1));
      places.forEach((one, index) => places.slice(index + 1).forEach((other) => {
        for (const key of [one + "\u0000" + other, other + "\u0000" + one]) pushTo(cells, key, ref);
      }));
    }
    const places = Array.from(links.keys()).sort((a, b) => links.get(b) - links.get(a) || (a < b ? -1 : 1));
    return { places, cells, links, outside };
  }

  /**
   * @param {any} one
   * @param {any} other
   * @param {Ref[]} refs
   * @param {number} most
   */
  function cell(one, other, refs, most) {
    if (one === other) return el("td", { class: "qj-matrix-self", "aria-label": t("matrix.self") });
    if (!refs) return el("td", {});
    const names = [one, other].map((id) => store.nameOfId(id));
    const button = el("button", {
      type: "button", tabindex: "-1", "data-one": one, "data-other": other,
      "data-weight": Math.ceil((4 * refs.length) / most), "aria-pressed": String(Boolean(chosen && chosen[0] === one && chosen[1] === other)),
      "aria-label": t("matrix.cell", { one: names[0], other: names[1], total: refs.length }),
    }, format.number(refs.length));
    return el("td", {}, button);
  }

  function fill() {
    if (view.hidden) return;
    const { places, cells, links, outside } = count();
    const shown = all ? places : places.slice(0, FIRST);
    if (around && places.includes(around) && !shown.includes(around)) shown.push(around);
    const most = Math.max(1, ...shown.flatMap((one) => shown.map((other) => (cells.get(one + "\u0000" + other) || []).length)));
    /**
     * @param {keyof HTMLElementTagNameMap} tag
     * @param {any} scope
     * @param {string} id
     */
    const head = (tag, scope, id) => el(tag, { scope, class: id === around ? "qj-matrix-own" : null }, elIn("span", {}, store.nameOfId(id)));
    scroll.replaceChildren(shown.length ? el("table", { class: "qj-matrix" },
      el("caption", {}, t("matrix.caption")),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("matrix.place")), el("th", { scope: "col" }, t("matrix.links")), shown.map((id) => head("th", "col", id)))),
      el("tbody", {}, shown.map((one) => el("tr", {}, head("th", "row", one), el("td", { class: "qj-quiet" }, format.number(links.get(one))),
        shown.map((other) => cell(one, other, cells.get(one + "\u0000" + other), most))))))
      : el("p", { class: "qj-none" }, t("matrix.none")));
    const first = scroll.querySelector('button[aria-pressed="true"]') || scroll.querySelector("button");
    if (first) first.tabIndex = 0;
    const more = places.length > shown.length ? el("button", { type: "button", class: "qj-more" }, t("matrix.all", { total: places.length })) : null;
    if (more) more.addEventListener("click", () => { all = true; fill(); focusCell(scroll.querySelector("button")); });
    note.replaceChildren(el("span", {}, t("matrix.note")), outside ? el("span", {}, t("matrix.outside", { total: outside })) : "", more || "");
    list(cells);
  }

  /**
   * The partnerships of the chosen cell.
   *
   * @param {any} cells
   */
  function list(cells) {
    const refs = chosen ? cells.get(chosen.join("\u0000")) || [] : [];
    deals.hidden = !refs.length;
    if (!refs.length) return clearNode(deals);
    const [one, other] = chosen.map((/** @type {string} */ id) => store.nameOfId(id));
    deals.replaceChildren(
      el("h3", {}, t("matrix.cell", { one, other, total: refs.length })),
      el("ul", { class: "qj-plain" }, refs.map((/** @type {any} */ ref) => el("li", {}, details.link(store.id(ref)),
        el("span", { class: "qj-line qj-quiet qj-numbers" }, [store.kind(ref), store.status(ref) || t("status.none"),
          format.span(store.get(ref, "start"), store.get(ref, "end")) || t("date.none"), details.money(ref) || t("deal.no_value")].join(" · ")),
        details.shortSource(ref)))));
  }

  /** @param {any} button */
  function focusCell(button) {
    if (!button) return;
    for (const one of scroll.querySelectorAll('button[tabindex="0"]')) one.tabIndex = -1;
    button.tabIndex = 0;
    button.focus();
  }

  /**
   * The next cell with a number in a direction.
   *
   * @param {any} button
   * @param {any} across
   * @param {number} down
   */
  function next(button, across, down) {
    const rows = Array.from(scroll.querySelectorAll("tbody tr"));
    let row = rows.indexOf(button.closest("tr"));
    let column = button.closest("td").cellIndex;
    const inside = () => row >= 0 && row < rows.length && column >= 0 && column < rows[row].cells.length;
    for (row += down, column += across; inside(); row += down, column += across) {
      const found = rows[row].cells[column].querySelector("button");
      if (found) return found;
    }
    return null;
  }

  scroll.addEventListener("keydown", (/** @type {any} */ event) => {
    const step = STEPS[event.key];
    const button = event.target.closest("td button");
    if (!step || !button) return;
    event.preventDefault();
    focusCell(next(button, step[0], step[1]));
  });
  scroll.addEventListener("click", (/** @type {any} */ event) => {
    const button = event.target.closest("td button");
    if (!button) return;
    chosen = [button.dataset.one, button.dataset.other];
    fill();
    focusCell(scroll.querySelector('button[aria-pressed="true"]'));
    templatePart("said").textContent = button.getAttribute("aria-label");
    deals.scrollIntoView({ block: "nearest" });
  });
  /* A link in it goes to the map. */
  deals.addEventListener("click", (/** @type {any} */ event) => {
    if (!event.target.closest('a[href^="#id="]')) return;
    open(false);
    closeList();
  }, true);

  /** @param {boolean} yes */
  function open(yes, id = "") {
    if (yes === !view.hidden) return;
    if (yes) {
      before = document.activeElement;
      around = id;
      chosen = null;
      all = false;
    }
    view.hidden = !yes;
    // What lies beneath cannot be seen, so it cannot be reached either; the list may lie between.
    if (yes) reachable = Array.from(view.parentElement.children).filter((part) => part !== view && !part.inert);
    for (const part of reachable) part.inert = yes;
    view.inert = false;
    document.documentElement.dataset.matrix = yes ? "open" : "closed";
    if (yes) {
      fill();
      scroll.scrollTo(0, 0);
      title.focus();
    } else if (before && before.isConnected) {
      before.focus({ preventScroll: true });
    }
  }

  /**
   * A button that opens it, for whoever shows partners.
   *
   * @param {string} id
   */
  function opener(id) {
    const button = el("button", { type: "button", class: "qj-more qj-matrix-open" }, t("matrix.open"));
    button.addEventListener("click", () => open(true, id));
    return button;
  }

  close.addEventListener("click", () => open(false));
  templatePart("matrix-button").addEventListener("click", () => open(true));
  language.bind(templatePart("matrix-button"), "matrix.open");
  filter.onChange(fill);
  language.onChange(fill);
  language.bind(title, "matrix.title");
  language.bind(view, "matrix.title", "aria-label");
  language.bind(scroll, "matrix.title", "aria-label");
  language.bind(close, "matrix.close", "aria-label");

  return { open, opener, get isOpen() { return !view.hidden; } };
}
