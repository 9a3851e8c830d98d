/* Drafts: rows that a reader has added and positions that a reader has corrected, drawn over the map until a program takes them.
 *
 * A draft is {kind: "row" | "move", key, batch, table, state, record, point, radius, from, name}; points are [lon, lat] in WGS 84,
 * the radius is in metres. Added rows stand beside their tables (store.js): search finds them, filters hold them back, list
 * and exports have them marked as drafts, and counts name them apart. Corrections are drawn and saved, and change no row.
 */

import { pushTo } from "../dom.js";
import { importBundle } from "./worker-client.js";
import { MapLayer } from "../../runtime/map-layer.js";
import { worldX, worldY } from "../../runtime/shapes.js";

const SIZE = 7;

const Drafts = MapLayer.extend({
  layerName: "drafts",
  options: { level: 610 },
  loaded: true,

  /** @param {Language} language */
  initialize(language) {
    MapLayer.prototype.initialize.call(this, { language });
    this.drafts = [];
  },

  /** @param {any[]} drafts */
  set(drafts) {
    this.drafts = drafts.filter((one) => one.point);
    this.of = new Map(this.drafts.map((/** @type {any} */ one, /** @type {number} */ k) => [one.key, k]));
    this.at = this.drafts.map((/** @type {{ point: any[], from: any }} */ { point: [lon, lat], from }) => ({
      x: worldX(lon), y: worldY(lat), from: from ? [worldX(from[0]), worldY(from[1])] : null,
    }));
    return this.redraw();
  },

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  draw(ctx, view) {
    const c = view.colours;
    this.drafts.forEach((/** @type {any} */ draft, /** @type {number} */ k) => {
      const { x, y, from } = this.at[k], px = view.px(x), py = view.py(y);
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

  /** @param {View} view */
  obstacles(view) {
    return this.at ? this.at.map((/** @type {{ x: number, y: number }} */ { x, y }) => [view.px(x) - 10, view.py(y) - 10, view.px(x) + 10, view.py(y) + 10]) : [];
  },

  /** @param {View} view */
  labels(view) {
    return this.drafts.filter((/** @type {any} */ one) => one.state !== "refused" && one.name).map((/** @type {any} */ draft) => {
      const { x, y } = this.at[this.drafts.indexOf(draft)];
      return { text: draft.name, x: view.px(x), y: view.py(y), size: 13, weight: 600, colour: view.colours.ink, priority: 0, gaps: [12, 20] };
    });
  },

  /**
   * @param {any} point
   * @param {number} reach
   */
  hit(point, reach) {
    const view = this.view();
    return this.drafts.filter((/** @type {any} */ _, /** @type {number} */ k) => Math.hypot(view.px(this.at[k].x) - point.x, view.py(this.at[k].y) - point.y) < SIZE + reach).map((/** @type {any} */ one) => one.key);
  },

  bounds() { return L.latLngBounds(this.drafts.map((/** @type {{ point: any[] }} */ { point: [lon, lat] }) => [lat, lon])); },
  visibleIds() { return []; },
  /** @param {string} id */
  boundsOf(id) {
    if (!this.of || !this.of.has(id)) return null;
    const [lon, lat] = this.drafts[this.of.get(id)].point;
    return L.latLngBounds([lat, lon], [lat, lon]);
  },
});

/** @param {any} one */
const isRow = (one) => one.kind === "row" && one.state !== "refused";

/**
 * A draft as a row beside its table: cells as typed, its position as the map's rows have theirs.
 *
 * @param {{ key: string, record: any, point: any, radius: number }} given
 */
function rowOf({ key, record, point, radius }) {
  const [lon, lat] = point || ["", ""];
  return { id: key, values: {
    ...record, lon, lat, located: point ? 1 : 0, level: point ? record.precision || "site" : "unresolved", radius_m: (point && radius) || "",
    orig_lon: record.lon || "", orig_lat: record.lat || "", orig_datum: record.datum || "",
  } };
}

/** @param {{ map: LeafletMap, language: Language, store: Store, filter: Filter, switches: Switches, filters: Filters, paper: Theme, viewport: Viewport, indexDrafts: (readings: Readings) => void }} given */
export function makeDraftLayer({ map, language, store, filter, switches, filters, paper, viewport, indexDrafts }) {
  const layer = new Drafts(language.now);
  paper.join(layer);
  const element = /** @type {HTMLElement} */ (document.getElementById("qjmap-drafts"));
  /** @type {((...given: any[]) => void)[]} */
  const listeners = [];
  let drafts = JSON.parse(element.textContent || "[]");
  let keys = 0; // the last number given to a draft

  /* The map shows of the drafts what the filter leaves, of layers that are on; refused rows and corrections always. */
  function draw() {
    const on = switches.on(), shown = drafts.filter((/** @type {any} */ one) => {
      if (!isRow(one)) return true;
      return on.includes(one.table) && filter.passes(store.ref(one.key));
    });
    if (shown.some((/** @type {any} */ one) => one.point)) layer.addTo(map).set(shown);
    else map.removeLayer(layer);
  }

  function number() {
    drafts.forEach((/** @type {{ key: string }} */ { key }) => { keys = Math.max(keys, Number((key || "").split(":")[1]) || 0); });
    // A colon is in no id of a table.
    drafts.forEach((/** @type {any} */ one) => { one.key = one.key || "draft:" + ++keys; });
  }

  async function tell() {
    number();
    const rows = new Map();
    drafts.filter(isRow).forEach((/** @type {any} */ one) => pushTo(rows, one.table, rowOf(one)));
    store.setDrafts(rows);
    draw();
    listeners.forEach((listener) => listener());
    indexDrafts((await importBundle()).readings);
    await filters.again();
  }

  filter.onChange(() => { if (drafts.length) draw(); });
  switches.onChange(draw);
  language.onChange((/** @type {any} */ now) => layer.setLanguage(now));

  return {
    layer,
    get all() { return drafts; },
    /* The draft of a key. */
    of: (/** @type {any} */ key) => drafts.find((/** @type {any} */ one) => one.key === key),
    /** @param {any} next */
    set(next) { drafts = next; return tell(); },
    /**
     * Takes one away.
     *
     * @param {any} [draft]
     */
    drop(draft) { drafts = drafts.filter((/** @type {any} */ one) => one !== draft); return tell(); },
    /**
     * One correction a row: the last one counts.
     *
     * @param {any} [move]
     */
    move(move) { drafts = [...drafts.filter((/** @type {any} */ one) => one.kind !== "move" || one.record.id !== move.record.id), move]; return tell(); },
    /**
     * A draft of a row is put elsewhere by hand.
     *
     * @param {any} draft
     * @param {any} point
     */
    async place(draft, point) {
      Object.assign(draft, { point, radius: (await importBundle()).rules.radius_m.site });
      Object.assign(draft.record, { lon: String(point[0]), lat: String(point[1]), datum: "wgs84", precision: "site" });
      return tell();
    },
    onChange: (/** @type {any} */ listener) => listeners.push(listener),
    start() { if (drafts.length) tell(); },
    show() { if (layer._map && layer.drafts.length) viewport.show(layer.bounds(), 13); },
  };
}
