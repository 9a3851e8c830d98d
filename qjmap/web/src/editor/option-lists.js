/* Lists of suggestions (datalist) for fields: words of a vocabulary, or rows to which a column may refer. */

import { el } from "../app/base/dom.js";

const MOST = 3000; // maximum number of suggested rows of a table

/**
 * Makes the lists on demand; they are made again after changes.
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

  return {
    node,
    /** Returns the id of the list for a column. @param {import("./form-fields.js").FieldColumn} column */
    of({ vocab, refers }) {
      const tables = refers.length ? refers : Object.keys(program.tables), key = "qj-edit-of-" + (vocab || tables.join("-"));
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
