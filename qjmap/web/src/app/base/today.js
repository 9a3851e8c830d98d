/* The present date, which pictures and printed pages state. */

/** Returns the date in the reader's time zone in ISO 8601 (2026-05-09). */
export function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
