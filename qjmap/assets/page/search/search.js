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
"use strict";

(function (page) {
  const SMALL = 20000; // rows of all tables together that the page indexes by itself, in one go
  const ROW = "\u0000";
  const FIELD = "\u0001"; // between the texts of a list
  const SLICE = 8; // ms of reading after which the browser may do something else
  const PLAIN = ["id", "adcode", "address", "publisher"]; // columns besides the names

  page.makeSearch = function (store, readings) {
    const rows = store.tables.reduce((sum, table) => sum + store.rows(table), 0), small = rows <= SMALL;
    const index = small ? page.inPage(readings) : page.inWorker(readings);
    const spelling = { of: readings, made: null };
    const pinyin = () => (spelling.made = spelling.made || page.makePinyin(spelling.of));
    const names = ["name", "title", "name_en", "aliases", ...PLAIN];
    const listeners = [];
    let complete = small;
    let filled = null; // a promise, once it has begun
    let beside = null; // the index of the drafts

    /* What is searched of a table: [{ name, main, of(ref) }]. */
    function columnsOf(table) {
      const plain = PLAIN.filter((name) => name === "id" || store.has(table, name) || store.drafts(table).length).map((name) => ({ name, main: false, of: (r) => String(store.get(r, name)) }));
      const aliases = { name: "aliases", main: false, of: (r) => store.list(r, "aliases").join(FIELD) };
      const own = (lang) => ({ name: lang === "zh" ? "name" : "name_en", main: true, of: (r) => store.nameIn(r, lang) });
      const english = { name: "name_en", main: true, of: (r) => String(store.get(r, "name_en")) };
      if (table === "sources") return [own("zh"), ...plain];
      if (table !== "corridor_legs") return [own("zh"), english, aliases, ...plain];
      const whole = { name: "corridor", main: false, of: (r) => ["zh", "en"].map((lang) => store.nameOfId(store.get(r, "corridor"), lang)).join(FIELD) };
      return [own("zh"), own("en"), whole, ...plain];
    }

    /* A column of some rows as one text, ROW before each row and at the end; "" where all of them are empty. */
    function joined(table, column, from, to) {
      const texts = new Array(to - from);
      let filled = false;
      for (let row = from; row < to; row++) filled = (texts[row - from] = column.of(store.refOf(table, row))) !== "" || filled;
      if (!filled) return "";
      const text = ROW + texts.join(ROW) + ROW;
      // A cell that holds the sign itself must not count as two rows.
      return text.split(ROW).length === texts.length + 2 ? text : ROW + texts.map((one) => one.replaceAll(ROW, " ")).join(ROW) + ROW;
    }

    async function readTable(table) {
      const columns = columnsOf(table);
      let before = performance.now();
      for await (const { from, to } of store.parts(table, names)) {
        const texts = [];
        for (const column of columns) {
          texts.push({ name: column.name, main: column.main, text: joined(table, column, from, to) });
          if (small || performance.now() - before < SLICE) continue;
          await page.pause();
          before = performance.now();
        }
        index.add(table, store.rows(table), from, to, texts);
        await page.awaited; // what a reader waits for goes first
      }
    }

    async function fill() {
      for (const table of store.tables) await readTable(table);
      complete = true;
      listeners.forEach((listener) => listener());
    }

    const read = () => (filled = filled || fill());

    /* Of a small page every answer is whole; a large one is searched while its index fills. */
    async function find(query, limit) {
      if (small) await read();
      const whole = complete;
      const [found, added] = await Promise.all([index.find(query, limit), beside ? beside.find(query, limit) : { hits: [], total: 0 }]);
      if (!found) return null;
      const hits = [...found.hits, ...added.hits.map(([table, row, rank]) => [table, store.rows(table) + row, rank])];
      if (added.total) hits.sort((a, b) => a[2] - b[2]);
      const refs = hits.slice(0, limit).map(([table, row]) => store.refOf(table, row));
      await store.load(refs);
      return { refs, total: found.total + added.total, complete: whole };
    }

    function setDrafts(all) {
      beside = page.inPage(all);
      Object.assign(spelling, { of: all, made: null });
      for (const table of store.tables) {
        const from = store.rows(table), count = store.drafts(table).length;
        const texts = columnsOf(table).map((column) => ({ name: column.name, main: column.main, text: joined(table, column, from, from + count) }));
        if (count) beside.add(table, count, 0, count, texts);
      }
    }

    async function drafts(query) {
      const masks = beside ? await beside.masks(query) : null;
      return masks ? Array.from(masks).flatMap(([table, mask]) => store.drafts(table).filter((_, k) => mask[k])) : [];
    }

    /* Folded letters of a text and which letter of it each belongs to. */
    function folded(text) {
      const letters = Array.from(text);
      const owner = [];
      let joined = "";
      letters.forEach((letter, number) => {
        const one = page.fold(letter);
        joined += one;
        for (let i = 0; i < one.length; i++) owner.push(number);
      });
      return { letters, owner, joined };
    }

    function marks(text, query) {
      const { letters, owner, joined } = folded(text);
      const flags = new Uint8Array(letters.length);
      const flag = (from, to) => { for (let i = from; i < to; i++) flags[owner[i]] = 1; };
      const words = page.fold(query).split(/\s+/).filter(Boolean);
      const together = words.join("");
      const literal = (word) => {
        let found = false;
        for (let at = joined.indexOf(word); at >= 0; at = joined.indexOf(word, at + word.length)) {
          flag(at, at + word.length);
          found = true;
        }
        return found;
      };
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
      const parts = [];
      letters.forEach((letter, number) => {
        const last = parts[parts.length - 1];
        if (last && last[1] === flags[number]) last[0] += letter;
        else parts.push([letter, flags[number]]);
      });
      return parts;
    }

    /* What concerns every row waits until every row is in the index. */
    const whole = (ask) => async (...values) => {
      await read();
      return ask(...values);
    };

    return {
      find, marks, read, setDrafts, drafts, masks: whole(index.masks), order: whole(index.order),
      get complete() { return complete; },
      onMore: (listener) => listeners.push(listener),
    };
  };
})(window.QJMap.page);
