import assert from "node:assert/strict";
import { test } from "node:test";

import { makeStorage } from "../../src/editor/storage.js";

test("where the browser keeps nothing, the page remembers while it is open", async () => {
  for (const factory of [undefined, { open() { throw new Error("refused"); } }]) {
    const storage = makeStorage("m", factory);
    assert.equal(await storage.load(), null);
    await storage.save({ kept: 1 });
    assert.deepEqual(await storage.load(), { kept: 1 });
  }
});
