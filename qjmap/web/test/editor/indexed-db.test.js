import assert from "node:assert/strict";
import { test } from "node:test";

import { openStorage } from "../../src/editor/indexed-db.js";

test("where the browser keeps nothing, the page remembers while it is open", async () => {
  for (const factory of [undefined, { open() { throw new Error("refused"); } }]) {
    const storage = openStorage("m", factory);
    assert.equal(await storage.load(), null);
    assert.equal(await storage.save({ kept: 1 }), false);
    assert.deepEqual(await storage.load(), { kept: 1 });
  }
});
