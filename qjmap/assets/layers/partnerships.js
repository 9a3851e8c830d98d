/* Partnerships: warm, bowed arcs; width says the value, the line says kind and status, an arrow the direction. */
"use strict";

window.QJMap = window.QJMap || {};
QJMap.layers = QJMap.layers || {};

(function (QJMap) {
  const WIDTHS = [1.2, 1.7, 2.5, 3.6, 5];
  const FIRM = new Set(["operating", "signed", "under-construction", ""]);
  const DASH = {
    "planned-link": [6, 4], plan: [6, 4], initiative: [2, 3.5], programme: [2, 3.5], enclave: [9, 3, 2, 3], supply: [4, 2], membership: [2, 3.5],
  };

  /* How a row is drawn, on the map and in the legend. */
  function manner(kind, status, weight, c) {
    const firm = FIRM.has(status);
    return {
      width: WIDTHS[weight] || WIDTHS[0],
      colour: !firm ? c.warmLight : weight === 0 && kind === "planned-link" ? c.warmGrey : c.warm,
      dash: firm ? DASH[kind] || [] : DASH[kind] || [6, 4],
      double: kind === "platform" || kind === "alliance",
      dots: kind === "joint-project" || kind === "joint-park" || kind === "development",
    };
  }

  function arrowhead(ctx, x, y, fromX, fromY, size, colour) {
    const angle = Math.atan2(y - fromY, x - fromX);
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x - size * Math.cos(angle - 0.42), y - size * Math.sin(angle - 0.42));
    ctx.lineTo(x - size * 0.72 * Math.cos(angle), y - size * 0.72 * Math.sin(angle));
    ctx.lineTo(x - size * Math.cos(angle + 0.42), y - size * Math.sin(angle + 0.42));
    ctx.closePath();
    ctx.fillStyle = colour;
    ctx.fill();
  }

  const Partnerships = QJMap.CanvasLayer.extend({
    layerName: "partnerships",
    options: { level: 460 },

    initialize(element, options) {
      QJMap.CanvasLayer.prototype.initialize.call(this, options);
      this.ready = this._load(element);
    },

    async _load(element) {
      this.block = await QJMap.unpack(element);
      this.shapes = QJMap.shapes(this.block);
      this.badges = QJMap.points(this.block);
      this.rowOf = new Map(this.block.raw("id").map((id, row) => [id, row]));
      this.loaded = true;
    },

    title(id) { return this.nameOf(this.rowOf.get(id)); },
    _id(row) { return this.block.at("id", row); },

    draw(ctx, view) {
      const { shapes, block } = this, later = [];
      ctx.lineCap = "butt";
      ctx.lineJoin = "round";
      for (let part = 0; part < shapes.count; part++) {
        const row = shapes.row[part], id = this._id(row);
        if (!this.passes(id) || !QJMap.inView(shapes, part, view)) continue;
        const state = this.state(id);
        if (state > 0) later.push(part); else this._arc(ctx, view, part, row, state);
      }
      for (const part of later) this._arc(ctx, view, part, shapes.row[part], 1);
    },

    _arc(ctx, view, part, row, state) {
      const block = this.block, c = view.colours;
      const how = manner(block.at("kind", row), block.at("status", row), block.at("weight", row), c);
      const width = how.width + (state > 0 ? 1.4 : 0), colour = state > 0 ? c.warm : how.colour;
      ctx.globalAlpha = state < 0 ? 0.18 : state > 0 ? 1 : 0.82;
      ctx.beginPath();
      QJMap.trace(ctx, this.shapes, part, view, 1.5, false);
      ctx.setLineDash([]);
      ctx.strokeStyle = c.warmCase;
      ctx.lineWidth = width + 1.8;
      ctx.stroke();
      ctx.setLineDash(how.dash);
      ctx.strokeStyle = colour;
      ctx.lineWidth = how.double ? width + 1.6 : width;
      ctx.stroke();
      ctx.setLineDash([]);
      if (how.double) { ctx.strokeStyle = c.paper; ctx.lineWidth = Math.max(0.8, width - 0.6); ctx.stroke(); }
      this._ends(ctx, view, part, row, width, colour, how);
      ctx.globalAlpha = 1;
    },

    /* Arrowheads a little before the ends, so that they do not sink into the places' marks; a dot in the middle of a joint project. */
    _ends(ctx, view, part, row, width, colour, how) {
      const { x, y, start } = this.shapes, first = start[part], last = start[part + 1] - 1;
      const at = (i) => [view.px(x[i]), view.py(y[i])];
      const [ax, ay] = at(first), [bx, by] = at(last);
      const length = Math.hypot(bx - ax, by - ay), size = 6 + width * 1.5;
      if (length < 26) return;
      const back = 10;
      const tip = (from, to, step) => {
        let [px, py] = at(to);
        const [ex, ey] = [px, py];
        for (let i = to - step; i !== from; i -= step) {
          const [qx, qy] = at(i), away = Math.hypot(qx - ex, qy - ey);
          if (away >= back) {
            const near = Math.hypot(px - ex, py - ey), share = (back - near) / Math.max(1e-6, away - near);
            const tx = px + (qx - px) * share, ty = py + (qy - py) * share;
            const [rx, ry] = at(Math.abs(i - from) > 2 ? i - step * 2 : i - step === from ? from : i);
            arrowhead(ctx, tx, ty, rx, ry, size, colour);
            return;
          }
          [px, py] = [qx, qy];
        }
      };
      const arrow = this.block.at("arrow", row);
      if (arrow >= 1) tip(first, last, 1);
      if (arrow === 2) tip(last, first, -1);
      if (how.dots) {
        const [mx, my] = at((first + last) >> 1);
        ctx.beginPath(); ctx.arc(mx, my, width * 0.6 + 2, 0, 7);
        ctx.fillStyle = view.colours.paper; ctx.fill();
        ctx.lineWidth = 1.5; ctx.strokeStyle = colour; ctx.stroke();
      }
    },

    hit(point, reach) {
      const view = this.view(), { shapes } = this, x = point.x, y = point.y, found = [];
      const wx = (x + view.ox) / view.size, wy = (y + view.oy) / view.size, slack = reach / view.size;
      for (let part = 0; part < shapes.count; part++) {
        const at = part * 4, box = shapes.box;
        if (wx < box[at] - slack || wx > box[at + 2] + slack || wy < box[at + 1] - slack || wy > box[at + 3] + slack) continue;
        const row = shapes.row[part], id = this._id(row);
        if (!this.passes(id)) continue;
        const away = this._distance(part, view, x, y);
        if (away <= reach) found.push([away, id]);
      }
      found.sort((a, b) => a[0] - b[0]);
      // Only what is as near as the nearest: arcs of one pair run side by side.
      const ids = found.filter(([away]) => away <= found[0][0] + 1.5).map(([, id]) => id);
      return Array.from(new Set(ids));
    },

    _distance(part, view, x, y) {
      const { shapes } = this;
      let best = Infinity;
      for (let i = shapes.start[part] + 1; i < shapes.start[part + 1]; i++) {
        const ax = view.px(shapes.x[i - 1]), ay = view.py(shapes.y[i - 1]), bx = view.px(shapes.x[i]), by = view.py(shapes.y[i]);
        const dx = bx - ax, dy = by - ay, along = dx * dx + dy * dy;
        const t = along ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / along)) : 0;
        best = Math.min(best, Math.hypot(ax + t * dx - x, ay + t * dy - y));
      }
      return best;
    },

    visibleIds() {
      if (!this._map || !this.loaded) return [];
      const view = this.view(), ids = new Set();
      for (let part = 0; part < this.shapes.count; part++) {
        const id = this._id(this.shapes.row[part]);
        if (this.passes(id) && QJMap.inView(this.shapes, part, view)) ids.add(id);
      }
      return Array.from(ids);
    },

    boundsOf(id) {
      const row = this.loaded ? this.rowOf.get(id) : undefined;
      if (row === undefined) return null;
      const bounds = L.latLngBounds([]), box = this.shapes.box;
      for (let part = this.shapes.first[row]; part < this.shapes.first[row + 1]; part++) {
        bounds.extend(this.latLngOf(box[part * 4], box[part * 4 + 1]));
        bounds.extend(this.latLngOf(box[part * 4 + 2], box[part * 4 + 3]));
      }
      if (!bounds.isValid() && this.badges.located[row]) bounds.extend(this.latLngOf(this.badges.x[row], this.badges.y[row]));
      return bounds.isValid() ? bounds : null;
    },

    legend() {
      if (!this.loaded) return [];
      const layer = this, used = new Set();
      for (let part = 0; part < this.shapes.count; part++) used.add(this.block.at("kind", this.shapes.row[part]));
      const line = (kind, status, weight) => (ctx, w, h) => {
        const c = layer.colours(), how = manner(kind, status, weight, c);
        ctx.beginPath(); ctx.moveTo(2, h / 2 + 3); ctx.quadraticCurveTo(w / 2, h / 2 - 6, w - 3, h / 2 + 3);
        ctx.setLineDash(how.dash); ctx.strokeStyle = how.colour; ctx.lineWidth = how.double ? how.width + 1.6 : how.width; ctx.stroke(); ctx.setLineDash([]);
        if (how.double) { ctx.strokeStyle = c.paper; ctx.lineWidth = 0.9; ctx.stroke(); }
        if (how.dots) { ctx.beginPath(); ctx.arc(w / 2, h / 2 - 1.5, 2.6, 0, 7); ctx.fillStyle = c.paper; ctx.fill(); ctx.lineWidth = 1.4; ctx.strokeStyle = how.colour; ctx.stroke(); }
      };
      return Array.from(used).sort().map((kind) => ({
        key: kind, kind: "partnership_kind", draw: line(kind, kind === "planned-link" || kind === "plan" ? "planned" : "signed", 1),
      })).concat([1, 2, 3, 4].map((weight) => ({ key: String(weight), kind: "weight", draw: line("agreement", "signed", weight) })));
    },
  });

  QJMap.layers.partnerships = (element, options) => new Partnerships(element, options);
})(window.QJMap);
