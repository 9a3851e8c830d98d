/* Tables that a reader drops are read in a worker, by the program's own rules; the map stays awake meanwhile. */

import { inflate } from "../../runtime/inflate.js";

const MOST = 20000; // rows of a table against which new rows are held; larger ones are for `qjmap add`

/** @type {any} */
let unpacked = null;
/** The reader's script, what it knows of tables, and how characters are read: unpacked when first asked for. */
export function importBundle() {
  unpacked = unpacked || inflate(/** @type {HTMLElement} */ (document.getElementById("qjmap-entrance")).textContent.trim()).then((bytes) => JSON.parse(new TextDecoder().decode(bytes)));
  return unpacked;
}

/** @param {{ store: Store, meta: Meta, layers: Layer[] }} given */
export function makeImportClient({ store, meta, layers }) {
  /** @type {any} */
  let worker = null;
  let asked = 0;
  const waiting = new Map();

  async function start() {
    const { source, rules } = await importBundle();
    worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    worker.onmessage = (/** @type {{ data: any }} */ { data }) => {
      const { resolve, reject } = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.failed) reject(new Error(data.failed));
      else resolve(data.result);
    };
    worker.postMessage({ rules });
  }

  const small = () => store.tables.filter((table) => store.rows(table) <= MOST);

  /* Who is who on the map: ids with the names that they go by. */
  async function entries() {
    const found = [];
    for (const table of small()) {
      for await (const { from, to } of store.parts(table)) {
        for (let row = from; row < to; row++) {
          const r = store.refOf(table, row), title = table === "sources" ? "title" : table === "corridor_legs" ? "id" : "name";
          const own = store.get(r, "orig_datum") && String(store.get(r, "orig_lon"));
          found.push({
            table, id: store.id(r), names: [String(store.get(r, title)), ...store.list(r, "aliases")],
            at: own ? [Number(store.get(r, "lon")), Number(store.get(r, "lat"))] : null,
            adcode: String(store.get(r, "adcode")), parent: String(store.get(r, "parent")),
          });
        }
      }
    }
    return found;
  }

  /* The areas of the background that have a code, with their rings in degrees. */
  function outlines() {
    const ground = layers.find((one) => one.layerName === "background"), found = /** @type {any[]} */ ([]);
    if (!ground || !ground.loaded) return found;
    const { block, shapes: { x, y, start, first } } = ground;
    for (let row = 0; row < block.rows; row++) {
      const adcode = String(block.at("adcode", row) || ""), rings = [];
      if (!/^\d{6}$/.test(adcode)) continue;
      for (let part = first[row]; part < first[row + 1]; part++) {
        const ring = new Float64Array(2 * (start[part + 1] - start[part]));
        for (let vertex = start[part], at = 0; vertex < start[part + 1]; vertex++, at += 2) {
          const { lng, lat } = ground.latLngOf(x[vertex], y[vertex]);
          ring[at] = lng;
          ring[at + 1] = lat;
        }
        rings.push(ring);
      }
      found.push({ adcode, name: String(block.at("name", row)), rings });
    }
    return found;
  }

  const NOT_TYPED = new Set(["level", "radius_m", "position_of", "located", "length_km", "grade", "modes", "lon", "lat", "orig_lon", "orig_lat", "orig_datum"]);

  /**
   * A row of the map as its table holds it.
   *
   * @param {Ref} r
   * @param {string[]} columns
   */
  function record(r, columns) {
    /** @type {Record<string, string>} */
    const out = {};
    for (const name of columns) {
      if (NOT_TYPED.has(name)) continue;
      const value = store.get(r, name);
      const text = Array.isArray(value) ? value.map((one) => (Array.isArray(one) ? one.join(":") : one)).join("|") : String(value);
      if (text) out[name] = text;
    }
    for (const name of ["lon", "lat", "datum"]) {
      const typed = String(store.get(r, "orig_" + name));
      if (typed) out[name] = typed;
    }
    return out;
  }

  /**
   * The map does not know in which line of its file a row stands.
   *
   * @param {string} table
   */
  async function there(table) {
    const found = [], columns = meta.columns[table] || [];
    for await (const { from, to } of store.parts(table)) {
      for (let row = from; row < to; row++) found.push({ record: record(store.refOf(table, row), columns), file: `data/${table}.csv`, row: "?" });
    }
    return found;
  }

  /**
   * What a file {name, bytes} or a text {name, text} holds, row by row, with every fault.
   *
   * @param {any} given
   * @param {string} table
   * @param {string} datum
   */
  async function read(given, table, datum) {
    if (!worker) await start();
    const job = { ...given, table, datum, region: meta.region, entries: await entries(), outlines: outlines(), there: await there(table) };
    const id = ++asked;
    const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    worker.postMessage({ id, job });
    return answer;
  }

  return { read, can: (/** @type {any} */ table) => store.rows(table) <= MOST };
}
