/* The page as a file again: what it was before any script touched it, so that a reader can save it with rows of their own.
 *
 * A local page cannot read its own file. Its markup is remembered before the map is made; scripts, styles and data keep
 * their text in the document anyway and are put in when the file is written.
 */

/** @type {any[]} */
const kept = []; // elements whose text is put in later

/** @param {any} node */
function bare(node) {
  if (node.nodeType === Node.ELEMENT_NODE && (node.tagName === "SCRIPT" || node.tagName === "STYLE")) {
    kept.push(node);
    const place = document.createElement("qj-kept");
    place.setAttribute("at", String(kept.length - 1));
    return place;
  }
  const copy = node.cloneNode(false);
  node.childNodes.forEach((/** @type {any} */ child) => copy.append(bare(child)));
  return copy;
}

/** @type {any} */
let copy = null;
/** Called when all markup stands and nothing has changed it yet. */
export function rememberMarkup() { copy = bare(document.documentElement); }

/** @param {any} text */
const escaped = (text) => text.replace(/[<>&\u2028\u2029]/g, (/** @type {string} */ sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));

/**
 * The page's file with other drafts in it.
 *
 * @param {any[]} drafts
 */
export function pageWithDrafts(drafts) {
  const later = Array.from(document.querySelectorAll("body > script")).filter((script) => !kept.includes(script));
  const parts = copy.outerHTML.split(/<qj-kept at="(\d+)"><\/qj-kept>/);
  /** @param {Element} element */
  const write = (element) => {
    if (element.id !== "qjmap-drafts") return element.outerHTML;
    const other = /** @type {Element} */ (element.cloneNode(false));
    other.textContent = escaped(JSON.stringify(drafts));
    return other.outerHTML;
  };
  const text = parts.map((/** @type {any} */ part, /** @type {any} */ at) => (at % 2 ? write(kept[Number(part)]) : part)).join("");
  const end = text.lastIndexOf("</body>");
  return new Blob(["<!DOCTYPE html>\n", text.slice(0, end), ...later.map((script) => write(script) + "\n"), text.slice(end), "\n"], { type: "text/html" });
}
