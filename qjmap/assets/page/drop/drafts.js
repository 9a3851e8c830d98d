/* Drafts: rows that a reader has added and positions that a reader has corrected, drawn over the map until a program takes them.
 *
 * A draft is {kind: "row" | "move", key, batch, table, state, record, point, radius, from, name}; points are [lon, lat] in WGS 84,
 * the radius is in metres. Added rows stand beside their tables (store.js): search finds them, filters hold them back, list
 * and exports have them marked as drafts, and counts name them apart. Corrections are drawn and saved, and change no row.
 */
"use strict";

(function (page) {
  const SIZE = 7;

  const Drafts = QJMap.CanvasLayer.extend({
    layerName: "drafts",
    options: { level: 610 },
    loaded: true,

    initialize(language) {
      QJMap.CanvasLayer.prototype.initialize.call(this, { language });
      this.drafts = [];
    },

    set(drafts) {
      this.drafts = drafts.filter((one) => one.point);
      this.of = new Map(this.drafts.map((one, k) => [one.key, k]));
      this.at = this.drafts.map(({ point: [lon, lat], from }) => ({
        x: QJMap.worldX(lon), y: QJMap.worldY(lat), from: from ? [QJMap.worldX(from[0]), QJMap.worldY(from[1])] : null,
      }));
      return this.redraw();
    },

    draw(ctx, view) {
      const c = view.colours;
      this.drafts.forEach((draft, k) => {
        const { x, y, from } = this.at[k], px = view.px(x), py = view.py(y);
        ctx.lineWidth = 2;
        ctx.strokeStyle = c.lift;
        ctx.globalAlpha = this.state(draft.key) < 0 ? 0.35 : 1;
        if (this._chosen && this._chosen.has(draft.key)) {
          ctx.beginPath();
          ctx.arc(px, py, SIZE + 8, 0, 7);
          ctx.stroke();
        }
        if (from) {
          ctx.setLineDash([3, 3]);
          ctx.beginPath();
          ctx.moveTo(view.px(from[0]), view.py(from[1]));
          ctx.lineTo(px, py);
          ctx.stroke();
          ctx.setLineDash([]);
        }
        ctx.beginPath();
        if (draft.state === "refused") {
          // A cross: this row stays out.
          ctx.moveTo(px - SIZE, py - SIZE); ctx.lineTo(px + SIZE, py + SIZE);
          ctx.moveTo(px - SIZE, py + SIZE); ctx.lineTo(px + SIZE, py - SIZE);
          ctx.lineWidth = 5;
          ctx.strokeStyle = c.paper;
          ctx.stroke();
          ctx.lineWidth = 2.4;
          ctx.strokeStyle = c.warm;
          ctx.stroke();
          return;
        }
        ctx.moveTo(px, py - SIZE - 2); ctx.lineTo(px + SIZE + 2, py); ctx.lineTo(px, py + SIZE + 2); ctx.lineTo(px - SIZE - 2, py);
        ctx.closePath();
        ctx.fillStyle = c.paper;
        ctx.fill();
        ctx.stroke();
        ctx.beginPath();
        ctx.moveTo(px - 3.5, py); ctx.lineTo(px + 3.5, py);
        ctx.moveTo(px, py - 3.5); ctx.lineTo(px, py + 3.5);
        ctx.stroke();
      });
    },

    obstacles(view) {
      return this.at ? this.at.map(({ x, y }) => [view.px(x) - 10, view.py(y) - 10, view.px(x) + 10, view.py(y) + 10]) : [];
    },

    labels(view) {
      return this.drafts.filter((one) => one.state !== "refused" && one.name).map((draft) => {
        const { x, y } = this.at[this.drafts.indexOf(draft)];
        return { text: draft.name, x: view.px(x), y: view.py(y), size: 13, weight: 600, colour: view.colours.ink, priority: 0, gaps: [12, 20] };
      });
    },

    hit(point, reach) {
      const view = this.view();
      return this.drafts.filter((_, k) => Math.hypot(view.px(this.at[k].x) - point.x, view.py(this.at[k].y) - point.y) < SIZE + reach).map((one) => one.key);
    },

    bounds() { return L.latLngBounds(this.drafts.map(({ point: [lon, lat] }) => [lat, lon])); },
    visibleIds() { return []; },
    boundsOf(id) {
      if (!this.of || !this.of.has(id)) return null;
      const [lon, lat] = this.drafts[this.of.get(id)].point;
      return L.latLngBounds([lat, lon], [lat, lon]);
    },
  });

  page.makeDrafts = function (context) {
    const { map, language, store, filter, switches } = context;
    const layer = new Drafts(language.now);
    context.paper.join(layer);
    const element = document.getElementById("qjmap-drafts");
    const listeners = [];
    let drafts = JSON.parse(element.textContent || "[]");
    let keys = 0; // the last number given to a draft

    const isRow = (one) => one.kind === "row" && one.state !== "refused";

    /* A draft as a row beside its table: cells as typed, its position as the map's rows have theirs. */
    function rowOf({ key, record, point, radius }) {
      const [lon, lat] = point || ["", ""];
      return { id: key, values: {
        ...record, lon, lat, located: point ? 1 : 0, level: point ? record.precision || "site" : "unresolved", radius_m: (point && radius) || "",
        orig_lon: record.lon || "", orig_lat: record.lat || "", orig_datum: record.datum || "",
      } };
    }

    /* The map shows of the drafts what the filter leaves, of layers that are on; refused rows and corrections always. */
    function draw() {
      const on = switches.on(), shown = drafts.filter((one) => {
        if (!isRow(one)) return true;
        return on.includes(one.table) && filter.passes(store.ref(one.key));
      });
      if (shown.some((one) => one.point)) layer.addTo(map).set(shown);
      else map.removeLayer(layer);
    }

    function number() {
      drafts.forEach(({ key }) => { keys = Math.max(keys, Number((key || "").split(":")[1]) || 0); });
      // A colon is in no id of a table.
      drafts.forEach((one) => { one.key = one.key || "draft:" + ++keys; });
    }

    async function tell() {
      number();
      const rows = new Map();
      drafts.filter(isRow).forEach((one) => page.gather(rows, one.table, rowOf(one)));
      store.setDrafts(rows);
      draw();
      listeners.forEach((listener) => listener());
      context.search.setDrafts((await page.entrance()).readings);
      await context.filters.again();
    }

    filter.onChange(() => { if (drafts.length) draw(); });
    switches.onChange(draw);
    language.onChange((now) => layer.setLanguage(now));

    return {
      layer,
      get all() { return drafts; },
      /* The draft of a key. */
      of: (key) => drafts.find((one) => one.key === key),
      set(next) { drafts = next; return tell(); },
      /* Takes one away. */
      drop(draft) { drafts = drafts.filter((one) => one !== draft); return tell(); },
      /* One correction a row: the last one counts. */
      move(move) { drafts = [...drafts.filter((one) => one.kind !== "move" || one.record.id !== move.record.id), move]; return tell(); },
      /* A draft of a row is put elsewhere by hand. */
      async place(draft, point) {
        Object.assign(draft, { point, radius: (await page.entrance()).rules.radius_m.site });
        Object.assign(draft.record, { lon: String(point[0]), lat: String(point[1]), datum: "wgs84", precision: "site" });
        return tell();
      },
      onChange: (listener) => listeners.push(listener),
      start() { if (drafts.length) tell(); },
      show() { if (layer._map && layer.drafts.length) context.show(layer.bounds(), 13); },
    };
  };
})(window.QJMap.page);
