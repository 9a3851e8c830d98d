/* Looks words up in vocabularies: values and their synonyms, datums, and categories in the category trees of map services; the twin of
 * qjmap/vocabulary.py, datum_words.py and category_trees.py in qjmap/tables.
 */

import { prepared, program } from "./program-data.js";
import { clean, fold, foldValue, strip } from "./normalize-text.js";

const TAG = /^([a-z_:]+)\s*=\s*([a-z0-9_;:.-]+)$/i;
const LEVELS = /\s*[;；>＞]\s*/;

const vocabularies = prepared(() => /** @type {Map<string, Map<string, string>>} */ (new Map()));

/**
 * Returns folded word -> value of a vocabulary. A value's own name takes precedence over words of the project, and these over labels and
 * synonyms.
 *
 * @param {string} vocabulary its name
 */
function valuesOf(vocabulary) {
  const known = vocabularies().get(vocabulary);
  if (known) return known;
  const entries = Object.entries(program.vocab[vocabulary]), values = new Map(entries.map(([value]) => [foldValue(value), value]));
  for (const [value, words] of Object.entries(program.project_words[vocabulary] || {})) {
    for (const word of words) if (!values.has(foldValue(word))) values.set(foldValue(word), value);
  }
  for (const [value, { zh, en, synonyms }] of entries) {
    for (const word of [zh, en, ...synonyms]) if (word && !values.has(foldValue(word))) values.set(foldValue(word), value);
  }
  vocabularies().set(vocabulary, values);
  return values;
}

/**
 * Returns the canonical value that a text names in a vocabulary, as value, label or synonym in either language; else null.
 *
 * @param {string} text
 * @param {string} vocabulary its name
 * @returns {string | null}
 */
export const findVocab = (text, vocabulary) => valuesOf(vocabulary).get(foldValue(text)) ?? null;

const datumPatterns = prepared(({ datums: { before, after, between, letters } }) => (
  { before: new RegExp(before, "i"), after: new RegExp(after, "i"), between: new RegExp(between, "i"), letters: new RegExp(letters, "i") }));

/**
 * Returns the datum that a text names, apart from generic words (坐标系) and brackets; null if it names none or several, or contains
 * other words.
 *
 * @param {string} text
 * @returns {string | null}
 */
export function findDatum(text) {
  const { before, after: end, between, letters } = datumPatterns();
  /** Returns the datum that a part of the text names, with or without a generic word at its end; null for none. @param {string} part */
  const datum = (part) => findVocab(part, "datum") ?? findVocab(part.replace(end, ""), "datum");
  /** Returns whether a part consists of generic words (坐标系) alone. @param {string} part */
  const isGeneric = (part) => !strip(part.replace(end, ""));
  const plain = strip(text.normalize("NFKC")).replace(before, "");
  const datums = new Set(plain.split(between).flatMap((part) => {
    const whole = datum(part);
    return whole ? [whole] : part.split(letters).filter((piece) => !isGeneric(piece)).map(datum);
  }));
  return datums.size === 1 ? Array.from(datums)[0] : null;
}

/** @typedef {{ paths: Map<string, string>, roots: Set<string>, tags: Map<string, Map<string, string>>, values: Map<string, string> }} Trees `paths`:
 * folded path in a tree -> category; `roots`: first levels of all paths; `tags`: key of OpenStreetMap -> value -> category; `values`: value ->
 * category, if every key with this value means the same category. */

/** Category trees of the grammar in the form in which they are searched. */
const trees = prepared(({ category_trees: given }) => {
  /** @type {Trees} */
  const read = { paths: new Map(), roots: new Set(given.roots.map(fold)), tags: new Map(), values: new Map() };
  for (const tree of Object.values(given.paths)) {
    for (const [category, paths] of Object.entries(tree)) for (const path of paths) read.paths.set(path.split(";").map(fold).join(";"), category);
  }
  for (const path of read.paths.keys()) read.roots.add(path.split(";")[0]);
  /** @type {Map<string, Set<string>>} */
  const meanings = new Map();
  for (const [category, tags] of Object.entries(given.tags)) {
    for (const tag of tags) {
      const [key, value] = tag.split("="), values = read.tags.get(key) || new Map();
      if (!values.has(value)) values.set(value, category);
      read.tags.set(key, values);
      meanings.set(value, (meanings.get(value) || new Set()).add(values.get(value)));
    }
  }
  for (const [value, categories] of meanings) {
    if (categories.size === 1 && value !== "*" && !given.only_with_key.includes(value)) read.values.set(value, Array.from(categories)[0]);
  }
  return read;
});

/**
 * Returns the category that a text of a map service means: a path in a category tree (公司企业;公司;机械电子), a tag (amenity=school), or a
 * tag's value (school); null if it means none.
 *
 * @param {string} text
 * @returns {string | null}
 */
function mappedCategory(text) {
  const { paths, roots, tags, values } = trees();
  const plain = strip(text.normalize("NFKC")), tag = TAG.exec(plain);
  if (tag) {
    const known = tags.get(tag[1].toLowerCase());
    return [...tag[2].toLowerCase().split(";"), "*"].map((value) => known?.get(value)).find(Boolean) ?? null;
  }
  const path = plain.split(/[|｜]/)[0].split(LEVELS).filter(strip).map(fold);
  if (!path.length) return null;
  if (!roots.has(path[0])) return path.length === 1 ? values.get(plain.toLowerCase().replaceAll(" ", "_")) ?? null : null;
  for (let depth = path.length; depth > 0; depth--) {
    const value = (depth > 1 && findVocab(path[depth - 1], "category")) || paths.get(path.slice(0, depth).join(";"));
    if (value) return value;
  }
  return null;
}

/**
 * Looks a text up in an open vocabulary. Returns [value, ""] for a known word. For any other text it returns [value, text]: the value is the
 * category that the text means in the category tree of a map service, else "other".
 *
 * @param {string} text
 * @param {string} vocabulary its name
 * @returns {[string, string]}
 */
export function readWord(text, vocabulary) {
  const value = findVocab(text, vocabulary);
  if (value !== null) return [value, ""];
  return [(vocabulary === "category" && mappedCategory(text)) || "other", clean(text)];
}
