/* Districts: a disc with the number of sites in it, those that the page does not hold included. Discs that would cover one
 * another are one, with the sum. */
"use strict";

window.QJMap = window.QJMap || {};
QJMap.layers = QJMap.layers || {};

(function (QJMap) {
  const LEAST = 11; // px of a radius
  const MOST = 30;

  function disc(ctx, x, y, r, text, c, lifted) {
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 7);
    ctx.fillStyle = c.badge;
    ctx.fill();
    ctx.lineWidth = lifted ? 2.6 : 1.4;
    ctx.strokeStyle = lifted ? c.lift : c.badgeLine;
    ctx.stroke();
    ctx.fillStyle = c.ink;
    ctx.font = `600 11px ${QJMap.typeface}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(text, x, y + 0.5);
  }

  const Districts = QJMap.CanvasLayer.extend({
    layerName: "districts",
    options: { level: 562 },

    initialize(element, options) {
      QJMap.CanvasLayer.prototype.initialize.call(this, options);
      this.ready = this._load(element);
    },

    async _load(element) {
      const block = (this.block = await QJMap.unpack(element));
      this.at = QJMap.points(block);
      this.rows = Float64Array.from({ length: block.rows }, (_, row) => Number(block.at("rows", row)));
      this.order = Array.from(this.rows.keys()).filter((row) => this.at.located[row]).sort((a, b) => this.rows[b] - this.rows[a] || a - b);
      this.most = Math.max(1, ...this.order.map((row) => this.rows[row]));
      this.loaded = true;
    },

    _text(count) { return count.toLocaleString(this.language === "en" ? "en" : "zh-CN", { notation: count < 10000 ? "standard" : "compact", maximumFractionDigits: 1 }); },
    _size(count) { return LEAST + (MOST - LEAST) * Math.sqrt(Math.min(1, count / this.most)); },

    /* The discs of a view, the greatest first. */
    _discs(view) {
      if (!this.loaded || view.zoom >= this.options.until) return [];
      const found = [];
      for (const row of this.order) {
        const x = view.px(this.at.x[row]), y = view.py(this.at.y[row]), count = this.rows[row];
        const near = found.find((one) => Math.hypot(one.x - x, one.y - y) < one.r + this._size(count) * 0.7);
        if (near) { near.rows.push(row); near.count += count; near.r = Math.max(near.r, this._size(near.count)); }
        else found.push({ x, y, count, rows: [row], r: this._size(count) });
      }
      return found;
    },

    draw(ctx, view) {
      for (const { x, y, r, count, rows } of this._discs(view).reverse()) {
        const text = this._text(count), lifted = rows.some((row) => this.state(this.block.at("id", row)) > 0);
        disc(ctx, x, y, Math.max(r, text.length * 3.4 + 5), text, view.colours, lifted);
      }
    },

    hit(point, reach) {
      const found = this._discs(this.view()).find(({ x, y, r }) => Math.hypot(x - point.x, y - point.y) <= Math.max(r, reach));
      return found ? found.rows.map((row) => this.block.at("id", row)) : [];
    },

    labels() { return []; },
    obstacles(view) { return this._discs(view).map(({ x, y, r }) => [x - r, y - r, x + r, y + r]); },
    title(id) { return this.nameOf(this.block.row(id)); },
    visibleIds() { return []; },

    boundsOf(id) {
      const row = this.loaded ? this.block.row(id) : undefined;
      if (row === undefined || !this.at.located[row]) return null;
      const point = this.latLngOf(this.at.x[row], this.at.y[row]);
      return point.toBounds(60000); // a district is looked at from where its sites can be told apart
    },

    legend() {
      return [{ key: "total", kind: "total", draw: (ctx, w, h) => disc(ctx, w / 2, h / 2, 9, "9", this.colours(), false) }];
    },
  });

  QJMap.layers.districts = (element, options) => new Districts(element, options);
})(window.QJMap);
