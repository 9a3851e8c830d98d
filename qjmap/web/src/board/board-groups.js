/* Groups the sites of a board: a group for each site with parts (by `part_of`), then groups by category for sites without. */

import { pushTo } from "../app/base/dom.js";

const OWN = 3; // number of parts, with parts of these, from which a part becomes a group of its own, if the group is large
const LARGE = 8; // number of parts, with parts of these, from which a group is large

/** @typedef {{ r: Ref, depth: number }} BoardEntry A site in a group; `depth` is 1 for a part of the group's head or a site of its category, 2 for a part of that, and so on. */
/**
 * @typedef {{ title: string, under: string, head: Ref | null, entries: BoardEntry[] }} BoardGroup
 * `head` is the site whose parts are the entries, null for a group by category; `under` is "" or, if the group was split
 * off another one, the name of that one's head (of which this head is a part, or a part of a part).
 */

/**
 * Builds the tree of parts among the sites of a board. Returns the `parts` of each site, sorted by category in the order of the vocabulary;
 * the `roots`, which are part of no other site here; and `rank`, the place of a site's category in the vocabulary.
 *
 * @param {Store} store
 * @param {Language} language
 * @param {Ref[]} refs
 */
function treeOf(store, language, refs) {
  const on = new Set(refs), order = Object.keys(language.vocab.category || {});
  /** @type {Map<Ref, Ref>} site -> site of which it is a part */
  const wholes = new Map();
  for (const r of refs) {
    const whole = store.list(r, "part_of").map((id) => store.ref(id)).find((one) => one !== undefined && one !== r && on.has(one));
    let top = whole;
    while (top !== undefined && top !== r) top = wholes.get(top);
    if (whole !== undefined && top === undefined) wholes.set(r, whole); // not if it would close a cycle
  }
  /** @type {Map<Ref, Ref[]>} site -> its parts */
  const parts = new Map();
  const rank = (/** @type {Ref} */ r) => order.indexOf(store.get(r, "category"));
  for (const r of refs.slice().sort((a, b) => rank(a) - rank(b) || a - b)) {
    const whole = wholes.get(r);
    if (whole !== undefined) pushTo(parts, whole, r);
  }
  return { parts, roots: refs.filter((r) => !wholes.has(r)), rank };
}

/**
 * Groups sites by the site of which they are a part, and the others by category. Categories with a single site share a group.
 *
 * @param {{ store: Store, language: Language }} given
 * @param {Ref[]} refs the sites
 * @returns {BoardGroup[]} groups with a head by descending size, each followed by those split off from it; then the groups by category, and
 * last the group that several categories share
 */
export function groupsOf({ store, language }, refs) {
  const { parts, roots, rank } = treeOf(store, language, refs), groups = /** @type {BoardGroup[]} */ ([]);
  /** Returns the number of parts of a site, and of parts of these. @param {Ref} r @returns {number} */
  const size = (r) => (parts.get(r) || []).reduce((sum, part) => sum + 1 + size(part), 0);

  /** Adds the group of a site; parts that are split off follow as groups of their own. @param {Ref} head @param {string} under as in `BoardGroup` */
  function addGroup(head, under) {
    const group = { title: store.name(head), under, head, entries: /** @type {BoardEntry[]} */ ([]) }, later = /** @type {Ref[]} */ ([]), splits = size(head) >= LARGE;
    groups.push(group);
    /** Adds the parts of a site to the group, depth first. @param {Ref} whole @param {number} depth */
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
