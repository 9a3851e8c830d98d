/* Base64 and deflate: how data travel in a page. */

import { isSupported } from "./browser-support.js";

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
 * The stream of inflated bytes.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionFormat} [format]
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
export function inflated(bytes, format = "deflate") {
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
  if (!isSupported) return new Promise(() => {}); // nothing is drawn; the page says which browser it needs
  return new Uint8Array(await new Response(inflated(fromBase64(text))).arrayBuffer());
}
