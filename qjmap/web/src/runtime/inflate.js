/* Base64 and deflate: how data travel in a page. */

import { inflateBytes } from "./inflate-bytes.js";

/**
 * Bytes of a base64 text.
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
 * The stream of inflated bytes, by the browser where it can (Chromium 80, Firefox 113, Safari 16.4).
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {"deflate" | "gzip"} [format] gzip with a head of ten bytes
 * @param {number} [most] bytes that may come out; more may be an error
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
export function inflated(bytes, format = "deflate", most = Infinity) {
  if (typeof DecompressionStream !== "function") return new Blob([inflateBytes(bytes, format === "gzip" ? 10 : 2, most)]).stream();
  const { readable, writable } = new DecompressionStream(format), writer = writable.getWriter();
  // An error in the data is thrown where the result is read.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  return readable;
}

/**
 * Bytes of base64(deflate(bytes)).
 *
 * @param {string} text
 */
export async function inflate(text) {
  return new Uint8Array(await new Response(inflated(fromBase64(text))).arrayBuffer());
}
