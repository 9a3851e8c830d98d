/* The decoder of deflate data returns the bytes that zlib compressed, and rejects damaged data. */

import assert from "node:assert/strict";
import { test } from "node:test";
import zlib from "node:zlib";

import { inflateBytes } from "../../src/runtime/deflate-decoder.js";

/* Numbers that are the same in every run. */
function makeRandom(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/* Bytes of a size: noise, or a text that repeats itself at all distances. */
function makeBytes(size, letters, random) {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const run = Math.min(size - at, 1 + random(300)), from = random(Math.max(1, at));
    if (at > run && random(2)) bytes.copyWithin(at, from, Math.min(from + run, at));
    else for (let k = 0; k < run; k++) bytes[at + k] = random(letters);
    at += run;
  }
  return bytes;
}

for (const level of [0, 1, 6, 9]) {
  test(`what zlib packs at level ${level} comes out as it was`, () => {
    const random = makeRandom(level + 7);
    for (const size of [0, 1, 2, 257, 70_000]) {
      for (const letters of [1, 64, 256]) {
        const bytes = makeBytes(size, letters, random);
        for (const strategy of [zlib.constants.Z_DEFAULT_STRATEGY, zlib.constants.Z_FIXED, zlib.constants.Z_HUFFMAN_ONLY, zlib.constants.Z_RLE]) {
          assert.deepEqual(inflateBytes(zlib.deflateRawSync(bytes, { level, strategy }), 0, Infinity), bytes, `${size} ${letters} ${strategy}`);
        }
      }
    }
  });
}

test("more than was announced is an error", () => {
  const packed = zlib.deflateRawSync(new Uint8Array(100_000));
  assert.throws(() => inflateBytes(packed, 0, 99_999), RangeError);
  assert.equal(inflateBytes(packed, 0, 100_000).length, 100_000);
});

test("data that end early or are damaged end in an error or in bytes, never in a loop", () => {
  const random = makeRandom(3), packed = zlib.deflateRawSync(makeBytes(5_000, 64, random), { level: 9 });
  for (let end = 0; end < packed.length - 1; end += 7) assert.throws(() => inflateBytes(packed.subarray(0, end), 0, 1e6), RangeError);
  for (let turn = 0; turn < 400; turn++) {
    const damaged = packed.slice();
    damaged[random(damaged.length)] ^= 1 << random(8);
    try {
      assert.ok(inflateBytes(damaged, 0, 1e6).length <= 1e6);
    } catch (error) {
      assert.ok(error instanceof RangeError);
    }
  }
});
