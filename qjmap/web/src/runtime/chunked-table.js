/* Reads a large table: a block of what is drawn, the ids in ascending order, and the texts in chunks of 4,096 rows.
 *
 * Texts are unpacked on demand (`load`) and evicted when too many are in memory. Coded columns, positions and ids are always in memory.
 * The writer is qjmap/payload/chunked_table.py.
 */

import { Block, readPlanes } from "./column-block.js";
import { whenArrived, whenParsed } from "./document-loading.js";
import { makeInflateWorker } from "./inflate-client.js";
import { inflate } from "./inflate.js";
import { SortedTexts, utf8 } from "./sorted-texts.js";

const EMPTY = -(2 ** 31); // code of an empty cell in a column of numbers
const CACHED = 96 * 2 ** 20; // bytes of unpacked texts in memory at most
const FEW = 4; // number of chunks up to which `walked` starts no worker
const LIST_SEPARATOR = "\u001f";
const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });
/** @type {Record<number, typeof Uint8Array | typeof Uint16Array | typeof Uint32Array>} bytes per length -> type of the array of lengths */
const LENGTHS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array };

/**
 * Decodes the texts of a column in a chunk. Returns one string, and the index in it at which each text begins.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes kind of the texts (1 for UTF-8, else UTF-16 with all low bytes before all high bytes), bytes per
 *   length, the lengths of the texts in UTF-16 code units, and the texts
 * @param {number} rows number of texts
 * @returns {JoinedTexts}
 */
function readTexts(bytes, rows) {
  const [kind, width] = bytes, lengths = new LENGTHS[width](bytes.slice(2, 2 + rows * width).buffer), starts = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) starts[row + 1] = starts[row] + lengths[row];
  const data = bytes.subarray(2 + rows * width);
  if (kind === 1) return { text: utf8.decode(data), starts };
  const half = data.length / 2, joined = new Uint8Array(data.length);
  for (let i = 0; i < half; i++) { joined[2 * i] = data[i]; joined[2 * i + 1] = data[half + i]; }
  return { text: utf16.decode(joined), starts };
}

/**
 * Formats a number with exactly `digits` decimals; faster than `toFixed`.
 *
 * @param {number} units the number in units of 10**-digits, a whole number
 * @param {number} digits
 */
function decimal(units, digits) {
  const unit = 10 ** digits, size = Math.abs(units), whole = Math.floor(size / unit);
  return `${units < 0 ? "-" : ""}${whole}.${String(size - whole * unit + unit).slice(1)}`;
}

/** @type {ChunkPart} stands for a column that is empty in a whole chunk */
const NOTHING = { text: "", starts: new Uint32Array(0), size: 0 };

/**
 * Returns the value of an empty cell of a column.
 *
 * @param {ChunkColumn} column
 */
function emptyCell(column) {
  if (column.codec === "list") return [];
  return column.codec === "text" || column.text ? "" : null;
}

/** A block whose texts are in chunks. Texts of a chunk can be read after `load`, until the cache evicts them. */
class ChunkedTable extends Block {
  /**
   * @param {Uint8Array<ArrayBuffer>} bytes decompressed content of the block `data`
   * @param {string} id id of the element of this block
   */
  constructor(bytes, id) {
    super(bytes);
    this.id = id;
    const { chunk = 1, texts = [] } = this.header;
    this.chunk = chunk; // number of rows of a chunk
    this.texts = new Map(texts.map((column, number) => [column.name, { ...column, number }]));
    this._numbered = Array.from(this.texts.values());
    /** @type {Map<string, ChunkPart>} key of a column and chunk (`_key`) -> its cells, least recently used first */
    this._cache = new Map();
    this._size = 0; // bytes in the cache
    /** @type {Map<string, Promise<void>>} key of a column and chunk -> promise that resolves when it is in the cache */
    this._loading = new Map();
    /** @type {Uint32Array<ArrayBuffer>} */
    this.order = new Uint32Array(0); // indices of the rows in the order of their ids
    this.ids = new SortedTexts(new Uint8Array(0), 0);
    this._rank = new Uint32Array(0); // index of each row in `order`
    this.unpacked = 0; // number of streams that were unpacked
  }

  /** Reads the ids, which must be in the document; resolves to the table itself. */
  async ready() {
    await whenArrived();
    const block = new Block(await inflate(this._text("ids").trim()));
    this.order = Uint32Array.from(block.raw("order"));
    this.ids = /** @type {SortedTexts} */ (block.raw("id"));
    this._rank = new Uint32Array(this.rows);
    for (let k = 0; k < this.rows; k++) this._rank[this.order[k]] = k;
    block._raw.clear();
    return this;
  }

  /**
   * Returns the text of the element with a part of the table.
   *
   * @param {string | number} part "ids" or the number of a chunk
   */
  _text(part) { return /** @type {HTMLElement} */ (document.getElementById(`${this.id}-${part}`)).textContent; }

  /** Returns whether there is a column of this name, in the block or in chunks. @param {string} name */
  has(name) { return name === "id" || this.texts.has(name) || super.has(name); }
  /** Returns the index of the row with an id; undefined for an unknown id. @param {string} id */
  row(id) { const k = this.ids.find(id); return k < 0 ? undefined : this.order[k]; }
  byId() { return this.order; }

  /**
   * Returns a cell; undefined if its column is in chunks and its chunk is not unpacked.
   *
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
   * Returns a cell of an unpacked chunk: a text, list, number or other JSON value; for an empty one what `emptyCell` returns.
   *
   * @param {ChunkColumn} column
   * @param {ChunkPart} part the column in the chunk
   * @param {number} row index in the table
   */
  _cell(column, part, row) {
    const k = row % this.chunk;
    if (part === NOTHING) return emptyCell(column);
    if (part.numbers) return part.numbers[k] === EMPTY ? emptyCell(column) : this._number(column, part.numbers[k], row);
    const text = part.text.slice(part.starts[k], part.starts[k + 1]);
    if (column.codec === "text") return text;
    if (text === "") return emptyCell(column);
    return column.codec === "list" ? text.split(LIST_SEPARATOR) : JSON.parse(text);
  }

  /**
   * Returns a number; in a column of numbers as they were typed (`text`) its text.
   *
   * @param {ChunkColumn} column
   * @param {number} difference the number in units of 10**-digits; if the column has `of`, the difference from that column of micro-degrees
   * @param {number} row
   */
  _number(column, difference, row) {
    const units = difference + (column.of ? this.raw(column.of)[row] * 10 ** (column.digits - 6) : 0);
    if (column.text && column.fixed === column.digits) return decimal(units, column.digits);
    const value = units / 10 ** column.digits;
    if (!column.text) return value;
    return column.fixed ? value.toFixed(column.fixed) : String(value);
  }

  /**
   * Returns the function that returns the cell of a row, for one chunk, which must be unpacked; null if the column is empty there.
   *
   * @param {string} name
   * @param {number} from first row of the chunk
   * @returns {((row: number) => any) | null}
   */
  reader(name, from) {
    const column = this.texts.get(name);
    if (name === "id") return (row) => this.ids.get(this._rank[row]);
    if (!column) return super.reader(name);
    const part = /** @type {ChunkPart} */ (this._part(column, Math.floor(from / this.chunk)));
    if (part === NOTHING) return null;
    if (column.codec !== "text") return (row) => this._cell(column, part, row);
    const { text, starts } = part, base = from - (from % this.chunk);
    return (row) => text.slice(starts[row - base], starts[row - base + 1]);
  }

  /**
   * Returns the key of a column and chunk in the cache.
   *
   * @param {ChunkColumn} column
   * @param {number} chunk
   */
  _key(column, chunk) { return `${column.number} ${chunk}`; }

  /**
   * Returns a column of a chunk from the cache; undefined if it is not there. The chunk that was read last is kept in the column's header
   * too, since a loop over rows reads the same chunk again and again.
   *
   * @param {ChunkColumn} column
   * @param {number} chunk
   */
  _part(column, chunk) {
    if (column.last === chunk) return column.part;
    const key = this._key(column, chunk), part = this._cache.get(key);
    if (!part) return undefined;
    this._cache.delete(key);
    this._cache.set(key, part);
    [column.last, column.part] = [chunk, part];
    return part;
  }

  /** Returns the columns in chunks that have these names; all by default. @param {string[]} [names] */
  _columnsOf(names) { return names ? names.flatMap((name) => this.texts.get(name) || []) : this._numbered; }

  /**
   * Returns whether the texts of a row are unpacked.
   *
   * @param {number} row
   * @param {string[]} [names] columns; all by default
   */
  loaded(row, names) {
    const chunk = Math.floor(row / this.chunk);
    return this._columnsOf(names).every((column) => this._cache.has(this._key(column, chunk)));
  }

  /**
   * Unpacks the chunks of rows, then evicts others if the cache is too large. Returns a promise; null if all chunks are unpacked already.
   *
   * @param {Iterable<number>} rows
   * @param {string[]} [names] columns; all by default
   * @param {Inflate} [inflateText] function that decompresses; by default in this thread
   */
  load(rows, names, inflateText) {
    /** @type {Set<number>} */
    const chunks = new Set();
    for (const row of rows) chunks.add(Math.floor(row / this.chunk));
    const loading = [];
    for (const chunk of chunks) {
      const missing = this._columnsOf(names).filter((column) => !this._part(column, chunk));
      if (missing.length) loading.push(this._unpack(chunk, missing, inflateText));
    }
    return loading.length ? Promise.all(loading).then(() => this._evict(chunks)) : null;
  }

  /**
   * Unpacks columns of a chunk into the cache. For a column that is being unpacked already it waits.
   *
   * @param {number} chunk
   * @param {ChunkColumn[]} columns
   */
  async _unpack(chunk, columns, inflateText = inflate) {
    const rows = Math.min(this.chunk, this.rows - chunk * this.chunk);
    await whenParsed();
    const streams = this._text(chunk).split(".");
    await Promise.all(columns.map((column) => {
      const key = this._key(column, chunk);
      if (!this._loading.has(key)) this._loading.set(key, this._unpackStream(column, streams[column.number], rows, key, inflateText));
      return this._loading.get(key);
    }));
  }

  /**
   * Unpacks a column of a chunk and puts it into the cache.
   *
   * @param {ChunkColumn} column
   * @param {string} stream base64; "" if the column is empty in the chunk
   * @param {number} rows number of rows of the chunk
   * @param {string} key key in the cache (`_key`)
   * @param {Inflate} inflateText
   */
  async _unpackStream(column, stream, rows, key, inflateText) {
    let part = NOTHING;
    if (stream) {
      const bytes = await inflateText(stream), size = bytes.length;
      part = column.codec === "num" ? { ...NOTHING, numbers: readPlanes(bytes, rows, false), size } : { ...readTexts(bytes, rows), size };
      this.unpacked++;
    }
    this._cache.set(key, part);
    this._size += part.size;
    this._loading.delete(key);
  }

  /**
   * Removes the least recently used columns from the cache until it has at most `CACHED` bytes.
   *
   * @param {Set<number>} chunks chunks that were just asked for, which stay
   */
  _evict(chunks) {
    for (const [key, part] of this._cache) {
      if (this._size <= CACHED) return;
      const [number, chunk] = key.split(" ").map(Number);
      if (chunks.has(chunk)) continue;
      this._cache.delete(key);
      this._size -= part.size;
      const column = this._numbered[number];
      if (column.last === chunk) column.last = column.part = undefined;
    }
  }

  /**
   * Yields the range of rows [from, to) of each chunk.
   *
   * @returns {Generator<[number, number]>}
   */
  * spans() {
    for (let from = 0; from < this.rows; from += this.chunk) yield [from, Math.min(this.rows, from + this.chunk)];
  }

  /**
   * Yields the range of rows [from, to) of each chunk when its texts are unpacked, and prefetches the next chunk; in a table of more than
   * `FEW` chunks a worker unpacks them.
   *
   * @param {string[]} [names] columns; all by default
   * @returns {AsyncGenerator<[number, number]>}
   */
  async * walked(names) {
    const worker = this.rows > FEW * this.chunk ? makeInflateWorker() : undefined;
    try {
      let loading = this.load([0], names, worker && worker.inflate);
      for (const [from, to] of this.spans()) {
        await loading;
        loading = to < this.rows ? this.load([to], names, worker && worker.inflate) : null;
        yield [from, to];
      }
    } finally {
      if (worker) worker.end();
    }
  }

  /**
   * Returns all texts of a column in an unpacked chunk, joined; undefined if the column is empty there or has no texts in chunks.
   *
   * @param {string} name
   * @param {number} from first row of the chunk
   */
  joined(name, from) {
    const column = this.texts.get(name);
    if (!column || column.codec !== "text") return undefined;
    const part = this._part(column, Math.floor(from / this.chunk));
    return part === NOTHING ? undefined : part;
  }
}

/**
 * Returns a promise of the chunked table.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes decompressed content of the block `data`
 * @param {string} id id of the element of this block, with which the ids of the other elements begin
 */
export const openChunkedTable = (bytes, id) => new ChunkedTable(bytes, id).ready();
