/* Partnerships: warm, bowed arcs between two spots and stars between more.
 *
 * Gathered by partnerships/bundles.js, bent by scene.js, drawn by strokes.js, painted by
 * slices.js. Pointing at one draws that one alone, on a
 * canvas above, and lets the others fade; so however many there are, it costs no more.
 */
"use strict";

window.QJMap = window.QJMap || {};
QJMap.layers = QJMap.layers || {};

(function (QJMap) {
  const { arcs } = QJMap;
  const CROWD = 350; // lines in view from which they go without a case: there is no ground left to set them off from
  const THRONG = 1500; // lines in view from which only their course, width and direction are drawn
  const BIG = 400; // lines in all from which they are painted in slices, between which the browser moves the map
  const BATCH = 24; // lines in one stroke, in a throng
  const QUIET = 0.2;
  const BADGE = [-21, 17]; // px from the place
  const NEAR = 9; // zoom from which ties to sites are drawn unasked
  const LONGEST_TIE = 260; // px, of a tie that nobody asked for

  /* The chosen and pointed-at ones, on a canvas of their own. */
  const Lift = QJMap.CanvasLayer.extend({
    layerName: "partnerships-lift",
    options: { level: 465 },
    initialize(owner) {
      QJMap.CanvasLayer.prototype.initialize.call(this, {});
      this.owner = owner;
      this.loaded = true;
    },
    draw(ctx, view) { if (this.owner.theme !== "print") this.owner.drawLifted(ctx, { ...view, colours: this.owner.colours() }); },
  });

  const Partnerships = QJMap.CanvasLayer.extend({
    ...arcs.sliced,
    layerName: "partnerships",
    options: { level: 460 },

    initialize(element, options) {
      QJMap.CanvasLayer.prototype.initialize.call(this, options);
      this.lift = new Lift(this);
      this.ready = this._load(element);
    },

    async _load(element) {
      const block = (this.block = await QJMap.unpack(element)), scale = block.scale("point_lon");
      this.badges = QJMap.points(block);
      this.rowOf = new Map(block.raw("id").map((id, row) => [id, row]));
      this.points = { lon: block.raw("point_lon").map((one) => one * scale), lat: block.raw("point_lat").map((one) => one * scale) };
      this.things = arcs.things(block);
      this.thingOf = new Map(this.things.flatMap((thing) => thing.rows.map((row) => [row, thing])));
      this.courses = arcs.ways(this.things, this.points);
      this._gather();
      this.loaded = true;
    },

    /* Strands of the rows that pass. */
    _gather() {
      for (const thing of this.things) {
        const rows = this._shown ? thing.rows.filter((row) => this.passes(this._id(row))) : thing.rows;
        thing.strands = arcs.strands(this.block, rows, this.options.classes);
        thing.shown = rows;
      }
      this._sceneSize = null;
    },

    setFilter(shown) {
      this._shown = shown;
      if (this.loaded) this._gather();
      return QJMap.CanvasLayer.prototype.setFilter.call(this, shown);
    },

    onAdd(map) {
      QJMap.CanvasLayer.prototype.onAdd.call(this, map);
      this._lifts();
    },

    onRemove(map) {
      this._job = null;
      map.removeLayer(this.lift);
      QJMap.CanvasLayer.prototype.onRemove.call(this, map);
    },

    title(id) { return this.nameOf(this.rowOf.get(id)); },
    _id(row) { return this.block.at("id", row); },
    idsOf(thing) { return thing.shown.map((row) => this._id(row)); },

    /* Lines and marks at a zoom; kept while it stays. */
    _scene(size) {
      if (this._sceneSize === size) return this._sceneNow;
      this._sceneSize = size;
      const scene = (this._sceneNow = arcs.scene(this.things, this.courses, size));
      scene.spots = this._spots(scene.folded);
      return scene;
    },

    /* What is a badge at a zoom, by the point it is at. */
    _spots(folded) {
      const spots = new Map(), { x, y, located } = this.badges;
      const put = (px, py, row) => {
        const key = `${px.toFixed(8)},${py.toFixed(8)}`;
        if (!spots.has(key)) spots.set(key, { wx: px, wy: py, rows: [] });
        spots.get(key).rows.push(row);
      };
      for (let row = 0; row < this.block.rows; row++) if (located[row] && !this.thingOf.has(row)) put(x[row], y[row], row);
      for (const { spots: [first], shown } of folded) {
        for (const row of shown) put(QJMap.worldX(this.points.lon[first]), QJMap.worldY(this.points.lat[first]), row);
      }
      return Array.from(spots.values());
    },

    _shownSpots(view) {
      if (view.zoom < 5) return [];
      const out = [];
      for (const { wx, wy, rows } of this._scene(view.size).spots) {
        if (wx < view.west || wx > view.east || wy < view.north || wy > view.south) continue;
        const shown = this._shown ? rows.filter((row) => this.passes(this._id(row))) : rows;
        if (shown.length) out.push({ rows: shown, x: view.px(wx) + BADGE[0], y: view.py(wy) + BADGE[1] });
      }
      return out;
    },

    /* Adds a line to a path, without the stretches that nobody sees; gives the offset of its dashes. */
    _trace(ctx, line, view) {
      const { x, y } = line, { size, ox, oy, bounds } = view, edge = 60 / size;
      const west = view.west - edge, east = view.east + edge, north = view.north - edge, south = view.south + edge;
      let joined = false, skipped = -1;
      for (let k = 1; k < x.length; k++) {
        const ax = x[k - 1], ay = y[k - 1], bx = x[k], by = y[k];
        if ((ax < west && bx < west) || (ax > east && bx > east) || (ay < north && by < north) || (ay > south && by > south)) { joined = false; continue; }
        const put = QJMap.stretch(ctx, ax * size - ox, ay * size - oy, bx * size - ox, by * size - oy, bounds, joined);
        if (skipped < 0) skipped = put.skipped;
        joined = put.joined;
      }
      return Math.max(0, skipped);
    },

    /* Those that share a path share the dashes' offset, too: none. */
    _traceAll(ctx, lines, view) {
      const skipped = lines.map((line) => this._trace(ctx, line, view));
      return lines.length === 1 ? skipped[0] : 0;
    },

    _linesIn(view) { return this._scene(view.size).lines.filter(({ box }) => box[0] <= view.east && box[2] >= view.west && box[1] <= view.south && box[3] >= view.north); },
    _marksIn(view) { return this._scene(view.size).marks.filter(({ x, y }) => x >= view.west && x <= view.east && y >= view.north && y <= view.south); },

    /* Draws everything, in pieces: the caller may pause between them. */
    *_drawing(ctx, view) {
      const lines = this._linesIn(view), c = view.colours, throng = lines.length > THRONG;
      for (let k = 0; k < lines.length; ) {
        let next = k + 1;
        const { strand } = lines[k], key = arcs.lookKey(strand);
        if (throng) while (next < lines.length && next < k + BATCH && arcs.lookKey(lines[next].strand) === key) next++;
        const some = lines.slice(k, next), plain = throng ? { ...strand, family: "accord" } : strand;
        arcs.stroke(ctx, (to) => this._traceAll(to, some, view), plain, c, { bare: lines.length > CROWD });
        k = next;
        if (throng || k % 4 === 0) yield;
      }
      let n = 0;
      for (const mark of this._marksIn(view)) {
        if (throng && mark.kind === "both") continue;
        this._mark(ctx, mark, view, false);
        if (++n % 16 === 0) yield;
      }
      if (view.zoom >= NEAR) for (const thing of this.things) if (thing.shown.length) this._ties(ctx, thing, view, false);
      for (const { rows, x, y } of this._shownSpots(view)) arcs.badge(ctx, x, y, rows.length, false, c);
    },

    _mark(ctx, { kind, x, y, angle, size, strand }, view, lift) {
      const c = view.colours, at = { x: view.px(x), y: view.py(y), angle }, colour = arcs.colour(strand, c, lift);
      if (kind === "head") arcs.head(ctx, at, size + (lift ? 2 : 0), colour, c.warmCase);
      else if (kind === "both") arcs.both(ctx, at, size + (lift ? 1 : 0), colour, c.warmCase);
      else arcs.knot(ctx, at, size + (lift ? 1 : 0), colour, c.paper);
    },

    /* From the middle of a thing to its sites. */
    _ties(ctx, thing, view, lift) {
      const sites = thing.shown.flatMap((row) => this.block.raw("ties")[row]);
      if (!sites.length) return;
      const line = this._scene(view.size).lines.find((one) => one.thing === thing);
      if (!line) return;
      const knot = this._scene(view.size).marks.find((one) => one.thing === thing && one.kind === "knot"), half = line.x.length >> 1;
      const ax = view.px(knot ? knot.x : line.x[half]), ay = view.py(knot ? knot.y : line.y[half]);
      for (let k = 0; k < sites.length; k += 2) {
        const bx = view.px(QJMap.worldX(sites[k])), by = view.py(QJMap.worldY(sites[k + 1]));
        if (!lift && Math.hypot(bx - ax, by - ay) > LONGEST_TIE) continue;
        arcs.tie(ctx, ax, ay, bx, by, lift ? view.colours.warmLift : view.colours.warmPlain, lift);
      }
    },

    /* The things of rows that are lifted now. */
    _liftedThings() {
      const out = new Set();
      for (const ids of [this._chosen, this._hovered]) {
        for (const id of ids || []) {
          const row = this.rowOf.get(id), thing = row === undefined ? null : this.thingOf.get(row);
          if (thing && thing.strands.length && this.passes(id)) out.add(thing);
        }
      }
      return out;
    },

    drawLifted(ctx, view) {
      const lifted = this._liftedThings(), c = view.colours;
      if (lifted.size) {
        const scene = this._scene(view.size);
        for (const thing of lifted) this._ties(ctx, thing, view, true);
        for (const line of scene.lines) if (lifted.has(line.thing)) arcs.stroke(ctx, (to) => this._trace(to, line, view), line.strand, c, { lift: true });
        for (const mark of scene.marks) if (lifted.has(mark.thing)) this._mark(ctx, mark, view, true);
      }
      if (!this._anyLifted()) return;
      for (const { rows, x, y } of this._shownSpots(view)) {
        if (rows.some((row) => this.state(this._id(row)) > 0)) arcs.badge(ctx, x, y, rows.length, true, c);
      }
    },

    _anyLifted() { return Boolean((this._hovered || this._chosen || { size: 0 }).size); },

    /* For a picture or for paper: all on one canvas. */
    draw(ctx, view) {
      const quiet = this._anyLifted();
      ctx.globalAlpha = quiet ? QUIET : 1;
      for (const piece of this._drawing(ctx, view)) void piece;
      ctx.globalAlpha = 1;
      if (quiet) this.drawLifted(ctx, view);
    },

    /* On the screen those that are quiet fade as a whole. */
    _paint(view) {
      if (this.theme === "print") { QJMap.CanvasLayer.prototype._paint.call(this, view); return; }
      const { min } = this._bounds;
      QJMap.paint(this._container, this.theme, (ctx) => {
        ctx.setTransform(this._ratio, 0, 0, this._ratio, -min.x * this._ratio, -min.y * this._ratio);
        for (const piece of this._drawing(ctx, view)) void piece;
      });
    },

    big() { return this._scene(this.view().size).lines.length > BIG; },

    _fade() {
      if (this._container) this._container.style.opacity = this._anyLifted() && this.theme !== "print" ? String(QUIET) : "";
    },

    _lifts() {
      this._fade();
      if (!this._map) return;
      if (this.theme === "print") this.redraw();
      else if (this._anyLifted()) this._map.addLayer(this.lift);
      else this._map.removeLayer(this.lift);
      this.lift.redraw();
    },

    highlight(ids) {
      this._chosen = ids && new Set(ids);
      this._lifts();
      return this;
    },

    hover(ids) {
      const next = ids && ids.length ? new Set(ids) : null;
      if (!next && !this._hovered) return;
      if (next && this._hovered && next.size === this._hovered.size && ids.every((id) => this._hovered.has(id))) return;
      this._hovered = next;
      this._lifts();
    },

    setTheme(theme) {
      QJMap.CanvasLayer.prototype.setTheme.call(this, theme);
      this._lifts();
      return this;
    },

    hit(point, reach) {
      const view = this.view(), { x, y } = point, found = [], { size, ox, oy } = view;
      for (const spot of this._shownSpots(view)) {
        if (Math.abs(spot.x - x) < 18 && Math.abs(spot.y - y) < 6 + reach / 2) return spot.rows.map((row) => this._id(row));
      }
      const wx = (x + ox) / size, wy = (y + oy) / size, slack = (reach + 4) / size;
      for (const { thing, strand, x: xs, y: ys, box } of this._scene(size).lines) {
        if (wx < box[0] - slack || wx > box[2] + slack || wy < box[1] - slack || wy > box[3] + slack) continue;
        let best = Infinity;
        for (let k = 1; k < xs.length; k++) best = Math.min(best, QJMap.distance(wx, wy, xs[k - 1], ys[k - 1], xs[k], ys[k]));
        const away = Math.max(0, best * size - strand.width / 2);
        if (away <= reach) found.push([away, thing]);
      }
      for (const { thing, kind, x: mx, y: my } of this._scene(size).marks) {
        if (kind === "knot" && Math.hypot(mx - wx, my - wy) * size < 9) found.push([-1, thing]);
      }
      if (!found.length) return [];
      found.sort((a, b) => a[0] - b[0]);
      // Only what is as near as the nearest: ribbons of one pair run side by side.
      const near = new Set(found.filter(([away]) => away <= found[0][0] + 1).map(([, thing]) => thing));
      return Array.from(near).flatMap((thing) => this.idsOf(thing));
    },

    /* Names had better not cover a line; where there are very many, the strongest decide. */
    ways(view, mark) {
      const { size, ox, oy } = view;
      for (const { x, y, strand } of this._linesIn(view).slice(-CROWD)) {
        // The strongest hold a name off as firmly as several thin ones.
        for (let times = Math.ceil(strand.width / 2); times > 0; times--) {
          for (let k = 1; k < x.length; k++) mark(x[k - 1] * size - ox, y[k - 1] * size - oy, x[k] * size - ox, y[k] * size - oy);
        }
      }
      for (const { x, y, size: of } of this._marksIn(view).slice(0, CROWD)) {
        const px = view.px(x), py = view.py(y);
        for (let dy = -of / 2; dy <= of / 2; dy += 4) for (let times = 3; times > 0; times--) mark(px - of / 2, py + dy, px + of / 2, py + dy);
      }
    },

    obstacles(view) { return this._shownSpots(view).map(({ x, y }) => [x - 17, y - 9, x + 17, y + 9]); },
    labels() { return []; },

    /** What is drawn in a part of the map ([west, north, east, south] in layer pixels), heaviest first, badges last:
     * { ids, parties, joined } with the parties of the first row and the sense of the direction (0 none, 1 forward, 2 mutual). */
    listIn([west, north, east, south]) {
      const view = this.view(), { size, ox, oy } = view, { lines } = this._scene(size), found = new Set();
      const [w, n, e, s] = [(west + ox) / size, (north + oy) / size, (east + ox) / size, (south + oy) / size];
      for (let k = lines.length - 1; k >= 0; k--) {
        const { box, thing } = lines[k];
        if (box[0] <= e && box[2] >= w && box[1] <= s && box[3] >= n) found.add(thing);
      }
      const item = (rows, joined) => ({ ids: rows.map((row) => this._id(row)), parties: this.block.at("parties", rows[0]), joined });
      const spots = this._shownSpots(view).filter(({ x, y }) => x >= west && x <= east && y >= north && y <= south);
      return [...Array.from(found, (thing) => item(thing.shown, thing.knot < 0 ? thing.arrow : 0)), ...spots.map(({ rows }) => item(rows, 0))];
    },

    visibleIds() {
      if (!this._map || !this.loaded) return [];
      const view = this.view(this.around(0)), ids = new Set();
      for (const { thing } of this._linesIn(view)) for (const id of this.idsOf(thing)) ids.add(id);
      for (const { rows } of this._shownSpots(view)) rows.forEach((row) => ids.add(this._id(row)));
      return Array.from(ids);
    },

    boundsOf(id) {
      const row = this.loaded ? this.rowOf.get(id) : undefined;
      if (row === undefined) return null;
      const bounds = L.latLngBounds([]), thing = this.thingOf.get(row), { lon, lat } = this.points;
      if (thing) thing.spots.forEach((spot) => bounds.extend([lat[spot], lon[spot]]));
      else if (this.badges.located[row]) bounds.extend(this.latLngOf(this.badges.x[row], this.badges.y[row]));
      return bounds.isValid() ? bounds : null;
    },

    legend() {
      if (!this.loaded) return [];
      const badges = this.badges.located.some((one, row) => one && !this.thingOf.has(row));
      const lines = (step) => this.things.reduce((sum, { strands }) => sum + strands.filter((one) => (one.known ? String(one.step) : "0") === step).length, 0);
      return arcs.legend(this.block, this.things, badges, this.options.classes, () => this.colours(), lines);
    },
  });

  /** Geometry of each row as the program's own exports have it: shortest ways without a bow. */
  Object.defineProperty(Partnerships.prototype, "shapes", {
    get() {
      if (!this._shapes) this._shapes = arcs.shapes(this.block, this.points);
      return this._shapes;
    },
  });

  QJMap.layers.partnerships = (element, options) => new Partnerships(element, options);
})(window.QJMap);
