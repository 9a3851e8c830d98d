/* A zip archive of texts by their names. */

import { crc32, deflateRawSync } from "node:zlib";

/** Writes numbers of two or four bytes, and bytes. */
function record(...fields) {
  return Buffer.concat(fields.map((field) => {
    if (typeof field !== "object") return Buffer.from(field, "latin1");
    if (Buffer.isBuffer(field)) return field;
    const [value, size] = field, bytes = Buffer.alloc(size);
    bytes.writeUIntLE(value, 0, size);
    return bytes;
  }));
}

/** Bytes of an archive; `flags` and `method` are those of every member. */
export function zipOf(parts, { flags = 0x800, method = 8 } = {}) {
  const locals = [], central = [];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const data = Buffer.from(text), packed = method === 8 ? deflateRawSync(data) : data, bytes = Buffer.from(name);
    const common = [[20, 2], [flags, 2], [method, 2], [0, 4], [crc32(data), 4], [packed.length, 4], [data.length, 4], [bytes.length, 2], [0, 2]];
    const local = record("PK\x03\x04", ...common, bytes, packed);
    central.push(record("PK\x01\x02", [20, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4], bytes));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central), count = [central.length, 2];
  return new Uint8Array(Buffer.concat([...locals, directory, record("PK\x05\x06", [0, 4], count, count, [directory.length, 4], [offset, 4], [0, 2])]));
}
