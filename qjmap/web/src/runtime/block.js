/* Reads a block: base64(deflate(header length, header JSON, column buffers)). The writer is qjmap/payload/block.py. */

import { SortedTexts } from "./sorted-texts.js";

/**
 * Zigzag LEB128 varints as numbers; with `delta` each is the difference from the one before.
 *
 * @param {any} bytes
 * @param {number} count
 * @param {boolean} delta
 */
function varints(bytes, count, delta) {
  const out = new Float64Array(count);
  let at = 0, sum = 0;
  for (let i = 0; i < count; i++) {
    let byte = bytes[at++], value = byte & 127, shift = 7;
    // Four bytes fit a 32-bit integer; the few longer numbers go on in floating point.
    while (byte & 128 && shift < 28) {
      byte = bytes[at++];
      value |= (byte & 127) << shift;
      shift += 7;
    }
    for (let place = 2 ** shift; byte & 128; place *= 128) {
      byte = bytes[at++];
      value += (byte & 127) * place;
    }
    value = value % 2 ? -(value + 1) / 2 : value / 2;
    out[i] = sum = delta ? sum + value : value;
  }
  return out;
}

/**
 * Zigzag 32-bit integers in four planes of bytes; with `delta` each is the difference from the one before.
 *
 * @param {any} bytes
 * @param {number} count
 * @param {boolean} delta
 */
export function readPlanes(bytes, count, delta) {
  const out = new Int32Array(count), second = count, third = 2 * count, fourth = 3 * count;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const coded = bytes[i] | (bytes[second + i] << 8) | (bytes[third + i] << 16) | (bytes[fourth + i] << 24);
    const value = (coded >>> 1) ^ -(coded & 1);
    out[i] = sum = delta ? (sum + value) | 0 : value;
  }
  return out;
}

/**
 * @param {any} column
 * @param {any} bytes
 */
function decode(column, bytes) {
  if (column.codec === "json") return JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  if (column.codec === "dict") return column.width === 1 ? bytes : new Uint16Array(bytes.slice().buffer);
  if (column.codec === "planes") return readPlanes(bytes, column.n, column.delta);
  if (column.codec === "sorted") return new SortedTexts(bytes, column.n);
  return varints(bytes, column.n, column.delta);
}

/** Columns are decoded when they are first asked for. */
export class Block {
  /** @param {any} bytes */
  constructor(bytes) {
    const length = new DataView(bytes.buffer).getUint32(0, true);
    this.header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    this.rows = this.header.rows;
    this._body = bytes.subarray(4 + length);
    this._columns = new Map(this.header.columns.map((/** @type {any} */ column) => [column.name, column]));
    this._raw = new Map();
    this._readers = new Map();
  }

  /** @param {string} name */
  has(name) { return this._columns.has(name); }
  /** @param {string} name */
  coded(name) { return this._columns.has(name) && this._columns.get(name).codec === "dict"; }

  /**
   * The column as it is stored: texts, codes into its values, or unscaled numbers.
   *
   * @param {string} name
   */
  raw(name) {
    if (!this._raw.has(name)) {
      const column = this._columns.get(name);
      this._raw.set(name, decode(column, this._body.subarray(column.at, column.at + column.bytes)));
    }
    return this._raw.get(name);
  }

  /**
   * The distinct values of a coded column.
   *
   * @param {string} name
   */
  values(name) { return this._columns.get(name).values || []; }

  /** @param {string} name */
  scale(name) { return this._columns.get(name).scale || 1; }

  /**
   * A cell; null where it is empty.
   *
   * @param {string} name
   * @param {number} row
   */
  at(name, row) { return this._reader(name)(row); }

  /**
   * What gives the cells of a column, row by row, for walking many of them.
   *
   * @param {string} name
   * @param {number} [_from]
   */
  reader(name, _from) { return this._reader(name); }

  /**
   * Made once: all that is the same for every cell of a column is done before the first is read.
   *
   * @param {string} name
   */
  _reader(name) {
    let read = this._readers.get(name);
    if (!read) this._readers.set(name, (read = this._read(this._columns.get(name))));
    return read;
  }

  /** @param {any} column */
  _read(column) {
    const raw = this.raw(column.name);
    /** @param {number} row */
    let read = (row) => raw[row];
    if (column.codec === "dict") read = (row) => column.values[raw[row]];
    else if (column.per) read = (row) => raw[row] / column.per;
    else if (column.codec === "vz") read = (row) => raw[row] * column.scale;
    if (!column.where) return read;
    const where = this._reader(column.where);
    return (/** @type {number} */ row) => (where(row) ? read(row) : null);
  }

  /**
   * A block is wholly there; the parts of a chunked table are not (chunked-table.js).
   *
   * @param {number} [_row]
   * @param {string[]} [_names]
   */
  loaded(_row, _names) { return true; }
  /**
   * @returns {Promise<void> | null}
   * @param {number} _rows
   * @param {string[]} [_names]
   * @param {any} [_inflated]
   */
  load(_rows, _names, _inflated) { return null; }
  /** @param {string} id */
  row(id) {
    if (!this._byId) this._byId = new Map(this.raw("id").map((/** @type {any} */ one, /** @type {number} */ row) => [one, row]));
    return this._byId.get(id);
  }
  /** @returns {Uint32Array<ArrayBuffer> | null} */
  byId() { return null; }
  /**
   * @param {string} _name
   * @param {number} [_from]
   */
  joined(_name, _from) { return undefined; }
  /** @param {string[]} [_names] */
  async * walked(_names) { yield [0, this.rows]; }
}
