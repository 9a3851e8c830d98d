/* Reads a block. The format is described in qjmap/payload/column_block.py, which is the writer. */

import { SortedTexts } from "./sorted-texts.js";

/**
 * Decodes zigzag-coded varints (LEB128) and returns the numbers.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} count how many numbers there are
 * @param {boolean} delta whether each stored number is the difference from the number before it
 */
function varints(bytes, count, delta) {
  const out = new Float64Array(count);
  let index = 0, sum = 0;
  for (let i = 0; i < count; i++) {
    let byte = bytes[index++], value = byte & 127, shift = 7;
    // Four bytes fit into a 32-bit integer; the rest of the few longer numbers is added in floating point.
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
 * Decodes zigzag-coded 32-bit integers that are stored in four planes of bytes (first the lowest byte of all integers), and returns them.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} count how many integers there are
 * @param {boolean} delta whether each stored integer is the difference from the integer before it
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
 * Decodes a column by its codec. Returns JSON values ("json"), codes ("dict"), integers that are not scaled yet ("planes", "vz"), or
 * `SortedTexts` ("sorted").
 *
 * @param {BlockColumn} column
 * @param {Uint8Array<ArrayBuffer>} bytes the bytes of the column
 */
function decode(column, bytes) {
  if (column.codec === "json") return JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  if (column.codec === "dict") return column.width === 1 ? bytes : new Uint16Array(bytes.slice().buffer);
  if (column.codec === "planes") return readPlanes(bytes, column.n, column.delta);
  if (column.codec === "sorted") return new SortedTexts(bytes, column.n);
  return varints(bytes, column.n, column.delta);
}

/** The columns of a block. Each is decoded when it is first asked for. */
export class Block {
  /** @param {Uint8Array<ArrayBuffer>} bytes decompressed content of the block */
  constructor(bytes) {
    const length = new DataView(bytes.buffer).getUint32(0, true);
    /** @type {BlockHeader} */
    this.header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    this.rows = this.header.rows;
    this._body = bytes.subarray(4 + length);
    this._columns = new Map(this.header.columns.map((column) => [column.name, column]));
    /** @type {Map<string, ReturnType<typeof decode>>} decoded columns by name */
    this._raw = new Map();
    /** @type {Map<string, (row: number) => any>} functions that return the cells of a column, by name */
    this._readers = new Map();
    /** @type {Map<string, number> | null} id -> row, made on first use */
    this._byId = null;
  }

  /** Returns whether there is a column of this name. @param {string} name */
  has(name) { return this._columns.has(name); }
  /**
   * Returns the header of a column, which must exist.
   *
   * @param {string} name
   */
  _column(name) { return /** @type {BlockColumn} */ (this._columns.get(name)); }
  /** Returns whether there is a column of this name that is stored as codes. @param {string} name */
  coded(name) { return this._columns.has(name) && this._column(name).codec === "dict"; }

  /**
   * Returns a whole column as `decode` returns it; codes are indices into `values`, numbers are to be multiplied by `scale`.
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
   * Returns the distinct values of a coded column, which its codes index; [] for another column.
   *
   * @template [T=string]
   * @param {string} name
   * @returns {T[]}
   */
  values(name) { return this._column(name).values || []; }

  /** Returns the factor by which the numbers of `raw` are multiplied. @param {string} name */
  scale(name) { return this._column(name).scale || 1; }

  /**
   * Returns a cell: the value of a code, a scaled number, else the stored value; null for the longitude or latitude of a row without a position.
   *
   * @template [T=string]
   * @param {string} name
   * @param {number} row
   * @returns {T}
   */
  at(name, row) { return this._reader(name)(row); }

  /**
   * Returns the function that returns the cell of a row, for a loop over many rows. In a chunked table it serves one chunk, and is null
   * if all cells of the column are empty there.
   *
   * @param {string} name
   * @param {number} [_from] first row of the chunk
   * @returns {((row: number) => any) | null}
   */
  reader(name, _from) { return this._reader(name); }

  /**
   * Returns the function that returns the cell of a row; it is made once for each column.
   *
   * @param {string} name
   */
  _reader(name) {
    let read = this._readers.get(name);
    if (!read) this._readers.set(name, (read = this._makeReader(this._column(name))));
    return read;
  }

  /**
   * Makes the function that returns the cell of a row, as `at` does. Where the column that `where` names is 0, the cell is null.
   *
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

  /* A chunked table (chunked-table.js) overrides the following methods. A block has all of its texts from the start. */

  /**
   * Returns whether the texts of a row are unpacked.
   *
   * @param {number} [_row]
   * @param {string[]} [_names] columns; all by default
   */
  loaded(_row, _names) { return true; }

  /**
   * Unpacks the texts of rows. Returns a promise that resolves when they can be read; null if they can be read already.
   *
   * @param {Iterable<number>} _rows
   * @param {string[]} [_names] columns; all by default
   * @param {Inflate} [_inflate] function that decompresses; by default in this thread
   * @returns {Promise<void> | null}
   */
  load(_rows, _names, _inflate) { return null; }

  /**
   * Returns the index of the row with an id; undefined for an unknown id.
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
   * Returns the indices of the rows in the order of their ids; null if the rows are in this order themselves.
   *
   * @returns {Uint32Array<ArrayBuffer> | null}
   */
  byId() { return null; }

  /**
   * Returns all texts of a column in a chunk, joined; undefined if the column is empty there or is no text column of a chunked table.
   *
   * @param {string} _name
   * @param {number} [_from] first row of the chunk
   * @returns {JoinedTexts | undefined}
   */
  joined(_name, _from) { return undefined; }

  /**
   * Yields ranges of rows [from, to) that together are the table. The texts of a range can be read until the next range is asked for.
   *
   * @param {string[]} [_names] columns; all by default
   * @returns {AsyncGenerator<[number, number]>}
   */
  async * walked(_names) { yield [0, this.rows]; }
}
