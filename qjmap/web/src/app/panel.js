/* The panel: one row in full, or a list to pick from. At the left on a desk, a sheet at the bottom on a phone. */

import { clearNode, el, elIn, isPhone, templatePart } from "./dom.js";

/** @type {Record<string, number>} */
const SHEET = { low: 0.34, middle: 0.55, high: 0.92 }; // shares of the stage's height

/** @param {{ map: LeafletMap, language: Language, store: Store, filter: Filter, details: RowDetails, related: (r: Ref, part: string) => any, actions: (r: Ref) => any[], removeDraft: (key: string) => void }} given */
export function makePanel({ map, language, store, filter, details, related, actions, removeDraft }) {
  const panel = templatePart("panel");
  const body = templatePart("panel-body");
  const close = templatePart("panel-close");
  const grip = templatePart("panel-grip");
  /** @type {any} */
  let shown = null; // {id, part} or {ids}; part: the leg of a corridor that was met on the map
  /** @type {any} */
  let before = null; // what had the focus when the panel opened
  let height = "middle";
  /** @type {any[]} */
  const closing = [];

  language.bind(panel, "panel.label", "aria-label");
  language.bind(close, "panel.close", "aria-label");
  language.bind(grip, "panel.grip", "aria-label");

  /** @param {Ref} r */
  function head(r) {
    const other = store.otherName(r);
    const table = language.t("one." + store.tableOf(r));
    return [
      el("p", { class: "qj-kind" },
        el("span", { class: "qj-badge", "data-table": store.tableOf(r) }, store.kind(r)),
        table === store.kind(r) ? null : el("span", { class: "qj-quiet" }, table),
        store.draft(r) ? el("span", { class: "qj-badge qj-draft" }, language.t("draft.one")) : null),
      elIn("h2", { id: "qj-panel-title", tabindex: "-1" }, store.name(r)),
      other ? elIn("p", { class: "qj-other" }, other) : null,
      details.status(r),
      store.draft(r) ? el("p", { class: "qj-quiet" }, language.t("draft.note")) : null,
    ];
  }

  /**
   * @param {Ref} r
   * @param {string} part
   */
  function one(r, part) {
    return [...head(r), details.description(r), details.facts(r), related(r, part), details.sources(r),
      el("div", { class: "qj-actions" }, actions(r), store.draft(r) ? dropper(store.id(r)) : null)];
  }

  /** @param {string} key */
  function dropper(key) {
    const node = el("button", { type: "button", class: "qj-action" }, language.t("draft.drop"));
    node.addEventListener("click", () => removeDraft(key));
    return node;
  }

  /**
   * Several rows at one point: nothing hides, everything can be picked.
   *
   * @param {string[]} ids
   * @param {number} total
   */
  function many(ids, total) {
    const groups = new Map();
    for (const id of ids) {
      const r = store.ref(id);
      if (r === undefined) continue;
      const kind = store.kind(r);
      groups.set(kind, [...(groups.get(kind) || []), r]);
    }
    return [
      el("h2", { id: "qj-panel-title", tabindex: "-1" }, language.t("pick.title", { total })),
      el("p", { class: "qj-quiet" }, language.t(total > ids.length ? "pick.first" : "pick.note", { shown: ids.length })),
      Array.from(groups, ([kind, refs]) => el("section", { class: "qj-section" },
        el("h3", {}, kind + " " + refs.length),
        el("ul", { class: "qj-plain qj-pick" }, refs.map((/** @type {Ref} */ r) => el("li", {}, details.link(store.id(r)),
          el("span", { class: "qj-line qj-quiet" }, [store.status(r),
            store.otherName(r), details.total(r)].filter(Boolean).join(" · "))))))),
    ];
  }

  function fill() {
    const what = shown;
    const content = () => el("div", {}, what.ids ? many(what.ids, what.total) : one(store.ref(what.id), what.part)).childNodes;
    body.replaceChildren(...content());
    body.scrollTop = 0;
    // Names of other rows that had to be unpacked first.
    const coming = store.missed();
    if (coming) coming.then(() => { if (shown === what) body.replaceChildren(...content()); });
  }

  /** @param {any} to */
  function grow(to) {
    height = to;
    panel.dataset.height = to;
    panel.style.removeProperty("height");
    grip.setAttribute("aria-expanded", String(to === "high"));
  }

  /**
   * @param {any} what
   * @param {boolean} [focus]
   */
  function show(what, focus) {
    if (panel.hidden) {
      before = document.activeElement;
      grow("middle");
    }
    shown = what;
    fill();
    panel.hidden = false;
    if (what.part) point(what.part);
    document.documentElement.dataset.panel = "open";
    if (focus) templatePart("panel-title").focus({ preventScroll: true });
  }

  /**
   * A part of what is shown comes into sight, and is named to who does not see it.
   *
   * @param {string} part
   */
  function point(part) {
    const line = body.querySelector(".qj-here");
    if (!line) return;
    body.scrollTop += line.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 3;
    templatePart("said").textContent = language.t("leg.met", { leg: store.nameOfId(part), corridor: store.name(store.ref(shown.id)) });
  }

  function hide() {
    if (panel.hidden) return;
    const inside = panel.contains(document.activeElement);
    panel.hidden = true;
    shown = null;
    delete document.documentElement.dataset.panel;
    clearNode(body);
    closing.forEach((listener) => listener());
    if (inside) {
      // On a phone a focused field would bring up the keyboard.
      const lost = isPhone() || !before || !before.isConnected || before === document.body;
      (lost ? map.getContainer() : before).focus({ preventScroll: true });
    }
  }

  /**
   * The sheet follows the finger and settles at the nearest of its three heights.
   *
   * @param {any} event
   */
  function drag(event) {
    const stage = templatePart("stage").getBoundingClientRect();
    const from = event.clientY;
    const start = panel.getBoundingClientRect().height;
    let moved = false;
    grip.setPointerCapture(event.pointerId);
    /** @param {any} next */
    const move = (next) => {
      if (Math.abs(next.clientY - from) > 6) moved = true;
      if (moved) panel.style.height = Math.max(64, Math.min(stage.height, start + from - next.clientY)) + "px";
    };
    /** @param {any} last */
    const end = (last) => {
      grip.removeEventListener("pointermove", move);
      grip.removeEventListener("pointerup", end);
      grip.removeEventListener("pointercancel", end);
      if (!moved) return;
      const share = (start + from - last.clientY) / stage.height;
      if (share < 0.16) return hide();
      const near = Object.keys(SHEET).reduce((a, b) => (Math.abs(SHEET[b] - share) < Math.abs(SHEET[a] - share) ? b : a));
      grow(near);
      grip.dataset.dragged = "yes"; // the click that follows a drag is not a tap
    };
    grip.addEventListener("pointermove", move);
    grip.addEventListener("pointerup", end);
    grip.addEventListener("pointercancel", end);
  }

  grip.addEventListener("pointerdown", drag);
  grip.addEventListener("click", () => {
    if (grip.dataset.dragged) delete grip.dataset.dragged;
    else grow(height === "high" ? "middle" : "high");
  });
  close.addEventListener("click", hide);
  language.onChange(() => { if (shown) fill(); });
  // Partners and sums follow the filter; what is being read stays where it is.
  filter.onChange(() => {
    if (!shown || shown.ids) return;
    if (store.ref(shown.id) === undefined) return hide(); // a draft that was taken away
    const { scrollTop } = body;
    fill();
    body.scrollTop = scrollTop;
  });

  return {
    show: (/** @type {string} */ id, /** @type {any} */ focus, part = "") => show({ id, part }, focus),
    pick: (/** @type {any} */ ids, /** @type {any} */ focus, total = ids.length) => show({ ids, total }, focus),
    hide,
    get open() { return !panel.hidden; },
    get id() { return shown && shown.id ? shown.id : ""; },
    onClose: (/** @type {any} */ listener) => closing.push(listener),
  };
}
