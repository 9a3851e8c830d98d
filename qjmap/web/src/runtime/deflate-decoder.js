/* Decompresses raw deflate data (RFC 1951), in browsers without DecompressionStream.
 *
 * A Huffman code (`Code`) is kept as two lists: `counts`, the number of codes of each length in bits, and `symbols`, in the order of their
 * codes. Codes are decoded bit by bit, which needs no lookup table.
 */

const LONGEST = 15; // maximum length of a code in bits
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]; // order in which the lengths of the code-length code are stored

/** @typedef {{ counts: Uint16Array, symbols: Uint16Array }} Code For each length in bits the number of codes; the symbols in the order of their codes. */

/** Returns the canonical Huffman code with given lengths. @param {ArrayLike<number>} lengths bits of each symbol's code, 0 for an unused symbol @returns {Code} */
function codeOf(lengths) {
  const counts = new Uint16Array(LONGEST + 1), at = new Uint16Array(LONGEST + 2), symbols = new Uint16Array(lengths.length);
  for (let k = 0; k < lengths.length; k++) counts[lengths[k]]++;
  counts[0] = 0;
  for (let length = 1; length <= LONGEST; length++) at[length + 1] = at[length] + counts[length];
  for (let k = 0; k < lengths.length; k++) if (lengths[k]) symbols[at[lengths[k]]++] = k;
  return { counts, symbols };
}

/**
 * Returns, for each symbol for lengths or distances, its base value and number of extra bits.
 *
 * @param {number} count number of symbols
 * @param {number} first base value of the first symbol
 * @param {number} step number of symbols after which the extra bits increase by one; the first 2 * `step` symbols have none
 */
function ranges(count, first, step) {
  const base = [], extra = [];
  for (let k = 0, value = first; k < count; k++) {
    base.push(value);
    extra.push(Math.max(0, Math.floor(k / step) - 1));
    value += 1 << extra[k];
  }
  return { base, extra };
}

const LENGTHS = ranges(29, 3, 4), DISTANCES = ranges(30, 1, 2);
LENGTHS.base[28] = 258; // the maximum length has its own symbol, without extra bits
LENGTHS.extra[28] = 0;

/** Makes an output buffer that grows. @param {number} most maximum number of bytes; more throw a RangeError */
function makeOutput(most) {
  let bytes = new Uint8Array(Math.min(most, 1 << 16)), length = 0;
  return {
    get length() { return length; },
    /** Enlarges the buffer for more bytes. @param {number} more */
    reserve(more) {
      if (length + more > most) throw new RangeError("inflated data are too long");
      if (length + more <= bytes.length) return;
      const larger = new Uint8Array(Math.min(most, Math.max(2 * bytes.length, length + more)));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    },
    /** Appends a byte; `reserve` must have been called for it. @param {number} byte */
    put(byte) { bytes[length++] = byte; },
    /** Appends bytes; `reserve` must have been called for them. @param {Uint8Array} part */
    add(part) { bytes.set(part, length); length += part.length; },
    /** Appends a copy of earlier bytes; `reserve` must have been called for them. @param {number} distance bytes back @param {number} count */
    repeat(distance, count) {
      if (distance > length) throw new RangeError("invalid distance");
      for (const end = length + count; length < end; length++) bytes[length] = bytes[length - distance];
    },
    done: () => bytes.slice(0, length),
  };
}

/** Makes a reader of bits, the lowest bit of a byte first. @param {Uint8Array} bytes @param {number} at index of the first byte */
function makeBits(bytes, at) {
  let held = 0, count = 0;
  /** Reads bits as a number, the first bit lowest. @param {number} wanted up to 16 */
  function take(wanted) {
    while (count < wanted) {
      if (at >= bytes.length) throw new RangeError("data end early");
      held |= bytes[at++] << count;
      count += 8;
    }
    const value = held & ((1 << wanted) - 1);
    held >>>= wanted;
    count -= wanted;
    return value;
  }
  return {
    take,
    /** Reads the bits of one symbol and returns the symbol. @param {Code} code */
    symbol({ counts, symbols }) {
      let code = 0, first = 0, index = 0;
      for (let length = 1; length <= LONGEST; length++) {
        code |= take(1);
        if (code - counts[length] < first) return symbols[index + code - first];
        index += counts[length];
        first = (first + counts[length]) << 1;
        code <<= 1;
      }
      throw new RangeError("invalid code");
    },
    /** Reads the bytes of a stored (uncompressed) block, which begins at the next whole byte. */
    stored() {
      held = count = 0;
      const length = bytes[at] | (bytes[at + 1] << 8);
      at += 4;
      if (at + length > bytes.length) throw new RangeError("data end early");
      return bytes.subarray(at, (at += length));
    },
  };
}

/** @typedef {ReturnType<typeof makeBits>} Bits */

/** Returns the two fixed codes of RFC 1951, 3.2.6: of literals and lengths, and of distances. @returns {[Code, Code]} */
const fixedCodes = () => [codeOf(Array.from({ length: 288 }, (_, k) => (k < 144 ? 8 : k < 256 ? 9 : k < 280 ? 7 : 8))), codeOf(new Array(30).fill(5))];

/** Reads the two codes at the beginning of a block with dynamic codes: of literals and lengths, and of distances. @param {Bits} bits @returns {[Code, Code]} */
function readCodes(bits) {
  const literals = bits.take(5) + 257, distances = bits.take(5) + 1, listed = bits.take(4) + 4, of = new Uint8Array(19);
  for (let k = 0; k < listed; k++) of[ORDER[k]] = bits.take(3);
  const code = codeOf(of), lengths = new Uint8Array(literals + distances);
  for (let at = 0; at < lengths.length;) {
    const symbol = bits.symbol(code);
    if (symbol < 16) lengths[at++] = symbol;
    else {
      const value = symbol === 16 ? lengths[at - 1] : 0, times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
      if (at + times > lengths.length) throw new RangeError("invalid lengths");
      lengths.fill(value, at, (at += times));
    }
  }
  return [codeOf(lengths.subarray(0, literals)), codeOf(lengths.subarray(literals))];
}

/**
 * Returns the decompressed bytes of raw deflate data; throws a RangeError if the data are invalid or too long. Checksums after the data are not
 * read.
 *
 * @param {Uint8Array} bytes
 * @param {number} from index of the first byte of the data, after the header of the container
 * @param {number} most maximum number of decompressed bytes
 */
export function inflateBytes(bytes, from, most) {
  const bits = makeBits(bytes, from), output = makeOutput(most);
  for (let last = 0; !last;) {
    last = bits.take(1);
    const kind = bits.take(2);
    if (kind === 3) throw new RangeError("invalid block");
    if (!kind) {
      const part = bits.stored();
      output.reserve(part.length);
      output.add(part);
      continue;
    }
    const [literals, distances] = kind === 1 ? fixedCodes() : readCodes(bits);
    for (let symbol; (symbol = bits.symbol(literals)) !== 256;) {
      if (symbol < 256) {
        output.reserve(1);
        output.put(symbol);
      } else {
        const length = LENGTHS.base[symbol - 257] + bits.take(LENGTHS.extra[symbol - 257]), way = bits.symbol(distances);
        output.reserve(length);
        output.repeat(DISTANCES.base[way] + bits.take(DISTANCES.extra[way]), length);
      }
    }
  }
  return output.done();
}
