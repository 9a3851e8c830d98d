/* The date on which a picture or a sheet is made. */

/** Today where the reader is, as in ISO 8601. */
export function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
