/* Converts dates, which may be only a year or a month, and periods (years, quarters) to spans of days, so that they can be compared.
 *
 * A span is [first, last] in days since 1970-01-01, both included; a period is a year ("2020") or a quarter ("2020-Q3").
 */

/** @typedef {[first: number, last: number]} Span First and last day, in days since 1970-01-01. */

const DAY = 864e5;

/**
 * Returns the days from 1970-01-01 to a date.
 *
 * @param {number} year
 * @param {number} month from 0; 12 is January of the next year
 * @param {number} date from 1; 0 is the last day of the month before
 */
function day(year, month, date) {
  const moment = new Date(0);
  moment.setUTCFullYear(year, month, date);
  return moment.getTime() / DAY;
}

/** Returns the year of a day. @param {number} days days since 1970-01-01 */
export const yearOf = (days) => new Date(days * DAY).getUTCFullYear();

/**
 * Returns the span of days that an ISO 8601 date covers: "2020-09" is all of September 2020; null if the text is not a date.
 *
 * @param {string | undefined} text
 * @returns {Span | null}
 */
export function span(text) {
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text || "");
  if (!parts) return null;
  const year = Number(parts[1]), month = parts[2] ? Number(parts[2]) : undefined, date = parts[3] ? Number(parts[3]) : undefined;
  if (month === undefined) return [day(year, 0, 1), day(year, 11, 31)];
  if (month < 1 || month > 12) return null;
  const last = day(year, month, 0); // day 0 of the next month
  if (date === undefined) return [day(year, month - 1, 1), last];
  const only = day(year, month - 1, date);
  return date < 1 || only > last ? null : [only, only];
}

/**
 * Returns the span of days of a period; null if the text is not a period.
 *
 * @param {string | undefined} text
 * @returns {Span | null}
 */
export function period(text) {
  const parts = /^(\d{4})(?:-Q([1-4]))?$/.exec(text || "");
  if (!parts) return null;
  const year = Number(parts[1]);
  if (!parts[2]) return span(parts[1]);
  const month = 3 * (Number(parts[2]) - 1);
  return [day(year, month, 1), day(year, month + 3, 0)];
}

/** Returns a year as text of four digits. @param {number} year */
const fourDigits = (year) => String(year).padStart(4, "0");

/**
 * Returns the names of the periods from one year to another, both included.
 *
 * @param {number} first year
 * @param {number} last year
 * @param {string} [unit] "year" for years; else quarters
 */
export function periods(first, last, unit) {
  const names = [];
  for (let year = first; year <= last; year++) {
    if (unit === "year") names.push(fourDigits(year));
    else for (let quarter = 1; quarter <= 4; quarter++) names.push(fourDigits(year) + "-Q" + quarter);
  }
  return names;
}

/**
 * Returns the name of the year ("2020") or quarter ("2020-Q3") that contains a day.
 *
 * @param {number} days days since 1970-01-01
 * @param {string} [unit] "year" for years; else quarters
 */
export function holding(days, unit) {
  const moment = new Date(days * DAY);
  const year = fourDigits(moment.getUTCFullYear());
  return unit === "year" ? year : year + "-Q" + (Math.floor(moment.getUTCMonth() / 3) + 1);
}

/**
 * @typedef {{ start: Span | null, end: Span | null, status: string, known: Span | null }} Dates
 * Start, end and status of a row (null or "" without one), and the date for which its facts hold (`known`).
 */

/**
 * Returns the state of a row in a period: "existing", "signed", "planned", "" (not started yet, or ended), or "undated" if it has no date.
 *
 * A row is a plan if its status is planned or proposed, or if it starts after `known`. A plan stays "planned" after its start, because it is not
 * known whether it was carried out. Before its start it is "planned" from `known` on (always without `known`), and "" in earlier periods,
 * because the data do not state that it was planned then.
 *
 * @param {Span} period
 * @param {Dates} dates
 */
export function stateAt([first, last], { start, end, status, known }) {
  if (!start && !end) return "undated";
  if (end && first > end[1]) return "";
  const isPlan = status === "planned" || status === "proposed" || Boolean(start && known && start[0] > known[1]);
  if (start && last < start[0]) return isPlan && (!known || last >= known[0]) ? "planned" : "";
  if (isPlan) return "planned";
  return status === "signed" ? "signed" : "existing";
}
