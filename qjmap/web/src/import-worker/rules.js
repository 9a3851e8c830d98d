/* The texts, vocabularies and tables of the program, as the page carries them. */

/** @type {Rules} */
export let rules = /** @type {never} */ (null); // until the worker has been told

/**
 * Sets the rules, once, before anything is read.
 *
 * @param {Rules} given
 */
export function setRules(given) { rules = given; }

/**
 * Words and patterns of the grammar in the form that a reader needs, made once for the rules that are set.
 *
 * @template T
 * @param {(grammar: Grammar) => T} prepare
 * @returns {() => T}
 */
export function prepared(prepare) {
  /** @type {{ of: Rules | null, value: T | null }} */
  const last = { of: null, value: null };
  return () => {
    if (last.of !== rules) Object.assign(last, { of: rules, value: prepare(rules.grammar) });
    return /** @type {T} */ (last.value);
  };
}
