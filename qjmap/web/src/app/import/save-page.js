/* Saves the page as an HTML file, as it was before scripts changed it, together with the rows that the reader has added.
 *
 * A local page cannot read its own file. Therefore its markup is copied before the map is made; scripts, styles and data, whose text in the
 * document does not change, are inserted when the file is written.
 */

/** @type {Element[]} */
const omitted = []; // scripts and styles, which are inserted when the file is written

/**
 * Copies a node without scripts and styles, which are added to `omitted`; an element qj-kept with the index in `omitted` replaces each.
 *
 * @param {Node} node
 * @returns {Node}
 */
function copyWithout(node) {
  if (node instanceof Element && (node.tagName === "SCRIPT" || node.tagName === "STYLE")) {
    omitted.push(node);
    const place = document.createElement("qj-kept");
    place.setAttribute("at", String(omitted.length - 1));
    return place;
  }
  const copy = node.cloneNode(false);
  node.childNodes.forEach((child) => copy.appendChild(copyWithout(child)));
  return copy;
}

/** @type {HTMLElement} the copied document */
let markup;
/** Copies the markup; must be called after the document is parsed and before any script changes it. */
export function rememberMarkup() { markup = /** @type {HTMLElement} */ (copyWithout(document.documentElement)); }

/** Escapes JSON so that it can be put into a script element. @param {string} text */
const escaped = (text) => text.replace(/[<>&\u2028\u2029]/g, (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));

/**
 * Returns the page as an HTML file that has these drafts.
 *
 * @param {Draft[]} drafts
 */
export function pageWithDrafts(drafts) {
  const later = Array.from(document.querySelectorAll("body > script")).filter((script) => !omitted.includes(script));
  const parts = markup.outerHTML.split(/<qj-kept at="(\d+)"><\/qj-kept>/);
  /** Returns the markup of an omitted element; the element of the drafts gets the present ones. @param {Element} element */
  const write = (element) => {
    if (element.id !== "qjmap-drafts") return element.outerHTML;
    const other = /** @type {Element} */ (element.cloneNode(false));
    other.textContent = escaped(JSON.stringify(drafts));
    return other.outerHTML;
  };
  const text = parts.map((part, k) => (k % 2 ? write(omitted[Number(part)]) : part)).join("");
  const end = text.lastIndexOf("</body>");
  return new Blob(["<!DOCTYPE html>\n", text.slice(0, end), ...later.map((script) => write(script) + "\n"), text.slice(end), "\n"], { type: "text/html" });
}
