/* Finding rows by what they are called.
 *
 * Each table becomes one long normalised text: a row is its fields, joined by FIELD and closed by ROW. Looking up a
 * word is then one native indexOf over the text, and the row is found from the position by bisection.
 */
"use strict";

(function (page) {
  const FIELD = "\u0001";
  const ROW = "\u0000";
  const SLICE = 20000; // rows between two pauses
  const ENOUGH = 4000; // hits ranked per table; beyond that nobody reads

  /* Full-width forms fold to half-width, case and accents go. */
  const fold = (text) => String(text).normalize("NFKC").toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const clean = (text) => fold(text).replace(/[\u0000\u0001]/g, " ");

  page.fold = fold;

  page.makeSearch = async function (store) {
    const texts = new Map();

    function fieldsOf(r, table) {
      const fields = [];
      if (table === "sources") fields.push(store.get(r, "title"), "");
      else fields.push(store.nameIn(r, "zh"), store.nameIn(r, "en"));
      if (table === "corridor_legs") {
        const corridor = store.get(r, "corridor");
        fields.push(store.nameOfId(corridor, "zh"), store.nameOfId(corridor, "en"));
      }
      if (table === "sources") fields.push(store.get(r, "publisher"));
      fields.push(...store.list(r, "aliases"), store.id(r), store.get(r, "adcode"), store.get(r, "address"));
      return fields;
    }

    for (const table of store.tables) {
      if (!store.whole(table)) continue;
      const rows = store.rows(table);
      const starts = new Uint32Array(rows + 1);
      const pieces = [];
      let at = 0;
      for (let row = 0; row < rows; row++) {
        const line = fieldsOf(store.refOf(table, row), table).map(clean).join(FIELD) + ROW;
        starts[row] = at;
        at += line.length;
        pieces.push(line);
        if (row % SLICE === SLICE - 1) await page.pause();
      }
      starts[rows] = at;
      texts.set(table, { text: pieces.join(""), starts });
    }

    function rowAt(starts, position) {
      let low = 0;
      let high = starts.length - 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (starts[middle] <= position) low = middle;
        else high = middle;
      }
      return low;
    }

    const wordsOf = (query) => clean(query).split(/\s+/).filter(Boolean);

    /* 0 is the best: the whole field, the start of the name, the start of another field, a word's start, inside. */
    function rank(fields, word) {
      let best = 9;
      fields.forEach((field, number) => {
        const position = field.indexOf(word);
        if (position < 0) return;
        const name = number < 2 ? 0 : 1;
        let score = 5 + name;
        if (field === word) score = name;
        else if (position === 0) score = 2 + name;
        else if (/[\s(（·-]/.test(field[position - 1])) score = 4 + name / 2;
        if (score < best) best = score;
      });
      return best;
    }

    /* Calls hit(row, line) for the rows of a table that hold every word, in row order, until it returns false. */
    function scan(table, words, hit) {
      if (!texts.has(table)) return;
      const { text, starts } = texts.get(table);
      const longest = words.reduce((a, b) => (b.length > a.length ? b : a));
      let position = text.indexOf(longest);
      while (position >= 0) {
        const row = rowAt(starts, position);
        const line = text.slice(starts[row], starts[row + 1] - 1);
        if (words.every((word) => line.includes(word)) && hit(row, line) === false) return;
        position = text.indexOf(longest, starts[row + 1]);
      }
    }

    /* Refs that match the query, best first, and how many there are. */
    function find(query, limit) {
      const words = wordsOf(query);
      if (!words.length) return { refs: [], total: 0, words };
      const whole = words.join(" ");
      const hits = [];
      store.tables.forEach((table, order) => {
        let count = 0;
        scan(table, words, (row, line) => {
          const fields = line.split(FIELD);
          let score = words.reduce((sum, word) => sum + rank(fields, word), 0) / words.length;
          if (words.length > 1) score = Math.min(score, rank(fields, whole));
          hits.push({ ref: store.refOf(table, row), score: score + order * 0.05 + Math.min(fields[0].length, 90) / 1000 });
          return ++count < ENOUGH;
        });
      });
      hits.sort((a, b) => a.score - b.score || a.ref - b.ref);
      return { refs: hits.slice(0, limit).map((hit) => hit.ref), total: hits.length, words };
    }

    /* Row numbers of one table that match, in row order; null when the query is empty. */
    function rowsOf(table, query) {
      const words = wordsOf(query);
      if (!words.length) return null;
      const found = [];
      scan(table, words, (row) => { found.push(row); });
      return found;
    }

    /* The parts of a shown text, with the found words marked: [[text, marked], ...]. */
    function marks(text, words) {
      const letters = Array.from(text);
      const folded = letters.map(fold);
      const flags = new Uint8Array(letters.length);
      const joined = folded.join("");
      const owner = [];
      folded.forEach((letter, index) => { for (let i = 0; i < letter.length; i++) owner.push(index); });
      for (const word of words) {
        for (let at = joined.indexOf(word); at >= 0; at = joined.indexOf(word, at + word.length)) {
          for (let i = at; i < at + word.length; i++) flags[owner[i]] = 1;
        }
      }
      const parts = [];
      letters.forEach((letter, index) => {
        const last = parts[parts.length - 1];
        if (last && last[1] === flags[index]) last[0] += letter;
        else parts.push([letter, flags[index]]);
      });
      return parts;
    }

    return { find, rowsOf, marks };
  };
})(window.QJMap.page);
