/* The sites of a board in groups: each whole with its parts, then what stands alone by category. */

import { pushTo } from "../app/base/dom.js";

const OWN = 3; // parts from which a part is a group of its own, in a group of
const LARGE = 8; // entries and more

/** @typedef {{ r: Ref, depth: number }} BoardEntry `depth` 1 for a part, 2 for a part of a part. */
/** @typedef {{ title: string, under: string, head: Ref | null, entries: BoardEntry[] }} BoardGroup `head` is the whole, `under` what it is part of. */

/**
 * Parts of each site and the sites that are part of none, all on the board; siblings by category, in the order of the vocabulary.
 *
 * @param {Store} store
 * @param {Language} language
 * @param {Ref[]} refs
 */
function treeOf(store, language, refs) {
  const on = new Set(refs), order = Object.keys(language.vocab.category || {});
  /** @type {Map<Ref, Ref>} */
  const wholes = new Map();
  for (const r of refs) {
    const whole = store.list(r, "part_of").map((id) => store.ref(id)).find((one) => one !== undefined && one !== r && on.has(one));
    let top = whole;
    while (top !== undefined && top !== r) top = wholes.get(top);
    if (whole !== undefined && top === undefined) wholes.set(r, whole); // else a circle
  }
  /** @type {Map<Ref, Ref[]>} */
  const parts = new Map();
  const rank = (/** @type {Ref} */ r) => order.indexOf(store.get(r, "category"));
  for (const r of refs.slice().sort((a, b) => rank(a) - rank(b) || a - b)) {
    const whole = wholes.get(r);
    if (whole !== undefined) pushTo(parts, whole, r);
  }
  return { parts, roots: refs.filter((r) => !wholes.has(r)), rank };
}

/**
 * @param {{ store: Store, language: Language }} given
 * @param {Ref[]} refs
 * @returns {BoardGroup[]} the largest first, what stands alone last
 */
export function groupsOf({ store, language }, refs) {
  const { parts, roots, rank } = treeOf(store, language, refs), groups = /** @type {BoardGroup[]} */ ([]);
  /** @param {Ref} r @returns {number} */
  const size = (r) => (parts.get(r) || []).reduce((sum, part) => sum + 1 + size(part), 0);

  /** @param {Ref} head @param {string} under */
  function addGroup(head, under) {
    const group = { title: store.name(head), under, head, entries: /** @type {BoardEntry[]} */ ([]) }, later = /** @type {Ref[]} */ ([]), splits = size(head) >= LARGE;
    groups.push(group);
    /** @param {Ref} whole @param {number} depth */
    function walk(whole, depth) {
      for (const r of parts.get(whole) || []) {
        if (splits && size(r) >= OWN) later.push(r);
        else {
          group.entries.push({ r, depth });
          walk(r, depth + 1);
        }
      }
    }
    walk(head, 1);
    for (const r of later) addGroup(r, store.name(head));
  }

  for (const r of roots.filter((one) => parts.has(one)).sort((a, b) => size(b) - size(a) || a - b)) addGroup(r, "");
  /** @type {Map<string, Ref[]>} */
  const alone = new Map();
  for (const r of roots.filter((one) => !parts.has(one)).sort((a, b) => rank(a) - rank(b) || a - b)) pushTo(alone, store.kind(r), r);
  const others = /** @type {Ref[]} */ ([]);
  for (const [title, members] of alone) {
    if (members.length === 1 && alone.size > 1) others.push(...members);
    else groups.push({ title, under: "", head: null, entries: members.map((r) => ({ r, depth: 1 })) });
  }
  if (others.length) groups.push({ title: language.t(groups.length ? "board.others" : "board.all"), under: "", head: null, entries: others.map((r) => ({ r, depth: 1 })) });
  return groups;
}
