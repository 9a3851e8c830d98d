/* Dates that stop at the year or the month, as the days they span, and the years and quarters they are laid against.
 *
 * A span is [first, last] in days since 1970-01-01, both included; a period is a year ("2020") or a quarter ("2020-Q3").
 */

const DAY = 864e5;

/**
 * @param {any} year
 * @param {any} month
 * @param {any} date
 */
function day(year, month, date) {
  const moment = new Date(0);
  moment.setUTCFullYear(year, month, date);
  return moment.getTime() / DAY;
}

/** @param {number} days */
const yearOf = (days) => new Date(days * DAY).getUTCFullYear();

/**
 * The days that an ISO 8601 date means: "2020-09" is all of September. null for what is no date.
 *
 * @param {any} text
 */
function span(text) {
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text || "");
  if (!parts) return null;
  const [year, month, date] = parts.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  if (month === undefined) return [day(year, 0, 1), day(year, 11, 31)];
  if (month < 1 || month > 12) return null;
  const last = day(year, month, 0); // day 0 of the next month
  if (date === undefined) return [day(year, month - 1, 1), last];
  const one = day(year, month - 1, date);
  return date < 1 || one > last ? null : [one, one];
}

/**
 * The days of a period; null for what is none.
 *
 * @param {any} text
 */
function period(text) {
  const parts = /^(\d{4})(?:-Q([1-4]))?$/.exec(text || "");
  if (!parts) return null;
  const year = Number(parts[1]);
  if (!parts[2]) return span(parts[1]);
  const month = 3 * (Number(parts[2]) - 1);
  return [day(year, month, 1), day(year, month + 3, 0)];
}

/** @param {any} year */
const four = (year) => String(year).padStart(4, "0");

/**
 * The periods from one year to another, by "year" or by "quarter".
 *
 * @param {any} first
 * @param {any} last
 * @param {string} [unit]
 */
function periods(first, last, unit) {
  const found = [];
  for (let year = first; year <= last; year++) {
    if (unit === "year") found.push(four(year));
    else for (let quarter = 1; quarter <= 4; quarter++) found.push(four(year) + "-Q" + quarter);
  }
  return found;
}

/**
 * The period of a unit that holds a day.
 *
 * @param {number} days
 * @param {string} [unit]
 */
function holding(days, unit) {
  const moment = new Date(days * DAY);
  const year = four(moment.getUTCFullYear());
  return unit === "year" ? year : year + "-Q" + (Math.floor(moment.getUTCMonth() / 3) + 1);
}

/**
 * What a dated thing is at a period: "" (not there yet, or over), "existing", "signed", "planned"; "undated" without
 * any date.
 *
 * What is planned or proposed stays a plan however late the period: that it came to be is not known. So does what
 * begins only after the date that the facts hold for (`known`, a span or null): before that date nothing says that
 * it was planned already, so it is not shown.
 *
 * @param {any[]} given
 * @param {{ start: any, end: any, status: string, known: any }} given
 */
function stateAt([first, last], { start, end, status, known }) {
  if (!start && !end) return "undated";
  if (end && first > end[1]) return "";
  const plan = status === "planned" || status === "proposed" || (start && known && start[0] > known[1]);
  if (start && last < start[0]) return plan && (!known || last >= known[0]) ? "planned" : "";
  if (plan) return "planned";
  return status === "signed" ? "signed" : "existing";
}

export { holding, period, periods, span, stateAt, yearOf };
