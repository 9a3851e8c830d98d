/* Sites: gathered where there is no room, fanned out where several share a point, so that none hides another. */
"use strict";

window.QJMap = window.QJMap || {};
QJMap.layers = QJMap.layers || {};

(function (QJMap) {
  const CELL = 46; // px within which sites are gathered
  const FAN_FROM = 9.5; // zoom from which sites of one point fan out
  const STEP = 21; // px between fanned symbols
  const RADIUS = 6.5;
  const GOLDEN = Math.PI * (3 - Math.sqrt(5));

  const Sites = QJMap.CanvasLayer.extend({
    layerName: "sites",
    options: { level: 540 },

    initialize(element, options) {
      QJMap.CanvasLayer.prototype.initialize.call(this, options);
      this.symbols = options.symbols || {};
      this.ready = this._load(element);
    },

    async _load(element) {
      const block = (this.block = await QJMap.unpack(element));
      this.at = QJMap.points(block);
      this.codes = block.raw("category");
      this.statuses = block.raw("status");
      this.bySymbol = block.values("category").map((name) => this.symbols[name] || this.symbols.other || { shape: "circle", color: "#555", color_dark: "#bbb", family: "other" });
      this.order = this._familyOrder();
      this.loaded = true;
    },

    /* Rows so that one family's sites stand together in a fan, whatever their ids. */
    _familyOrder() {
      const rows = Array.from({ length: this.block.rows }, (_, row) => row).filter((row) => this.at.located[row]);
      const rank = this.bySymbol.map((symbol) => symbol.family);
      return rows.sort((a, b) => (rank[this.codes[a]] < rank[this.codes[b]] ? -1 : rank[this.codes[a]] > rank[this.codes[b]] ? 1 : this.codes[a] - this.codes[b] || a - b));
    },

    title(id) { return this.nameOf(this._rows().get(id)); },
    _rows() {
      if (!this._rowOf) {
        this._rowOf = new Map();
        for (let row = 0; row < this.block.rows; row++) this._rowOf.set(this.block.at("id", row), row);
      }
      return this._rowOf;
    },

    /* Groups of what lies together on the screen: {x, y, rows, spread} in layer pixels. */
    _groups(view) {
      const key = `${view.zoom}|${view.ox}|${view.oy}|${view.bounds.min}|${view.bounds.max}|${this._filterTurn || 0}`;
      if (this._groupKey === key) return this._groupsNow;
      const cells = new Map(), { x, y } = this.at;
      const margin = (STEP * 8) / view.size;
      for (const row of this.order) {
        if (x[row] < view.west - margin || x[row] > view.east + margin || y[row] < view.north - margin || y[row] > view.south + margin) continue;
        if (this._filter && !this._filter.has(this.block.at("id", row))) continue;
        const cell = view.zoom >= 14 ? `${x[row]},${y[row]}` : Math.floor((x[row] * view.size) / CELL) * 1e7 + Math.floor((y[row] * view.size) / CELL);
        const group = cells.get(cell);
        if (group) { group.rows.push(row); group.sx += x[row]; group.sy += y[row]; group.one = group.one && x[row] === group.fx && y[row] === group.fy; }
        else cells.set(cell, { rows: [row], sx: x[row], sy: y[row], fx: x[row], fy: y[row], one: true });
      }
      const groups = [];
      for (const group of cells.values()) {
        const count = group.rows.length;
        const gx = view.px(group.one ? group.fx : group.sx / count), gy = view.py(group.one ? group.fy : group.sy / count);
        // A lone site on its place's own point stands beside it, not under its mark.
        const beside = count === 1 && this.block.at("place", group.rows[0]) ? 15 : 0;
        groups.push({ x: gx + beside, y: gy - beside * 0.6, rows: group.rows, atPlace: group.one && this.block.at("place", group.rows[0]) !== "", fan: count > 1 && count <= 400 && view.zoom >= FAN_FROM && group.one, single: count === 1 });
      }
      this._groupKey = key;
      this._groupsNow = groups;
      return groups;
    },

    setFilter(ids) { this._filterTurn = (this._filterTurn || 0) + 1; return QJMap.CanvasLayer.prototype.setFilter.call(this, ids); },

    /* Where the k-th of a fan stands: a sunflower around the point, whose middle stays free for the place's own mark. */
    _fanned(group, k) {
      const distance = STEP * (0.62 * Math.sqrt(k + 2.2)), angle = k * GOLDEN;
      return [group.x + distance * Math.cos(angle), group.y + distance * Math.sin(angle)];
    },
    _reach(group) { return STEP * 0.62 * Math.sqrt(group.rows.length + 2.2) + RADIUS + 4; },

    draw(ctx, view) {
      const lifts = [];
      for (const group of this._groups(view)) {
        if (group.fan) this._drawFan(ctx, view, group, lifts);
        else if (group.single) this._drawOne(ctx, view, group.rows[0], group.x, group.y, lifts);
        else this._drawBadge(ctx, view, group);
      }
      for (const [row, x, y] of lifts) this._symbol(ctx, view, row, x, y, RADIUS + 2.5);
    },

    _symbol(ctx, view, row, x, y, radius) {
      QJMap.symbol(ctx, this.bySymbol[this.codes[row]], this.block.at("status", row), x, y, radius, view.colours, this.theme === "dark");
    },

    _drawOne(ctx, view, row, x, y, lifts) {
      const state = this.state(this.block.at("id", row));
      if (state > 0) { this._precision(ctx, view, row); lifts.push([row, x, y]); return; }
      ctx.globalAlpha = state < 0 ? 0.45 : 1;
      this._symbol(ctx, view, row, x, y, RADIUS);
      ctx.globalAlpha = 1;
    },

    _drawFan(ctx, view, group, lifts) {
      ctx.beginPath();
      ctx.arc(group.x, group.y, this._reach(group), 0, 7);
      ctx.fillStyle = view.colours.halo;
      ctx.globalAlpha = 0.72;
      ctx.fill();
      ctx.globalAlpha = 1;
      ctx.setLineDash([2, 3]);
      ctx.lineWidth = 1;
      ctx.strokeStyle = view.colours.ring;
      ctx.stroke();
      ctx.setLineDash([]);
      group.rows.forEach((row, k) => {
        const [x, y] = this._fanned(group, k);
        this._drawOne(ctx, view, row, x, y, lifts);
      });
    },

    /* A gathering: how many, and in a ring of which families. */
    _drawBadge(ctx, view, group) {
      const count = group.rows.length, radius = 10 + Math.min(9, Math.log2(count) * 1.5), c = view.colours;
      const lifted = group.rows.some((row) => this.state(this.block.at("id", row)) > 0);
      const families = new Map();
      for (const row of group.rows) {
        const symbol = this.bySymbol[this.codes[row]], colour = this.theme === "dark" ? symbol.color_dark : symbol.color;
        families.set(colour, (families.get(colour) || 0) + 1);
      }
      ctx.beginPath(); ctx.arc(group.x, group.y, radius + 4.5, 0, 7); ctx.fillStyle = c.halo; ctx.fill();
      ctx.beginPath(); ctx.arc(group.x, group.y, radius, 0, 7); ctx.fillStyle = c.badge; ctx.fill();
      let angle = -Math.PI / 2;
      ctx.lineWidth = lifted ? 5 : 3.4;
      ctx.lineCap = "butt";
      for (const [colour, number] of families) {
        const next = angle + (number / count) * 2 * Math.PI;
        ctx.beginPath(); ctx.arc(group.x, group.y, radius + 1, angle + 0.03, next - 0.03); ctx.strokeStyle = colour; ctx.stroke();
        angle = next;
      }
      const words = count > 99999 ? `${Math.round(count / 1000)}k` : String(count);
      ctx.font = `600 ${count > 999 ? 10 : 12}px ${QJMap.typeface}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      let y = group.y;
      if (group.atPlace) {
        // The place's own mark stands in the middle: the number sits on the ring.
        y = group.y - radius - 1;
        const half = ctx.measureText(words).width / 2 + 4;
        ctx.beginPath();
        ctx.roundRect(group.x - half, y - 8, 2 * half, 16, 8);
        ctx.fillStyle = c.badge; ctx.fill();
        ctx.lineWidth = 1; ctx.strokeStyle = c.badgeLine; ctx.stroke();
      }
      ctx.fillStyle = c.ink;
      ctx.fillText(words, group.x, y + 0.5);
      ctx.textAlign = "left";
    },

    _precision(ctx, view, row) {
      const metres = this.block.at("radius_m", row);
      if (!metres) return;
      const lat = Math.atan(Math.sinh(Math.PI * (1 - 2 * this.at.y[row])));
      const pixels = (metres / (40075016.7 * Math.cos(lat))) * view.size;
      if (pixels < 12 || pixels > 900) return;
      ctx.beginPath(); ctx.arc(view.px(this.at.x[row]), view.py(this.at.y[row]), pixels, 0, 7);
      ctx.setLineDash([5, 4]); ctx.lineWidth = 1; ctx.strokeStyle = view.colours.ring; ctx.stroke(); ctx.setLineDash([]);
    },

    hit(point, reach) {
      const view = this.view();
      for (const group of this._groups(view)) {
        if (group.fan) {
          if (Math.hypot(group.x - point.x, group.y - point.y) > this._reach(group) + reach) continue;
          let best = -1, near = reach + 4;
          group.rows.forEach((row, k) => {
            const [x, y] = this._fanned(group, k), away = Math.hypot(x - point.x, y - point.y);
            if (away < near) { near = away; best = row; }
          });
          if (best >= 0) return [this.block.at("id", best)];
        } else {
          const size = group.single ? RADIUS : 20;
          if (Math.hypot(group.x - point.x, group.y - point.y) <= Math.max(size, reach)) return group.rows.map((row) => this.block.at("id", row));
        }
      }
      return [];
    },

    labels(view) {
      if (view.zoom < 8) return [];
      const out = [];
      for (const group of this._groups(view)) {
        const shown = group.single ? [[group.rows[0], group.x, group.y]] : [];
        if (group.fan) group.rows.forEach((row, k) => { if (this.state(this.block.at("id", row)) > 0) shown.push([row, ...this._fanned(group, k)]); });
        if (group.fan && view.zoom >= 12) group.rows.forEach((row, k) => shown.push([row, ...this._fanned(group, k)]));
        for (const [row, x, y] of shown) {
          const lifted = this.state(this.block.at("id", row)) > 0;
          out.push({ text: this.nameOf(row), x, y, gaps: [11], size: 12, weight: lifted ? 600 : 400, colour: lifted ? view.colours.ink : view.colours.inkSoft, priority: lifted ? 0.5 : 20 });
        }
      }
      return out;
    },

    obstacles(view) {
      const out = [];
      for (const group of this._groups(view)) {
        if (group.fan) {
          group.rows.forEach((row, k) => { const [x, y] = this._fanned(group, k); out.push([x - 9, y - 9, x + 9, y + 9]); });
        } else {
          const r = group.single ? 8 : 21;
          out.push([group.x - r, group.y - r, group.x + r, group.y + r]);
        }
      }
      return out;
    },

    visibleIds() {
      if (!this._map || !this.loaded) return [];
      const view = this.view();
      return this._groups(view).filter((group) => view.bounds.contains([group.x, group.y])).flatMap((group) => group.rows.map((row) => this.block.at("id", row)));
    },

    boundsOf(id) {
      const row = this.loaded ? this._rows().get(id) : undefined;
      if (row === undefined || !this.at.located[row]) return null;
      const point = this.latLngOf(this.at.x[row], this.at.y[row]);
      return L.latLngBounds(point, point);
    },

    legend() {
      if (!this.loaded) return [];
      const used = new Set(Array.from(this.codes, (code) => this.block.values("category")[code]));
      return Object.keys(this.symbols).filter((name) => used.has(name)).map((name) => ({
        key: name, kind: "category",
        draw: (ctx, w, h) => QJMap.symbol(ctx, this.symbols[name], "operating", w / 2, h / 2, 5.5, this.colours(), this.theme === "dark"),
      })).concat(["operating", "under-construction", "signed", "planned", "proposed", "ended"].map((status) => ({
        key: status, kind: "status",
        draw: (ctx, w, h) => QJMap.symbol(ctx, { shape: "circle", color: "#4D5357", color_dark: "#B5B9BC" }, status, w / 2, h / 2, 5.5, this.colours(), this.theme === "dark"),
      })));
    },
  });

  QJMap.layers.sites = (element, options) => new Sites(element, options);
})(window.QJMap);
