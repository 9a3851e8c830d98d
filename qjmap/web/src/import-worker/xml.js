/* Parses the XML of office files: calls handlers for elements and texts. A document type, and with it entities of its own, is refused. */

const NAME = "[^\\s<>/=\"'&!?]+", SPACE = "[ \\t\\n]";
const START = new RegExp(`<(${NAME})((?:${SPACE}+${NAME}${SPACE}*=${SPACE}*(?:"[^"<]*"|'[^'<]*'))*)${SPACE}*(/?)>`, "y");
const ATTRIBUTE = new RegExp(`(${NAME})${SPACE}*=${SPACE}*(?:"([^"]*)"|'([^']*)')`, "g");
const NO_CHARACTER = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
/** @type {Record<string, string>} */
const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const CDATA = "<![CDATA[", OTHERS = [["<!--", "-->"], ["<?", "?>"], [CDATA, "]]>"]];

/** @typedef {Record<string, string>} Attributes Name as written -> value. */
/**
 * Handlers of elements and texts: `name` is an element's name without its prefix, `written` as it is written.
 *
 * @typedef {object} Handlers
 * @property {(name: string, attributes: Attributes, written: string) => void} start
 * @property {(name: string, written: string) => void} [end]
 * @property {(text: string) => void} [text]
 */

/** Returns the error for XML that is not well-formed. @param {string} what */
const broken = (what) => new SyntaxError(`XML: ${what}`);

/**
 * Returns the character that an entity represents; throws a SyntaxError for an unknown one.
 *
 * @param {string} whole the entity as written
 * @param {string} name without & and ;
 */
function entity(whole, name) {
  const number = name[0] === "#" && /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(name);
  if (!number) {
    if (!(name in ENTITIES) || !whole.endsWith(";")) throw broken("entity");
    return ENTITIES[name];
  }
  const code = number[1] ? parseInt(number[1], 16) : Number(number[2]), sign = code <= 0x10ffff ? String.fromCodePoint(code) : "\0";
  if (NO_CHARACTER.test(sign) || (code >= 0xd800 && code < 0xe000)) throw broken("character");
  return sign;
}

/** Replaces entities by their characters. @param {string} text */
const unescaped = (text) => (text.includes("&") ? text.replace(/&([^;&\s]{0,10});?/g, entity) : text);
/** Returns a name without its namespace prefix. @param {string} name */
const localOf = (name) => name.slice(name.indexOf(":") + 1);

const NONE = /** @type {Attributes} */ (Object.freeze({}));
/**
 * Returns the attributes of a tag by their names as written.
 *
 * @param {string} source the text of the tag after its name
 */
function attributesOf(source) {
  if (!source) return NONE;
  const attributes = /** @type {Attributes} */ ({});
  ATTRIBUTE.lastIndex = 0;
  for (let match = ATTRIBUTE.exec(source); match; match = ATTRIBUTE.exec(source)) {
    const value = match[2] === undefined ? match[3] : match[2];
    attributes[match[1]] = unescaped(/[\t\n]/.test(value) ? value.replace(/[\t\n]/g, " ") : value);
  }
  return attributes;
}

/**
 * Returns the value of an attribute by its name without prefix; "" if there is none.
 *
 * @param {Attributes} attributes
 * @param {string} name
 */
export function attributeOf(attributes, name) {
  if (name in attributes) return attributes[name];
  const key = Object.keys(attributes).find((key) => localOf(key) === name);
  return key === undefined ? "" : attributes[key];
}

/** Walks through the markup of a text. */
class Parser {
  /**
   * @param {string} source
   * @param {Handlers} handlers
   */
  constructor(source, { start, end = () => {}, text = () => {} }) {
    this.source = source;
    this.handlers = { start, end, text };
    this.open = /** @type {string[]} */ ([]); // names of the elements that are open
    this.isBegun = false;
  }

  /** Handles the text between two pieces of markup. @param {number} from @param {number} to */
  text(from, to) {
    const text = this.source.slice(from, to);
    if (this.open.length) this.handlers.text(unescaped(text));
    else if (text.trim()) throw broken("text outside the root");
  }

  /** Handles a start tag; returns the index after it. @param {number} at */
  startTag(at) {
    START.lastIndex = at;
    const match = START.exec(this.source);
    if (!match || (this.isBegun && !this.open.length)) throw broken("element");
    const [, name, attributes, isEmpty] = match, behind = START.lastIndex;
    this.isBegun = true;
    this.handlers.start(localOf(name), attributesOf(attributes), name);
    if (isEmpty) this.handlers.end(localOf(name), name); else this.open.push(name);
    return behind;
  }

  /** Handles an end tag; returns the index after it. @param {number} at */
  endTag(at) {
    const { source } = this, name = this.open.pop() || "";
    let behind = at + 2 + name.length;
    while (" \t\n".includes(source[behind])) behind++;
    if (!name || !source.startsWith(name, at + 2) || source[behind] !== ">") throw broken("end");
    this.handlers.end(localOf(name), name);
    return behind + 1;
  }

  /** Handles a comment, an instruction or a CDATA section; returns the index after it. @param {number} at */
  otherMark(at) {
    const [begin, end] = OTHERS.find(([mark]) => this.source.startsWith(mark, at)) || ["", ""], close = begin ? this.source.indexOf(end, at + begin.length) : -1;
    if (close < 0) throw broken("document type, or a mark without an end");
    if (begin === CDATA) {
      if (!this.open.length) throw broken("text outside the root");
      this.handlers.text(this.source.slice(at + begin.length, close));
    }
    return close + end.length;
  }

  /** Parses the whole text. */
  run() {
    const { source } = this;
    for (let at = 0; at < source.length;) {
      const next = source.indexOf("<", at), to = next < 0 ? source.length : next, sign = source[to + 1];
      if (to > at) this.text(at, to);
      if (next < 0) break;
      at = sign === "/" ? this.endTag(to) : sign === "!" || sign === "?" ? this.otherMark(to) : this.startTag(to);
    }
    if (this.open.length || !this.isBegun) throw broken("end of the text");
  }
}

/**
 * Parses a text as XML and calls the handlers in document order.
 *
 * @param {string} text
 * @param {Handlers} handlers
 * @throws {SyntaxError} it is not well-formed, or has a document type
 */
export function parseXml(text, handlers) {
  if (NO_CHARACTER.test(text)) throw broken("character");
  new Parser(text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text, handlers).run();
}
