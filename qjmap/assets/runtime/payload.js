/* Reads a block: base64(zlib(header length, header JSON, column buffers)). The writer is qjmap/payload.py. */
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

  function decode(column, bytes) {
    const text = () => JSON.parse(new TextDecoder().decode(bytes));
    if (column.codec === "json") return text();
    if (column.codec === "dict") return column.width === 1 ? bytes : new Uint16Array(bytes.slice().buffer);
    return varints(bytes, column.n, column.delta);
  }

  /** Columns are decoded when they are first asked for. */
  class Block {
    constructor(bytes) {
      const length = new DataView(bytes.buffer).getUint32(0, true);
      const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
      this.rows = header.rows;
      this._body = bytes.subarray(4 + length);
      this._columns = new Map(header.columns.map((column) => [column.name, column]));
      this._raw = new Map();
    }

    has(name) { return this._columns.has(name); }
    coded(name) { return this._columns.get(name).codec === "dict"; }

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

    at(name, row) {
      const column = this._columns.get(name);
      const value = this.raw(name)[row];
      if (column.codec === "dict") return column.values[value];
      return column.codec === "vz" ? value * column.scale : value;
    }
  }

  /** The block inside a script element. */
  QJMap.unpack = async function (element) {
    const packed = atob(element.textContent.trim());
    const bytes = new Uint8Array(packed.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = packed.charCodeAt(i);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Block(new Uint8Array(await new Response(stream).arrayBuffer()));
  };
})(window.QJMap);
