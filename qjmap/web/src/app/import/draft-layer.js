/* The layer of drafts: rows that a reader has added, and positions that a reader has corrected, which are not in the tables yet.
 *
 * Added rows are drafts of their tables in the store (store.js): search and filters include them, list and exports mark them as drafts, and
 * numbers of rows state them separately. Corrections are drawn and saved, but do not change rows.
 */

import { importBundle } from "./import-client.js";
import { pushTo } from "../base/dom.js";
import { LabelledLayer } from "../../runtime/labelled-layer.js";
import { worldX, worldY } from "../../runtime/shapes.js";

const SIZE = 7; // px, half the width of a symbol
const MANY = 1000; // number of drafts above which only one of those that cover each other is drawn
const CELL = 4; // px, drafts in one square of this size cover each other
const CLOSEST = 13; // closest zoom to which the map moves to show drafts

/** @typedef {Draft & { point: Position }} LocatedDraft A draft with a position. */

/**
 * Draws a cross, the symbol of a refused row.
 *
 * @param {Ctx} ctx
 * @param {number} px layer pixels
 * @param {number} py
 * @param {Palette} c colours of the theme
 */
function drawRefused(ctx, px, py, c) {
  ctx.moveTo(px - SIZE, py - SIZE); ctx.lineTo(px + SIZE, py + SIZE);
  ctx.moveTo(px - SIZE, py + SIZE); ctx.lineTo(px + SIZE, py - SIZE);
  ctx.lineWidth = 5;
  ctx.strokeStyle = c.paper;
  ctx.stroke();
  ctx.lineWidth = 2.4;
  ctx.strokeStyle = c.warm;
  ctx.stroke();
}

/**
 * Draws a lozenge with a plus sign, the symbol of an added row or a correction.
 *
 * @param {Ctx} ctx
 * @param {number} px layer pixels
 * @param {number} py
 * @param {Palette} c colours of the theme
 */
function drawAdded(ctx, px, py, c) {
  ctx.moveTo(px, py - SIZE - 2); ctx.lineTo(px + SIZE + 2, py); ctx.lineTo(px, py + SIZE + 2); ctx.lineTo(px - SIZE - 2, py);
  ctx.closePath();
  ctx.fillStyle = c.paper;
  ctx.fill();
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(px - 3.5, py); ctx.lineTo(px + 3.5, py);
  ctx.moveTo(px, py - 3.5); ctx.lineTo(px, py + 3.5);
  ctx.stroke();
}

/** The layer on the map; drafts without a position are not drawn. */
class DraftsLayer extends LabelledLayer {
  loaded = true;
  /** @type {LocatedDraft[]} */
  drafts = [];
  /** @type {{ x: number, y: number, from: number[] | null }[]} world coordinates of the drafts, and of the positions from which they were moved */
  at = [];

  /** @param {string} language "zh" or "en" */
  constructor(language) { super("drafts", 610, { language }); }

  /** Sets the drafts that are drawn. @param {Draft[]} drafts */
  set(drafts) {
    this.drafts = drafts.flatMap((draft) => (draft.point ? [/** @type {LocatedDraft} */ (draft)] : []));
    this.at = this.drafts.map(({ point: [lon, lat], from }) => ({ x: worldX(lon), y: worldY(lat), from: from ? [worldX(from[0]), worldY(from[1])] : null }));
    return this.redraw();
  }

  /**
   * Returns the indices of the drafts that are drawn: those in the view; of many only one of those that cover each other, but all that are
   * moved or chosen.
   *
   * @param {View} view
   */
  drawn(view) {
    const taken = new Set(), all = this.at.map((_, k) => k), { west, east, north, south } = view;
    return all.length <= MANY ? all : all.filter((k) => {
      const { x, y, from } = this.at[k], cell = Math.round(view.px(x) / CELL) + " " + Math.round(view.py(y) / CELL), isFirst = !taken.has(cell);
      taken.add(cell);
      return from || this._chosen?.has(this.drafts[k].key) || (isFirst && x > west && x < east && y > north && y < south);
    });
  }

  /**
   * Draws the symbols, and a dashed line from the position from which a draft was moved.
   *
   * @param {Ctx} ctx
   * @param {View} view
   */
  draw(ctx, view) {
    const c = view.colours;
    this.drawn(view).forEach((k) => {
      const draft = this.drafts[k], { x, y, from } = this.at[k], px = view.px(x), py = view.py(y);
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
      if (draft.state === "refused") drawRefused(ctx, px, py, c); else drawAdded(ctx, px, py, c);
    });
  }

  /** Returns the boxes of the symbols, which labels avoid. @param {View} view */
  obstacles(view) {
    return this.drawn(view).map((k) => this.at[k]).map(({ x, y }) => [view.px(x) - 10, view.py(y) - 10, view.px(x) + 10, view.py(y) + 10]);
  }

  /** Returns the names of the drafts that are not refused, as labels. @param {View} view */
  labels(view) {
    return this.drawn(view).flatMap((k) => {
      const { state, name } = this.drafts[k];
      if (state === "refused" || !name) return [];
      const { x, y } = this.at[k];
      return [{ text: name, x: view.px(x), y: view.py(y), size: 13, weight: 600, colour: view.colours.ink, priority: 0, gaps: [12, 20] }];
    });
  }

  /**
   * Returns the keys of the drafts at a point of the map.
   *
   * @param {Point} point layer pixels
   * @param {number} reach px
   */
  hit(point, reach) {
    const view = this.view();
    return this.drafts.filter((_, k) => Math.hypot(view.px(this.at[k].x) - point.x, view.py(this.at[k].y) - point.y) < SIZE + reach).map(({ key }) => key);
  }

  /** Returns the bounds of all drafts with a position. */
  bounds() { return L.latLngBounds(this.drafts.map(({ point: [lon, lat] }) => [lat, lon])); }

  /** Returns the position of a draft as bounds; null if none with this key is drawn. @param {string} id key of the draft */
  boundsOf(id) {
    const draft = this.drafts.find(({ key }) => key === id);
    if (!draft) return null;
    const [lon, lat] = draft.point;
    return L.latLngBounds([lat, lon], [lat, lon]);
  }
}

/** Returns whether a draft is an added row that was not refused. @param {Draft} draft */
const isRow = (draft) => draft.kind === "row" && draft.state !== "refused";

/**
 * Returns a draft as a row of its table in the store: the cells as typed, and the position in WGS 84 in `lon` and `lat`.
 *
 * @param {Draft} draft
 * @returns {DraftRow}
 */
function rowOf({ key, record, point, radius }) {
  const [lon, lat] = point || ["", ""];
  return { id: key, values: {
    ...record, lon, lat, located: point ? 1 : 0, level: point ? record.precision || "site" : "unresolved", radius_m: (point && radius) || "",
    orig_lon: record.lon || "", orig_lat: record.lat || "", orig_datum: record.datum || "",
  } };
}

/**
 * Makes the list of drafts and its layer. The list begins with the drafts that the page was saved with.
 *
 * @param {{ map: LeafletMap, language: Language, store: Store, filter: RowFilter, switches: LayerSwitches, filters: FilterPanel, paper: Theme, viewport: Viewport, indexDrafts: (readings: Readings) => void }} given
 */
export function makeDraftLayer({ map, language, store, filter, switches, filters, paper, viewport, indexDrafts }) {
  const layer = new DraftsLayer(language.now);
  paper.join(layer);
  const element = /** @type {HTMLElement} */ (document.getElementById("qjmap-drafts"));
  /** @type {(() => void)[]} */
  const listeners = [];
  /** @type {Draft[]} */
  let drafts = JSON.parse(element.textContent || "[]");
  let lastNumber = 0; // number of the last draft that was added

  /** Draws the added rows that pass the filter and whose table's layer is on; refused rows and corrections are always drawn. */
  function draw() {
    const on = switches.on();
    const shown = drafts.filter((draft) => !isRow(draft) || (on.includes(draft.table) && filter.passes(/** @type {Ref} */ (store.ref(draft.key)))));
    if (shown.some(({ point }) => point)) layer.addTo(map).set(shown);
    else map.removeLayer(layer);
  }

  /** Gives a key to each draft without one. */
  function assignKeys() {
    for (const { key } of drafts) lastNumber = Math.max(lastNumber, Number((key || "").split(":")[1]) || 0);
    // The key has a colon, which no id of a table has, so it is unique.
    for (const draft of drafts) draft.key = draft.key || "draft:" + ++lastNumber;
  }

  /** Replaces all drafts; resolves when they can be searched and filtered. @param {Draft[]} next */
  async function set(next) {
    drafts = next;
    assignKeys();
    /** @type {Map<string, DraftRow[]>} */
    const rows = new Map();
    for (const draft of drafts.filter(isRow)) pushTo(rows, draft.table, rowOf(draft));
    store.setDrafts(rows);
    draw();
    listeners.forEach((listener) => listener());
    indexDrafts((await importBundle()).readings);
    await filters.again();
  }

  filter.onChange(() => { if (drafts.length) draw(); });
  switches.onChange(draw);
  language.onChange((now) => layer.setLanguage(now));

  return {
    layer,
    get all() { return drafts; },
    /**
     * Returns the draft with a key; undefined without one.
     *
     * @param {string} key
     */
    of: (key) => drafts.find((draft) => draft.key === key),
    set,
    /**
     * Removes a draft; resolves when search and filters are updated.
     *
     * @param {Draft | undefined} draft
     */
    drop: (draft) => set(drafts.filter((other) => other !== draft)),
    /**
     * Adds a correction, which replaces an earlier one of the same row.
     *
     * @param {Draft} move the correction
     */
    move: (move) => set([...drafts.filter((draft) => draft.kind !== "move" || draft.record.id !== move.record.id), move]),
    /**
     * Moves an added row to another position, which then has the precision of a site.
     *
     * @param {Draft} draft
     * @param {Position} point longitude and latitude in WGS 84
     */
    async place(draft, point) {
      Object.assign(draft, { point, radius: (await importBundle()).program.radius_m.site });
      Object.assign(draft.record, { lon: String(point[0]), lat: String(point[1]), datum: "wgs84", precision: "site" });
      return set(drafts);
    },
    /** Calls a listener after each change of the drafts. @param {() => void} listener */
    onChange: (listener) => listeners.push(listener),
    /** Shows the drafts that the page was saved with. */
    start() { if (drafts.length) set(drafts); },
    /** Moves the map to the drafts that are drawn. */
    show() { if (layer._map && layer.drafts.length) viewport.show(layer.bounds(), CLOSEST); },
  };
}
