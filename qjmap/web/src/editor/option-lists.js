/* What fields propose while they are typed in: words of a vocabulary, or the rows that a column may refer to. */

import { el } from "../app/base/dom.js";

const MOST = 3000; // rows that a field proposes

/**
 * @param {{ language: Language, program: ProgramData, rows: import("./table-rows.js").TableRows, list: import("./change-list.js").ChangeList }} parts
 */
export function makeOptionLists({ language, program, rows, list }) {
  const node = el("div", { hidden: true }), lists = /** @type {Map<string, HTMLDataListElement>} */ (new Map());

  /** @param {HTMLDataListElement} options @param {string[]} tables */
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
    /** The id of the list of a column. @param {import("./form-fields.js").FieldColumn} column */
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
