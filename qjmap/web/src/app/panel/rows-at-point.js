/* Describes several rows at one point of the map: partnerships by their parties, other rows by their number. */

const MOST = 3; // maximum number of parties that are named

/**
 * Makes the functions that describe several rows.
 *
 * @param {{ language: Language, store: Store, relations: RelationIndex, home: string }} parts
 */
export function makeRowsAtPoint({ language, store, relations, home }) {
  const { t } = language;

  /** Returns the rows with these ids if all of them are partnerships, else null. @param {string[]} ids */
  function partnershipsOf(ids) {
    const refs = ids.flatMap((id) => store.ref(id) ?? []);
    return refs.length && refs.every((r) => store.tableOf(r) === "partnerships") ? refs : null;
  }

  /**
   * Returns the parties of partnerships: the home place first, then those with most partnerships. A party that lies within another party is
   * left out.
   *
   * @param {Ref[]} refs
   */
  function partiesOf(refs) {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const r of refs) for (const party of new Set(store.list(r, "parties"))) counts.set(party, (counts.get(party) || 0) + (party === home ? refs.length : 1));
    const all = Array.from(counts.keys());
    const lies = (/** @type {string} */ id, /** @type {Set<string>} */ places) => places.has(id) || places.has(relations.placeOf(id));
    return all.filter((id) => !all.some((other) => other !== id && lies(id, relations.within(other)))).sort((a, b) => Number(counts.get(b)) - Number(counts.get(a)));
  }

  return {
    /** Returns the title: "綦江区 ↔ 自贡市" for partnerships, "60 things here" for other rows. @param {string[]} ids @param {number} [total] */
    title(ids, total = ids.length) {
      const refs = partnershipsOf(ids), parties = refs && partiesOf(refs);
      if (!parties) return t("pick.title", { total });
      const names = parties.slice(0, parties.length > MOST ? 1 : MOST).map((id) => store.nameOfId(id));
      return parties.length > MOST ? t("pick.many", { name: names[0], total: parties.length - 1 }) : names.join(" ↔ ");
    },
    /** Returns the note below the title: "7 partnerships · 5 of them joint"; for other rows what the reader can do. @param {string[]} ids */
    note(ids) {
      const refs = partnershipsOf(ids), isPoint = (/** @type {string} */ id) => ["places", "sites"].includes(store.tableOf(store.ref(id) ?? -1));
      if (!refs) return t(ids.every(isPoint) ? "pick.note" : "pick.lines");
      const joint = refs.filter((r) => relations.isJoint(language.like("partnership_kind", store.get(r, "kind")))).length;
      return [t("count.links", { total: refs.length }), joint ? t("pick.joint", { total: joint }) : ""].filter(Boolean).join(" · ");
    },
  };
}
