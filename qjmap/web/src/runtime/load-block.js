/* Loads the block or chunked table of a script element. */

import { Block } from "./column-block.js";
import { openChunkedTable } from "./chunked-table.js";
import { inflate } from "./inflate.js";

/** @type {WeakMap<Element, Promise<Block>>} element -> its block, cached */
const loaded = new WeakMap();

/** Decompresses and reads the block or chunked table of an element. @param {Element} element */
async function open(element) {
  const bytes = await inflate(element.textContent.trim()), block = new Block(bytes);
  return block.header.chunk ? openChunkedTable(bytes, element.id) : block;
}

/**
 * Returns a promise of the block or chunked table of a script element. Each element is loaded once.
 *
 * @param {DataElement} promised
 * @returns {Promise<Block>}
 */
export async function loadBlock(promised) {
  const element = /** @type {Element} */ (await promised);
  const block = loaded.get(element) || open(element);
  loaded.set(element, block);
  return block;
}
