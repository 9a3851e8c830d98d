/* The address of what is shown, after the # of the page's own: #id=zigong&t=2020-Q3. It works on file:// too, so links can
 * be sent and Back goes back.
 *
 * Every part of the page that wants to be remembered has a key of its own; none knows of the others.
 *
 *   address.get(key)                    the text under a key, "" without one
 *   address.set(key, text, {replace})   "" takes the key out; with replace no new step for Back is made (a moving slider)
 *   address.on(key, listener)           told the text under the key when the reader changes it: Back, a link, typing
 */

/* Parses and serializes the hash; null for one that is no key=text (a link to a part of the page). */
const hashPairs = {
  /** @param {string} hash */
  read(hash) {
    const text = hash.replace(/^#/, "");
    if (text && !text.includes("=")) return null;
    return new Map(Array.from(new URLSearchParams(text)).filter(([, value]) => value));
  },
  /** @param {Map<string, string>} pairs */
  write(pairs) {
    return Array.from(pairs, ([key, value]) => encodeURIComponent(key) + "=" + encodeURIComponent(value)).join("&");
  },
};

export function makeUrlState() {
  /** @type {Map<string, (text: string) => void>} */
  const listeners = new Map();
  let now = hashPairs.read(window.location.hash) || new Map();

  /**
   * @param {Map<string, string>} next
   * @param {boolean} [replace]
   */
  function put(next, replace) {
    now = next;
    const hash = hashPairs.write(now);
    if (hash === window.location.hash.slice(1)) return;
    try {
      // pushState rather than location.hash: "#" of an empty address would scroll, and no event comes back to us.
      window.history[replace ? "replaceState" : "pushState"](null, "", "#" + hash);
    } catch (_) {
      window.location.hash = hash; // a frame without an address of its own (a notebook) refuses states
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

  /**
   * @param {string} key
   * @param {string} text
   */
  function set(key, text, { replace = false } = {}) {
    if ((now.get(key) || "") === text) return;
    const next = new Map(now);
    if (text) next.set(key, text);
    else next.delete(key);
    put(next, replace);
  }

  /* A link to a row changes what is chosen and nothing else; to what is already chosen, it goes there again. */
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
    /** @param {string} key */
    get: (key) => now.get(key) || "",
    set,
    /** @param {string} key @param {(text: string) => void} listener */
    on: (key, listener) => { listeners.set(key, listener); },
  };
}
