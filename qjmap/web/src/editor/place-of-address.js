/* Finds the project's places that an address names. */

const SHORTEST = 2; // minimum length of a name in characters
const ENDINGS = /(?:特别行政区|自治[州县旗区]|经济技术开发区|高新技术产业开发区|省|市|区|县|镇|乡|街道)$/;
const MOST = 8; // maximum number of candidates

/**
 * @typedef {{ id: string, name: string, around: string, point: Position, precision: string }} PlaceCandidate
 * A place, the name of the place around it ("" for none), its position in WGS 84, and the precision of a row that takes this position.
 */

/**
 * Returns where ([from, to) in characters) an address names a place, by the longest of its names or short names; null if it does not.
 *
 * @param {string} address
 * @param {string[]} names
 */
function mention(address, names) {
  let best = /** @type {{ from: number, to: number } | null} */ (null);
  for (const name of names) {
    const short = name.replace(ENDINGS, "");
    for (const word of [name, short]) {
      const from = word.length < SHORTEST ? -1 : address.indexOf(word.toLowerCase());
      if (from >= 0 && (!best || word.length > best.to - best.from)) best = { from, to: from + word.length };
    }
  }
  return best;
}

/**
 * Returns the places that an address may mean, at most MOST, those named last first. Of the places that the address names without naming one
 * within them, only those around which it names the most places are kept. Places without a position are left out.
 *
 * @param {string} text
 * @param {import("./table-rows.js").EditedRow[]} places
 * @param {Store} store
 * @returns {PlaceCandidate[]}
 */
export function placesOfAddress(text, places, store) {
  const address = text.toLowerCase().trim(), parents = new Map(places.map(({ id, record }) => [id, record.parent || ""]));
  const found = places.flatMap((place) => {
    const { name = "", name_en: english = "", aliases = "" } = place.record, at = mention(address, [name, english, ...aliases.split("|")].filter(Boolean));
    return at ? [{ ...place, ...at }] : [];
  });
  /** Returns the ids of the places around a place, the nearest first. @param {string} id @returns {string[]} */
  const above = (id) => {
    const ids = /** @type {string[]} */ ([]);
    for (let next = parents.get(id); next && !ids.includes(next); next = parents.get(next)) ids.push(next);
    return ids;
  };
  // The address means a place if it names no place within it, and if no longer name contains its name.
  const isCovered = (/** @type {typeof found[0]} */ one) => found.some((other) => other !== one && other.from <= one.from && other.to >= one.to && other.to - other.from > one.to - one.from);
  const named = found.filter((one) => !isCovered(one)), surrounding = new Set(named.flatMap(({ id }) => above(id)));
  const inner = named.filter(({ id }) => !surrounding.has(id));
  /** Returns the number of places around it that are named too. @param {typeof found[0]} one */
  const support = ({ id }) => above(id).filter((parent) => named.some((other) => other.id === parent)).length;
  const most = Math.max(0, ...inner.map(support));
  return inner.filter((one) => support(one) === most).sort((a, b) => b.to - a.to).flatMap(({ id, record }) => {
    const r = store.ref(id);
    if (r === undefined || !store.located(r)) return [];
    const precision = String(store.get(r, "level") || record.precision || "district");
    return [{ id, name: record.name || id, around: record.parent ? store.nameOfId(record.parent) : "", point: [Number(store.get(r, "lon")), Number(store.get(r, "lat"))], precision: precision === "unresolved" ? "district" : precision }];
  }).slice(0, MOST);
}
