import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 as known } from "node:zlib";

import { crc32, zipOf } from "../../src/editor/zip-writer.js";
import { membersOf } from "../../src/import-worker/zip.js";

const bytesOf = (text) => new TextEncoder().encode(text);

test("sums are those of zlib", () => {
  for (const text of ["", "a", "綦江区,1\r\n".repeat(1000)]) assert.equal(crc32(bytesOf(text)), known(bytesOf(text)));
});

test("an archive holds what was put into it, and the same files give the same bytes", async () => {
  const files = new Map([["sites.csv", bytesOf("id,name\na,甲\n")], ["地点.csv", bytesOf("")]]);
  const bytes = new Uint8Array(await zipOf(files).arrayBuffer());
  const members = Array.from(membersOf(bytes).values ? membersOf(bytes).values() : membersOf(bytes));
  assert.deepEqual(members.map(({ name, size, checksum }) => [name, size, checksum]), Array.from(files, ([name, data]) => [name, data.length, known(data)]));
  const { offset, size, name } = members[0], from = offset + 30 + Buffer.byteLength(name);
  assert.equal(new TextDecoder().decode(bytes.subarray(from, from + size)), "id,name\na,甲\n");
  assert.deepEqual(bytes, new Uint8Array(await zipOf(files).arrayBuffer()));
});
