/* Elements without markup strings.
 *
 * Everything that a table holds reaches the page through text nodes and attributes set here, so no cell can become
 * markup or script. Nothing in the page makes markup from text.
 */
"use strict";

window.QJMap = window.QJMap || {};
window.QJMap.page = window.QJMap.page || {};

(function (page) {
  function append(node, child) {
    if (child === null || child === undefined || child === false || child === "") return;
    if (Array.isArray(child)) {
      for (const one of child) append(node, one);
    } else {
      node.append(child instanceof Node ? child : String(child));
    }
  }

  /* el("button", {class, type, "aria-label", on: {click}}, ...children): an element; strings become text. */
  page.el = function (tag, props, ...children) {
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
  };

  /* The elements that the template brings, by id. */
  page.part = (id) => document.getElementById("qj-" + id);

  page.clear = (node) => node.replaceChildren();

  /* Chinese text inside an English page (and the other way round) says so, for screen readers and fonts. */
  page.langOf = (text) => (/[\u3400-\u9fff]/.test(text) ? "zh-CN" : "en");

  /* A text in an element that carries the text's own language. */
  page.named = (tag, props, text) => page.el(tag, { ...props, lang: page.langOf(text) }, text);

  page.isPhone = () => window.matchMedia("(max-width: 719px)").matches;
  page.isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  /* Puts a value into the list that a map has under a key. */
  page.gather = function (map, key, value) {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };

  /* One frame later; a hidden tab paints no frames, so a timer stands in for it. */
  page.frame = () =>
    new Promise((done) => {
      const timer = setTimeout(done, 250);
      requestAnimationFrame(() => {
        clearTimeout(timer);
        done();
      });
    });

  /* What a reader waits for, as a promise that never fails: long work that nobody has asked for lets it go first. */
  page.awaited = null;

  /* Lets the browser answer input between two slices of long work. */
  page.pause = () => new Promise((done) => setTimeout(done, 0));
})(window.QJMap.page);
