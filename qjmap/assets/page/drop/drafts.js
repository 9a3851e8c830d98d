/* Drafts: rows that a reader has added and positions that a reader has corrected, drawn over the map until a program takes them.
 *
 * A draft is {kind: "row" | "move", table, state, record, point, from, name}; points are [lon, lat] in WGS 84. They are no rows
 * of the map: counts, lists and exports of the map leave them out, and they look it.
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
    boundsOf() { return null; },
  });

  page.makeDrafts = function (context) {
    const { map, language } = context;
    const layer = new Drafts(language.now);
    const element = document.getElementById("qjmap-drafts");
    const listeners = [];
    let drafts = JSON.parse(element.textContent || "[]");

    function tell() {
      drafts.forEach((one, k) => { one.key = "draft:" + k; });
      if (drafts.some((one) => one.point)) layer.addTo(map).set(drafts);
      else map.removeLayer(layer);
      listeners.forEach((listener) => listener());
    }

    language.onChange((now) => layer.setLanguage(now));
    return {
      layer,
      get all() { return drafts; },
      set(next) { drafts = next; tell(); },
      /* One correction a row: the last one counts. */
      move(move) { drafts = [...drafts.filter((one) => one.kind !== "move" || one.record.id !== move.record.id), move]; tell(); },
      onChange: (listener) => listeners.push(listener),
      start: tell,
      show() { if (layer._map && layer.drafts.length) context.show(layer.bounds(), 13); },
    };
  };
})(window.QJMap.page);
