/* Creates elements without parsing HTML.
 *
 * All contents of tables reach the page through text nodes and attributes that are set here, so no cell can become markup or script. No
 * other code of the page makes markup from text.
 */

/**
 * Appends a child: a node, a text, or a list of them; null, undefined, false and "" are left out.
 *
 * @param {HTMLElement} node
 * @param {Child} child
 */
function append(node, child) {
  if (child === null || child === undefined || child === false || child === "") return;
  if (Array.isArray(child)) {
    for (const item of child) append(node, item);
  } else {
    node.append(child instanceof Node ? child : String(child));
  }
}

/**
 * An element: el("button", { class: "qj-more", type: "button" }, ...children).
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props] attributes; true stands for an empty one; null, undefined and false are left out
 * @param {...Child} children texts, nodes and lists of them; null, undefined, false and "" are left out
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") node.className = String(value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

/**
 * Calls `act` with each event of a kind that an element gets.
 *
 * @template {keyof HTMLElementEventMap} K
 * @param {HTMLElement} node
 * @param {K} kind
 * @param {(event: HTMLElementEventMap[K]) => void} act
 */
export function listen(node, kind, act) { node.addEventListener(kind, act); }

/**
 * A button that acts when it is clicked.
 *
 * @param {string} className
 * @param {Child} label
 * @param {() => void} act
 * @param {Props} [props]
 */
export function buttonOf(className, label, act, props) {
  const node = el("button", { type: "button", class: className, ...props }, label);
  listen(node, "click", act);
  return node;
}

/**
 * The element of the page's template with an id.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id without its prefix
 * @returns {T}
 */
export const templatePart = (id) => /** @type {T} */ (document.getElementById("qj-" + id));

/**
 * The first element that matches a selector, which must be there.
 *
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} node
 * @param {string} selector
 * @returns {T}
 */
export const find = (node, selector) => /** @type {T} */ (node.querySelector(selector));

/**
 * The closest ancestor of an event's target that matches a selector.
 *
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export const closest = ({ target }, selector) => (target instanceof Element ? target.closest(selector) : null);

/**
 * Language of a text ("zh" or "en"), for screen readers and fonts: an English page may show Chinese texts, and the reverse.
 *
 * @param {string} text
 */
export const langOf = (text) => (/[\u3400-\u9fff]/.test(text) ? "zh-CN" : "en");

/**
 * A text in an element that carries the text's own language.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} props
 * @param {string} text
 */
export const elIn = (tag, props, text) => el(tag, { ...props, lang: langOf(text) }, text);

/** Whether the reader has asked the system for reduced motion. */
export const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Whether the focus is inside an element, or nowhere.
 *
 * @param {HTMLElement} node
 */
export const holdsFocus = (node) => node.contains(document.activeElement) || document.activeElement === document.body;

/**
 * Adds a value to the list that a map has under a key.
 *
 * @template K, V
 * @param {Map<K, V[]>} map
 * @param {K} key
 * @param {V} value
 */
export function pushTo(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Resolves in the next frame; in a hidden tab, which paints no frames, after a timer. */
export const nextFrame = () =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, 250);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });

/** @type {Promise<unknown> | null} */
let urgent = null;
/**
 * Marks work that a reader waits for: long background work waits until it is done.
 *
 * @param {Promise<unknown>} work
 */
export function markUrgent(work) { urgent = work.catch(() => {}); }
/** Resolves when the urgent work is done. */
export const urgentWork = () => urgent;

/** Lets the browser handle input between two slices of long work. */
export const yieldToBrowser = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A link to a web address, which opens in a new tab. @param {string} href @param {string} text */
export const outwardLink = (href, text) => el("a", { href, rel: "noopener noreferrer", target: "_blank", class: "qj-break" }, text);

/** Keeps a CSS property of the page equal to the height of an element. @param {Element} node @param {string} property */
export function keepHeight(node, property) {
  new ResizeObserver(() => document.documentElement.style.setProperty(property, node.getBoundingClientRect().height + "px")).observe(node);
}
