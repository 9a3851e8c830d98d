import { able } from "./browser-support.js";

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
 * Bytes of base64(deflate(bytes)).
 *
 * @param {string} text
 */
export async function inflate(text) {
  if (!able) return new Promise(() => {}); // nothing is drawn; the page says what it needs
  const { readable, writable } = new DecompressionStream("deflate"), writer = writable.getWriter();
  // What is broken is told by the side that is read.
  writer.write(fromBase64(text)).catch(() => {});
  writer.close().catch(() => {});
  return new Uint8Array(await new Response(readable).arrayBuffer());
}
