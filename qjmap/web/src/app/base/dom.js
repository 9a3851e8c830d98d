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
 * Makes an element: el("button", { class: "qj-more", type: "button" }, ...children).
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
 * Calls `act` with each event of one kind on an element.
 *
 * @template {keyof HTMLElementEventMap} K
 * @param {HTMLElement} node
 * @param {K} kind
 * @param {(event: HTMLElementEventMap[K]) => void} act
 */
export function listen(node, kind, act) { node.addEventListener(kind, act); }

/**
 * Makes a button that calls `act` when it is clicked.
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
 * Returns the element of the page's template with an id; the element must exist.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id without the prefix "qj-"
 * @returns {T}
 */
export const templatePart = (id) => /** @type {T} */ (document.getElementById("qj-" + id));

/**
 * Returns the first element inside a node that matches a selector; there must be one.
 *
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} node
 * @param {string} selector
 * @returns {T}
 */
export const find = (node, selector) => /** @type {T} */ (node.querySelector(selector));

/**
 * Returns the target of an event, or the closest ancestor of it, that matches a selector; null if none does.
 *
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export const closest = ({ target }, selector) => (target instanceof Element ? target.closest(selector) : null);

/**
 * Returns the value of the attribute `lang` for a text: "zh-CN" if it has Chinese characters, else "en". Screen readers and fonts need it,
 * because an English page may show Chinese texts, and the reverse.
 *
 * @param {string} text
 */
export const langOf = (text) => (/[\u3400-\u9fff]/.test(text) ? "zh-CN" : "en");

/**
 * Makes an element with a text and the text's own language (`langOf`).
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} props
 * @param {string} text
 */
export const elIn = (tag, props, text) => el(tag, { ...props, lang: langOf(text) }, text);

/** Returns whether the reader has asked the system for reduced motion. */
export const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Returns whether the focus is inside an element, or nowhere.
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

/** Resolves in the next frame; in a hidden tab, which paints no frames, after 250 ms. */
export const nextFrame = () =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, 250);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });

/** @type {Promise<unknown> | null} work that was marked last; it never rejects */
let urgent = null;
/**
 * Marks work that a reader waits for. Long background work awaits `urgentWork` first.
 *
 * @param {Promise<unknown>} work
 */
export function markUrgent(work) { urgent = work.catch(() => {}); }
/** Returns a promise that resolves when the work marked last is done; null if none was marked. */
export const urgentWork = () => urgent;

/** Resolves when the browser has had time to handle input; awaited between two slices of long work. */
export const yieldToBrowser = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Makes a link to a web address that opens in a new tab. @param {string} href @param {string} text */
export const outwardLink = (href, text) => el("a", { href, rel: "noopener noreferrer", target: "_blank", class: "qj-break" }, text);

/** Keeps a custom CSS property of the page equal to the height of an element in px. @param {Element} node @param {string} property */
export function keepHeight(node, property) {
  new ResizeObserver(() => document.documentElement.style.setProperty(property, node.getBoundingClientRect().height + "px")).observe(node);
}
