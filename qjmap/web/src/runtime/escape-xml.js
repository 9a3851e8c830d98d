/* Texts in XML: KML files and SVG pictures. */

const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Returns a value as text with &, <, > and " escaped, without the characters that XML does not allow. @param {unknown} text */
export const escapeXml = (text) =>
  String(text).replace(NOT_XML, "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
