/* Zip archives: the members listed in the central directory, unpacked one by one within limits. */

import { inflated } from "../runtime/inflate.js";

const END = 65557; // number of bytes at the end of an archive among which its end record starts
const MOST_MEMBERS = 20000;
const MOST_UNPACKED = 300e6; // maximum size of all unpacked members together, in bytes
const MOST_RATIO = 200, RATIO_FROM = 100e6; // maximum ratio of unpacked to packed size, checked from RATIO_FROM unpacked bytes on; office files stay below 100
const LOCKED = 1, STORED = 0, DEFLATED = 8;
const FULL = 0xffffffff; // means that the number is in the extra field

/**
 * @typedef {{ name: string, flags: number, method: number, checksum: number, packed: number, size: number, offset: number }} Member
 * A file in the archive: `packed` and `size` are its packed and unpacked length in bytes, `offset` is that of its local header from the start
 * of the archive; `flags`, `method` and `checksum` (CRC-32) are as in the directory.
 */

/** The reason why an archive cannot be read; `kind` is the last part of the key of the text that is shown. */
export class Unreadable extends Error {
  /** `detail` is what is wrong, for developers. @param {"damaged" | "locked" | "huge" | "document"} kind @param {string} [detail] */
  constructor(kind, detail = "") {
    super(`${kind}: ${detail}`);
    this.kind = kind;
  }
}

/**
 * Whether a record of a kind begins at an index; the kind is given by the last two bytes of its signature.
 *
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} third third byte of the signature
 * @param {number} fourth fourth byte of the signature
 */
const isRecord = (bytes, at, third, fourth) => bytes[at] === 0x50 && bytes[at + 1] === 0x4b && bytes[at + 2] === third && bytes[at + 3] === fourth;
/** Returns a view of bytes. @param {Uint8Array} bytes */
const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/**
 * Reads a little-endian number of 64 bits.
 *
 * @param {DataView} view
 * @param {number} at
 */
const longAt = (view, at) => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;

/**
 * Returns the end of the central directory, its length, and the offset that the archive gives for it; null without a directory.
 *
 * @param {Uint8Array} bytes
 */
function directoryOf(bytes) {
  let end = bytes.length - 22;
  while (end > bytes.length - END && end > 0 && !isRecord(bytes, end, 5, 6)) end--;
  if (end < 0 || !isRecord(bytes, end, 5, 6)) return null;
  const view = viewOf(bytes), found = { end, length: view.getUint32(end + 12, true), offset: view.getUint32(end + 16, true) };
  const locator = end - 20;
  if (locator < 56 || !isRecord(bytes, locator, 6, 7)) return found;
  const record = locator - 56; // all writers put it there, without data of their own in between
  return isRecord(bytes, record, 6, 6) ? { end: record, length: longAt(view, record + 40), offset: longAt(view, record + 48) } : found;
}

/**
 * Replaces sizes and offset that need more than 32 bits by the numbers in the extra field of a member.
 *
 * @param {Member} member
 * @param {DataView} view
 * @param {number} from index of the extra field's first byte
 * @param {number} to index after its last byte
 */
function widen(member, view, from, to) {
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    for (const key of /** @type {("size" | "packed" | "offset")[]} */ (["size", "packed", "offset"])) {
      if (member[key] !== FULL || next + 8 > to) continue;
      member[key] = longAt(view, next);
      next += 8;
    }
  }
}

/**
 * Returns the members of an archive by their names in lower case with forward slashes, in their order; empty without a sound directory.
 *
 * @param {Uint8Array} bytes
 * @returns {Map<string, Member>}
 */
export function membersOf(bytes) {
  const members = /** @type {Map<string, Member>} */ (new Map()), directory = directoryOf(bytes), view = viewOf(bytes);
  if (!directory) return members;
  const begin = directory.end - directory.length, before = begin - directory.offset; // something else may stand before the archive
  if (begin < 0 || before < 0) return members;
  for (let at = begin; at + 46 <= directory.end && isRecord(bytes, at, 1, 2);) {
    const length = view.getUint16(at + 28, true), extra = at + 46 + length, comment = extra + view.getUint16(at + 30, true), flags = view.getUint16(at + 8, true);
    const name = new TextDecoder(flags & 0x800 ? "utf-8" : "latin1").decode(bytes.subarray(at + 46, extra)).replaceAll("\\", "/").toLowerCase();
    const member = {
      name, flags, method: view.getUint16(at + 10, true), checksum: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true), offset: view.getUint32(at + 42, true),
    };
    if (comment > directory.end || members.size >= MOST_MEMBERS) return new Map();
    widen(member, view, extra, comment);
    member.offset += before;
    members.set(name, member);
    at = comment + view.getUint16(at + 32, true);
  }
  return members;
}

/**
 * Wraps a deflated member as a gzip file: every browser that can show the page unpacks gzip, but only newer ones bare deflate. The end of
 * the file has checksum and size, which the browser checks.
 *
 * @param {Uint8Array} packed the deflated bytes
 * @param {Member} member
 */
function asGzip(packed, { checksum, size }) {
  const gzip = new Uint8Array(packed.length + 18), view = new DataView(gzip.buffer);
  gzip.set([0x1f, 0x8b, DEFLATED]);
  gzip.set(packed, 10);
  view.setUint32(packed.length + 10, checksum, true);
  view.setUint32(packed.length + 14, size, true);
  return gzip;
}

/**
 * Returns bytes in the format of deflate, without compression.
 *
 * @param {Uint8Array} bytes
 */
function asDeflate(bytes) {
  const most = 0xffff, blocks = Math.max(1, Math.ceil(bytes.length / most)), packed = new Uint8Array(bytes.length + 5 * blocks);
  for (let block = 0; block < blocks; block++) {
    const part = bytes.subarray(block * most, (block + 1) * most), at = block * (most + 5), { length } = part;
    packed.set([block === blocks - 1 ? 1 : 0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255], at);
    packed.set(part, at + 5);
  }
  return packed;
}

/**
 * Reads a stream, which must yield exactly as many bytes as announced.
 *
 * @param {ReadableStream<Uint8Array>} stream
 * @param {number} size number of bytes announced
 */
async function readAll(stream, size) {
  const whole = new Uint8Array(size), reader = stream.getReader();
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || !value) break;
    if (length + value.length > size) {
      reader.cancel().catch(() => {});
      throw new Unreadable("damaged", "size");
    }
    whole.set(value, length);
    length += value.length;
  }
  if (length !== size) throw new Unreadable("damaged", "size");
  return whole;
}

/** A zip archive. All that is unpacked of it counts against the limits. */
export class Archive {
  /** Throws Unreadable if the archive has no valid directory or no members. @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.members = membersOf(bytes);
    this.unpacked = 0;
    if (!this.members.size) throw new Unreadable("damaged", "directory");
  }

  /** Whether the archive has a member. @param {string} name */
  has(name) { return this.members.has(name.toLowerCase()); }

  /**
   * Resolves to the text of a member, which must be UTF-8. Rejects with Unreadable if it is missing, locked, damaged or beyond the limits.
   *
   * @param {string} name
   */
  async text(name) {
    const member = this.members.get(name.toLowerCase());
    if (!member) throw new Unreadable("damaged", name);
    this.unpacked += member.size;
    if (this.unpacked > MOST_UNPACKED || (this.unpacked > RATIO_FROM && this.unpacked > MOST_RATIO * this.bytes.length)) throw new Unreadable("huge", name);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(await this.unpack(member));
    } catch (error) {
      throw error instanceof Unreadable ? error : new Unreadable("damaged", `${name}: ${error}`);
    }
  }

  /** Resolves to the unpacked bytes of a member. Rejects with Unreadable if it is locked, damaged or compressed by another method. @param {Member} member */
  async unpack(member) {
    const { bytes } = this, { offset, packed, size, method, flags } = member;
    if (flags & LOCKED) throw new Unreadable("locked");
    if (offset + 30 > bytes.length || !isRecord(bytes, offset, 3, 4)) throw new Unreadable("damaged", "member");
    const view = viewOf(bytes), begin = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
    if (begin + packed > bytes.length) throw new Unreadable("damaged", "member");
    const data = bytes.subarray(begin, begin + packed);
    if (method !== DEFLATED && method !== STORED) throw new Unreadable("damaged", "method");
    return readAll(inflated(asGzip(method === STORED ? asDeflate(data) : data, member), "gzip", size), size);
  }
}
