/* Data of the program that the page contains: tables, vocabularies, texts, grammar (made by qjmap/page/import_worker.py). */

/** @type {ProgramData} */
export let program = /** @type {never} */ (null); // until `setProgramData` is called

/**
 * Sets the data of the program; called once, before anything is read.
 *
 * @param {ProgramData} given
 */
export function setProgramData(given) { program = given; }

/**
 * Returns a function that returns words and patterns of the grammar in the form that a reader needs. `prepare` makes them from the grammar
 * on the first call; they are made again only if other program data are set.
 *
 * @template T
 * @param {(grammar: Grammar) => T} prepare
 * @returns {() => T}
 */
export function prepared(prepare) {
  /** @type {{ of: ProgramData | null, value: T | null }} */
  const last = { of: null, value: null };
  return () => {
    if (last.of !== program) Object.assign(last, { of: program, value: prepare(program.grammar) });
    return /** @type {T} */ (last.value);
  };
}
