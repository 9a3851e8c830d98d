/* Reads a large table: a block of what is drawn, its ids in order, and the texts of 4,096 rows at a time.
 *
 * Texts are unpacked when somebody asks for rows (`load`) and forgotten again when others are asked for; what is coded,
 * the positions and the ids are always there. The writer is qjmap/payload/sheet.py.
 */
"use strict";

window.QJMap = window.QJMap || {};

(function (QJMap) {
  const EMPTY = -(2 ** 31);
  const KEPT = 96 * 2 ** 20; // bytes of unpacked texts kept at most
  const FEW = 4; // chunks of a table for which no worker is started
  const JOIN = "\u001f";
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });

  /** Texts in ascending order of their UTF-8 bytes, held as bytes. */
  QJMap.SortedTexts = class {
    constructor(packed, count) {
      const shared = packed.subarray(0, count), lengths = new Uint16Array(packed.slice(count, 3 * count).buffer);
      const starts = (this.starts = new Uint32Array(count + 1));
      for (let k = 0; k < count; k++) starts[k + 1] = starts[k] + lengths[k];
      const bytes = (this.bytes = new Uint8Array(starts[count]));
      let from = 3 * count;
      for (let k = 0; k < count; k++) {
        const own = starts[k] + shared[k], end = starts[k + 1];
        for (let i = starts[k], before = k ? starts[k - 1] : 0; i < own; i++) bytes[i] = bytes[before++];
        for (let i = own; i < end; i++) bytes[i] = packed[from++];
      }
      this.length = count;
    }

    /* A decoder takes longer to call than a short text of ASCII to put together. */
    get(k) {
      const packed = this.bytes.subarray(this.starts[k], this.starts[k + 1]);
      for (let i = 0; i < packed.length; i++) if (packed[i] > 127 || i > 64) return utf8.decode(packed);
      return String.fromCharCode.apply(null, packed);
    }

    /** The number of a text, -1 where it is not among them. */
    find(text) {
      const wanted = new TextEncoder().encode(text), { bytes, starts } = this;
      let low = 0, high = this.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this._before(middle, wanted) < 0) low = middle + 1; else high = middle;
      }
      if (low === this.length || starts[low + 1] - starts[low] !== wanted.length) return -1;
      return wanted.every((byte, i) => bytes[starts[low] + i] === byte) ? low : -1;
    }

    _before(k, wanted) {
      const { bytes, starts } = this, from = starts[k], length = starts[k + 1] - from;
      for (let i = 0; i < length && i < wanted.length; i++) {
        if (bytes[from + i] !== wanted[i]) return bytes[from + i] - wanted[i];
      }
      return length - wanted.length;
    }
  };

  /** Texts of a chunk: one string and where each begins in it. */
  function texts(bytes, rows) {
    const [kind, width] = bytes, of = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[width];
    const lengths = new of(bytes.slice(2, 2 + rows * width).buffer), starts = new Uint32Array(rows + 1);
    for (let row = 0; row < rows; row++) starts[row + 1] = starts[row] + lengths[row];
    const data = bytes.subarray(2 + rows * width);
    if (kind === 1) return { text: utf8.decode(data), starts };
    const half = data.length / 2, joined = new Uint8Array(data.length);
    for (let i = 0; i < half; i++) { joined[2 * i] = data[i]; joined[2 * i + 1] = data[half + i]; }
    return { text: utf16.decode(joined), starts };
  }

  /** A whole number of units of 10**-digits with all its decimals, without the detour of `toFixed`. */
  function decimal(units, digits) {
    const unit = 10 ** digits, size = Math.abs(units), whole = Math.floor(size / unit);
    return `${units < 0 ? "-" : ""}${whole}.${String(size - whole * unit + unit).slice(1)}`;
  }

  const NOTHING = { text: "", starts: null, size: 0 };

  /** An empty cell. */
  function nothing(column) {
    if (column.codec === "list") return [];
    return column.codec === "text" || column.text ? "" : null;
  }

  class Sheet extends QJMap.Block {
    constructor(bytes, id) {
      super(bytes);
      this.id = id;
      this.chunk = this.header.chunk;
      this.texts = new Map(this.header.texts.map((column, number) => [column.name, { ...column, number }]));
      this._numbered = Array.from(this.texts.values());
      this._kept = new Map(); // "column chunk" -> unpacked, least used first
      this._size = 0;
      this._coming = new Map();
      this.unpacked = 0; // how many streams have been unpacked: kept small by whoever asks for little
    }

    async ready() {
      await QJMap.there();
      const block = await QJMap.unpack(document.getElementById(`${this.id}-ids`));
      this.order = Uint32Array.from(block.raw("order"));
      this.ids = block.raw("id");
      this._rank = new Uint32Array(this.rows);
      for (let k = 0; k < this.rows; k++) this._rank[this.order[k]] = k;
      block._raw.clear();
      return this;
    }

    has(name) { return name === "id" || this.texts.has(name) || super.has(name); }
    row(id) { const k = this.ids.find(id); return k < 0 ? undefined : this.order[k]; }
    /** Rows in the order of their ids. */
    byId() { return this.order; }

    at(name, row) {
      if (name === "id") return this.ids.get(this._rank[row]);
      const column = this.texts.get(name);
      if (!column) return super.at(name, row);
      const part = this._part(column, Math.floor(row / this.chunk));
      return part ? this._cell(column, part, row) : undefined;
    }

    _cell(column, part, row) {
      const k = row % this.chunk;
      if (part === NOTHING) return nothing(column);
      if (column.codec === "num") return part.numbers[k] === EMPTY ? nothing(column) : this._number(column, part.numbers[k], row);
      const text = part.text.slice(part.starts[k], part.starts[k + 1]);
      if (column.codec === "text") return text;
      if (text === "") return nothing(column);
      return column.codec === "list" ? text.split(JOIN) : JSON.parse(text);
    }

    /* A number, or what somebody typed for it: with as many decimals as he gave, or the fewest that say it. */
    _number(column, own, row) {
      const units = own + (column.of ? this.raw(column.of)[row] * 10 ** (column.digits - 6) : 0);
      if (column.text && column.fixed === column.digits) return decimal(units, column.digits);
      const value = units / 10 ** column.digits;
      if (!column.text) return value;
      return column.fixed ? value.toFixed(column.fixed) : String(value);
    }

    /** The same, for the rows of the span that begins at `from` and is unpacked; null where they say nothing. */
    reader(name, from) {
      const column = this.texts.get(name);
      if (name === "id") return (row) => this.ids.get(this._rank[row]);
      if (!column) return super.reader(name);
      const part = this._part(column, Math.floor(from / this.chunk));
      if (part === NOTHING) return null;
      if (column.codec !== "text") return (row) => this._cell(column, part, row);
      const { text, starts } = part, base = from - (from % this.chunk);
      return (row) => text.slice(starts[row - base], starts[row - base + 1]);
    }

    _key(column, chunk) { return `${column.number} ${chunk}`; }

    /* Who walks rows asks again and again for the part he is at. */
    _part(column, chunk) {
      if (column.last === chunk) return column.part;
      const key = this._key(column, chunk), part = this._kept.get(key);
      if (!part) return undefined;
      this._kept.delete(key);
      this._kept.set(key, part);
      [column.last, column.part] = [chunk, part];
      return part;
    }

    _wanted(names) { return names ? names.map((name) => this.texts.get(name)).filter(Boolean) : Array.from(this.texts.values()); }

    /** Whether the texts of a row are there; of all columns, or of those named. */
    loaded(row, names) {
      const chunk = Math.floor(row / this.chunk);
      return this._wanted(names).every((column) => this._kept.has(this._key(column, chunk)));
    }

    /** Unpacks the texts of rows; null when all are there, else a promise. `inflated` unpacks a stream elsewhere than here. */
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

    async _unpack(chunk, columns, inflated = QJMap.inflated) {
      const rows = Math.min(this.chunk, this.rows - chunk * this.chunk);
      await QJMap.parsed();
      const streams = document.getElementById(`${this.id}-${chunk}`).textContent.split(".");
      await Promise.all(columns.map((column) => {
        const key = this._key(column, chunk);
        if (!this._coming.has(key)) this._coming.set(key, this._stream(column, streams[column.number], rows, key, inflated));
        return this._coming.get(key);
      }));
    }

    async _stream(column, stream, rows, key, inflated) {
      let part = NOTHING;
      if (stream) {
        const bytes = await inflated(stream);
        part = column.codec === "num" ? { numbers: QJMap.planes(bytes, rows, false) } : texts(bytes, rows);
        part.size = bytes.length;
        this.unpacked++;
      }
      this._kept.set(key, part);
      this._size += part.size;
      this._coming.delete(key);
    }

    /* Forgets what was used longest ago, but nothing of the chunks just asked for. */
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

    /** Walks the spans: while one is in use its texts are there, and those of the next are being unpacked beside. */
    async * walked(names) {
      const unpacker = this.rows > FEW * this.chunk ? QJMap.makeUnpacker() : null, inflated = unpacker && unpacker.inflated;
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

    /** A text column of the span that begins at `from`, as { text, starts }: one string, and where each row begins in it;
     * undefined where the column is none of texts, or says nothing there. */
    joined(name, from) {
      const column = this.texts.get(name);
      if (!column || column.codec !== "text") return undefined;
      const part = this._part(column, Math.floor(from / this.chunk));
      return part === NOTHING ? undefined : part;
    }
  }

  QJMap.sheet = (bytes, id) => new Sheet(bytes, id).ready();
})(window.QJMap);
