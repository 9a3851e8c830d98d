/* Writes zip archives without compression: they hold a few small files. */

const DATE = 0x21; // 1 January 1980, the earliest date of the format; it is fixed so that the same files give the same bytes

/** @type {number[]} */
const table = [];
/** Returns the CRC-32 checksum of bytes. @param {Uint8Array} bytes */
export function crc32(bytes) {
  if (!table.length) {
    for (let value = 0; value < 256; value++) {
      let sum = value;
      for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
      table.push(sum >>> 0);
    }
  }
  let sum = 0xffffffff;
  for (const byte of bytes) sum = table[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

/** Returns the bytes of little-endian numbers, given as [value, size in bytes]. @param {[number, 2 | 4][]} fields */
const numbers = (fields) => Uint8Array.from(fields.flatMap(([value, size]) => Array.from({ length: size }, (_, at) => (value >>> (8 * at)) & 0xff)));

/** Returns an archive of files. @param {Map<string, Uint8Array>} files path in the archive -> content @returns {Blob} */
export function zipOf(files) {
  const parts = /** @type {BlobPart[]} */ ([]), directory = /** @type {BlobPart[]} */ ([]);
  let offset = 0, length = 0;
  for (const [name, bytes] of files) {
    const path = new TextEncoder().encode(name), size = bytes.length;
    /** @type {[number, 2 | 4][]} */
    const common = [[20, 2], [0x800, 2], [0, 2], [0, 2], [DATE, 2], [crc32(bytes), 4], [size, 4], [size, 4], [path.length, 2], [0, 2]];
    parts.push(numbers([[0x04034b50, 4], ...common]), path, /** @type {Uint8Array<ArrayBuffer>} */ (bytes));
    directory.push(numbers([[0x02014b50, 4], [20, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]]), path);
    offset += 30 + path.length + size;
    length += 46 + path.length;
  }
  return new Blob([...parts, ...directory, numbers([[0x06054b50, 4], [0, 2], [0, 2], [files.size, 2], [files.size, 2], [length, 4], [offset, 4], [0, 2]])], { type: "application/zip" });
}
