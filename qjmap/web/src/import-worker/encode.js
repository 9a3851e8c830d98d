/* Encodes a text in the encoding that its file has. Browsers encode only UTF-8; for other encodings a table is made with TextDecoder. */

/** @type {Record<string, { label: string, leads: [number, number], trails: [number, number] }>} encoding -> label for TextDecoder, and ranges of the first and second bytes */
const DOUBLE = {
  gb18030: { label: "gb18030", leads: [0x81, 0xfe], trails: [0x40, 0xfe] },
  gbk: { label: "gb18030", leads: [0x81, 0xfe], trails: [0x40, 0xfe] },
  big5hkscs: { label: "big5", leads: [0x87, 0xfe], trails: [0x40, 0xfe] },
};
const FOUR = 39420; // number of four-byte sequences of GB 18030 that stand for characters below U+10000
const FIRST_SUPPLEMENTARY = 189000; // linear number of the four-byte sequence for U+10000 in GB 18030

/**
 * Returns the four-byte sequence of GB 18030 with a linear number, which counts from 81 30 81 30.
 *
 * @param {number} number
 * @returns {number[]}
 */
const fourBytes = (number) => [0x81 + Math.floor(number / 12600), 0x30 + (Math.floor(number / 1260) % 10), 0x81 + (Math.floor(number / 10) % 126), 0x30 + (number % 10)];

/** @type {Map<string, Map<string, number[]>>} encoding -> character -> its bytes */
const tables = new Map();
/** Returns character -> bytes for an encoding, made with the decoder of the browser; cached. @param {string} encoding */
function tableOf(encoding) {
  const known = tables.get(encoding);
  if (known) return known;
  const { label, leads, trails } = DOUBLE[encoding], decoder = new TextDecoder(label);
  /** @type {Map<string, number[]>} */
  const table = new Map();
  /** Adds a byte sequence to the table if it decodes to one valid character. @param {number[]} bytes */
  const enter = (bytes) => {
    const sign = decoder.decode(Uint8Array.from(bytes));
    if (Array.from(sign).length === 1 && sign !== "\ufffd" && !table.has(sign)) table.set(sign, bytes);
  };
  for (let lead = leads[0]; lead <= leads[1]; lead++) for (let trail = trails[0]; trail <= trails[1]; trail++) enter([lead, trail]);
  if (label === "gb18030") for (let number = 0; number < FOUR; number++) enter(fourBytes(number));
  tables.set(encoding, table);
  return table;
}

/**
 * Returns the four bytes of a character above U+FFFF in GB 18030; null for any other character or encoding.
 *
 * @param {string} sign
 * @param {string} encoding
 */
function supplementary(sign, encoding) {
  const code = Number(sign.codePointAt(0));
  return code > 0xffff && encoding === "gb18030" ? fourBytes(FIRST_SUPPLEMENTARY + code - 0x10000) : null;
}

/** Encodes a text in UTF-16 without a byte-order mark. @param {string} text @param {boolean} little whether the low byte comes first */
function utf16(text, little) {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let at = 0; at < text.length; at++) view.setUint16(2 * at, text.charCodeAt(at), little);
  return new Uint8Array(view.buffer);
}

/**
 * Encodes a text, without a byte-order mark. Returns its `bytes`; or as `lacks` the first character that the encoding does not have; or
 * null if the page cannot write the encoding.
 *
 * @param {string} text
 * @param {string} encoding as `decode` names it; "utf-16le" and "utf-16be" for the two byte orders
 * @returns {{ bytes: Uint8Array, lacks?: undefined } | { lacks: string } | null}
 */
export function encode(text, encoding) {
  if (encoding === "utf-8" || encoding === "utf-8-sig") return { bytes: new TextEncoder().encode(text) };
  if (encoding.startsWith("utf-16")) return { bytes: utf16(text, !encoding.endsWith("be")) };
  if (!(encoding in DOUBLE)) return null;
  const table = tableOf(encoding), out = new Uint8Array(4 * text.length);
  let length = 0;
  for (const sign of text) {
    const bytes = sign < "\x80" ? [sign.charCodeAt(0)] : table.get(sign) || supplementary(sign, encoding);
    if (!bytes) return { lacks: sign };
    out.set(bytes, length);
    length += bytes.length;
  }
  return { bytes: out.slice(0, length) };
}
