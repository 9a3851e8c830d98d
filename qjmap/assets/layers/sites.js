/* Sites: gathered where there is no room, set out in a block beside the point that several share; none hides another.
 *
 * Rows live in typed arrays. For a view they are gathered in the cells of a screen grid as linked lists (`head`, `next`);
 * objects are made for what is drawn, not for sites.
 */
"use strict";

window.QJMap = window.QJMap || {};
QJMap.layers = QJMap.layers || {};

(function (QJMap) {
  const CELL = 44; // px within which sites are gathered
  const NEAR = 36; // px: gatherings closer than this become one
  const BLOCK_FROM = 9.5; // zoom from which sites of one point are set out
  const NAMES_FROM = 11.5; // zoom from which they are set out with their names
  const MOST = 240; // sites set out at one point; more stay a gathering
  const STEP = 20; // px between symbols of a block
  const LINE = 19; // px between names of a block
  const COLUMN = 172; // px, a column of names
  const PAD = 8;
  const CAPTION = 17;
  const RADIUS = 6.2;

  const KNOWN_TO = {
    park: { zh: "位置仅知到园区", en: "known only to the park" },
    town: { zh: "位置仅知到镇街", en: "known only to the town" },
    district: { zh: "位置仅知到区级", en: "known only to the district" },
    city: { zh: "位置仅知到市级", en: "known only to the city" },
    province: { zh: "位置仅知到省级", en: "known only to the province" },
    country: { zh: "位置仅知到国家", en: "known only to the country" },
  };
  const OTHER = { family: "other", shape: "circle", color: "#4D5357", color_dark: "#B5B9BC" };

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
      this.bySymbol = block.values("category").map((name) => this.symbols[name] || this.symbols.other || OTHER);
      this.families = Array.from(new Set(this.bySymbol.map((symbol) => symbol.family)));
      this.familyOf = Uint8Array.from(this.bySymbol, (symbol) => this.families.indexOf(symbol.family));
      this.familyColours = this.families.map((family) => this.bySymbol.find((symbol) => symbol.family === family));
      this.order = this._familyOrder();
      this.next = new Int32Array(block.rows);
      this.sides = new Map();
      this.loaded = true;
    },

    /* Rows backwards by family and category, so that lists that each row is put in front of come out in that order. */
    _familyOrder() {
      const rank = new Uint16Array(this.bySymbol.length);
      Array.from(rank.keys()).sort((a, b) => this.familyOf[a] - this.familyOf[b] || a - b).forEach((code, k) => { rank[code] = k; });
      const rows = [];
      for (let row = 0; row < this.block.rows; row++) if (this.at.located[row]) rows.push(row);
      return Uint32Array.from(rows).sort((a, b) => rank[this.codes[b]] - rank[this.codes[a]] || b - a);
    },

    title(id) { return this.nameOf(this._rows().get(id)); },
    _id(row) { return this.block.at("id", row); },
    _rows() {
      if (!this._rowOf) {
        this._rowOf = new Map();
        for (let row = 0; row < this.block.rows; row++) this._rowOf.set(this._id(row), row);
      }
      return this._rowOf;
    },


    /* What lies together on the screen, as groups in layer pixels. */
    _groups(view) {
      const key = `${view.zoom}|${view.ox}|${view.oy}|${view.bounds.min}|${view.bounds.max}|${this.turn || 0}|${this.language}`;
      if (this._groupKey === key) return this._groupsNow;
      const { x, y } = this.at, { size, bounds } = view, mask = this._shown && this._shown.mask, next = this.next;
      // The grid is fixed to the world, so that panning does not gather anew; a margin holds what reaches into the view.
      const cell = view.zoom >= 15 ? 12 : CELL, spread = 240;
      const i0 = Math.floor((bounds.min.x - spread + view.ox) / cell), j0 = Math.floor((bounds.min.y - spread + view.oy) / cell);
      const columns = Math.ceil((bounds.max.x - bounds.min.x + 2 * spread) / cell) + 1, lines = Math.ceil((bounds.max.y - bounds.min.y + 2 * spread) / cell) + 1;
      const head = new Int32Array(columns * lines).fill(-1), count = new Uint32Array(columns * lines);
      for (let k = 0; k < this.order.length; k++) {
        const row = this.order[k];
        if (mask && !mask[row]) continue;
        const i = Math.floor((x[row] * size) / cell) - i0, j = Math.floor((y[row] * size) / cell) - j0;
        if (i < 0 || j < 0 || i >= columns || j >= lines) continue;
        const at = j * columns + i;
        next[row] = head[at];
        head[at] = row;
        count[at]++;
      }
      this.groupCells = this._merge(head, count, size);
      this._groupsNow = this.groupCells.map((group) => this._shape(group, view));
      this._groupKey = key;
      return this._groupsNow;
    },

    /* Cells as groups; those whose middles are closer than a badge is wide become one. A group stands on the point that
     * most of its rows share (`anchor`, one of them), else in their middle. */
    _merge(head, count, size) {
      const groups = [];
      for (let at = 0; at < head.length; at++) if (head[at] >= 0) groups.push(this._gather(head[at], count[at]));
      if (groups.length > 700 || size > 256 * 2 ** 15) return groups;
      const near = NEAR / size, setOut = size >= 256 * 2 ** BLOCK_FROM;
      groups.sort((a, b) => b.count - a.count || a.heads[0] - b.heads[0]);
      const kept = [];
      for (const group of groups) {
        // Two blocks stay two: each is set out beside its own point.
        const host = kept.find((one) => Math.hypot(one.x - group.x, one.y - group.y) < near && !(setOut && one.one && group.one && one.count > 1));
        if (!host) { kept.push(group); continue; }
        host.one = host.one && group.one && host.x === group.x && host.y === group.y;
        if (host.anchor < 0) {
          host.x = (host.x * host.count + group.x * group.count) / (host.count + group.count);
          host.y = (host.y * host.count + group.y * group.count) / (host.count + group.count);
        }
        host.heads.push(...group.heads);
        host.count += group.count;
      }
      return kept;
    },

    _gather(first, count) {
      const { x, y } = this.at, next = this.next;
      // The point that more than half of the rows share, if there is one, by one pass of votes and one of counting.
      let anchor = first, votes = 0, sumX = 0, sumY = 0;
      for (let row = first; row >= 0; row = next[row]) {
        if (votes === 0) anchor = row;
        votes += x[row] === x[anchor] && y[row] === y[anchor] ? 1 : -1;
        sumX += x[row];
        sumY += y[row];
      }
      let there = 0;
      for (let row = first; row >= 0; row = next[row]) if (x[row] === x[anchor] && y[row] === y[anchor]) there++;
      if (there * 2 <= count) return { heads: [first], count, x: sumX / count, y: sumY / count, one: false, anchor: -1 };
      return { heads: [first], count, x: x[anchor], y: y[anchor], one: there === count, anchor };
    },

    _rowsOf(group) {
      const rows = [];
      for (const head of group.heads) for (let row = head; row >= 0; row = this.next[row]) rows.push(row);
      return rows;
    },

    /* How a group is drawn: one symbol, a badge or a block; where a place's own mark stands, beside it. */
    _shape(cells, view) {
      const { heads, count, one, anchor } = cells;
      const group = { heads, count, one, px: view.px(cells.x), py: view.py(cells.y), kind: "badge" };
      const onPlace = anchor >= 0 && this.block.has("place") && this.block.at("place", anchor) !== "";
      if (count === 1) group.kind = "one";
      else if (one && count <= MOST && view.zoom >= BLOCK_FROM) group.kind = "block";
      if (group.kind === "block") this._layBlock(group, cells, view);
      else {
        group.r = count === 1 ? RADIUS : 9.5 + Math.min(9, Math.log2(count) * 1.4);
        const away = onPlace ? group.r + (count === 1 ? 6 : 9) : 0;
        group.x = group.px + away * 0.72;
        group.y = group.py - away * 0.72;
      }
      return group;
    },

    /* A block of symbols, later of names, beside the point: on the side where it covers least. The side is kept for a zoom. */
    _layBlock(group, cells, view) {
      const count = group.count, width = this._map.getSize().x, abreast = Math.max(1, Math.min(3, Math.floor((width - 120) / COLUMN)));
      const names = (view.zoom >= NAMES_FROM && count <= 25 * abreast) || (count <= 4 && view.zoom >= 10.5);
      const lines = names ? Math.min(count, Math.max(6, Math.ceil(count / abreast))) : Math.ceil(count / Math.max(3, Math.min(Math.ceil(Math.sqrt(count * 1.7)), Math.floor((width / 2 - 46) / STEP))));
      const columns = Math.ceil(count / lines), stepX = names ? COLUMN : STEP, stepY = names ? LINE : STEP;
      const caption = this._caption(group), captionWidth = caption.length * (this.language === "en" ? 6 : 11.2) + 12;
      group.names = names;
      group.lines = lines;
      group.stepX = stepX;
      group.stepY = stepY;
      group.caption = caption;
      group.w = Math.max(columns * stepX + 2 * PAD, captionWidth);
      group.h = lines * stepY + 2 * PAD + CAPTION;
      const key = `${cells.x},${cells.y},${view.zoom},${this.turn || 0},${count},${this.language}`;
      if (!this.sides.has(key)) {
        if (this.sides.size > 500) this.sides.clear();
        this.sides.set(key, this._bestSide(group, view));
      }
      const [dx, dy] = this.sides.get(key);
      group.x = group.px + dx;
      group.y = group.py + dy;
    },

    _bestSide(group, view) {
      const { w, h } = group, gap = 26, labels = QJMap.labels(this._map), ways = labels.ways(view);
      const beside = labels.boxesBeside(this, view), frame = labels.frame();
      const sides = [[gap, -h / 2], [gap, -h - gap / 2], [gap, gap / 2], [-gap - w, -h / 2], [-gap - w, -h - gap / 2], [-gap - w, gap / 2], [-w / 2, gap], [-w / 2, -h - gap]];
      let best = sides[0], least = Infinity;
      sides.forEach(([dx, dy], k) => {
        const box = [group.px + dx, group.py + dy, group.px + dx + w, group.py + dy + h];
        let cost = ways.cost(box) * 4 + k * 0.05;
        for (const other of beside) if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) cost += 0.7;
        const inside = Math.max(0, Math.min(box[2], frame[2]) - Math.max(box[0], frame[0])) * Math.max(0, Math.min(box[3], frame[3]) - Math.max(box[1], frame[1]));
        cost += 6 * (1 - inside / (w * h)); // what the frame would cut off
        if (cost < least) { least = cost; best = [dx, dy]; }
      });
      return best;
    },

    _caption(group) {
      const known = KNOWN_TO[this.block.at("precision", group.heads[0])], english = this.language === "en";
      const number = english ? `${group.count} sites` : `${group.count}处`;
      return known ? `${number} · ${known[this.language] || known.zh}` : number;
    },

    /* Where the k-th of a block stands. */
    _slot(group, k) {
      return [group.x + PAD + Math.floor(k / group.lines) * group.stepX + STEP / 2, group.y + PAD + CAPTION + (k % group.lines) * group.stepY + group.stepY / 2];
    },

    draw(ctx, view) {
      const lifts = [], groups = this._groups(view);
      for (const group of groups) if (group.kind === "block") this._drawBlock(ctx, view, group, lifts);
      for (const group of groups) {
        if (group.kind === "badge") this._drawBadge(ctx, view, group);
        if (group.kind === "one") { this._leader(ctx, view, group); this._drawOne(ctx, view, group.heads[0], group.x, group.y, lifts); }
      }
      for (const [row, x, y] of lifts) this._symbol(ctx, view, row, x, y, RADIUS + 2.4);
    },

    /* A thin line from the point to what is drawn beside it. */
    _leader(ctx, view, group) {
      if (group.x === group.px && group.y === group.py) return;
      ctx.beginPath();
      ctx.moveTo(group.px, group.py);
      ctx.lineTo(group.x, group.y);
      ctx.strokeStyle = view.colours.ring;
      ctx.lineWidth = 0.9;
      ctx.setLineDash([]);
      ctx.stroke();
    },

    _symbol(ctx, view, row, x, y, radius) {
      QJMap.symbol(ctx, this.bySymbol[this.codes[row]], this.block.at("status", row), x, y, radius, view.colours, this.theme === "dark");
    },

    _drawOne(ctx, view, row, x, y, lifts) {
      const state = this.state(this._id(row));
      if (state > 0) { this.ring(ctx, view, row); lifts.push([row, x, y]); return; }
      ctx.globalAlpha = state < 0 ? 0.4 : 1;
      this._symbol(ctx, view, row, x, y, RADIUS);
      ctx.globalAlpha = 1;
    },

    _drawBlock(ctx, view, group, lifts) {
      const c = view.colours, { x, y, w, h } = group;
      const nearX = Math.max(x, Math.min(x + w, group.px)), nearY = Math.max(y, Math.min(y + h, group.py));
      ctx.setLineDash([]);
      ctx.beginPath();
      ctx.moveTo(group.px, group.py);
      ctx.lineTo(nearX, nearY);
      ctx.strokeStyle = c.ring;
      ctx.lineWidth = 1;
      ctx.stroke();
      ctx.beginPath();
      ctx.roundRect(x, y, w, h, 4);
      ctx.fillStyle = c.blockFill;
      ctx.fill();
      ctx.lineWidth = 0.8;
      ctx.stroke();
      ctx.font = `400 11px ${QJMap.typeface}`;
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      ctx.fillStyle = c.inkSoft;
      ctx.fillText(group.caption, x + PAD, y + PAD + 5);
      this._rowsOf(group).forEach((row, k) => {
        const [sx, sy] = this._slot(group, k);
        this._drawOne(ctx, view, row, sx, sy, lifts);
        if (group.names) this._drawName(ctx, view, row, sx + 12, sy);
      });
    },

    _drawName(ctx, view, row, x, y) {
      const state = this.state(this._id(row));
      ctx.font = `${state > 0 ? 600 : 400} 12px ${QJMap.typeface}`;
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      ctx.fillStyle = state < 0 ? view.colours.inkFaint : view.colours.ink;
      ctx.fillText(QJMap.fitted(ctx, this.nameOf(row), COLUMN - STEP - 12), x, y + 0.5);
    },

    /* A gathering: how many, and in a ring of which families. */
    _drawBadge(ctx, view, group) {
      const { count, x, y, r } = group, c = view.colours, dark = this.theme === "dark";
      const tally = new Uint32Array(this.families.length);
      let best = -1;
      for (const head of group.heads) {
        for (let row = head; row >= 0; row = this.next[row]) {
          tally[this.familyOf[this.codes[row]]]++;
          if (this._hovered || this._chosen) best = Math.max(best, this.state(this._id(row)));
        }
      }
      const quiet = (this._hovered || this._chosen) && best < 0;
      this._leader(ctx, view, group);
      ctx.setLineDash([]);
      ctx.beginPath(); ctx.arc(x, y, r + 4, 0, 7); ctx.fillStyle = c.halo; ctx.fill();
      ctx.beginPath(); ctx.arc(x, y, r, 0, 7); ctx.fillStyle = c.badge; ctx.fill();
      ctx.globalAlpha = quiet ? 0.35 : 1;
      let angle = -Math.PI / 2;
      ctx.lineWidth = best > 0 ? 5 : 3.2;
      ctx.lineCap = "butt";
      tally.forEach((number, family) => {
        if (!number) return;
        const end = angle + (number / count) * 2 * Math.PI, notch = number === count ? 0 : 0.04, symbol = this.familyColours[family];
        ctx.beginPath(); ctx.arc(x, y, r + 1, angle + notch, end - notch);
        ctx.strokeStyle = dark ? symbol.color_dark : symbol.color;
        ctx.stroke();
        angle = end;
      });
      ctx.globalAlpha = quiet ? 0.5 : 1;
      ctx.fillStyle = c.ink;
      ctx.font = `600 ${count > 999 ? 10 : 12}px ${QJMap.typeface}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(count > 99999 ? `${Math.round(count / 1000)}k` : String(count), x, y + 0.5);
      ctx.textAlign = "left";
      ctx.globalAlpha = 1;
    },

    hit(point, reach) {
      const view = this.view(), groups = this._groups(view);
      for (const group of groups) {
        if (group.kind === "block") continue;
        if (Math.hypot(group.x - point.x, group.y - point.y) <= Math.max(group.r + 3, reach)) return this._rowsOf(group).map((row) => this._id(row));
      }
      for (const group of groups) {
        if (group.kind !== "block") continue;
        const { x, y, w, h } = group;
        if (point.x < x || point.x > x + w || point.y < y || point.y > y + h) continue;
        const column = Math.floor((point.x - x - PAD) / group.stepX), line = Math.floor((point.y - y - PAD - CAPTION) / group.stepY), k = column * group.lines + line;
        const rows = this._rowsOf(group);
        // On the caption, all of them; the rest of the block belongs to its sites, so that nothing beneath is hit.
        if (line < 0) return rows.map((row) => this._id(row));
        return column >= 0 && line < group.lines && k < rows.length ? [this._id(rows[k])] : [];
      }
      return [];
    },

    labels(view) {
      const out = [];
      if (view.zoom < 8 && !this._chosen && !this._hovered) return out;
      for (const group of this._groups(view)) {
        const shown = group.kind === "one" ? [[group.heads[0], group.x, group.y]] : [];
        if (group.kind === "block" && !group.names && (this._hovered || this._chosen)) {
          this._rowsOf(group).forEach((row, k) => { if (this.state(this._id(row)) > 0) shown.push([row, ...this._slot(group, k)]); });
        }
        for (const [row, x, y] of shown.length > 40 ? [] : shown) {
          const lifted = this.state(this._id(row)) > 0;
          if (view.zoom < 8 && !lifted) continue;
          out.push({
            text: this.nameOf(row), x, y, gaps: [11], size: 12, weight: lifted ? 600 : 400, priority: lifted ? 0.5 : 20,
            colour: lifted ? view.colours.ink : view.colours.inkSoft,
            // A name of one in a block stands beside the block or, lifted, over it.
            ...(group.kind === "block" ? { spots: this._nameSpots(group, x, y, row) } : {}),
          });
        }
      }
      return out;
    },

    _nameSpots(group, x, y, row) {
      const half = this.nameOf(row).length * (this.language === "en" ? 3.2 : 6.2) + 4;
      return [[x, group.y + group.h + 10, 0], [x, group.y - 10, 0], [group.x + group.w + half, y, 0], [group.x - half, y, 0]];
    },

    obstacles(view) {
      return this._groups(view).map((group) => (group.kind === "block"
        ? [group.x - 2, group.y - 2, group.x + group.w + 2, group.y + group.h + 2]
        : [group.x - group.r - 4, group.y - group.r - 4, group.x + group.r + 4, group.y + group.r + 4]));
    },

    visibleIds() {
      if (!this._map || !this.loaded) return [];
      const view = this.view(), inside = (group) => view.bounds.contains([group.px, group.py]);
      return this._groups(view).filter(inside).flatMap((group) => this._rowsOf(group).map((row) => this._id(row)));
    },

    boundsOf(id) {
      const row = this.loaded ? this._rows().get(id) : undefined;
      if (row === undefined || !this.at.located[row]) return null;
      const point = this.latLngOf(this.at.x[row], this.at.y[row]);
      return L.latLngBounds(point, point);
    },

    legend() {
      if (!this.loaded) return [];
      const values = this.block.values("category"), used = new Set(Array.from(new Set(this.codes), (code) => values[code]));
      const statuses = new Set(Array.from(new Set(this.block.raw("status")), (code) => this.block.values("status")[code]));
      const symbol = (key, kind, of, status) => ({
        key, kind, draw: (ctx, w, h) => QJMap.symbol(ctx, of, status, w / 2, h / 2, 5.5, this.colours(), this.theme === "dark"),
      });
      return Object.keys(this.symbols).filter((name) => used.has(name)).map((name) => symbol(name, "category", this.symbols[name], "operating")).concat(
        ["operating", "under-construction", "signed", "planned", "proposed", "ended"].filter((status) => statuses.has(status)).map((status) => symbol(status, "status", OTHER, status)));
    },
  });

  QJMap.layers.sites = (element, options) => new Sites(element, options);
})(window.QJMap);
