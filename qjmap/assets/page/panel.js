/* The panel: one row in full, or a list to pick from. At the left on a desk, a sheet at the bottom on a phone. */
"use strict";

(function (page) {
  const SHEET = { low: 0.34, middle: 0.55, high: 0.92 }; // shares of the stage's height

  page.makePanel = function (context) {
    const { language, store } = context;
    const { el } = page;
    const panel = page.part("panel");
    const body = page.part("panel-body");
    const close = page.part("panel-close");
    const grip = page.part("panel-grip");
    const facts = page.makeFacts(context);
    context.matrix = page.makeMatrix(context, facts);
    const linked = page.makeLinked(context, facts);
    let shown = null; // {id, part} or {ids}; part: the leg of a corridor that was met on the map
    let before = null; // what had the focus when the panel opened
    let height = "middle";
    const closing = [];

    language.bind(panel, "panel.label", "aria-label");
    language.bind(close, "panel.close", "aria-label");
    language.bind(grip, "panel.grip", "aria-label");

    function head(r) {
      const other = store.otherName(r);
      const table = language.t("one." + store.tableOf(r));
      return [
        el("p", { class: "qj-kind" },
          el("span", { class: "qj-badge", "data-table": store.tableOf(r) }, store.kind(r)),
          table === store.kind(r) ? null : el("span", { class: "qj-quiet" }, table),
          store.draft(r) ? el("span", { class: "qj-badge qj-draft" }, language.t("draft.one")) : null),
        page.named("h2", { id: "qj-panel-title", tabindex: "-1" }, store.name(r)),
        other ? page.named("p", { class: "qj-other" }, other) : null,
        facts.status(r),
        store.draft(r) ? el("p", { class: "qj-quiet" }, language.t("draft.note")) : null,
      ];
    }

    function one(r, part) {
      return [...head(r), facts.description(r), facts.facts(r), linked(r, part), facts.sources(r),
        el("div", { class: "qj-actions" }, context.take.rowButton(r), context.correct.button(r), store.draft(r) ? dropper(store.id(r)) : null)];
    }

    function dropper(key) {
      const node = el("button", { type: "button", class: "qj-action" }, language.t("draft.drop"));
      node.addEventListener("click", () => context.drafts.drop(context.drafts.of(key)));
      return node;
    }

    /* Several rows at one point: nothing hides, everything can be picked. */
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
          el("ul", { class: "qj-plain qj-pick" }, refs.map((r) => el("li", {}, facts.link(store.id(r)),
            el("span", { class: "qj-line qj-quiet" }, [store.status(r),
              store.otherName(r), facts.total(r)].filter(Boolean).join(" · "))))))),
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

    function grow(to) {
      height = to;
      panel.dataset.height = to;
      panel.style.removeProperty("height");
      grip.setAttribute("aria-expanded", String(to === "high"));
    }

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
      if (focus) page.part("panel-title").focus({ preventScroll: true });
    }

    /* A part of what is shown comes into sight, and is named to who does not see it. */
    function point(part) {
      const line = body.querySelector(".qj-here");
      if (!line) return;
      body.scrollTop += line.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 3;
      page.part("said").textContent = language.t("leg.met", { leg: store.nameOfId(part), corridor: store.name(store.ref(shown.id)) });
    }

    function hide() {
      if (panel.hidden) return;
      const inside = panel.contains(document.activeElement);
      panel.hidden = true;
      shown = null;
      delete document.documentElement.dataset.panel;
      page.clear(body);
      closing.forEach((listener) => listener());
      if (inside) {
        // On a phone a focused field would bring up the keyboard.
        const lost = page.isPhone() || !before || !before.isConnected || before === document.body;
        (lost ? context.map.getContainer() : before).focus({ preventScroll: true });
      }
    }

    /* The sheet follows the finger and settles at the nearest of its three heights. */
    function drag(event) {
      const stage = page.part("stage").getBoundingClientRect();
      const from = event.clientY;
      const start = panel.getBoundingClientRect().height;
      let moved = false;
      grip.setPointerCapture(event.pointerId);
      const move = (next) => {
        if (Math.abs(next.clientY - from) > 6) moved = true;
        if (moved) panel.style.height = Math.max(64, Math.min(stage.height, start + from - next.clientY)) + "px";
      };
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
    context.filter.onChange(() => {
      if (!shown || shown.ids) return;
      if (store.ref(shown.id) === undefined) return hide(); // a draft that was taken away
      const { scrollTop } = body;
      fill();
      body.scrollTop = scrollTop;
    });

    return {
      show: (id, focus, part = "") => show({ id, part }, focus),
      pick: (ids, focus, total = ids.length) => show({ ids, total }, focus),
      hide,
      get open() { return !panel.hidden; },
      get id() { return shown && shown.id ? shown.id : ""; },
      onClose: (listener) => closing.push(listener),
    };
  };
})(window.QJMap.page);
