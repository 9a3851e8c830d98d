/* The page in two languages, switched in place.
 *
 * Fixed texts are bound once (`bind`) and rewritten when the language changes. Parts that show rows of tables register a listener with
 * `onChange`, and draw themselves again.
 */

/** @type {Record<string, string>} */
const HTML_LANG = { zh: "zh-CN", en: "en" };

/**
 * Makes the language of the page: its texts, and functions to switch it.
 *
 * @param {Pick<Meta, "texts" | "vocab" | "language" | "title">} meta
 */
export function makeLanguage(meta) {
  const texts = meta.texts || {};
  const vocab = meta.vocab || {};
  /** @type {{ node: Element, key: string, attribute?: string }[]} */
  const bound = [];
  /** @type {((language: string) => void)[]} */
  const listeners = [];
  let now = meta.language === "en" ? "en" : "zh";

  /**
   * Returns a bilingual text in the page's language, or in the other language if it has only that.
   *
   * @param {Bilingual | undefined} pair
   * @param {string} fallback what to return if there is no text
   */
  function pick(pair, fallback) {
    if (!pair) return fallback;
    return pair[now] || pair.zh || pair.en || fallback;
  }

  /**
   * Returns the text of a key; the key itself if there is none. In the text {name} is replaced by values.name, and {name| row| rows} by
   * values.name and the first word for 1, else the second word.
   *
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  function t(key, values) {
    const pair = texts[key];
    const text = pair && now in pair ? pair[now] : pick(pair, key); // an empty text is intentional
    return values ? text.replace(/\{(\w+)(?:\|(.*?)\|(.*?))?\}/g, (hole, name, one, many) => (name in values ? values[name] + (many ? (String(values[name]) === "1" ? one : many) : "") : hole)) : text;
  }

  /** Returns whether there is a text with a key. @param {string} key */
  const has = (key) => key in texts;

  /**
   * Returns the label of a value of a vocabulary, as in word("category", "dry-port"); for an unknown value the value itself, for "" "".
   *
   * @param {string} group name of the vocabulary
   * @param {string} value
   */
  const word = (group, value) => (value ? pick(/** @type {Bilingual | undefined} */ (/** @type {unknown} */ ((vocab[group] || {})[value])), value) : "");

  /**
   * Returns the built-in value that stands for a value: for a value that the project adds, the one named by its `like`; else the value itself.
   *
   * @param {string} group name of the vocabulary
   * @param {string} value
   */
  const like = (group, value) => ((vocab[group] || {})[value] || {}).like || value;

  /**
   * Returns the part of a note "中文 / English" that is in the page's language; any other text as it is.
   *
   * @param {string} text
   */
  function half(text) {
    const parts = /^(.*[\u3400-\u9fff].*?)\s[|/]\s([^\u3400-\u9fff]{12,})$/s.exec(text);
    return parts ? parts[now === "en" ? 2 : 1] : text;
  }

  /** Writes a bound text in the present language. @param {{ node: Element, key: string, attribute?: string }} entry */
  function write({ node, key, attribute }) {
    if (attribute) node.setAttribute(attribute, t(key));
    else node.textContent = t(key);
  }

  /**
   * Keeps the text of an element, or one of its attributes, in the page's language.
   *
   * @param {Element} node
   * @param {string} key key of the text
   * @param {string} [attribute] name of the attribute; by default the text of the element is set
   */
  function bind(node, key, attribute) {
    const entry = { node, key, attribute };
    bound.push(entry);
    write(entry);
  }

  /** Writes the language, the title and all bound texts into the document. */
  function apply() {
    document.documentElement.lang = HTML_LANG[now];
    document.title = pick(meta.title, document.title);
    bound.forEach(write);
  }

  /** Switches the language and calls the listeners; an unknown language is ignored. @param {string} next */
  function set(next) {
    if (next !== "zh" && next !== "en") return;
    now = next;
    apply();
    listeners.forEach((listener) => listener(now));
  }

  return {
    get now() { return now; },
    get other() { return now === "zh" ? "en" : "zh"; },
    vocab, t, has, word, like, half, pick, bind, apply, set,
    /** Calls a listener after each change of the language. @param {(language: string) => void} listener */
    onChange: (listener) => { listeners.push(listener); },
  };
}
