/* A column of texts in ascending order. The writer, which also describes the format, is qjmap/payload/codecs.py. */

/** Decoder that keeps a byte-order mark at the beginning of a text. */
export const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Texts in ascending order of their UTF-8 bytes, kept as bytes. */
export class SortedTexts {
  /**
   * @param {Uint8Array<ArrayBuffer>} packed prefix-compressed texts
   * @param {number} count number of texts
   */
  constructor(packed, count) {
    const shared = packed.subarray(0, count), lengths = new Uint16Array(packed.slice(count, 3 * count).buffer);
    const starts = (this.starts = new Uint32Array(count + 1));
    for (let k = 0; k < count; k++) starts[k + 1] = starts[k] + lengths[k];
    const bytes = (this.bytes = new Uint8Array(starts[count]));
    let from = 3 * count;
    for (let k = 0; k < count; k++) {
      const prefixEnd = starts[k] + shared[k], end = starts[k + 1];
      for (let i = starts[k], before = k ? starts[k - 1] : 0; i < prefixEnd; i++) bytes[i] = bytes[before++];
      for (let i = prefixEnd; i < end; i++) bytes[i] = packed[from++];
    }
    this.length = count;
  }

  /**
   * Returns a text by its index. Short ASCII texts are decoded without a TextDecoder, which is faster.
   *
   * @param {number} k
   */
  get(k) {
    const packed = this.bytes.subarray(this.starts[k], this.starts[k + 1]);
    for (let i = 0; i < packed.length; i++) if (packed[i] > 127 || i > 64) return utf8.decode(packed);
    return String.fromCharCode(...packed);
  }

  /**
   * Returns the index of a text; -1 if it is not in the column.
   *
   * @param {string} text
   */
  find(text) {
    const wanted = new TextEncoder().encode(text), { bytes, starts } = this;
    let low = 0, high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this._compare(middle, wanted) < 0) low = middle + 1; else high = middle;
    }
    if (low === this.length || starts[low + 1] - starts[low] !== wanted.length) return -1;
    return wanted.every((byte, i) => bytes[starts[low] + i] === byte) ? low : -1;
  }

  /**
   * Compares the k-th text with another one: the result is negative if it comes before, zero if equal, positive if after.
   *
   * @param {number} k
   * @param {Uint8Array} text in UTF-8
   */
  _compare(k, text) {
    const { bytes, starts } = this, from = starts[k], length = starts[k + 1] - from;
    for (let i = 0; i < length && i < text.length; i++) {
      if (bytes[from + i] !== text[i]) return bytes[from + i] - text[i];
    }
    return length - text.length;
  }
}
