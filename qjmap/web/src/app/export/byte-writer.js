/* Writes a file as a Blob: texts are encoded as UTF-8 into one buffer that is reused, and full buffers become parts of the Blob.
 *
 * A million rows are about ten million short texts; calling a TextEncoder for each, or joining them first, takes several times as long.
 */

import { startWorker } from "../../runtime/start-worker.js";
import source from "worker:./blob.worker.js";

const ROOM = 1 << 20; // size of the buffer in bytes
const LONG = 64; // number of bytes above which `set` copies them faster than a loop
const utf8 = new TextEncoder();

/**
 * Encodes the part [begin, end) of a text as UTF-8 into `bytes`; returns the index after the last byte. A lone surrogate becomes U+FFFD.
 *
 * @param {string} text
 * @param {number} begin
 * @param {number} end
 * @param {Uint8Array} bytes must have room for three bytes per UTF-16 code unit
 * @param {number} to index of the first byte
 */
function put(text, begin, end, bytes, to) {
  for (let k = begin; k < end; k++) {
    let sign = text.charCodeAt(k);
    if (sign < 0x80) {
      bytes[to++] = sign;
      continue;
    }
    if ((sign & 0xf800) === 0xd800) {
      const low = k + 1 < end ? text.charCodeAt(k + 1) : 0, pair = sign < 0xdc00 && (low & 0xfc00) === 0xdc00;
      sign = pair ? 0x10000 + ((sign & 0x3ff) << 10) + (low & 0x3ff) : 0xfffd;
      if (pair) k++;
    }
    if (sign < 0x800) bytes[to++] = 0xc0 | (sign >> 6);
    else {
      if (sign < 0x10000) bytes[to++] = 0xe0 | (sign >> 12);
      else {
        bytes[to++] = 0xf0 | (sign >> 18);
        bytes[to++] = 0x80 | ((sign >> 12) & 63);
      }
      bytes[to++] = 0x80 | ((sign >> 6) & 63);
    }
    bytes[to++] = 0x80 | (sign & 63);
  }
  return to;
}

/** Makes the writer of a file; `blob` ends it. */
export function makeByteWriter() {
  /** @type {(Blob | null)[]} parts of the file; null while the worker makes one */
  const parts = [];
  /** @type {ArrayBuffer[]} buffers that the worker has sent back */
  const spare = [];
  /** @type {Uint8Array<ArrayBuffer>} */
  let buffer = new Uint8Array(ROOM);
  let at = 0, coming = 0; // bytes in the buffer; parts that the worker is making
  /** @type {ReturnType<typeof startWorker> | undefined} the worker */
  let beside;
  /** @type {(() => void) | undefined} called when the worker has made all parts */
  let settled;

  /* The worker is started when the first buffer is full. */
  function start() {
    beside = startWorker(source);
    beside.worker.onmessage = ({ data }) => {
      parts[data.place] = data.blob;
      spare.push(data.buffer);
      if (--coming === 0 && settled) settled();
    };
    return beside;
  }

  /* Sends a filled buffer to the worker, and takes another one. */
  function flush() {
    if (!at) return;
    const { worker } = beside || start();
    worker.postMessage({ place: parts.push(null) - 1, buffer: buffer.buffer, length: at }, [buffer.buffer]);
    coming++;
    const free = spare.pop();
    buffer = free ? new Uint8Array(free) : new Uint8Array(ROOM);
    at = 0;
  }

  /**
   * Adds data larger than the buffer as a separate part of the Blob.
   *
   * @param {BlobPart} part
   */
  function alone(part) {
    flush();
    parts.push(new Blob([part]));
  }

  /**
   * Writes a text.
   *
   * @param {string} given
   */
  function text(given) {
    const most = 3 * given.length;
    if (most > ROOM) {
      alone(given);
      return;
    }
    if (at + most > ROOM) flush();
    at = put(given, 0, given.length, buffer, at);
  }

  /**
   * Writes the bytes [from, end) of an array; all by default.
   *
   * @param {Uint8Array<ArrayBuffer>} given
   */
  function bytes(given, from = 0, end = given.length) {
    const length = end - from;
    if (length > ROOM) {
      alone(given.subarray(from, end));
      return;
    }
    if (at + length > ROOM) flush();
    if (length > LONG) buffer.set(given.subarray(from, end), at);
    else for (let k = from, to = at; k < end; k++) buffer[to++] = given[k];
    at += length;
  }

  /**
   * Resolves to a Blob of everything that was written, and ends the worker.
   *
   * @param {string} type media type
   */
  async function blob(type) {
    const last = buffer.subarray(0, at);
    if (coming) await new Promise((done) => { settled = () => done(undefined); });
    if (beside) beside.end();
    return new Blob([...parts.filter((part) => part !== null), last], { type });
  }

  return { text, bytes, blob };
}

/** Returns a text as UTF-8. @param {string} text */
export const encodeText = (text) => utf8.encode(text);

/**
 * Encodes joined texts as UTF-8. Returns the bytes, and the index at which each text begins.
 *
 * @param {JoinedTexts} texts
 * @param {Uint8Array<ArrayBuffer> | undefined} room array to reuse for the bytes, if it is large enough
 */
export function encodeAll({ text, starts }, room) {
  const most = 3 * text.length, bytes = room && room.length >= most ? room : new Uint8Array(most), begins = new Uint32Array(starts.length);
  for (let row = 1; row < starts.length; row++) begins[row] = put(text, starts[row - 1], starts[row], bytes, begins[row - 1]);
  return { bytes, starts: begins };
}
