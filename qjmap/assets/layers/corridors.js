/* Corridors: cool lines by mode beneath the arcs; what is only planned is dashed, what is only schematic is drawn light. */
"use strict";

window.QJMap = window.QJMap || {};
QJMap.layers = QJMap.layers || {};

(function (QJMap) {
  const MODES = ["rail", "road", "river", "sea", "air", "multimodal", "economic"];

  /* Strokes the current path in the manner of a mode. */
  function stroke(ctx, mode, status, grade, c, scale) {
    const planned = status === "planned" || status === "proposed" || status === "signed";
    const colour = planned ? c.coolLight : c.cool;
    const put = (style, width, dash) => { ctx.strokeStyle = style; ctx.lineWidth = width * scale; ctx.setLineDash(dash || []); ctx.stroke(); };
    ctx.lineJoin = "round";
    ctx.lineCap = "butt";
    if (mode === "economic") {
      put(c.band, 11);
      put(c.bandLine, 1.2, planned ? [5, 4] : [10, 4]);
    } else if (mode === "rail") {
      put(c.coolCase, 6);
      put(colour, 4.2, planned ? [9, 5] : []);
      put(c.coolCase, 2.2, planned ? [9, 5] : []);
      put(colour, 2.2, planned ? [3, 11] : [6, 6]);
    } else if (mode === "road") {
      put(colour, 4.2, planned ? [8, 4] : []);
      put(c.coolCase, 1.9);
    } else {
      put(c.coolCase, 4.4);
      ctx.lineCap = "round";
      put(colour, 2.6, mode === "air" ? [8, 6] : [0.1, 5.5]);
    }
    ctx.setLineDash([]);
  }

  const Corridors = QJMap.CanvasLayer.extend({
    layerName: "corridors",
    options: { level: 430 },

    initialize(element, options) {
      QJMap.CanvasLayer.prototype.initialize.call(this, options);
      this.ready = this._load(element);
    },

    async _load(element) {
      const block = (this.block = await QJMap.unpack(element));
      this.shapes = QJMap.shapes(block);
      this.legsOf = new Map();
      for (let row = 0; row < block.rows; row++) {
        const id = block.at("corridor", row);
        if (!this.legsOf.has(id)) this.legsOf.set(id, []);
        this.legsOf.get(id).push(row);
      }
      this.legRow = new Map(block.raw("id").map((id, row) => [id, row]));
      this.loaded = true;
    },

    title(id) { return this.nameOf(this.legsOf.get(id)[0]); },
    ids() { return this.loaded ? [...this.legsOf.keys(), ...(this.options.listed || [])] : []; },
    count() { return this.ids().length; },
    _state(row) { return Math.max(this.state(this.block.at("corridor", row)), this.state(this.block.at("id", row))); },

    draw(ctx, view) {
      const { shapes, block } = this, order = Array.from({ length: shapes.count }, (_, part) => part);
      // Bands first, then planned lines, then what is there.
      const rank = (part) => {
        const row = shapes.row[part];
        return (block.at("mode", row) === "economic" ? 0 : block.at("status", row) === "operating" ? 2 : 1) + (this._state(row) > 0 ? 5 : 0);
      };
      order.sort((a, b) => rank(a) - rank(b) || a - b);
      for (const part of order) {
        const row = shapes.row[part];
        if (!this.passes(block.at("corridor", row)) || !QJMap.inView(shapes, part, view)) continue;
        const state = this._state(row);
        ctx.globalAlpha = state < 0 ? 0.3 : state > 0 ? 1 : 0.85;
        ctx.beginPath();
        QJMap.trace(ctx, shapes, part, view, 1.2, false);
        stroke(ctx, block.at("mode", row), block.at("status", row), block.at("grade", row), view.colours, (view.zoom < 5.5 ? 0.72 : 1) * (state > 0 ? 1.25 : 1));
        ctx.globalAlpha = 1;
      }
    },

    hit(point, reach) {
      const view = this.view(), { shapes } = this;
      const wx = (point.x + view.ox) / view.size, wy = (point.y + view.oy) / view.size, slack = reach / view.size;
      const found = new Set();
      for (let part = 0; part < shapes.count; part++) {
        const at = part * 4, box = shapes.box;
        if (wx < box[at] - slack || wx > box[at + 2] + slack || wy < box[at + 1] - slack || wy > box[at + 3] + slack) continue;
        const id = this.block.at("corridor", shapes.row[part]);
        if (!this.passes(id)) continue;
        for (let i = shapes.start[part] + 1; i < shapes.start[part + 1]; i++) {
          const ax = view.px(shapes.x[i - 1]), ay = view.py(shapes.y[i - 1]), dx = view.px(shapes.x[i]) - ax, dy = view.py(shapes.y[i]) - ay;
          const along = dx * dx + dy * dy, t = along ? Math.max(0, Math.min(1, ((point.x - ax) * dx + (point.y - ay) * dy) / along)) : 0;
          if (Math.hypot(ax + t * dx - point.x, ay + t * dy - point.y) <= reach) { found.add(id); break; }
        }
      }
      return Array.from(found);
    },

    /* One name a corridor, beside the longest leg that is in view. */
    labels(view) {
      const out = [], { shapes, block } = this;
      if (view.zoom < 5) return out;
      for (const [id, rows] of this.legsOf) {
        if (!this.passes(id)) continue;
        let best = -1, longest = 70;
        for (const row of rows) {
          for (let part = shapes.first[row]; part < shapes.first[row + 1]; part++) {
            if (!QJMap.inView(shapes, part, view)) continue;
            const at = part * 4, pixels = Math.hypot((shapes.box[at + 2] - shapes.box[at]) * view.size, (shapes.box[at + 3] - shapes.box[at + 1]) * view.size);
            if (pixels > longest) { longest = pixels; best = part; }
          }
        }
        if (best < 0) continue;
        const middle = (shapes.start[best] + shapes.start[best + 1]) >> 1;
        out.push({
          text: this.nameOf(rows[0]), x: view.px(shapes.x[middle]), y: view.py(shapes.y[middle]), gaps: [9, 16, 26],
          size: 12, italic: false, spacing: 1, colour: block.at("mode", rows[0]) === "economic" ? view.colours.bandLine : view.colours.cool, priority: 12,
        });
      }
      return out;
    },

    visibleIds() {
      if (!this._map || !this.loaded) return [];
      const view = this.view(), ids = new Set();
      for (let part = 0; part < this.shapes.count; part++) {
        const id = this.block.at("corridor", this.shapes.row[part]);
        if (this.passes(id) && QJMap.inView(this.shapes, part, view)) ids.add(id);
      }
      return Array.from(ids);
    },

    boundsOf(id) {
      if (!this.loaded) return null;
      const rows = this.legsOf.get(id) || (this.legRow.has(id) ? [this.legRow.get(id)] : []);
      const bounds = L.latLngBounds([]), box = this.shapes.box;
      for (const row of rows) {
        for (let part = this.shapes.first[row]; part < this.shapes.first[row + 1]; part++) {
          bounds.extend(this.latLngOf(box[part * 4], box[part * 4 + 1]));
          bounds.extend(this.latLngOf(box[part * 4 + 2], box[part * 4 + 3]));
        }
      }
      return bounds.isValid() ? bounds : null;
    },

    legend() {
      if (!this.loaded) return [];
      const used = new Set();
      for (let part = 0; part < this.shapes.count; part++) used.add(`${this.block.at("mode", this.shapes.row[part])}|${this.block.at("status", this.shapes.row[part]) === "planned"}`);
      const entry = (mode, planned) => ({
        key: mode, kind: "mode", planned,
        draw: (ctx, w, h) => {
          ctx.beginPath(); ctx.moveTo(2, h / 2); ctx.lineTo(w - 2, h / 2);
          stroke(ctx, mode, planned ? "planned" : "operating", "schematic", this.colours(), 0.9);
        },
      });
      return MODES.flatMap((mode) => [false, true].filter((planned) => used.has(`${mode}|${planned}`)).map((planned) => entry(mode, planned)));
    },
  });

  QJMap.layers.corridors = (element, options) => new Corridors(element, options);
})(window.QJMap);
