/* Keeps the state of the page in the hash of its address: #id=zigong&t=2020-Q3. This works on file:// too, so that links can be sent and the
 * browser's Back button works.
 *
 * Every part of the page that keeps state has its own key, and is independent of the others:
 *
 *   address.get(key)                    the text under a key, "" without one
 *   address.set(key, text, {replace})   "" removes the key; with replace no new entry in the history is made (for a moving slider)
 *   address.on(key, listener)           calls the listener with the text when the reader changes it: by Back, a link or typing
 */

/* Parses and serializes the hash. */
const hashPairs = {
  /** Returns the pairs of key and text; null if the hash is not empty but has no "=" (a link to an element of the page). @param {string} hash */
  read(hash) {
    const text = hash.replace(/^#/, "");
    if (text && !text.includes("=")) return null;
    return new Map(Array.from(new URLSearchParams(text)).filter(([, value]) => value));
  },
  /** Serializes pairs of key and text. @param {Map<string, string>} pairs */
  write(pairs) {
    return Array.from(pairs, ([key, value]) => encodeURIComponent(key) + "=" + encodeURIComponent(value)).join("&");
  },
};

/**
 * Returns `get`, `set` and `on` (see above) for the page's state in the hash of its address. Listens to changes of the hash, and handles
 * clicks on links to rows (#id=...) itself, except with Ctrl, Meta or Shift, so that the texts of the other keys are kept.
 */
export function makeUrlState() {
  /** @type {Map<string, (text: string) => void>} */
  const listeners = new Map();
  let now = hashPairs.read(window.location.hash) || new Map();

  /** Writes the pairs into the address. @param {Map<string, string>} next @param {boolean} [replace] */
  function put(next, replace) {
    now = next;
    const hash = hashPairs.write(now);
    if (hash === window.location.hash.slice(1)) return;
    try {
      // pushState instead of location.hash: an empty hash ("#") would scroll the page, and pushState causes no hashchange event.
      window.history[replace ? "replaceState" : "pushState"](null, "", "#" + hash);
    } catch (_) {
      window.location.hash = hash; // in a frame without its own address (a notebook) pushState fails
    }
  }

  /* Calls the listeners of the keys that the reader changed. */
  function follow() {
    const next = hashPairs.read(window.location.hash);
    if (!next) return;
    const before = now;
    now = next;
    for (const [key, listener] of listeners) {
      if ((before.get(key) || "") !== (now.get(key) || "")) listener(now.get(key) || "");
    }
  }
  window.addEventListener("hashchange", follow);
  window.addEventListener("popstate", follow);

  /** Sets the text of a key; with `replace` without a new entry in the history. @param {string} key @param {string} text "" removes the key */
  function set(key, text, { replace = false } = {}) {
    if ((now.get(key) || "") === text) return;
    const next = new Map(now);
    if (text) next.set(key, text);
    else next.delete(key);
    put(next, replace);
  }

  /* A click on a link to a row changes only the selection; if the row is selected already, the map moves to it again. */
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#id="]') : null;
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const id = new URLSearchParams(link.getAttribute("href")?.slice(1)).get("id") || "";
    event.preventDefault();
    set("id", id);
    const listener = listeners.get("id");
    if (listener) listener(id);
  });

  return {
    /** Returns the text of a key; "" without one. @param {string} key */
    get: (key) => now.get(key) || "",
    set,
    /** Sets the listener of a key, which is called with its new text when the reader changes it. @param {string} key @param {(text: string) => void} listener */
    on: (key, listener) => { listeners.set(key, listener); },
  };
}
