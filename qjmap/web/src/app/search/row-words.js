/* Further words by which rows are searched besides their names: kind, place and amounts; and the order of rows that match equally well. */

import { makeFormat } from "../base/format.js";

/** @type {[column: string, vocabularies: Record<string, string>][]} column, and table -> vocabulary of its values */
const VOCABULARIES = [
  ["category", { sites: "category" }], ["kind", { places: "place_kind", partnerships: "partnership_kind", indicators: "indicator_kind" }],
  ["mode", { corridor_legs: "mode" }], ["modes", { corridors: "mode" }], ["status", { sites: "status", partnerships: "status", corridors: "status" }],
];
const STEP = 5; // smallest difference that is added to a rank
/** Table -> steps added to the ranks of its rows; none for tables that are not listed. @type {Record<string, number>} */
const BEHIND = { partnerships: 4, indicators: 6, corridor_legs: 12, sources: 40 };
const LINKS = 4; // number of partnerships from which on their number adds no steps for a site

/** Makes the functions that return further words and what is added to ranks. @param {{ language: Language, store: Store, relations: RelationIndex, families: Record<string, string[]> }} parts families of the categories of sites */
export function makeRowWords({ language, store, relations, families }) {
  const { t, word, has, vocab } = language;
  const formats = ["zh", "en"].map((now) => makeFormat(/** @type {Language} */ ({ now, t, word, has })));

  const familyOf = new Map(Object.entries(families).flatMap(([family, categories]) => categories.map((category) => [category, family])));

  /** Returns what `of` returns for each value of a row's kinds. @param {Ref} r @param {(names: Vocabulary[string], vocabulary: string, value: string) => string[]} of */
  const ofKinds = (r, of) => VOCABULARIES.flatMap(([column, groups]) => {
    const vocabulary = groups[store.tableOf(r)], group = vocab[vocabulary] || {};
    return store.list(r, column).flatMap((value) => (group[value] ? of(group[value], vocabulary, value) : []));
  });
  /** Returns the labels of kind, category, mode and status of a row in both languages. @param {Ref} r */
  const kinds = (r) => ofKinds(r, ({ zh, en }) => [zh, en]);
  /** Returns the synonyms of these labels, and the labels of the families of categories: a dry port belongs to logistics. @param {Ref} r */
  const related = (r) => ofKinds(r, ({ synonyms }, vocabulary, value) => {
    const family = (vocab.category_family || {})[(vocabulary === "category" && familyOf.get(value)) || ""];
    return [...(synonyms || []), ...(family ? [family.zh, family.en] : [])];
  });
  /** Returns the names of the places to which a row refers, in both languages. @param {Ref} r */
  const places = (r) => ["place", "subject", "area"].flatMap((column) => store.list(r, column)).flatMap((id) => ["zh", "en"].map((lang) => store.nameOfId(id, lang)));
  /** Returns the amounts of a row as they are shown, with and without thousands separators. @param {Ref} r */
  const amounts = (r) => formats.flatMap((format) => [
    format.isNumber(store.get(r, "value_cny")) ? format.money(store.get(r, "value_cny")) : "",
    store.tableOf(r) === "indicators" ? format.quantity(store.get(r, "value"), store.get(r, "unit")) : ""]).flatMap((text) => [text, text.replace(/,/g, "")]);

  /** Returns the number of levels of sites above a site (`part_of`), at most 3. @param {Ref} r @param {number} [depth] depth found so far @returns {number} */
  function depthOf(r, depth = 0) {
    const whole = depth < 3 ? store.list(r, "part_of").map((id) => store.ref(id)).find((one) => one !== undefined && store.tableOf(one) === "sites") : undefined;
    return whole === undefined ? depth : depthOf(whole, depth + 1);
  }

  return {
    /** Returns the words by which a row is found besides its texts. @param {Ref} r */
    of: (r) => Array.from(new Set([...kinds(r), ...places(r), ...amounts(r)])).filter(Boolean),
    related,
    /**
     * Returns what is added to the rank of a row (the lowest rank is the best): for a site more if it is part of another one and the fewer
     * partnerships it takes part in; for any other row by its table.
     *
     * @param {Ref} r
     */
    behind(r) {
      const table = store.tableOf(r);
      if (table !== "sites") return STEP * (BEHIND[table] || 0);
      return STEP * (depthOf(r) + LINKS - Math.min(LINKS, relations.of("partnerships", "parties", store.id(r)).length));
    },
  };
}
