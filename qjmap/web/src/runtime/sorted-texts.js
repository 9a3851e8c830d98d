export const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Texts in ascending order of their UTF-8 bytes, held as bytes. */
export class SortedTexts {
  /**
   * @param {any} packed
   * @param {number} count
   */
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

  /**
   * A decoder takes longer to call than a short text of ASCII to put together.
   *
   * @param {number} k
   */
  get(k) {
    const packed = this.bytes.subarray(this.starts[k], this.starts[k + 1]);
    for (let i = 0; i < packed.length; i++) if (packed[i] > 127 || i > 64) return utf8.decode(packed);
    return String.fromCharCode(...packed);
  }

  /**
   * The number of a text, -1 where it is not among them.
   *
   * @param {string} text
   */
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

  /**
   * @param {number} k
   * @param {any} wanted
   */
  _before(k, wanted) {
    const { bytes, starts } = this, from = starts[k], length = starts[k + 1] - from;
    for (let i = 0; i < length && i < wanted.length; i++) {
      if (bytes[from + i] !== wanted[i]) return bytes[from + i] - wanted[i];
    }
    return length - wanted.length;
  }
}
