/* The panel: shows a row in full, or a list of rows to choose from. It is at the left of the map, on a phone a sheet at the bottom. */

import { buttonOf, el, elIn, listen, pushTo, templatePart } from "../base/dom.js";
import { isPhone } from "../base/page-layout.js";

/** @type {Record<string, number>} name of a height of the sheet -> share of the stage's height */
const SHEET = { low: 0.34, middle: 0.55, high: 0.92 };
const CLOSING = 0.16; // share of the height below which the sheet closes
const TAP = 6; // maximum movement of a finger in px that is still a tap

/**
 * @typedef {{ language: Language, store: Store, facts: RowFacts, rowsAtPoint: RowsAtPoint, related: (r: Ref, part: string) => Child, actions: (r: Ref) => Child[], rowNote?: (r: Ref) => Child, removeDraft: (key: string) => void }} ContentParts
 * `related` makes the sections of related rows, `actions` the buttons of a row, `rowNote` a note from another bundle; `removeDraft` removes
 * the draft with a key.
 */
/**
 * @typedef {{ id: string, part: string, also: string[] } | { ids: string[], total: number }} Shown
 * A row, with the id of the leg of a corridor that was clicked (`part`) and the ids of other rows at the same point (`also`); or several rows,
 * of which `ids` are listed.
 */

/**
 * Returns the function that makes the contents of the panel.
 *
 * @param {ContentParts} parts
 */
function makeContent({ language, store, facts, rowsAtPoint, related, actions, rowNote, removeDraft }) {
  /** Makes the head of the panel for a row. @param {Ref} r @param {string[]} also ids of other rows at the same point */
  function head(r, also) {
    const other = store.otherName(r), table = language.t("one." + store.tableOf(r));
    return [
      el("p", { class: "qj-kind" },
        el("span", { class: "qj-badge", "data-table": store.tableOf(r) }, store.kind(r)),
        table === store.kind(r) ? null : el("span", { class: "qj-quiet" }, table),
        store.draft(r) ? el("span", { class: "qj-badge qj-draft" }, language.t("draft.one")) : null),
      elIn("h2", { id: "qj-panel-title", tabindex: "-1" }, store.name(r)),
      other ? elIn("p", { class: "qj-other" }, other) : null,
      also.length ? el("p", { class: "qj-also qj-quiet" }, language.t("also.here"), also.map((id, k) => [k ? language.t("also.and") : "", facts.link(id)])) : null,
      facts.status(r),
      rowNote?.(r),
      store.draft(r) ? el("p", { class: "qj-quiet" }, language.t("draft.note")) : null,
    ];
  }

  const content = {
    /** Makes the contents for one row in full. @param {Ref} r @param {string} part @param {string[]} also @returns {Child[]} */
    one: (r, part, also) => [...head(r, also), facts.description(r), facts.facts(r), related(r, part), facts.sources(r),
      el("div", { class: "qj-actions" }, actions(r), store.draft(r) ? buttonOf("qj-action", language.t("draft.drop"), () => removeDraft(store.id(r))) : null)],
    /** Makes the list of several rows at one point, each of which can be chosen. @param {string[]} ids @param {number} total @returns {Child[]} */
    many(ids, total) {
      /** @type {Map<string, Ref[]>} */
      const kinds = new Map();
      for (const r of ids.flatMap((id) => store.ref(id) ?? [])) pushTo(kinds, store.kind(r), r);
      return [
        el("h2", { id: "qj-panel-title", tabindex: "-1" }, rowsAtPoint.title(ids, total)),
        el("p", { class: "qj-quiet" }, total > ids.length ? language.t("pick.first", { shown: ids.length }) : rowsAtPoint.note(ids)),
        Array.from(kinds, ([kind, refs]) => el("section", { class: "qj-section" },
          el("h3", {}, kind + " " + refs.length),
          el("ul", { class: "qj-plain qj-pick" }, refs.map((r) => el("li", {}, facts.link(store.id(r)),
            el("span", { class: "qj-line qj-quiet" }, [store.status(r) === kind ? "" : store.status(r), store.otherName(r), facts.total(r)].filter(Boolean).join(" · "))))))),
      ];
    },
  };
  /** Makes the nodes of what is shown. @param {Shown} what */
  return (what) => {
    if ("ids" in what) return el("div", {}, ...content.many(what.ids, what.total)).childNodes;
    const r = store.ref(what.id);
    return el("div", {}, r === undefined ? null : content.one(r, what.part, what.also)).childNodes;
  };
}

/**
 * Makes the panel a sheet on a phone: it follows the finger, and at the end of the drag gets the nearest of three heights
 * or, below `CLOSING`, is hidden.
 *
 * @param {HTMLElement} panel
 * @param {() => void} hide hides the panel
 */
function makeSheet(panel, hide) {
  const grip = templatePart("panel-grip");
  let height = "middle";

  /** Sets the height of the sheet. @param {string} next "low", "middle" or "high" */
  function setHeight(next) {
    height = next;
    panel.dataset.height = next;
    panel.style.removeProperty("height");
    grip.setAttribute("aria-expanded", String(next === "high"));
  }

  listen(grip, "pointerdown", ({ clientY: from, pointerId }) => {
    const stage = templatePart("stage").getBoundingClientRect().height, start = panel.getBoundingClientRect().height, drag = new AbortController(), { signal } = drag;
    let moved = false;
    grip.setPointerCapture(pointerId);
    grip.addEventListener("pointermove", ({ clientY }) => {
      if (Math.abs(clientY - from) > TAP) moved = true;
      if (moved) panel.style.height = Math.max(64, Math.min(stage, start + from - clientY)) + "px";
    }, { signal });
    const end = (/** @type {PointerEvent} */ { clientY }) => {
      drag.abort();
      if (!moved) return;
      const share = (start + from - clientY) / stage;
      if (share < CLOSING) return hide();
      setHeight(Object.keys(SHEET).reduce((a, b) => (Math.abs(SHEET[b] - share) < Math.abs(SHEET[a] - share) ? b : a)));
      grip.dataset.dragged = "yes"; // the click that follows a drag is not a tap
    };
    grip.addEventListener("pointerup", end, { signal });
    grip.addEventListener("pointercancel", end, { signal });
  });
  listen(grip, "click", () => {
    if (grip.dataset.dragged) delete grip.dataset.dragged;
    else setHeight(height === "high" ? "middle" : "high");
  });
  return { setHeight };
}

/**
 * Scrolls to a leg of the corridor in the panel, and announces it to screen readers.
 *
 * @param {ContentParts} parts
 * @param {HTMLElement} body element with the contents of the panel
 * @param {string} id id of the corridor
 * @param {string} part id of the leg
 */
function scrollToPart({ language, store }, body, id, part) {
  const line = body.querySelector(".qj-here"), r = store.ref(id);
  if (!line || r === undefined) return;
  body.scrollTop += line.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 3;
  templatePart("said").textContent = language.t("leg.met", { leg: store.nameOfId(part), corridor: store.name(r) });
}

/** Makes the panel, which is hidden at first. @param {ContentParts & { map: LeafletMap, filter: RowFilter }} parts */
export function makePanel(parts) {
  const { map, language, store, filter } = parts, nodesOf = makeContent(parts);
  const panel = templatePart("panel"), body = templatePart("panel-body"), close = templatePart("panel-close");
  const sheet = makeSheet(panel, hide), listeners = /** @type {(() => void)[]} */ ([]);
  /** @type {Shown | null} null while the panel is hidden */
  let shown = null;
  /** @type {HTMLElement | null} element that had the focus when the panel opened */
  let before = null;

  function fill() {
    const what = shown;
    if (!what) return;
    body.replaceChildren(...nodesOf(what));
    body.scrollTop = 0;
    // Draws again when names of other rows have been unpacked.
    const loading = store.loadMissing();
    if (loading) loading.then(() => { if (shown === what) body.replaceChildren(...nodesOf(what)); });
  }

  /** Shows the panel. @param {Shown} what @param {boolean} focus whether its title gets the focus */
  function show(what, focus) {
    if (panel.hidden) {
      before = /** @type {HTMLElement | null} */ (document.activeElement);
      sheet.setHeight("middle");
    }
    shown = what;
    fill();
    panel.hidden = false;
    if ("part" in what && what.part) scrollToPart(parts, body, what.id, what.part);
    document.documentElement.dataset.panel = "open";
    if (focus) templatePart("panel-title").focus({ preventScroll: true });
  }

  /** Hides the panel; if it had the focus, the focus returns to the element that had it before; on a phone, or if that is gone, to the map. */
  function hide() {
    if (panel.hidden) return;
    const inside = panel.contains(document.activeElement);
    panel.hidden = true;
    shown = null;
    delete document.documentElement.dataset.panel;
    body.replaceChildren();
    listeners.forEach((listener) => listener());
    if (!inside) return;
    // On a phone the panel does not take the focus: focusing a field would open the keyboard.
    const target = isPhone() || !before || !before.isConnected || before === document.body ? map.getContainer() : before;
    target.focus({ preventScroll: true });
  }

  /** Draws a row again after a change of the filter, at the same scroll position, because partners and totals depend on the filter; hides a draft that was removed. */
  function followFilter() {
    if (!shown || "ids" in shown) return;
    if (store.ref(shown.id) === undefined) return hide(); // a draft that has been removed
    const { scrollTop } = body;
    fill();
    body.scrollTop = scrollTop;
  }

  language.bind(panel, "panel.label", "aria-label");
  language.bind(close, "panel.close", "aria-label");
  language.bind(templatePart("panel-grip"), "panel.grip", "aria-label");
  listen(close, "click", hide);
  language.onChange(fill);
  filter.onChange(followFilter);

  return {
    /** Shows one row. @param {string} id @param {boolean} focus @param {string[]} also ids of other rows at the same point */
    show: (id, focus, part = "", also = /** @type {string[]} */ ([])) => show({ id, part, also }, focus),
    /** Shows several rows; `total` is their number if there are more than the given ones. @param {string[]} ids @param {boolean} focus */
    pick: (ids, focus, total = ids.length) => show({ ids, total }, focus),
    hide,
    /** Calls a listener when the panel is hidden. @param {() => void} listener */
    onClose: (listener) => { listeners.push(listener); },
  };
}
