import { Block } from "./block.js";
import { openChunkedTable } from "./chunked-table.js";
import { inflate } from "./inflate.js";

const unpacked = new WeakMap();

/** @param {HTMLElement} element */
async function open(element) {
  const bytes = await inflate(element.textContent.trim()), block = new Block(bytes);
  return block.header.chunk ? openChunkedTable(bytes, element.id) : block;
}

/**
 * The block or chunked table inside a script element (or the promise of one); unpacked once for all who ask.
 *
 * @param {any} promised
 */
export async function unpack(promised) {
  const element = await promised;
  if (!unpacked.has(element)) {
    unpacked.set(element, open(element));
  }
  return unpacked.get(element);
}
