/* Finding rows by what they are called: reads the tables into the index and asks it.
 *
 *   search.find(query, limit)   { refs, total, words, complete }, or null when a newer call has overtaken this one
 *   search.masks(query)         table -> one byte a row, null for an empty query
 *   search.order(table, column) row numbers in the order of a text column
 *   search.marks(text, query)   the parts of a shown text, with what was found marked: [[text, marked], ...]
 *   search.setDrafts(readings)  the drafts are others now; with the readings of all characters, which tables need not have
 *   search.drafts(query)        refs of the drafts that hold the query
 *   search.read()               reads the rows into the index, unless that has begun; whoever asks before does it, too
 *   search.complete             whether an answer is of every row; of large tables not until the index is filled
 *   search.onMore(listener)     told when it is
 */

import { awaitedWork, yieldToBrowser } from "../dom.js";
import { fold } from "./core.js";
import { indexInPage, indexInWorker } from "./index.js";
import { makePinyin } from "./pinyin.js";

const SMALL = 20000; // rows of all tables together that the page indexes by itself, in one go
const ROW = "\u0000";
const FIELD = "\u0001"; // between the texts of a list
const SLICE = 8; // ms of reading after which the browser may do something else
const PLAIN = ["id", "adcode", "address", "publisher"]; // columns besides the names

/**
 * Folded letters of a text and which letter of it each belongs to.
 *
 * @param {string} text
 */
function folded(text) {
  const letters = Array.from(text);
  /** @type {any[]} */
  const owner = [];
  let joined = "";
  letters.forEach((letter, number) => {
    const one = fold(letter);
    joined += one;
    for (let i = 0; i < one.length; i++) owner.push(number);
  });
  return { letters, owner, joined };
}

/**
 * @param {Store} store
 * @param {Readings} readings
 */
export function makeSearch(store, readings) {
  const rows = store.tables.reduce((sum, table) => sum + store.rows(table), 0), small = rows <= SMALL;
  const index = small ? indexInPage(readings) : indexInWorker(readings);
  /** @type {{ of: any, made: ReturnType<typeof makePinyin> | null }} */
  const spelling = { of: readings, made: null };
  const pinyin = () => (spelling.made = spelling.made || makePinyin(spelling.of));
  const names = ["name", "title", "name_en", "aliases", ...PLAIN];
  /** @type {((...given: any[]) => void)[]} */
  const listeners = [];
  let complete = small;
  /** @type {any} */
  let filled = null; // a promise, once it has begun
  /** @type {any} */
  let beside = null; // the index of the drafts

  /**
   * What is searched of a table: [{ name, main, of(ref) }].
   *
   * @param {any} table
   */
  function columnsOf(table) {
    const plain = PLAIN.filter((name) => name === "id" || store.has(table, name) || store.drafts(table).length).map((name) => ({ name, main: false, of: (/** @type {Ref} */ r) => String(store.get(r, name)) }));
    const aliases = { name: "aliases", main: false, of: (/** @type {Ref} */ r) => store.list(r, "aliases").join(FIELD) };
    /** @param {string} [lang] */
    const own = (lang) => ({ name: lang === "zh" ? "name" : "name_en", main: true, of: (/** @type {Ref} */ r) => store.nameIn(r, lang) });
    const english = { name: "name_en", main: true, of: (/** @type {Ref} */ r) => String(store.get(r, "name_en")) };
    if (table === "sources") return [own("zh"), ...plain];
    if (table !== "corridor_legs") return [own("zh"), english, aliases, ...plain];
    const whole = { name: "corridor", main: false, of: (/** @type {Ref} */ r) => ["zh", "en"].map((lang) => store.nameOfId(store.get(r, "corridor"), lang)).join(FIELD) };
    return [own("zh"), own("en"), whole, ...plain];
  }

  /**
   * A column of some rows as one text, ROW before each row and at the end; "" where all of them are empty.
   *
   * @param {any} table
   * @param {any} column
   * @param {any} from
   * @param {any} to
   */
  function joined(table, column, from, to) {
    const texts = new Array(to - from);
    let filled = false;
    for (let row = from; row < to; row++) filled = (texts[row - from] = column.of(store.refOf(table, row))) !== "" || filled;
    if (!filled) return "";
    const text = ROW + texts.join(ROW) + ROW;
    // A cell that holds the sign itself must not count as two rows.
    return text.split(ROW).length === texts.length + 2 ? text : ROW + texts.map((one) => one.replaceAll(ROW, " ")).join(ROW) + ROW;
  }

  /** @param {any} table */
  async function readTable(table) {
    const columns = columnsOf(table);
    let before = performance.now();
    for await (const { from, to } of store.parts(table, names)) {
      const texts = [];
      for (const column of columns) {
        texts.push({ name: column.name, main: column.main, text: joined(table, column, from, to) });
        if (small || performance.now() - before < SLICE) continue;
        await yieldToBrowser();
        before = performance.now();
      }
      index.add(table, store.rows(table), from, to, texts);
      await awaitedWork(); // what a reader waits for goes first
    }
  }

  async function fill() {
    for (const table of store.tables) await readTable(table);
    complete = true;
    listeners.forEach((listener) => listener());
  }

  const read = () => (filled = filled || fill());

  /**
   * Of a small page every answer is whole; a large one is searched while its index fills.
   *
   * @param {string} query
   * @param {number} limit
   */
  async function find(query, limit) {
    if (small) await read();
    const whole = complete;
    const [found, added] = await Promise.all([index.find(query, limit), beside ? beside.find(query, limit) : { hits: [], total: 0 }]);
    if (!found) return null;
    const hits = [...found.hits, ...added.hits.map((/** @type {any[]} */ [table, row, rank]) => [table, store.rows(table) + row, rank])];
    if (added.total) hits.sort((a, b) => a[2] - b[2]);
    const refs = hits.slice(0, limit).map(([table, row]) => store.refOf(table, row));
    await store.load(refs);
    return { refs, total: found.total + added.total, complete: whole };
  }

  /** @param {any} all */
  function setDrafts(all) {
    beside = indexInPage(all);
    Object.assign(spelling, { of: all, made: null });
    for (const table of store.tables) {
      const from = store.rows(table), count = store.drafts(table).length;
      const texts = columnsOf(table).map((column) => ({ name: column.name, main: column.main, text: joined(table, column, from, from + count) }));
      if (count) beside.add(table, count, 0, count, texts);
    }
  }

  /** @param {string} query */
  async function drafts(query) {
    const masks = beside ? await beside.masks(query) : null;
    return masks ? Array.from(masks).flatMap(([table, mask]) => store.drafts(table).filter((_, /** @type {number} */ k) => mask[k])) : [];
  }

  /**
   * @param {string} text
   * @param {string} query
   */
  function marks(text, query) {
    const { letters, owner, joined } = folded(text);
    const flags = new Uint8Array(letters.length);
    /**
     * @param {any} from
     * @param {any} to
     */
    const flag = (from, to) => { for (let i = from; i < to; i++) flags[owner[i]] = 1; };
    const words = fold(query).split(/\s+/).filter(Boolean);
    const together = words.join("");
    /** @param {string} word */
    const literal = (word) => {
      let found = false;
      for (let at = joined.indexOf(word); at >= 0; at = joined.indexOf(word, at + word.length)) {
        flag(at, at + word.length);
        found = true;
      }
      return found;
    };
    /** @param {string} word */
    const spelt = (word) => {
      const matcher = /[\u3400-\u9fff]/.test(joined) ? pinyin().matcher(word) : null;
      if (!matcher) return false;
      for (let i = 0; i < joined.length; i++) {
        if (!(matcher.role[joined.charCodeAt(i)] & 1) || !matcher.at(joined, i)) continue;
        if (matcher.length === 1 && i) return false;
        flag(i, matcher.end);
        return true;
      }
      return false;
    };
    if (words.length < 2 || !(literal(together) || spelt(together))) words.forEach((word) => literal(word) || spelt(word));
    /** @type {any[]} */
    const parts = [];
    letters.forEach((letter, number) => {
      const last = parts[parts.length - 1];
      if (last && last[1] === flags[number]) last[0] += letter;
      else parts.push([letter, flags[number]]);
    });
    return parts;
  }

  /**
   * What concerns every row waits until every row is in the index.
   *
   * @param {any} ask
   */
  const whole = (ask) => async (/** @type {any[]} */ ...values) => {
    await read();
    return ask(...values);
  };

  return {
    find, marks, read, setDrafts, drafts, masks: whole(index.masks), order: whole(index.order),
    get complete() { return complete; },
    onMore: (/** @type {any} */ listener) => listeners.push(listener),
  };
}
