/* Reads a large table: a block of what is drawn, its ids in order, and the texts of 4,096 rows at a time.
 *
 * Texts are unpacked when somebody asks for rows (`load`) and forgotten again when others are asked for; what is coded,
 * the positions and the ids are always there. The writer is qjmap/payload/sheet.py.
 */

import { whenArrived, whenParsed } from "./arrival.js";
import { Block, readPlanes } from "./block.js";
import { makeInflateWorker } from "./inflate-worker.js";
import { inflate } from "./inflate.js";
import { utf8 } from "./sorted-texts.js";

const EMPTY = -(2 ** 31);
const KEPT = 96 * 2 ** 20; // bytes of unpacked texts kept at most
const FEW = 4; // chunks of a table for which no worker is started
const JOIN = "\u001f";
const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });

/**
 * Texts of a chunk: one string and where each begins in it.
 *
 * @param {any} bytes
 * @param {any} rows
 */
function texts(bytes, rows) {
  const [kind, width] = bytes, of = /** @type {Record<number, any>} */ ({ 1: Uint8Array, 2: Uint16Array, 4: Uint32Array })[width];
  const lengths = new of(bytes.slice(2, 2 + rows * width).buffer), starts = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) starts[row + 1] = starts[row] + lengths[row];
  const data = bytes.subarray(2 + rows * width);
  if (kind === 1) return { text: utf8.decode(data), starts };
  const half = data.length / 2, joined = new Uint8Array(data.length);
  for (let i = 0; i < half; i++) { joined[2 * i] = data[i]; joined[2 * i + 1] = data[half + i]; }
  return { text: utf16.decode(joined), starts };
}

/**
 * A whole number of units of 10**-digits with all its decimals, without the detour of `toFixed`.
 *
 * @param {number} units
 * @param {number} digits
 */
function decimal(units, digits) {
  const unit = 10 ** digits, size = Math.abs(units), whole = Math.floor(size / unit);
  return `${units < 0 ? "-" : ""}${whole}.${String(size - whole * unit + unit).slice(1)}`;
}

/** @type {any} */
const NOTHING = { text: "", starts: null, size: 0 };

/**
 * An empty cell.
 *
 * @param {any} column
 */
function nothing(column) {
  if (column.codec === "list") return [];
  return column.codec === "text" || column.text ? "" : null;
}

class ChunkedTable extends Block {
  /**
   * @param {any} bytes
   * @param {string} id
   */
  constructor(bytes, id) {
    super(bytes);
    this.id = id;
    this.chunk = this.header.chunk;
    this.texts = new Map(this.header.texts.map((/** @type {any} */ column, /** @type {any} */ number) => [column.name, { ...column, number }]));
    this._numbered = Array.from(this.texts.values());
    this._kept = new Map(); // "column chunk" -> unpacked, least used first
    this._size = 0;
    this._coming = new Map();
    /** @type {Uint32Array<ArrayBuffer>} */
    this.order = new Uint32Array(0); // row numbers in the order of their ids
    /** @type {any} */
    this.ids = null;
    this._rank = new Uint32Array(0); // place of each row in that order
    this.unpacked = 0; // how many streams have been unpacked: kept small by whoever asks for little
  }

  async ready() {
    await whenArrived();
    const block = new Block(await inflate(this._text("ids").trim()));
    this.order = Uint32Array.from(block.raw("order"));
    this.ids = block.raw("id");
    this._rank = new Uint32Array(this.rows);
    for (let k = 0; k < this.rows; k++) this._rank[this.order[k]] = k;
    block._raw.clear();
    return this;
  }

  /**
   * The text of the element that holds a part of the table.
   *
   * @param {any} part
   */
  _text(part) { return /** @type {HTMLElement} */ (document.getElementById(`${this.id}-${part}`)).textContent; }

  /** @param {string} name */
  has(name) { return name === "id" || this.texts.has(name) || super.has(name); }
  /** @param {string} id */
  row(id) { const k = this.ids.find(id); return k < 0 ? undefined : this.order[k]; }
  /** Rows in the order of their ids. */
  byId() { return this.order; }

  /**
   * @param {string} name
   * @param {number} row
   */
  at(name, row) {
    if (name === "id") return this.ids.get(this._rank[row]);
    const column = this.texts.get(name);
    if (!column) return super.at(name, row);
    const part = this._part(column, Math.floor(row / this.chunk));
    return part ? this._cell(column, part, row) : undefined;
  }

  /**
   * @param {any} column
   * @param {any} part
   * @param {number} row
   */
  _cell(column, part, row) {
    const k = row % this.chunk;
    if (part === NOTHING) return nothing(column);
    if (column.codec === "num") return part.numbers[k] === EMPTY ? nothing(column) : this._number(column, part.numbers[k], row);
    const text = part.text.slice(part.starts[k], part.starts[k + 1]);
    if (column.codec === "text") return text;
    if (text === "") return nothing(column);
    return column.codec === "list" ? text.split(JOIN) : JSON.parse(text);
  }

  /**
   * A number, or what somebody typed for it: with as many decimals as he gave, or the fewest that say it.
   *
   * @param {any} column
   * @param {any} own
   * @param {number} row
   */
  _number(column, own, row) {
    const units = own + (column.of ? this.raw(column.of)[row] * 10 ** (column.digits - 6) : 0);
    if (column.text && column.fixed === column.digits) return decimal(units, column.digits);
    const value = units / 10 ** column.digits;
    if (!column.text) return value;
    return column.fixed ? value.toFixed(column.fixed) : String(value);
  }

  /**
   * The same, for the rows of the span that begins at `from` and is unpacked; null where they say nothing.
   *
   * @param {string} name
   * @param {number} from
   */
  reader(name, from) {
    const column = this.texts.get(name);
    if (name === "id") return (/** @type {number} */ row) => this.ids.get(this._rank[row]);
    if (!column) return super.reader(name);
    const part = this._part(column, Math.floor(from / this.chunk));
    if (part === NOTHING) return null;
    if (column.codec !== "text") return (/** @type {number} */ row) => this._cell(column, part, row);
    const { text, starts } = part, base = from - (from % this.chunk);
    return (/** @type {number} */ row) => text.slice(starts[row - base], starts[row - base + 1]);
  }

  /**
   * @param {any} column
   * @param {number} chunk
   */
  _key(column, chunk) { return `${column.number} ${chunk}`; }

  /**
   * Who walks rows asks again and again for the part he is at.
   *
   * @param {any} column
   * @param {number} chunk
   */
  _part(column, chunk) {
    if (column.last === chunk) return column.part;
    const key = this._key(column, chunk), part = this._kept.get(key);
    if (!part) return undefined;
    this._kept.delete(key);
    this._kept.set(key, part);
    [column.last, column.part] = [chunk, part];
    return part;
  }

  /** @param {string[]} [names] */
  _wanted(names) { return names ? names.map((name) => this.texts.get(name)).filter(Boolean) : Array.from(this.texts.values()); }

  /**
   * Whether the texts of a row are there; of all columns, or of those named.
   *
   * @param {number} row
   * @param {string[]} [names]
   */
  loaded(row, names) {
    const chunk = Math.floor(row / this.chunk);
    return this._wanted(names).every((column) => this._kept.has(this._key(column, chunk)));
  }

  /**
   * Unpacks the texts of rows; null when all are there, else a promise. `inflated` unpacks a stream elsewhere than here.
   *
   * @param {any} rows
   * @param {string[]} [names]
   * @param {any} [inflated]
   */
  load(rows, names, inflated) {
    const chunks = new Set();
    for (const row of rows) chunks.add(Math.floor(row / this.chunk));
    const coming = [];
    for (const chunk of chunks) {
      const missing = this._wanted(names).filter((column) => !this._part(column, chunk));
      if (missing.length) coming.push(this._unpack(chunk, missing, inflated));
    }
    return coming.length ? Promise.all(coming).then(() => this._forget(chunks)) : null;
  }

  /**
   * @param {number} chunk
   * @param {any[]} columns
   */
  async _unpack(chunk, columns, inflated = inflate) {
    const rows = Math.min(this.chunk, this.rows - chunk * this.chunk);
    await whenParsed();
    const streams = this._text(chunk).split(".");
    await Promise.all(columns.map((column) => {
      const key = this._key(column, chunk);
      if (!this._coming.has(key)) this._coming.set(key, this._stream(column, streams[column.number], rows, key, inflated));
      return this._coming.get(key);
    }));
  }

  /**
   * @param {any} column
   * @param {any} stream
   * @param {any} rows
   * @param {string} key
   * @param {any} [inflated]
   */
  async _stream(column, stream, rows, key, inflated) {
    let part = NOTHING;
    if (stream) {
      const bytes = await inflated(stream);
      part = column.codec === "num" ? { numbers: readPlanes(bytes, rows, false) } : texts(bytes, rows);
      part.size = bytes.length;
      this.unpacked++;
    }
    this._kept.set(key, part);
    this._size += part.size;
    this._coming.delete(key);
  }

  /**
   * Forgets what was used longest ago, but nothing of the chunks just asked for.
   *
   * @param {any} chunks
   */
  _forget(chunks) {
    if (this._size <= KEPT) return;
    for (const [key, part] of this._kept) {
      if (this._size <= KEPT) return;
      const [number, chunk] = key.split(" ").map(Number);
      if (chunks.has(chunk)) continue;
      this._kept.delete(key);
      this._size -= part.size;
      const column = this._numbered[number];
      if (column.last === chunk) column.last = column.part = undefined;
    }
  }

  /** Rows that are unpacked together: [from, to). */
  * spans() {
    for (let from = 0; from < this.rows; from += this.chunk) yield [from, Math.min(this.rows, from + this.chunk)];
  }

  /**
   * Walks the spans: while one is in use its texts are there, and those of the next are being unpacked beside.
   *
   * @param {string[]} [names]
   */
  async * walked(names) {
    const unpacker = this.rows > FEW * this.chunk ? makeInflateWorker() : null, inflated = unpacker && unpacker.inflated;
    try {
      let coming = this.load([0], names, inflated || undefined);
      for (const [from, to] of this.spans()) {
        await coming;
        coming = to < this.rows ? this.load([to], names, inflated || undefined) : null;
        yield [from, to];
      }
    } finally {
      if (unpacker) unpacker.end();
    }
  }

  /**
   * A text column of the span that begins at `from`, as { text, starts }: one string, and where each row begins in it;
   * undefined where the column is none of texts, or says nothing there.
   *
   * @param {string} name
   * @param {number} from
   */
  joined(name, from) {
    const column = this.texts.get(name);
    if (!column || column.codec !== "text") return undefined;
    const part = this._part(column, Math.floor(from / this.chunk));
    return part === NOTHING ? undefined : part;
  }
}

/**
 * @param {any} bytes
 * @param {string} id
 */
export const openChunkedTable = (bytes, id) => new ChunkedTable(bytes, id).ready();
