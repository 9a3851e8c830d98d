/* The page in two languages, switched in place.
 *
 * Fixed texts are bound once (`bind`) and rewritten at every switch; whatever is drawn from the tables listens with
 * `onChange` and draws itself again.
 */

/** @type {Record<string, string>} */
const HTML_LANG = { zh: "zh-CN", en: "en" };

/** @param {Meta} meta */
export function makeLanguage(meta) {
  const texts = meta.texts || {};
  const vocab = meta.vocab || {};
  /** @type {any[]} */
  const bound = [];
  /** @type {((...given: any[]) => void)[]} */
  const listeners = [];
  let now = meta.language === "en" ? "en" : "zh";

  /**
   * @param {any} pair
   * @param {string} [fallback]
   */
  function pick(pair, fallback) {
    if (!pair) return fallback;
    return pair[now] || pair.zh || pair.en || fallback;
  }

  /**
   * Text of a key; {name} in it is replaced by values.name. An unknown key shows itself.
   *
   * @param {string} key
   * @param {any} [values]
   */
  function t(key, values) {
    const pair = texts[key];
    const text = pair && now in pair ? pair[now] : pick(pair, key); // an empty text is meant to be empty
    return values ? text.replace(/\{(\w+)\}/g, (/** @type {any} */ all, /** @type {any} */ name) => (name in values ? values[name] : all)) : text;
  }

  /** @param {string} key */
  const has = (key) => key in texts;

  /**
   * A value of a vocabulary in words, e.g. word("category", "dry-port"). Unknown values show themselves.
   *
   * @param {any} group
   * @param {any} value
   */
  const word = (group, value) => (value ? pick((vocab[group] || {})[value], value) : "");

  /**
   * A note in both languages, "中文 / English": the half that is in the page's language.
   *
   * @param {any} text
   */
  function half(text) {
    const parts = /^(.*[\u3400-\u9fff].*?)\s[|/]\s([^\u3400-\u9fff]{12,})$/s.exec(text);
    return parts ? parts[now === "en" ? 2 : 1] : text;
  }

  function write(/** @type {any[]} */ [node, key, attribute]) {
    if (attribute) node.setAttribute(attribute, t(key));
    else node.textContent = t(key);
  }

  /**
   * @param {HTMLElement} node
   * @param {string} key
   * @param {string} [attribute]
   */
  function bind(node, key, attribute) {
    const entry = [node, key, attribute];
    bound.push(entry);
    write(entry);
    return node;
  }

  function apply() {
    document.documentElement.lang = HTML_LANG[now];
    document.title = pick(meta.title, document.title);
    bound.forEach(write);
  }

  /** @param {any} next */
  function set(next) {
    if (next !== "zh" && next !== "en") return;
    now = next;
    apply();
    listeners.forEach((listener) => listener(now));
  }

  return {
    get now() { return now; },
    get other() { return now === "zh" ? "en" : "zh"; },
    vocab, t, has, word, half, pick, bind, apply, set,
    onChange: (/** @type {any} */ listener) => listeners.push(listener),
  };
}
