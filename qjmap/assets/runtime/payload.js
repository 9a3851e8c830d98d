/* Reads a block: base64(deflate(header length, header JSON, column buffers)). The writer is qjmap/payload/block.py. */
"use strict";

window.QJMap = window.QJMap || {};

(function (QJMap) {
  /** Zigzag LEB128 varints as numbers; with `delta` each is the difference from the one before. */
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

  /** Zigzag 32-bit integers in four planes of bytes; with `delta` each is the difference from the one before. */
  QJMap.planes = function (bytes, count, delta) {
    const out = new Int32Array(count), second = count, third = 2 * count, fourth = 3 * count;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const coded = bytes[i] | (bytes[second + i] << 8) | (bytes[third + i] << 16) | (bytes[fourth + i] << 24);
      const value = (coded >>> 1) ^ -(coded & 1);
      out[i] = sum = delta ? (sum + value) | 0 : value;
    }
    return out;
  };

  function decode(column, bytes) {
    if (column.codec === "json") return JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
    if (column.codec === "dict") return column.width === 1 ? bytes : new Uint16Array(bytes.slice().buffer);
    if (column.codec === "planes") return QJMap.planes(bytes, column.n, column.delta);
    if (column.codec === "sorted") return new QJMap.SortedTexts(bytes, column.n);
    return varints(bytes, column.n, column.delta);
  }

  /** Columns are decoded when they are first asked for. */
  QJMap.Block = class {
    constructor(bytes) {
      const length = new DataView(bytes.buffer).getUint32(0, true);
      this.header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
      this.rows = this.header.rows;
      this._body = bytes.subarray(4 + length);
      this._columns = new Map(this.header.columns.map((column) => [column.name, column]));
      this._raw = new Map();
      this._readers = new Map();
    }

    has(name) { return this._columns.has(name); }
    coded(name) { return this._columns.has(name) && this._columns.get(name).codec === "dict"; }

    /** The column as it is stored: texts, codes into its values, or unscaled numbers. */
    raw(name) {
      if (!this._raw.has(name)) {
        const column = this._columns.get(name);
        this._raw.set(name, decode(column, this._body.subarray(column.at, column.at + column.bytes)));
      }
      return this._raw.get(name);
    }

    /** The distinct values of a coded column. */
    values(name) { return this._columns.get(name).values || []; }

    scale(name) { return this._columns.get(name).scale || 1; }

    /** A cell; null where it is empty. */
    at(name, row) { return this._reader(name)(row); }

    /** What gives the cells of a column, row by row, for walking many of them. */
    reader(name) { return this._reader(name); }

    /* Made once: all that is the same for every cell of a column is done before the first is read. */
    _reader(name) {
      let read = this._readers.get(name);
      if (!read) this._readers.set(name, (read = this._read(this._columns.get(name))));
      return read;
    }

    _read(column) {
      const raw = this.raw(column.name);
      let read = (row) => raw[row];
      if (column.codec === "dict") read = (row) => column.values[raw[row]];
      else if (column.per) read = (row) => raw[row] / column.per;
      else if (column.codec === "vz") read = (row) => raw[row] * column.scale;
      if (!column.where) return read;
      const where = this._reader(column.where);
      return (row) => (where(row) ? read(row) : null);
    }

    /* A block is wholly there; the parts of a sheet are not (runtime/sheet.js). */
    loaded() { return true; }
    load() { return null; }
    row(id) {
      if (!this._byId) this._byId = new Map(this.raw("id").map((one, row) => [one, row]));
      return this._byId.get(id);
    }
    byId() { return null; }
    joined() { return undefined; }
    async * walked() { yield [0, this.rows]; }
  };

  /** Bytes of a base64 text. */
  QJMap.bytes = function (text) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const packed = atob(text), bytes = new Uint8Array(packed.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = packed.charCodeAt(i);
    return bytes;
  };

  const able = typeof DecompressionStream === "function";
  /** Takes back the sentence that this page needs another browser. */
  QJMap.able = function () {
    if (able) document.documentElement.classList.add("qjmap-able");
  };

  /** Bytes of base64(deflate(bytes)). */
  QJMap.inflated = async function (text) {
    if (!able) return new Promise(() => {}); // nothing is drawn; the page says what it needs
    const { readable, writable } = new DecompressionStream("deflate"), writer = writable.getWriter();
    // What is broken is told by the side that is read.
    writer.write(QJMap.bytes(text)).catch(() => {});
    writer.close().catch(() => {});
    return new Uint8Array(await new Response(readable).arrayBuffer());
  };

  /* In an offline page the blocks of tables stand behind the scripts, and texts of large tables behind all else. */
  const waiting = [];
  let here, read;
  const there = new Promise((done) => { here = done; }), parsed = new Promise((done) => { read = done; });

  /** Called by a script in the document: all but the texts of large tables stands before it. */
  QJMap.arrived = function () {
    for (const [id, call] of waiting.splice(0)) call(document.getElementById(id));
    here();
  };
  const end = () => { QJMap.arrived(); read(); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", end);
  else end();

  /** Resolves when all elements but the texts of large tables are there. */
  QJMap.there = () => there;
  /** Resolves when the whole document has been read. */
  QJMap.parsed = () => parsed;

  /** The element of an id: at once if it stands before the running script, else a promise of it. */
  QJMap.element = function (id) {
    const found = document.getElementById(id);
    return found || document.readyState !== "loading" ? found : new Promise((done) => waiting.push([id, done]));
  };

  const unpacked = new WeakMap();

  /** The block or sheet inside a script element (or the promise of one); unpacked once for all who ask. */
  QJMap.unpack = async function (promised) {
    const element = await promised;
    if (!unpacked.has(element)) {
      unpacked.set(element, QJMap.inflated(element.textContent.trim()).then((bytes) => {
        const block = new QJMap.Block(bytes);
        return block.header.chunk ? QJMap.sheet(bytes, element.id) : block;
      }));
    }
    return unpacked.get(element);
  };
})(window.QJMap);
