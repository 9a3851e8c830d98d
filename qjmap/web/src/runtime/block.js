/* Reads a block: base64(deflate(header length, header JSON, column buffers)). The writer is qjmap/payload/block.py. */

import { SortedTexts } from "./sorted-texts.js";

/**
 * Zigzag LEB128 varints as numbers; with `delta` each is the difference from the one before.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} count
 * @param {boolean} delta
 */
function varints(bytes, count, delta) {
  const out = new Float64Array(count);
  let index = 0, sum = 0;
  for (let i = 0; i < count; i++) {
    let byte = bytes[index++], value = byte & 127, shift = 7;
    // Four bytes fit a 32-bit integer; the few longer numbers go on in floating point.
    while (byte & 128 && shift < 28) {
      byte = bytes[index++];
      value |= (byte & 127) << shift;
      shift += 7;
    }
    for (let place = 2 ** shift; byte & 128; place *= 128) {
      byte = bytes[index++];
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
 * @param {Uint8Array<ArrayBuffer>} bytes
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
 * A column as it is stored: texts, codes or unscaled numbers.
 *
 * @param {BlockColumn} column
 * @param {Uint8Array<ArrayBuffer>} bytes
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
  /** @param {Uint8Array<ArrayBuffer>} bytes */
  constructor(bytes) {
    const length = new DataView(bytes.buffer).getUint32(0, true);
    /** @type {BlockHeader} */
    this.header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    this.rows = this.header.rows;
    this._body = bytes.subarray(4 + length);
    this._columns = new Map(this.header.columns.map((column) => [column.name, column]));
    /** @type {Map<string, ReturnType<typeof decode>>} */
    this._raw = new Map();
    /** @type {Map<string, (row: number) => any>} */
    this._readers = new Map();
    /** @type {Map<string, number> | null} */
    this._byId = null;
  }

  /** @param {string} name */
  has(name) { return this._columns.has(name); }
  /**
   * Header of a column that the block has.
   *
   * @param {string} name
   */
  _column(name) { return /** @type {BlockColumn} */ (this._columns.get(name)); }
  /** @param {string} name */
  coded(name) { return this._columns.has(name) && this._column(name).codec === "dict"; }

  /**
   * The column as it is stored: texts, codes into its values, or unscaled numbers.
   *
   * @template [T=Numbers]
   * @param {string} name
   * @returns {T}
   */
  raw(name) {
    let raw = this._raw.get(name);
    if (raw === undefined) {
      const column = this._column(name);
      raw = decode(column, this._body.subarray(column.at, column.at + column.bytes));
      this._raw.set(name, raw);
    }
    return /** @type {T} */ (raw);
  }

  /**
   * The distinct values of a coded column.
   *
   * @template [T=string]
   * @param {string} name
   * @returns {T[]}
   */
  values(name) { return this._column(name).values || []; }

  /** @param {string} name */
  scale(name) { return this._column(name).scale || 1; }

  /**
   * A cell; null where it is empty.
   *
   * @template [T=string]
   * @param {string} name
   * @param {number} row
   * @returns {T}
   */
  at(name, row) { return this._reader(name)(row); }

  /**
   * A reader of the cells of a column, for walking many of them; of a chunked table for the chunk that begins at row `from`,
   * null where it is empty there.
   *
   * @param {string} name
   * @param {number} [_from]
   * @returns {((row: number) => any) | null}
   */
  reader(name, _from) { return this._reader(name); }

  /**
   * The cached reader of a column.
   *
   * @param {string} name
   */
  _reader(name) {
    let read = this._readers.get(name);
    if (!read) this._readers.set(name, (read = this._makeReader(this._column(name))));
    return read;
  }

  /**
   * @param {BlockColumn} column
   * @returns {(row: number) => any}
   */
  _makeReader(column) {
    const raw = this.raw(column.name), { per } = column;
    /** @type {(row: number) => any} */
    let read = (row) => raw[row];
    if (column.codec === "dict") read = (row) => column.values[raw[row]];
    else if (per) read = (row) => raw[row] / per;
    else if (column.codec === "vz") read = (row) => raw[row] * column.scale;
    if (!column.where) return read;
    const where = this._reader(column.where);
    return (row) => (where(row) ? read(row) : null);
  }

  /* The rest is what a chunked table has besides (chunked-table.js); a block is always complete. */

  /**
   * Whether the texts of a row are unpacked, of all columns or of those named.
   *
   * @param {number} [_row]
   * @param {string[]} [_names]
   */
  loaded(_row, _names) { return true; }

  /**
   * Unpacks the texts of rows; null when all are there.
   *
   * @param {Iterable<number>} _rows
   * @param {string[]} [_names]
   * @param {Inflate} [_inflate]
   * @returns {Promise<void> | null}
   */
  load(_rows, _names, _inflate) { return null; }

  /**
   * The row with an id.
   *
   * @param {string} id
   * @returns {number | undefined}
   */
  row(id) {
    if (!this._byId) {
      const ids = /** @type {string[]} */ (this.raw("id"));
      this._byId = new Map(ids.map((one, row) => [one, row]));
    }
    return this._byId.get(id);
  }

  /**
   * Rows in the order of their ids; null where the rows themselves are in it.
   *
   * @returns {Uint32Array<ArrayBuffer> | null}
   */
  byId() { return null; }

  /**
   * The texts of a column of the chunk that begins at a row; undefined where the column is none of a chunked table's texts.
   *
   * @param {string} _name
   * @param {number} [_from]
   * @returns {JoinedTexts | undefined}
   */
  joined(_name, _from) { return undefined; }

  /**
   * Runs of rows whose texts are unpacked while they are walked.
   *
   * @param {string[]} [_names]
   * @returns {AsyncGenerator<[number, number]>}
   */
  async * walked(_names) { yield [0, this.rows]; }
}
