/* Lists of suggestions (datalist) for fields: words of a vocabulary, or rows to which a column may refer. */

import { folded } from "./table-rows.js";
import { el } from "../app/base/dom.js";

const MOST = 3000; // maximum number of rows of each table that are suggested in a cell of the grid
const SHOWN = 8; // maximum number of rows that a field of the form suggests

/**
 * Returns `of`, which makes the list of a column when it is first asked for, `find`, which searches rows, and `node`, which contains the lists.
 * Lists are made again after changes.
 *
 * @param {{ language: Language, program: ProgramData, rows: import("./table-rows.js").TableRows, list: import("./change-list.js").ChangeList }} parts
 */
export function makeOptionLists({ language, program, rows, list }) {
  const node = el("div", { hidden: true }), lists = /** @type {Map<string, HTMLDataListElement>} */ (new Map());

  /** Adds the rows of tables to a list. @param {HTMLDataListElement} options @param {string[]} tables */
  async function fill(options, tables) {
    for (const table of tables) {
      for (const { id, record: { name, title } } of (await rows.all(table)).slice(0, MOST)) options.append(el("option", { value: id }, name || title || id));
    }
  }

  function clear() {
    lists.clear();
    node.replaceChildren();
  }
  list.onChange(clear); // rows were added or renamed
  language.onChange(clear);

  /** Returns the tables to which a column may refer. @param {import("./form-fields.js").FieldColumn} column */
  const tablesOf = ({ refers }) => (refers.length ? refers : Object.keys(program.tables));

  return {
    node,
    /**
     * Returns at most SHOWN rows whose id, name, English name or alias contains a text: first those that equal it, then those whose name begins
     * with it, of equals the shorter name first.
     *
     * @param {import("./form-fields.js").FieldColumn} column
     * @param {string} text
     * @param {(id: string) => string} aroundOf returns the name of the place in which a row lies
     */
    async find(column, text, aroundOf) {
      const sought = folded(text), found = /** @type {{ id: string, name: string, rank: number }[]} */ ([]);
      for (const table of tablesOf(column)) {
        for (const { id, record } of await rows.all(table)) {
          const name = record.name || record.title || id, names = [name, id, record.name_en, ...(record.aliases || "").split("|")].filter(Boolean).map(folded);
          if (names.some((one) => one.includes(sought))) found.push({ id, name, rank: names.includes(sought) ? 0 : names[0].startsWith(sought) ? 1 : 2 });
        }
      }
      return found.sort((a, b) => a.rank - b.rank || a.name.length - b.name.length).slice(0, SHOWN).map(({ id, name }) => ({ id, name, around: aroundOf(id) }));
    },
    /** Returns the id of the list for a column. @param {import("./form-fields.js").FieldColumn} column */
    of(column) {
      const { vocab } = column, tables = tablesOf(column), key = "qj-edit-of-" + (vocab || tables.join("-"));
      if (!lists.has(key)) {
        const options = el("datalist", { id: key });
        lists.set(key, options);
        node.append(options);
        if (vocab) options.append(...Object.keys(language.vocab[vocab] || {}).map((value) => el("option", { value: language.word(vocab, value) })));
        else fill(options, tables);
      }
      return key;
    },
  };
}
