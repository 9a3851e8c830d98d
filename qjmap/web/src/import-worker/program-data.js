/* The texts, vocabularies and tables of the program, as the page carries them. */

/** @type {ProgramData} */
export let program = /** @type {never} */ (null); // until the worker has been told

/**
 * Sets the program, once, before anything is read.
 *
 * @param {ProgramData} given
 */
export function setProgramData(given) { program = given; }

/**
 * Words and patterns of the grammar in the form that a reader needs, made once for the program that are set.
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
