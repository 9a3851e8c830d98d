/* Elements without markup strings.
 *
 * Everything that a table holds reaches the page through text nodes and attributes set here, so no cell can become
 * markup or script. Nothing in the page makes markup from text.
 */

/**
 * @param {HTMLElement} node
 * @param {any} child
 */
function append(node, child) {
  if (child === null || child === undefined || child === false || child === "") return;
  if (Array.isArray(child)) {
    for (const one of child) append(node, one);
  } else {
    node.append(child instanceof Node ? child : String(child));
  }
}

/**
 * el("button", {class, type, "aria-label", on: {click}}, ...children): an element; strings become text.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any> | null} [props]
 * @param {...any} children texts, nodes and lists of them; null, undefined, false and "" are left out
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else if (key === "class") {
      node.className = value;
    } else {
      node.setAttribute(key, value === true ? "" : String(value));
    }
  }
  append(node, children);
  return node;
}

/**
 * The elements that the template brings, by id.
 *
 * @template {HTMLElement} [T=any]
 * @param {string} id
 * @returns {T}
 */
export const templatePart = (id) => /** @type {any} */ (document.getElementById("qj-" + id));

/** @param {HTMLElement} node */
export const clearNode = (node) => node.replaceChildren();

/**
 * Chinese text inside an English page (and the other way round) says so, for screen readers and fonts.
 *
 * @param {any} text
 */
export const langOf = (text) => (/[\u3400-\u9fff]/.test(text) ? "zh-CN" : "en");

/**
 * A text in an element that carries the text's own language.
 *
 * @param {Record<string, any>} props
 * @param {any} text
 */
export const elIn = (/** @type {keyof HTMLElementTagNameMap} */ tag, props, text) => el(tag, { ...props, lang: langOf(text) }, text);

export const isPhone = () => window.matchMedia("(max-width: 719px)").matches;
export const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Puts a value into the list that a map has under a key.
 *
 * @param {LeafletMap} map
 * @param {string} key
 * @param {any} value
 */
export function pushTo(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/* One frame later; a hidden tab paints no frames, so a timer stands in for it. */
export const nextFrame = () =>
  new Promise((/** @type {(nothing?: undefined) => void} */ done) => {
    const timer = setTimeout(done, 250);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      done();
    });
  });

/** @type {any} */
let awaited = null;
/**
 * Work that a reader waits for, a promise: long work that nobody has asked for lets it go first.
 *
 * @param {any} work
 */
export function giveWay(work) { awaited = work.catch(() => {}); }
/* Resolves when such work is done. */
export const awaitedWork = () => awaited;

/* Lets the browser answer input between two slices of long work. */
export const yieldToBrowser = () => new Promise((done) => setTimeout(done, 0));
