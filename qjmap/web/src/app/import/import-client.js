/* Client of the import worker, which reads dropped tables by the same rules as `qjmap add`, while the map stays responsive. */

import { UNSTATED_DATUM } from "../base/store.js";
import { inflate } from "../../runtime/inflate.js";

const HEAD = 1024 * 1024; // bytes or characters that are read for a preview: columns are proposed from the first 2,000 rows
const MOST = 20000; // maximum number of rows of a table to which rows can be added in the page; for larger ones readers use `qjmap add`
/* Columns of the map's rows that are not cells of the tables: they are computed, or hold the typed coordinates (`orig_lon`). */
const NOT_TYPED = new Set(["level", "radius_m", "position_of", "located", "length_km", "grade", "modes", "lon", "lat", "orig_lon", "orig_lat", "orig_datum"]);

/** @typedef {{ source: string, program: ProgramData, readings: Readings }} Bundle The worker's script, the schema, vocabularies and texts that it uses, and the pinyin readings of all characters. */

/** @type {Promise<Bundle> | null} */
let bundle = null;
/** Resolves to the bundle of the import worker, which is decompressed on first use. */
export function importBundle() {
  const element = /** @type {HTMLElement} */ (document.getElementById("qjmap-entrance"));
  return (bundle = bundle || inflate(element.textContent.trim()).then((bytes) => JSON.parse(new TextDecoder().decode(bytes))));
}

/**
 * Yields the rows of a table one by one, when their texts are unpacked.
 *
 * @param {Store} store
 * @param {string} table
 * @returns {AsyncGenerator<Ref>}
 */
export async function* rowsOf(store, table) {
  for await (const { from, to } of store.parts(table)) for (let row = from; row < to; row++) yield store.refOf(table, row);
}

/**
 * Resolves to the rows of all tables of at most `MOST` rows: ids, names and aliases, positions that were typed (else null), adcode and
 * parent.
 *
 * @param {Store} store
 */
export async function listEntries(store) {
  const entries = /** @type {Entry[]} */ ([]);
  for (const table of store.tables.filter((name) => store.rows(name) <= MOST)) {
    const title = table === "sources" ? "title" : table === "corridor_legs" ? "id" : "name";
    for await (const r of rowsOf(store, table)) {
      const datum = store.get(r, "orig_datum"), isTyped = datum && datum !== UNSTATED_DATUM && String(store.get(r, "orig_lon"));
      entries.push({
        table, id: store.id(r), names: [String(store.get(r, title)), ...store.list(r, "aliases")],
        at: isTyped ? [Number(store.get(r, "lon")), Number(store.get(r, "lat"))] : null,
        adcode: String(store.get(r, "adcode")), parent: String(store.get(r, "parent")),
      });
    }
  }
  return entries;
}

/** Boundaries of a background that is loaded. @type {WeakMap<Ground, Unit[]>} */
const boundaries = new WeakMap();

/**
 * Returns the boundaries of the administrative units in the background, those with an adcode; [] while the background is not loaded.
 *
 * @param {Layer[]} layers
 */
export function listBoundaries(layers) {
  const ground = /** @type {Ground | undefined} */ (layers.find(({ layerName }) => layerName === "background"));
  if (!ground || !ground.loaded) return [];
  const units = boundaries.get(ground) || boundariesOf(ground);
  boundaries.set(ground, units);
  return units;
}

/** Computes the boundaries of the administrative units in a background. @param {Ground} ground */
function boundariesOf(ground) {
  const { block, shapes, arcs } = ground, units = /** @type {Unit[]} */ ([]);
  /**
   * Returns a ring as lon, lat, lon, lat ... in degrees.
   *
   * @param {Pick<Shapes, "x" | "y" | "start">} shapes
   * @param {number} part number of the ring
   */
  const ringOf = ({ x, y, start }, part) => {
    const ring = new Float64Array(2 * (start[part + 1] - start[part]));
    for (let vertex = start[part], k = 0; vertex < start[part + 1]; vertex++, k += 2) {
      const { lng, lat } = ground.latLngOf(x[vertex], y[vertex]);
      ring[k] = lng;
      ring[k + 1] = lat;
    }
    return ring;
  };
  for (let row = 0; row < block.rows; row++) {
    const adcode = String(block.at("adcode", row) || ""), rings = [];
    if (!/^\d{6}$/.test(adcode)) continue;
    for (let part = shapes.first[row]; part < shapes.first[row + 1]; part++) rings.push(ringOf(shapes, part));
    units.push({ adcode, name: String(block.at("name", row)), rings });
  }
  if (arcs) {
    arcs.eachUnit((unit, cells) => {
      const joined = arcs.rings((cell) => cells.has(cell));
      units.push({ adcode: arcs.units.at("adcode", unit), name: arcs.units.at("name", unit), rings: Array.from({ length: joined.count }, (_, part) => ringOf(joined, part)) });
    });
  }
  return units;
}

/**
 * Returns the cells of a row of the map as its table has them: words and coordinates as typed, the items of lists joined with "|".
 *
 * @param {Store} store
 * @param {Ref} r
 * @param {string[]} columns columns of the map's rows
 */
export function recordOf(store, r, columns) {
  /** @type {RowRecord} */
  const record = {};
  for (const name of columns) {
    if (NOT_TYPED.has(name)) continue;
    const value = /** @type {string | (string | string[])[]} */ (store.get(r, name));
    const text = Array.isArray(value) ? value.map((item) => (Array.isArray(item) ? item.join(":") : item)).join("|") : String(value);
    if (text) record[name] = text;
  }
  for (const name of Object.keys(record).filter((column) => column.endsWith("_word"))) {
    record[name.slice(0, -"_word".length)] = record[name];
    delete record[name];
  }
  for (const name of ["lon", "lat", "datum"]) {
    const typed = String(store.get(r, "orig_" + name));
    if (typed && typed !== UNSTATED_DATUM) record[name] = typed;
  }
  return record;
}

/**
 * Starts the worker; resolves to a function that sends it a job and returns a promise of the result, which is rejected if the job fails.
 * Boundaries are sent with the first job that has them, and stay there.
 */
export async function startImportWorker() {
  const { source, program } = await importBundle();
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  /** @type {Map<number, { resolve: (result: unknown) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  let last = 0, sent = /** @type {Unit[] | undefined} */ (undefined);
  worker.onmessage = ({ data }) => {
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (!call) return;
    if (data.failed) call.reject(new Error(data.failed));
    else call.resolve(data.result);
  };
  worker.postMessage({ program });
  /** Sends a job to the worker. @param {ImportJob | PreviewJob | PatchJob | PairJob} job @returns {Promise<unknown>} */
  return (job) => new Promise((resolve, reject) => {
    const outlines = "outlines" in job && job.outlines !== sent ? job.outlines : undefined;
    sent = outlines || sent;
    waiting.set(++last, { resolve, reject });
    worker.postMessage({ id: last, job: "outlines" in job ? { ...job, outlines } : job });
  });
}

/** Makes the client; the worker is started by the first call. @param {{ store: Store, meta: Meta, layers: Layer[] }} parts */
export function makeImportClient({ store, meta, layers }) {
  /** @type {ReturnType<typeof startImportWorker> | null} */
  let starting = null;

  /** Resolves to the records of a table on the map; their row number is "?", since the page does not have those of the file. @param {string} table */
  async function mapRows(table) {
    const rows = /** @type {TableRow[]} */ ([]), columns = meta.columns[table] || [];
    for await (const r of rowsOf(store, table)) rows.push({ record: recordOf(store, r, columns), file: `data/${table}.csv`, row: "?" });
    return rows;
  }

  const start = () => (starting = starting || startImportWorker());

  /** Resolves to the first bytes of a file, all of a workbook, or the first characters of a text. @param {Dropped} dropped */
  async function headOf({ file, text = "" }) {
    if (!file) return { text: text.slice(0, HEAD), isHead: text.length > HEAD };
    const bytesOf = async (/** @type {number} */ most) => new Uint8Array(await file.slice(0, most).arrayBuffer());
    const bytes = await bytesOf(HEAD), isZip = bytes[0] === 80 && bytes[1] === 75; // PK: a workbook is read whole
    return isZip ? { bytes: await bytesOf(file.size) } : { bytes, isHead: file.size > HEAD };
  }

  return {
    /**
     * Resolves to the first rows of a file or a text and what its columns are taken for; for a file that is no table to its kind.
     *
     * @param {Dropped} dropped
     * @param {string} table name of the table to which the rows belong
     * @param {boolean} isTableOpen whether the columns may choose another table
     * @returns {Promise<Preview | { kind: string }>}
     */
    async preview(dropped, table, isTableOpen) {
      const { name, choice, sheet } = dropped;
      const answer = await (await start())({ kind: "preview", name, table, isTableOpen, choice, sheet, ...(await headOf(dropped)) });
      return /** @type {Preview | { kind: string }} */ (answer);
    },
    /** Returns whether rows can be added to a table in the page. @param {string} table */
    can: (table) => store.rows(table) <= MOST,
    /**
     * Reads a file or a text; resolves to its rows and all faults.
     *
     * @param {Dropped} dropped
     * @param {string} table
     * @param {string} datum "" if it is not stated
     * @returns {Promise<ImportResult>}
     */
    async read(dropped, table, datum) {
      const call = await start();
      const { name, bytes, text, choice, sheet } = dropped;
      const answer = await call({ name, bytes, text, table, datum, choice, sheet, shown: meta.own?.[table]?.map(({ name: own }) => own), region: meta.region, entries: await listEntries(store), outlines: listBoundaries(layers), there: await mapRows(table) });
      return /** @type {ImportResult} */ (answer);
    },
  };
}
