/* Decodes base64 and decompresses: the data of a page are compressed (zlib format) and encoded in base64. */

import { inflateBytes } from "./deflate-decoder.js";

/**
 * Returns the bytes of a base64 text.
 *
 * @param {string} text
 */
export function fromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const packed = atob(text), bytes = new Uint8Array(packed.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = packed.charCodeAt(i);
  return bytes;
}

/**
 * Returns the stream of the decompressed bytes. Invalid data are an error when the stream is read. Browsers before Chromium 80, Firefox 113
 * and Safari 16.4 have no DecompressionStream; for them deflate-decoder.js decompresses all bytes at once, and throws a RangeError here.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {"deflate" | "gzip"} [format] "deflate" is the zlib format; a header of "gzip" must have ten bytes
 * @param {number} [most] maximum number of decompressed bytes that deflate-decoder.js accepts; DecompressionStream has no limit
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
export function inflated(bytes, format = "deflate", most = Infinity) {
  if (typeof DecompressionStream !== "function") return new Blob([inflateBytes(bytes, format === "gzip" ? 10 : 2, most)]).stream();
  const { readable, writable } = new DecompressionStream(format), writer = writable.getWriter();
  // The same error would also reject these promises, which nobody awaits.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  return readable;
}

/**
 * Decompresses a base64 text of data in zlib format; the promise of the bytes is rejected if the data are invalid.
 *
 * @param {string} text
 */
export async function inflate(text) {
  return new Uint8Array(await new Response(inflated(fromBase64(text))).arrayBuffer());
}
