/* Search for rows by their texts: reads the tables into the index and queries it. */

import { makePinyin } from "./pinyin-matcher.js";
import { startSearch } from "./search-client.js";
import { fold } from "./search-index.js";
import { urgentWork, yieldToBrowser } from "../base/dom.js";

const SMALL = 20000; // number of rows of all tables up to which they are read without a break and with all own columns, in about 0.1 s
const ROW = "\u0000"; // stands before each row and at the end
const FIELD = "\u0001"; // separator between the texts of a list
const SLICE = 8; // ms of reading after which the browser may handle events
const DESCRIBED = 90, RELATED = 170; // added to the rank (the lowest is the best) of a match in the words for the row's kind and place, and in the synonyms of these
const PLAIN = ["id", "adcode", "address", "publisher", "category_word", "kind_word", "status_word", "value_kind_word", "mode_word"]; // searched columns that do not contain names
/** Columns of the tables whose texts are unpacked for the index. */
const READ = ["name", "title", "name_en", "aliases", ...PLAIN];

/** @typedef {{ name: string, main: boolean, late?: number, of: (r: Ref) => string }} SearchColumn As `TextColumn` (search-index.js); `of` returns a row's text. */
/** @typedef {ReturnType<typeof import("./row-words.js").makeRowWords>} RowWords */

/**
 * Returns the columns that are searched in a table.
 *
 * @param {Store} store
 * @param {string} table
 * @param {Pick<OwnColumns, "of">} own
 * @param {RowWords | null} words further words of rows, as a column; null for none
 * @returns {SearchColumn[]}
 */
function columnsOf(store, table, own, words) {
  const texts = own.of(table).filter(({ kind, searched = kind === "text" }) => searched)
    .map(({ name }) => ({ name: "own." + name, main: false, of: (/** @type {Ref} */ r) => String(store.get(r, name)) }));
  /** @type {SearchColumn[]} */
  const plain = PLAIN.filter((name) => (name === "id" && store.views.get(table)?.id) || store.has(table, name) || store.drafts(table).length)
    .map((name) => ({ name, main: false, of: (/** @type {Ref} */ r) => String(store.get(r, name)) })).concat(texts);
  if (words) {
    plain.push({ name: "words", main: false, late: DESCRIBED, of: (r) => words.of(r).join(FIELD) });
    plain.push({ name: "related", main: false, late: RELATED, of: (r) => words.related(r).join(FIELD) });
  }
  /** Returns the column of the names in a language. @param {string} lang */
  const nameIn = (lang) => ({ name: lang === "zh" ? "name" : "name_en", main: true, of: (/** @type {Ref} */ r) => store.nameIn(r, lang) });
  if (table === "sources") return [nameIn("zh"), ...plain];
  if (table === "corridor_legs") {
    const corridor = (/** @type {Ref} */ r) => ["zh", "en"].map((lang) => store.nameOfId(store.get(r, "corridor"), lang)).join(FIELD);
    return [nameIn("zh"), nameIn("en"), { name: "corridor", main: false, of: corridor }, ...plain];
  }
  return [
    nameIn("zh"), { name: "name_en", main: true, of: (r) => String(store.get(r, "name_en")) },
    { name: "aliases", main: false, of: (r) => store.list(r, "aliases").join(FIELD) }, ...plain,
  ];
}

/**
 * Returns a column of the rows [from, to) as one text, with ROW before each row and at the end; "" if all cells are empty.
 *
 * @param {Store} store
 * @param {string} table
 * @param {SearchColumn} column
 * @param {number} from
 * @param {number} to
 */
function joinTexts(store, table, column, from, to) {
  const texts = new Array(to - from);
  let filled = false;
  for (let row = from; row < to; row++) filled = (texts[row - from] = column.of(store.refOf(table, row))) !== "" || filled;
  if (!filled) return "";
  const text = ROW + texts.join(ROW) + ROW;
  // The separator is removed from cells, so that a cell is never counted as two rows.
  return text.split(ROW).length === texts.length + 2 ? text : ROW + texts.map((one) => one.replaceAll(ROW, " ")).join(ROW) + ROW;
}

/**
 * Folds a text by characters. Returns its characters (`letters`), the folded text (`joined`), and for each UTF-16 code unit of that the index of the
 * character it comes from (`owner`).
 *
 * @param {string} text
 */
function foldLetters(text) {
  const letters = Array.from(text), owner = /** @type {number[]} */ ([]);
  let joined = "";
  letters.forEach((letter, number) => {
    const folded = fold(letter);
    joined += folded;
    for (let i = 0; i < folded.length; i++) owner.push(number);
  });
  return { letters, owner, joined };
}

/**
 * Returns the ranges [from, to) of a folded text that match a word: all places where it stands as typed, else the first that matches by pinyin
 * (of a single letter only one at the start of the text); [] for none.
 *
 * @param {string} text
 * @param {string} word folded
 * @param {() => ReturnType<typeof makePinyin>} pinyin
 * @returns {[number, number][]}
 */
function findWord(text, word, pinyin) {
  const ranges = /** @type {[number, number][]} */ ([]);
  for (let start = text.indexOf(word); start >= 0; start = text.indexOf(word, start + word.length)) ranges.push([start, start + word.length]);
  const matcher = !ranges.length && /[\u3400-\u9fff]/.test(text) ? pinyin().matcher(word) : null;
  for (let i = 0; matcher && i < text.length; i++) {
    if (!(matcher.role[text.charCodeAt(i)] & 1) || !matcher.at(text, i)) continue;
    return matcher.length === 1 && i ? [] : [[i, matcher.end]];
  }
  return ranges;
}

/**
 * Splits a text into parts, each with 1 if it matches the query, else 0.
 *
 * @param {string} text
 * @param {string} query as typed
 * @param {() => ReturnType<typeof makePinyin>} pinyin
 * @returns {[string, number][]}
 */
function markMatches(text, query, pinyin) {
  const { letters, owner, joined } = foldLetters(text), flags = new Uint8Array(letters.length);
  const words = fold(query).split(/\s+/).filter(Boolean), together = words.length ? findWord(joined, words.join(""), pinyin) : [];
  const ranges = words.length > 1 && !together.length ? words.flatMap((word) => findWord(joined, word, pinyin)) : together;
  for (const [from, to] of ranges) for (let i = from; i < to; i++) flags[owner[i]] = 1;
  const parts = /** @type {[string, number][]} */ ([]);
  letters.forEach((letter, number) => {
    const last = parts[parts.length - 1];
    if (last && last[1] === flags[number]) last[0] += letter;
    else parts.push([letter, flags[number]]);
  });
  return parts;
}

/**
 * Adds the rows of all tables to the index; resolves when all are added.
 *
 * @param {Store} store
 * @param {import("./search-client.js").SearchClient} index
 * @param {boolean} atOnce whether to read without breaks in which the browser could handle events
 * @param {Pick<OwnColumns, "of">} own
 * @param {RowWords | null} words further words of rows; null for none
 */
async function fillIndex(store, index, atOnce, own, words) {
  for (const table of store.tables) {
    const columns = columnsOf(store, table, own, words);
    let before = performance.now();
    for await (const { from, to } of store.parts(table, [...READ, ...own.of(table).map(({ name }) => name)])) {
      const texts = [];
      for (const column of columns) {
        texts.push({ name: column.name, main: column.main, late: column.late, text: joinTexts(store, table, column, from, to) });
        if (atOnce || performance.now() - before < SLICE) continue;
        await yieldToBrowser();
        before = performance.now();
      }
      index.add(table, store.rows(table), from, to, texts, words ? Uint8Array.from({ length: to - from }, (_, k) => words.behind(store.refOf(table, from + k))) : undefined);
      await urgentWork(); // what a reader waits for comes first
    }
  }
}

/**
 * Starts a search index of the drafts, whose rows are numbered from 0 in each table.
 *
 * @param {Store} store
 * @param {Readings} readings readings of all characters, because drafts may have characters that the tables do not have
 * @param {Pick<OwnColumns, "of">} own
 */
function indexDrafts(store, readings, own) {
  const index = startSearch(readings);
  for (const table of store.tables) {
    const from = store.rows(table), count = store.drafts(table).length;
    const texts = columnsOf(store, table, own, null).map((column) => ({ name: column.name, main: column.main, text: joinTexts(store, table, column, from, from + count) }));
    if (count) index.add(table, count, 0, count, texts);
  }
  return index;
}

/**
 * Makes the search of a page. The index is empty until `read` fills it.
 *
 * @param {Store} store
 * @param {Readings} tableReadings readings of the characters in the tables
 * @param {OwnColumns} ownColumns all are searched in small tables, in others only those that the page's data mark (`searched`)
 * @param {RowWords} rowWords further words of rows, which are searched in small tables
 */
export function makeRowSearch(store, tableReadings, ownColumns, rowWords) {
  const small = store.tables.reduce((sum, table) => sum + store.rows(table), 0) <= SMALL;
  const own = small ? ownColumns : { of: (/** @type {string} */ table) => ownColumns.of(table).filter(({ searched }) => searched) };
  const started = /** @type {import("./search-client.js").SearchClient[]} */ ([]), index = () => started[0] || (started[0] = startSearch(readings)); // on first use
  const listeners = /** @type {(() => void)[]} */ ([]);
  let readings = tableReadings, complete = small; // small tables are read before the first search
  /** @type {ReturnType<typeof makePinyin> | null} */
  let spelling = null;
  const pinyin = () => (spelling = spelling || makePinyin(readings));
  /** @type {Promise<void> | null} */
  let filling = null;
  let edition = store.edition; // of the cells that are indexed
  /** @type {ReturnType<typeof indexDrafts> | null} */
  let draftIndex = null;
  /** Returns the index of the drafts, made on first use; null without drafts. */
  const indexOfDrafts = () => (draftIndex = draftIndex || (store.tables.some((table) => store.drafts(table).length) ? indexDrafts(store, readings, own) : null));

  async function fill() {
    await fillIndex(store, index(), small, own, small ? rowWords : null);
    complete = true;
    listeners.forEach((listener) => listener());
  }
  const read = () => (filling = filling || fill());

  return {
    /** Reads the rows into the index, once; resolves when it has all rows. */
    read,
    /** Whether a search finds rows of all tables already; with large tables that takes a while. */
    get complete() { return complete; },
    /** The edition of the cells (`store.edition`) that are indexed. */
    get edition() { return edition; },
    /** Registers a listener that is called when the index has all rows. @param {() => void} listener */
    onMore: (listener) => { listeners.push(listener); },
    /**
     * Resolves to the best rows and drafts for a query, the best first, the total number of matches, and whether the index had all rows; null
     * if a later call has overtaken this one.
     *
     * @param {string} query
     * @param {number} limit maximum number of rows
     */
    async find(query, limit) {
      if (small) await read();
      const wasComplete = complete;
      const [result, drafts] = await Promise.all([index().find(query, limit), indexOfDrafts()?.find(query, limit)]);
      if (!result) return null;
      const hits = [...result.hits, ...(drafts ? drafts.hits : []).map(([table, row, rank]) => /** @type {const} */ ([table, store.rows(table) + row, rank]))];
      if (drafts && drafts.total) hits.sort((a, b) => a[2] - b[2]);
      const refs = hits.slice(0, limit).map(([table, row]) => store.refOf(table, row));
      await store.load(refs);
      return { refs, total: result.total + (drafts ? drafts.total : 0), complete: wasComplete };
    },
    /** Resolves to table -> mask of the matching rows, when the index has all rows; null for a blank query, or if overtaken. @param {string} query */
    async masks(query) { await read(); return index().masks(query); },
    /** Resolves to the rows of a table sorted by the first of the text columns that is filled. @param {string} table @param {string[]} columns */
    async order(table, columns) { await read(); return index().order(table, columns); },
    /** Splits a text into parts, each with 1 if it matches the query, else 0. @param {string} text @param {string} query */
    marks: (text, query) => markMatches(text, query, pinyin),
    /** Has the drafts, and small tables whose cells have changed, indexed again by the next search. @param {Readings} all readings of all characters */
    setDrafts(all) {
      if (small && edition !== store.edition) {
        started.pop()?.end();
        filling = null;
        edition = store.edition;
      }
      if (draftIndex) draftIndex.end();
      draftIndex = null;
      readings = all;
      spelling = null;
    },
    /** Resolves to the drafts that match a query. @param {string} query @returns {Promise<Ref[]>} */
    async drafts(query) {
      const masks = await indexOfDrafts()?.masks(query);
      return masks ? Array.from(masks).flatMap(([table, mask]) => store.drafts(table).filter((_, k) => mask[k])) : [];
    },
  };
}
