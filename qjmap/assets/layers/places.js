/* Places: a mark for how sure the position is, a name beside it, and never one place hidden behind another. */
"use strict";

window.QJMap = window.QJMap || {};
QJMap.layers = QJMap.layers || {};

(function (QJMap) {
  const FIRST = ["city", "district", "town", "development-zone", "park", "port", "station", "province", "country", "area"];
  const POINTED = new Set(["exact", "site", "park"]);

  /* A dot where the point is known, a ring where only the area is; the home district's is a star in a ring. */
  function mark(ctx, x, y, c, { home, zone, area, level, lifted }) {
    ctx.lineWidth = lifted ? 2 : 1.3;
    ctx.strokeStyle = home ? c.homeLine : c.ink;
    ctx.fillStyle = c.paper;
    ctx.setLineDash([]);
    if (area) {
      ctx.setLineDash([2, 2]);
      ctx.strokeStyle = c.ring;
      ctx.beginPath(); ctx.arc(x, y, 4, 0, 7); ctx.stroke();
      ctx.setLineDash([]);
      return;
    }
    if (home) {
      ctx.beginPath(); ctx.arc(x, y, 7, 0, 7); ctx.fill(); ctx.stroke();
      ctx.beginPath(); ctx.arc(x, y, 3.4, 0, 7); ctx.fillStyle = c.homeLine; ctx.fill();
      return;
    }
    if (zone) {
      ctx.beginPath(); ctx.rect(x - 3.4, y - 3.4, 6.8, 6.8); ctx.fill(); ctx.stroke();
      return;
    }
    const wide = level === "city" || level === "province" || level === "country";
    ctx.beginPath(); ctx.arc(x, y, wide ? 4.2 : 3.4, 0, 7); ctx.fill(); ctx.stroke();
    if (POINTED.has(level)) { ctx.beginPath(); ctx.arc(x, y, 2, 0, 7); ctx.fillStyle = c.ink; ctx.fill(); }
    if (wide) { ctx.beginPath(); ctx.arc(x, y, 1.3, 0, 7); ctx.fillStyle = c.ink; ctx.fill(); }
  }

  const Places = QJMap.CanvasLayer.extend({
    layerName: "places",
    options: { level: 560 },

    initialize(element, options) {
      QJMap.CanvasLayer.prototype.initialize.call(this, options);
      this.ready = this._load(element);
    },

    async _load(element) {
      const block = (this.block = await QJMap.unpack(element));
      this.at = QJMap.points(block);
      this.row = new Map();
      const spots = new Map();
      for (let row = 0; row < block.rows; row++) {
        this.row.set(block.at("id", row), row);
        if (!this.at.located[row]) continue;
        const key = `${this.at.x[row]},${this.at.y[row]}`;
        if (!spots.has(key)) spots.set(key, []);
        spots.get(key).push(row);
      }
      // The place whose own point it is comes first, a town before the province it is the seat of; the others are named with it.
      const order = (row) => (FIRST.indexOf(block.at("kind", row)) + FIRST.length + 1) % (FIRST.length + 1);
      const own = (row) => (block.has("position_of") && block.at("position_of", row) ? 1 : 0);
      this.spots = Array.from(spots.values());
      this.spots.forEach((rows) => rows.sort((a, b) => own(a) - own(b) || order(a) - order(b) || block.at("rank", a) - block.at("rank", b)));
      this.loaded = true;
    },

    title(id) { return this.nameOf(this.row.get(id)); },
    _id(row) { return this.block.at("id", row); },
    _shown(spot, view) {
      const rows = spot.filter((row) => this.passes(this._id(row)));
      if (!rows.length) return null;
      const row = rows[0];
      const x = this.at.x[row], y = this.at.y[row];
      if (x < view.west || x > view.east || y < view.north || y > view.south) return null;
      const rank = Math.min(...rows.map((one) => this.block.at("rank", one)));
      // Names that nobody works with wait for a closer look, unless they are chosen.
      const from = rank <= 4 ? 0 : rank <= 6 ? 5 : rank <= 8 ? 7.75 : 8.5;
      if (view.zoom < from && !rows.some((one) => this.state(this._id(one)) > 0)) return null;
      return { rows, row, rank, x: view.px(x), y: view.py(y) };
    },

    draw(ctx, view) {
      for (const spot of this.spots) {
        const shown = this._shown(spot, view);
        if (!shown) continue;
        const { row, rows, x, y } = shown, block = this.block;
        const lifted = rows.some((one) => this.state(this._id(one)) > 0);
        if (lifted && this._chosen) this._radius(ctx, view, rows.find((one) => this._chosen.has(this._id(one))) ?? row, x, y);
        mark(ctx, x, y, view.colours, {
          home: rows.some((one) => block.at("home", one) === 1), zone: block.at("kind", row) === "development-zone", area: block.at("kind", row) === "area",
          level: block.at("precision", row), lifted,
        });
      }
    },

    /* The circle in which the place really is. */
    _radius(ctx, view, row, x, y) {
      const metres = this.block.at("radius_m", row);
      if (!metres) return;
      const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * this.at.y[row]))));
      const pixels = (metres / (40075016.7 * Math.cos(lat))) * view.size;
      if (pixels < 10 || pixels > 900) return;
      ctx.beginPath(); ctx.arc(x, y, pixels, 0, 7);
      ctx.setLineDash([5, 4]);
      ctx.strokeStyle = view.colours.ring;
      ctx.lineWidth = 1;
      ctx.stroke();
      ctx.setLineDash([]);
    },

    hit(point, reach) {
      const view = this.view();
      for (const spot of this.spots) {
        const shown = this._shown(spot, view);
        if (shown && Math.hypot(shown.x - point.x, shown.y - point.y) <= reach + 3) return shown.rows.map((row) => this._id(row));
      }
      return [];
    },

    labels(view) {
      const c = view.colours, out = [];
      for (const spot of this.spots) {
        const shown = this._shown(spot, view);
        if (!shown) continue;
        const { rows, row, rank, x, y } = shown, block = this.block;
        const home = rows.some((one) => block.at("home", one) === 1);
        const partner = block.has("partner") && rows.some((one) => block.at("partner", one) === 1);
        const lifted = rows.some((one) => this.state(this._id(one)) > 0), area = block.at("kind", row) === "area";
        out.push({
          text: this._words(rows, view.zoom), x, y, gaps: home ? [12, 22, 110] : [9, 15],
          size: home ? 15.5 : area ? 12 : partner ? 13.5 : 12, weight: home ? 700 : area ? 400 : partner ? 600 : 400, spacing: area ? 2 : 0,
          colour: lifted || home || (partner && !area) ? c.ink : c.inkSoft, priority: lifted ? 0 : rank,
        });
      }
      return out;
    },

    _words(rows, zoom) {
      const first = this.nameOf(rows[0]);
      if (rows.length === 1 || zoom < 8.5) return first;
      const more = rows.slice(1, 3).map((row) => this.nameOf(row));
      return [first, ...more].join(" · ") + (rows.length > 3 ? " …" : "");
    },

    obstacles(view) {
      const out = [];
      for (const spot of this.spots) {
        const shown = this._shown(spot, view);
        if (shown) out.push([shown.x - 6, shown.y - 6, shown.x + 6, shown.y + 6]);
      }
      return out;
    },

    visibleIds() {
      if (!this._map || !this.loaded) return [];
      const view = this.view();
      return this.spots.flatMap((spot) => { const shown = this._shown(spot, view); return shown ? shown.rows.map((row) => this._id(row)) : []; });
    },

    boundsOf(id) {
      const row = this.loaded ? this.row.get(id) : undefined;
      if (row === undefined || !this.at.located[row]) return null;
      const point = this.latLngOf(this.at.x[row], this.at.y[row]);
      return L.latLngBounds(point, point);
    },

    legend() {
      const make = (key, options) => ({ key, kind: "place", draw: (ctx, w, h) => mark(ctx, w / 2, h / 2, this.colours(), options) });
      return [make("home", { home: true }), make("city", { level: "city" }), make("district", { level: "district" }), make("development-zone", { zone: true })];
    },
  });

  QJMap.layers.places = (element, options) => new Places(element, options);
})(window.QJMap);
