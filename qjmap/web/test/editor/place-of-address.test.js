import assert from "node:assert/strict";
import { test } from "node:test";

import { placesOfAddress } from "../../src/editor/place-of-address.js";

const row = (id, name, parent = "", aliases = "") => ({ table: "places", id, record: { id, name, parent, aliases }, isNew: false });
const PLACES = [row("coast", "海岸省"), row("hill", "山城市", "coast"), row("zone", "山城高新区", "hill"), row("east", "东镇", "hill"), row("far", "远方市"), row("east-far", "东镇", "far"), row("bay", "海口湾区", "coast", "湾县")];
const store = {
  ref: (id) => { const at = PLACES.findIndex((place) => place.id === id); return at < 0 ? undefined : at; },
  located: (r) => PLACES[r].id !== "coast", get: (r, column) => ({ lon: "100.5", lat: "30.5", level: "district" })[column] || "", nameOfId: (id) => id,
};
const found = (text) => placesOfAddress(text, PLACES, store).map(({ id }) => id);

test("the innermost place that an address names is meant", () => {
  assert.deepEqual(found("海岸省山城市山城高新区一号"), ["zone"]);
  assert.deepEqual(found("山城市人民路1号"), ["hill"]);
  assert.deepEqual(found("海岸湾县码头"), ["bay"]);
});

test("of several places with one name all are offered, unless the address says which", () => {
  assert.deepEqual(found("东镇路口").sort(), ["east", "east-far"]);
  assert.deepEqual(found("山城市东镇路口"), ["east"]);
  assert.deepEqual(found("无名路"), []);
});
