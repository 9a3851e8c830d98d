/* What the list shows of each table, and by what a column is sorted.
 *
 * A column is { key, text(ref), ... }: `coded` names the coded column it shows, `sorted` the text columns of the index that
 * order it, `value(ref)` a number (-Infinity for none); one with none of them is sorted by its text. `wide` columns take
 * more room, those with `from` come only in a window of that many px.
 */

/**
 * @param {string} key
 * @param {any} text
 * @param {any} [options]
 */
const column = (key, text, options) => ({ key, text, ...options });

/**
 * 2020-09 stands between 2020 and 2020-10.
 *
 * @param {any} text
 */
const day = (text) => {
  const parts = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?/.exec(text);
  return parts ? Number(parts[1]) * 10000 + Number(parts[2] || 0) * 100 + Number(parts[3] || 0) : -Infinity;
};

/** @param {{ language: Language, store: Store, format: Format }} given */
export function listColumns({ language, store, format }) {
  const { t, word } = language;
  /**
   * @param {Ref} r
   * @param {any} column
   */
  const names = (r, column) => format.list(store.list(r, column).map((id) => store.nameOfId(id)));
  /**
   * @param {string} key
   * @param {any} [options]
   */
  const plain = (key, options) => column(key, (/** @type {Ref} */ r) => String(store.get(r, key)), options);
  /**
   * @param {string} key
   * @param {any} group
   */
  const vocabulary = (key, group) => column(key, (/** @type {Ref} */ r) => word(group, store.get(r, key)), { coded: key });
  /**
   * @param {string} key
   * @param {any} text
   * @param {any} [options]
   */
  const numeric = (key, text, options) => column(key, text, {
    number: true, value: (/** @type {Ref} */ r) => (format.isNumber(store.get(r, key)) ? Number(store.get(r, key)) : -Infinity), ...options,
  });
  /**
   * @param {string} key
   * @param {any} [options]
   */
  const dated = (key, options) => column(key, (/** @type {Ref} */ r) => format.date(store.get(r, key)), { value: (/** @type {Ref} */ r) => day(String(store.get(r, key))), needs: [key], ...options });
  /** @param {Ref} r */
  const money = (r) => (format.isNumber(store.get(r, "value_cny"))
    ? format.qualified(format.money(store.get(r, "value_cny")), store.get(r, "value_qualifier")) : "");

  const NAME = column("name", store.name, { wide: true, get sorted() { return language.now === "zh" ? ["name"] : ["name_en", "name"]; } });
  const SOURCE = column("source", (/** @type {Ref} */ r) => names(r, "source") || t("source.none"), { coded: "source" });
  const STATUS = column("status", store.status, { coded: "status" });
  const LEVEL = column("precision", (/** @type {Ref} */ r) => word("precision", store.get(r, "level") || store.get(r, "precision")), { coded: "level" });
  const ALIASES = column("aliases", (/** @type {Ref} */ r) => format.list(store.list(r, "aliases")), { from: 1900, sorted: ["aliases"] });
  const END = dated("end", { from: 1500 });

  return {
    places: [NAME, vocabulary("kind", "place_kind"), column("parent", (/** @type {Ref} */ r) => names(r, "parent"), { coded: "parent" }), plain("adcode", { from: 1200, sorted: ["adcode"] }),
      { ...ALIASES, from: 1200 }, LEVEL, SOURCE],
    sites: [NAME, vocabulary("category", "category"), STATUS, column("place", (/** @type {Ref} */ r) => names(r, "place"), { coded: "place" }),
      plain("address", { from: 1200, sorted: ["address"] }), dated("start", { from: 1200 }), END, ALIASES, LEVEL, SOURCE],
    partnerships: [NAME, vocabulary("kind", "partnership_kind"), STATUS, column("parties", (/** @type {Ref} */ r) => names(r, "parties"), { wide: true }),
      dated("start"), END, numeric("value_cny", money), ALIASES, SOURCE],
    corridors: [NAME, STATUS, column("area", (/** @type {Ref} */ r) => names(r, "area")), dated("start", { from: 1200 }), { ...ALIASES, from: 1200 }, SOURCE],
    corridor_legs: [{ ...NAME, sorted: null }, column("corridor", (/** @type {Ref} */ r) => names(r, "corridor")), numeric("seq", (/** @type {Ref} */ r) => String(store.get(r, "seq"))),
      vocabulary("mode", "mode"), STATUS, numeric("published_km", (/** @type {Ref} */ r) => String(store.get(r, "published_km"))), SOURCE],
    indicators: [NAME, column("subject", (/** @type {Ref} */ r) => names(r, "subject")), vocabulary("kind", "indicator_kind"),
      numeric("value", (/** @type {Ref} */ r) => format.quantity(store.get(r, "value"), store.get(r, "unit"), store.get(r, "qualifier"))), dated("period"), SOURCE],
    districts: [{ ...NAME, sorted: null }, numeric("rows", (/** @type {Ref} */ r) => format.number(Number(store.get(r, "rows"))))],
    sources: [{ ...NAME, sorted: ["name"] }, plain("publisher"), dated("published"), plain("licence"), plain("url")],
  };
}
