/* Partnerships: warm, bowed arcs; width says the value, the line says kind and status, an arrow the direction.
 *
 * Arcs come as geometry, those of one pair of places fanned out on the ground. On the screen a fan is drawn no wider than
 * its lines need, at every zoom: each arc is drawn at a share of its own bend, its ends unmoved.
 */
"use strict";

window.QJMap = window.QJMap || {};
QJMap.layers = QJMap.layers || {};

(function (QJMap) {
  const WIDTHS = [1.15, 1.6, 2.4, 3.4, 4.6]; // px, by class of value; 0 is not stated
  const FIRM = new Set(["operating", "signed", "under-construction", "ended", ""]);
  const SOFT_KINDS = new Set(["initiative", "programme", "plan", "planned-link", "membership"]);
  const DASH = {
    "planned-link": [6, 4], plan: [6, 4], initiative: [1.5, 3.5], programme: [1.5, 3.5], membership: [1.5, 3.5],
    enclave: [10, 3, 2, 3], supply: [4, 2],
  };
  const DOTTED_MIDDLE = new Set(["joint-project", "joint-park", "development"]);
  const CROWD = 300; // arcs in view from which they go without a case: there is no ground left to set them off from
  const ARROW_AT = 0.84; // share of the way at which an arrow stands: before the crowd at the end

  /* How a row is drawn, on the map and in the legend. */
  function manner(kind, status, weight, c) {
    const firm = FIRM.has(status) && !SOFT_KINDS.has(kind);
    return {
      width: WIDTHS[weight] || WIDTHS[0],
      colour: weight ? c.warm : firm ? c.warmPlain : c.warmLight,
      dash: DASH[kind] || (FIRM.has(status) ? [] : [6, 4]),
      double: kind === "platform" || kind === "alliance",
      dot: DOTTED_MIDDLE.has(kind),
    };
  }

  /** A way on the screen: reused arrays, of which points first..last count. */
  class Run {
    constructor() {
      this.x = new Float64Array(64);
      this.y = new Float64Array(64);
      this.first = this.last = 0;
    }
    size(count) {
      if (this.x.length < count) {
        this.x = new Float64Array(count * 2);
        this.y = new Float64Array(count * 2);
      }
      this.first = 0;
      this.last = count - 1;
    }
    /** The point and the direction at a share of the way. */
    at(share) {
      const i = this.first + Math.max(0, Math.min(1, share)) * (this.last - this.first), k = Math.min(this.last - 1, Math.floor(i)), t = i - k;
      const dx = this.x[k + 1] - this.x[k], dy = this.y[k + 1] - this.y[k];
      return { x: this.x[k] + dx * t, y: this.y[k] + dy * t, angle: Math.atan2(dy, dx) };
    }
    /** Cuts what lies within `gap` pixels of an end. */
    trim(gapFirst, gapLast) {
      const { x, y } = this;
      const cut = (end, step, gap) => {
        const ex = x[end], ey = y[end];
        let i = end + step;
        while (i > this.first && i < this.last && Math.hypot(x[i] - ex, y[i] - ey) < gap) i += step;
        const inner = Math.hypot(x[i - step] - ex, y[i - step] - ey), outer = Math.hypot(x[i] - ex, y[i] - ey);
        const t = Math.max(0, Math.min(1, (gap - inner) / Math.max(1e-9, outer - inner)));
        x[i - step] += (x[i] - x[i - step]) * t;
        y[i - step] += (y[i] - y[i - step]) * t;
        return i - step;
      };
      const first = cut(this.first, 1, gapFirst), last = cut(this.last, -1, gapLast);
      if (first < last) { this.first = first; this.last = last; }
    }
    trace(ctx) {
      ctx.beginPath();
      ctx.moveTo(this.x[this.first], this.y[this.first]);
      for (let i = this.first + 1; i <= this.last; i++) ctx.lineTo(this.x[i], this.y[i]);
    }
    /** An outline that swells from `thin` to `thick`. */
    taper(ctx, thin, thick) {
      const { x, y, first, last } = this, side = (sign) => {
        for (let k = first; k <= last; k++) {
          const i = sign > 0 ? k : last - (k - first), a = Math.max(first, i - 1), b = Math.min(last, i + 1);
          const dx = x[b] - x[a], dy = y[b] - y[a], length = Math.hypot(dx, dy) || 1;
          const half = ((thin + ((thick - thin) * (i - first)) / Math.max(1, last - first)) / 2) * sign;
          ctx.lineTo(x[i] - (dy / length) * half, y[i] + (dx / length) * half);
        }
      };
      ctx.beginPath();
      side(1);
      side(-1);
      ctx.closePath();
    }
  }

  function arrowhead(ctx, { x, y, angle }, size, colour, paper) {
    const tip = (share, turn) => [x + size * share * Math.cos(angle + turn), y + size * share * Math.sin(angle + turn)];
    ctx.beginPath();
    ctx.moveTo(...tip(0.6, 0));
    ctx.lineTo(...tip(0.62, 2.5));
    ctx.lineTo(...tip(0.2, Math.PI));
    ctx.lineTo(...tip(0.62, -2.5));
    ctx.closePath();
    ctx.lineWidth = 1.6;
    ctx.strokeStyle = paper;
    ctx.stroke();
    ctx.fillStyle = colour;
    ctx.fill();
  }

  /* One arc with all that is on it: case, line, dot, arrows. */
  function drawRun(ctx, run, how, { arrow, lift, shift, c, scale = 1, bare = false }) {
    const width = how.width * scale + (lift ? 1.2 : 0), colour = lift ? c.warmLift : how.colour;
    const swelling = how.width >= 2 && arrow === 1 && !how.dash.length && !how.double;
    run.trace(ctx);
    ctx.setLineDash([]);
    if (!bare) {
      ctx.strokeStyle = c.warmCase;
      ctx.lineWidth = width + (how.double ? 3.4 : 2);
      ctx.stroke();
    }
    if (swelling) {
      run.taper(ctx, 1, width * 1.25);
      ctx.fillStyle = colour;
      ctx.fill();
    } else {
      ctx.setLineDash(how.dash);
      ctx.strokeStyle = colour;
      ctx.lineWidth = how.double ? width + 1.8 : width;
      ctx.stroke();
      ctx.setLineDash([]);
      if (how.double) { ctx.strokeStyle = c.paper; ctx.lineWidth = Math.max(0.9, width - 0.4); ctx.stroke(); }
    }
    const size = 8.5 + width * 1.9;
    if (arrow >= 1) arrowhead(ctx, run.at(ARROW_AT + shift * 0.03), size, colour, c.warmCase);
    if (arrow === 2) {
      const back = run.at(1 - ARROW_AT - shift * 0.03);
      arrowhead(ctx, { ...back, angle: back.angle + Math.PI }, size, colour, c.warmCase);
    }
    if (how.dot) {
      const middle = run.at(0.5 + shift * 0.07);
      ctx.beginPath();
      ctx.arc(middle.x, middle.y, width * 0.5 + 1.9, 0, 7);
      ctx.fillStyle = c.paper;
      ctx.fill();
      ctx.lineWidth = 1.4;
      ctx.strokeStyle = colour;
      ctx.stroke();
    }
  }

  /* What has no line, because all its parties are at one place or only one is known: a small shield with two rings. */
  function drawBadge(ctx, x, y, count, lift, c) {
    const text = count > 1 ? String(count) : "", width = 20 + (text ? 5 + text.length * 6.5 : 0), height = 15;
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.roundRect(x - width / 2, y - height / 2, width, height, 7.5);
    ctx.fillStyle = c.badge;
    ctx.fill();
    ctx.strokeStyle = lift ? c.warmLift : c.warmPlain;
    ctx.lineWidth = lift ? 2 : 1.2;
    ctx.stroke();
    const left = x - width / 2 + 7.4;
    ctx.lineWidth = 1.3;
    for (const dx of [0, 4.6]) { ctx.beginPath(); ctx.arc(left + dx, y, 3.1, 0, 7); ctx.stroke(); }
    if (!text) return;
    ctx.fillStyle = c.warm;
    ctx.font = `600 11px ${QJMap.typeface}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(text, left + 10.5, y + 0.5);
  }
  const BADGE = [-21, 17]; // px from the place

  const Partnerships = QJMap.CanvasLayer.extend({
    layerName: "partnerships",
    options: { level: 460 },

    initialize(element, options) {
      QJMap.CanvasLayer.prototype.initialize.call(this, options);
      this.run = new Run();
      this.ready = this._load(element);
    },

    async _load(element) {
      const block = (this.block = await QJMap.unpack(element));
      this.shapes = QJMap.shapes(block);
      this.badges = QJMap.points(block);
      this.rowOf = new Map(block.raw("id").map((id, row) => [id, row]));
      this._fans();
      this.spots = this._spots();
      this.loaded = true;
    },

    /* For each part: how far it bends, the least bend of its fan, and its number within it. */
    _fans() {
      const { x, y, start, count } = this.shapes, fans = new Map();
      this.bend = new Float64Array(count);
      this.least = new Float64Array(count);
      this.number = new Uint16Array(count);
      for (let part = 0; part < count; part++) {
        const a = start[part], b = start[part + 1] - 1, middle = (a + b) >> 1, dx = x[b] - x[a], dy = y[b] - y[a];
        const away = ((x[middle] - x[a]) * dy - (y[middle] - y[a]) * dx) / (Math.hypot(dx, dy) || 1);
        this.bend[part] = Math.abs(away);
        const key = `${x[a]},${y[a]},${x[b]},${y[b]},${away < 0}`;
        if (!fans.has(key)) fans.set(key, []);
        fans.get(key).push(part);
      }
      for (const parts of fans.values()) {
        parts.sort((p, q) => this.bend[p] - this.bend[q]);
        parts.forEach((part, k) => { this.number[part] = k; this.least[part] = this.bend[parts[0]]; });
      }
    },

    /* Rows without a line, by the place they are at. */
    _spots() {
      const spots = new Map(), { first } = this.shapes, { x, y, located } = this.badges;
      for (let row = 0; row < this.block.rows; row++) {
        if (first[row + 1] > first[row] || !located[row]) continue;
        const key = `${x[row]},${y[row]}`;
        if (!spots.has(key)) spots.set(key, []);
        spots.get(key).push(row);
      }
      return Array.from(spots.values());
    },

    title(id) { return this.nameOf(this.rowOf.get(id)); },
    _id(row) { return this.block.at("id", row); },

    /* A part on the screen, in this.run. */
    _way(part, view) {
      const { x, y, start } = this.shapes, a = start[part], b = start[part + 1] - 1, { size, ox, oy } = view, run = this.run;
      const gap = (view.zoom < 6 ? 3 : view.zoom < 8 ? 5 : 6.5) / size, bend = this.bend[part];
      const share = bend ? Math.min(1, (this.least[part] + this.number[part] * gap) / bend) : 1;
      run.size(b - a + 1);
      for (let i = a; i <= b; i++) {
        const t = (i - a) / (b - a), cx = x[a] + t * (x[b] - x[a]), cy = y[a] + t * (y[b] - y[a]);
        run.x[i - a] = (cx + share * (x[i] - cx)) * size - ox;
        run.y[i - a] = (cy + share * (y[i] - cy)) * size - oy;
      }
      return run;
    },

    _each(view, visit) {
      const { shapes } = this;
      for (let part = 0; part < shapes.count; part++) {
        const row = shapes.row[part];
        if (QJMap.inView(shapes, part, view) && this.passes(this._id(row))) visit(part, row);
      }
    },

    draw(ctx, view) {
      const lifted = [];
      let seen = 0;
      for (let part = 0; part < this.shapes.count; part++) if (QJMap.inView(this.shapes, part, view)) seen++;
      this.crowded = seen > CROWD;
      ctx.lineCap = "butt";
      ctx.lineJoin = "round";
      this._each(view, (part, row) => {
        const state = this.state(this._id(row));
        if (state > 0) lifted.push(part); else this._arc(ctx, view, part, row, state);
      });
      for (const part of lifted) this._arc(ctx, view, part, this.shapes.row[part], 1);
      for (const { rows, x, y } of this._shownSpots(view)) {
        const states = rows.map((row) => this.state(this._id(row)));
        ctx.globalAlpha = Math.max(...states) < 0 ? 0.35 : 1;
        drawBadge(ctx, x, y, rows.length, Math.max(...states) > 0, view.colours);
        ctx.globalAlpha = 1;
      }
    },

    _arc(ctx, view, part, row, state) {
      const { block } = this, c = view.colours, run = this._way(part, view);
      const length = Math.hypot(run.x[run.last] - run.x[0], run.y[run.last] - run.y[0]);
      if (length < 6) return;
      if (length > 40) run.trim(9, 8);
      ctx.globalAlpha = state < 0 ? 0.16 : state > 0 ? 1 : 0.9;
      drawRun(ctx, run, manner(block.at("kind", row), block.at("status", row), block.at("weight", row), c), {
        arrow: length < 30 ? 0 : block.at("arrow", row), lift: state > 0, shift: (this.number[part] % 3) - 1, c, scale: view.zoom < 6 ? 0.8 : 1, bare: this.crowded && state <= 0,
      });
      ctx.globalAlpha = 1;
    },

    _shownSpots(view) {
      if (view.zoom < 5) return [];
      const out = [], { x, y } = this.badges;
      for (const spot of this.spots) {
        const at = spot[0];
        if (x[at] < view.west || x[at] > view.east || y[at] < view.north || y[at] > view.south) continue;
        const rows = this._shown ? spot.filter((row) => this.passes(this._id(row))) : spot;
        if (rows.length) out.push({ rows, x: view.px(x[at]) + BADGE[0], y: view.py(y[at]) + BADGE[1] });
      }
      return out;
    },

    hit(point, reach) {
      const view = this.view(), { shapes } = this, { x, y } = point, found = [];
      for (const spot of this._shownSpots(view)) {
        if (Math.abs(spot.x - x) < 18 && Math.abs(spot.y - y) < 6 + reach / 2) return spot.rows.map((row) => this._id(row));
      }
      const wx = (x + view.ox) / view.size, wy = (y + view.oy) / view.size, slack = reach / view.size, box = shapes.box;
      this._each(view, (part, row) => {
        const at = part * 4;
        if (wx < box[at] - slack || wx > box[at + 2] + slack || wy < box[at + 1] - slack || wy > box[at + 3] + slack) return;
        const away = this._distance(this._way(part, view), x, y);
        if (away <= reach) found.push([away, this._id(row)]);
      });
      found.sort((a, b) => a[0] - b[0]);
      // Only what is as near as the nearest: arcs of one pair run side by side.
      return Array.from(new Set(found.filter(([away]) => away <= found[0][0] + 1.2).map(([, id]) => id)));
    },

    _distance(run, x, y) {
      let best = Infinity;
      for (let i = run.first + 1; i <= run.last; i++) best = Math.min(best, QJMap.distance(x, y, run.x[i - 1], run.y[i - 1], run.x[i], run.y[i]));
      return best;
    },

    /* Names had better not cover an arc. */
    ways(view, mark) {
      this._each(view, (part) => {
        const run = this._way(part, view);
        for (let i = run.first + 2; i <= run.last; i += 2) mark(run.x[i - 2], run.y[i - 2], run.x[i], run.y[i]);
      });
    },

    obstacles(view) { return this._shownSpots(view).map(({ x, y }) => [x - 17, y - 9, x + 17, y + 9]); },
    labels() { return []; },

    visibleIds() {
      if (!this._map || !this.loaded) return [];
      const view = this.view(), ids = new Set();
      this._each(view, (part, row) => ids.add(this._id(row)));
      for (const { rows } of this._shownSpots(view)) rows.forEach((row) => ids.add(this._id(row)));
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
      const { block } = this, kinds = new Map(), weights = new Set();
      for (let row = 0; row < block.rows; row++) {
        const kind = block.at("kind", row);
        if (!kinds.has(kind) || FIRM.has(block.at("status", row))) kinds.set(kind, block.at("status", row));
        weights.add(block.at("weight", row));
      }
      const entry = (key, kind, of, status, weight) => ({
        key, kind,
        draw: (ctx, w, h) => {
          const run = new Run();
          run.size(17);
          for (let i = 0; i <= 16; i++) {
            const t = i / 16;
            run.x[i] = 2 + t * (w - 4);
            run.y[i] = h / 2 + 3 - Math.sin(t * Math.PI) * 5;
          }
          ctx.lineJoin = "round";
          drawRun(ctx, run, manner(of, status, weight, this.colours()), { arrow: kind === "weight" ? 1 : 0, lift: false, shift: 0, c: this.colours() });
        },
      });
      const found = Array.from(kinds.keys()).filter(Boolean).sort().map((kind) => entry(kind, "partnership_kind", kind, kinds.get(kind), 0));
      if (this.spots.length) {
        found.push({ key: "badge", kind: "partnership_kind", draw: (ctx, w, h) => drawBadge(ctx, w / 2, h / 2, 2, false, this.colours()) });
      }
      if (weights.size > 1) {
        if (weights.has(0)) found.push(entry("0", "weight", "agreement", "signed", 0));
        [1, 2, 3, 4].filter((weight) => weights.has(weight)).forEach((weight) => found.push(entry(String(weight), "weight", "agreement", "signed", weight)));
      }
      return found;
    },
  });

  QJMap.layers.partnerships = (element, options) => new Partnerships(element, options);
})(window.QJMap);
