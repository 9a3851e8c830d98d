/* Header as typed -> the canonical column that it means, with the unit and datum in it; the twin of qjmap/tables/headers.py. */

import { prepared, program } from "./program-data.js";
import { fold, isWhite, lowered, strip } from "./normalize-text.js";

const words = prepared(({ headers: { datum_names, datum_prefixes, datum_suffix, brackets: [opening, closing] } }) =>
  ({ datums: Object.entries(datum_names), prefixes: datum_prefixes, suffix: new RegExp(datum_suffix), opening, closing }));
const PLACED = ["lon", "lat", "lonlat"];
/** @type {Map<string, Map<string, string>>} */
const columnsByHeader = new Map();

/**
 * Returns folded header -> column of a table, or "lonlat" for a coordinate pair in a table with positions. A column's own name takes
 * precedence over synonyms, the earlier column over later ones, and any column over coordinate pairs.
 *
 * @param {Table} table
 */
function headersOf(table) {
  const cached = columnsByHeader.get(table.name);
  if (cached) return cached;
  const columns = new Map(table.columns.map((column) => [fold(column.name), column.name]));
  /** Adds a header, unless a column has it already. @param {string} header @param {string} name */
  const add = (header, name) => { if (!columns.has(fold(header))) columns.set(fold(header), name); };
  for (const { name, headers } of table.columns) for (const header of headers) add(header, name);
  if (table.columns.some(({ name }) => name === "lon")) for (const header of program.pair_headers) add(header, "lonlat");
  columnsByHeader.set(table.name, columns);
  return columns;
}

/** Returns the datum that a folded text names; null if it names none. @param {string} folded */
function datumOf(folded) {
  const match = words().datums.find(([, known]) => known.some((word) => folded.includes(word)));
  return match ? match[0] : null;
}

/**
 * Returns a text without the brackets at its end, and the content of the first of these brackets.
 *
 * @param {string} text
 * @returns {[string, string]}
 */
function withoutBrackets(text) {
  const { opening, closing } = words();
  let end = text.length, unit = "";
  while (end) {
    let opened = -1;
    if (closing.includes(text[end - 1])) {
      for (let at = end - 2; at >= 0 && !closing.includes(text[at]); at--) if (opening.includes(text[at])) opened = at;
    }
    if (opened < 0) break;
    unit = strip(text.slice(opened + 1, end - 1));
    end = opened;
    while (end && isWhite(text[end - 1])) end--;
  }
  return [text.slice(0, end), unit];
}

/**
 * Parses a header as a canonical name or listed synonym, with the datum and unit in it; `column` is null if the table has no such column.
 *
 * @param {string} typed the header as typed
 * @param {Table} table
 * @returns {{ column: string | null, datum: string | null, unit: string }}
 */
export function readHeader(typed, table) {
  const columns = headersOf(table), whole = fold(typed);
  const exact = columns.get(whole);
  if (exact) return { column: exact, datum: null, unit: "" };
  const [plain, unit] = withoutBrackets(strip(typed.normalize("NFKC")));
  const folded = fold(plain);
  const bare = columns.get(folded);
  if (bare) return { column: bare, datum: unit ? datumOf(fold(unit)) : null, unit };
  const tail = words().suffix.exec(folded);
  const before = tail && columns.get(folded.slice(0, tail.index));
  if (tail && before && PLACED.includes(before)) return { column: before, datum: datumOf(tail[0]), unit: "" };
  for (const start of words().prefixes) {
    const rest = columns.get(folded.slice(start.length));
    if (rest && folded.startsWith(start) && PLACED.includes(rest)) return { column: rest, datum: datumOf(start), unit: "" };
  }
  return { column: null, datum: null, unit };
}

/** Ranks of a match from the surest to the least sure: the column's own name, a listed synonym, a family, a weak word. */
export const CANONICAL = 0, LISTED = 1, FAMILY = 2, WEAK = 3;
const CASES = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g; // gaps between words written together: StationName, POIType
const JOINTS = /[\s\x1c-\x1f\x85_\-‐-―·*:#'"./,()[\]{}\u200b-\u200f\ufeff]+/g;
const WIDE = "\u1100"; // from this character on are the scripts that do not put spaces between all words (Hangul, kana, Chinese)
const SPACE_BESIDE_WIDE = /(?<=[\u1100-\u{10ffff}]) | (?=[\u1100-\u{10ffff}])/gu, LAST_NUMBER = /(?<=.) ?\p{Nd}{1,2}$/u, LETTER = /^\p{L}$/u;

/**
 * Normalises a header for the families: lower-case words with one space between them, no space beside Chinese characters.
 *
 * @param {string} text
 */
export const headerWords = (text) =>
  lowered(text.normalize("NFKC").replace(CASES, " ")).replace(JOINTS, " ").trim().replace(SPACE_BESIDE_WIDE, "");

/**
 * Whether both characters are letters of a script with spaces between words.
 *
 * @param {string} first
 * @param {string} second
 */
export const areLetters = (first, second) => first < WIDE && second < WIDE && LETTER.test(first) && LETTER.test(second);

/** Returns the last character of a list. @param {string[]} signs */
const lastOf = (signs) => signs[signs.length - 1];

/** @typedef {{ column: string | null, length: number, rank: number }} Ending The ending of a header: the column that it means or null, its
 * length in characters, and its rank. */
/** @type {() => Map<string, { whole: Map<string, Ending>, inner: Map<string, Ending>, longest: number }>} */
const endingsOfTables = prepared(() => new Map());

/**
 * Returns the endings of all families of a table: `whole`, normalised ending -> what it means; `inner`, those of them that may begin within a
 * word (in the grammar they begin with a hyphen: -strasse); and `longest`, the length of the longest in characters.
 *
 * @param {Table} table
 */
function endingsOf(table) {
  const cached = endingsOfTables().get(table.name);
  if (cached) return cached;
  /** @type {Map<string, Ending>} */
  const whole = new Map(), inner = new Map(), names = [...table.columns.map(({ name }) => name), "lonlat"];
  for (const { column, tails, after = [""], tables = [table.name], weak } of program.grammar.headers.families) {
    if ((column && !names.includes(column)) || !tables.includes(table.name)) continue;
    for (const tail of tails) {
      for (const head of after) {
        const words = headerWords(`${head} ${tail}`), ending = { column: column || null, length: Array.from(words).length, rank: weak || !column ? WEAK : FAMILY };
        if (!whole.has(words)) whole.set(words, ending);
        if (tail.startsWith("-") && !inner.has(words)) inner.set(words, ending);
      }
    }
  }
  const endings = { whole, inner, longest: Math.max(0, ...Array.from(whole.values(), ({ length }) => length)) };
  endingsOfTables().set(table.name, endings);
  return endings;
}

/**
 * Returns the longest listed ending of a text; null without one. It begins with a word, unless it is listed with a hyphen.
 *
 * @param {string} text
 * @param {Table} table
 */
function endingOf(text, table) {
  const { whole, inner, longest } = endingsOf(table), signs = Array.from(text);
  for (let start = Math.max(0, signs.length - longest); start < signs.length; start++) {
    const isInside = start > 0 && areLetters(signs[start - 1], signs[start]), ending = (isInside ? inner : whole).get(signs.slice(start).join(""));
    if (ending) return ending;
  }
  return null;
}

/**
 * Returns a text without a word for a datum at its start or end, and that datum; the same text and null if it has none.
 *
 * @param {string} text
 * @returns {[string, string | null]}
 */
function withoutDatum(text) {
  for (const [datum, known] of Object.entries(program.grammar.headers.datum_words)) {
    for (const word of known) {
      const head = text.slice(word.length), tail = text.slice(0, -word.length);
      if (text.startsWith(word) && head && !areLetters(lastOf(Array.from(word)), Array.from(head)[0])) return [head.trim(), datum];
      if (text.endsWith(word) && tail && !areLetters(lastOf(Array.from(tail)), Array.from(word)[0])) return [tail.trim(), datum];
    }
  }
  return [text, null];
}

const unitWords = prepared(({ headers }) => headers.units.map(headerWords));

/**
 * Returns variants of a header, each with its datum and unit, in this order: without a word for a datum, with the content of the brackets,
 * without brackets, without a number at the end, without a unit at the end.
 *
 * @param {string} plain the header without its brackets
 * @param {string} bracketed the content of its brackets, "" for none
 * @returns {[string, string | null, string][]}
 */
function textsToTry(plain, bracketed) {
  const text = headerWords(plain), texts = /** @type {[string, string | null, string][]} */ ([]), [bare, datum] = withoutDatum(text);
  if (datum) texts.push([bare, datum, bracketed]);
  if (bracketed) texts.push([headerWords(`${plain} ${bracketed}`), null, bracketed]);
  texts.push([text, null, bracketed]);
  if (LAST_NUMBER.test(text)) texts.push([text.replace(LAST_NUMBER, ""), null, bracketed]);
  if (!bracketed) for (const unit of unitWords()) if (text.endsWith(unit)) texts.push([text.slice(0, text.length - unit.length).trim(), null, unit]);
  return texts;
}

/**
 * Matches a header as the level of an area (in tables with a place), else by the longest ending that any of its variants has; of equal lengths
 * the first. Without an ending the column is null.
 *
 * @param {string} typed the header as typed
 * @param {Table} table
 * @returns {Match}
 */
function matchFamily(typed, table) {
  const [plain, bracketed] = withoutBrackets(strip(typed.normalize("NFKC")));
  if (table.columns.some(({ name }) => name === "place") && areaLevel(typed)) return { column: "place", datum: null, unit: bracketed, rank: FAMILY };
  let best = { column: /** @type {string | null} */ (null), datum: /** @type {string | null} */ (null), unit: bracketed, rank: WEAK }, longest = 0;
  for (const [text, datum, unit] of textsToTry(plain, bracketed)) {
    const ending = endingOf(text, table);
    if (!ending || ending.length <= longest) continue;
    if (unit !== bracketed && !table.columns.some(({ name, type }) => name === ending.column && type === "number")) continue;
    longest = ending.length;
    const isPosition = ending.column !== null && PLACED.includes(ending.column);
    best = { column: ending.column, datum: isPosition ? datum || datumOf(fold(bracketed)) : null, unit, rank: ending.rank };
  }
  return best;
}

const weakWords = prepared(({ headers }) => new Set(headers.weak.map(fold)));
/** @type {() => Map<string, Match>} */
const matches = prepared(() => new Map());

/**
 * Matches a header with a column of a table: by the column's own name, a listed synonym, or its ending.
 *
 * @param {string} typed the header as typed
 * @param {Table} table
 * @returns {Match}
 */
export function matchHeader(typed, table) {
  const key = table.name + "\n" + typed, cached = matches().get(key);
  if (cached) return cached;
  const exact = readHeader(typed, table), plain = fold(withoutBrackets(strip(typed.normalize("NFKC")))[0]);
  const rank = strip(typed) === exact.column ? CANONICAL : weakWords().has(plain) ? WEAK : LISTED;
  const match = exact.column === null ? matchFamily(typed, table) : { ...exact, rank };
  matches().set(key, match);
  return match;
}

/**
 * Matches all headers of a file: index -> match. If most headers are the Chinese labels of our columns, such a label gets the rank
 * CANONICAL, whatever the cells hold.
 *
 * @param {string[]} header one text per column
 * @param {Table} table
 * @returns {Map<number, Match>}
 */
export function matchHeaders(header, table) {
  const found = new Map(header.map((typed, at) => [at, matchHeader(typed, table)]));
  const labels = new Map(table.columns.filter(({ name }) => name !== "id").map(({ name, headers }) => [fold(headers[0] || name), name]));
  const canonical = new Set(Array.from(found.values(), ({ column, rank }) => (rank === CANONICAL ? column : null)));
  const labelled = header.flatMap((typed, at) => (labels.has(fold(typed)) ? [at] : []));
  const { least, share } = program.grammar.headers.our_labels;
  if (labelled.length < Math.max(least, share * header.length)) return found;
  for (const at of labelled) {
    const name = labels.get(fold(header[at])) || "", match = found.get(at);
    if (match && match.column === name && !canonical.has(name)) found.set(at, { ...match, rank: CANONICAL });
  }
  return found;
}

const areaWords = prepared(({ headers: { areas, area_heads, area_tails } }) => ({
  levels: new Map(Object.entries(areas).flatMap(([level, words]) => words.map((word) => [fold(word), level]))),
  heads: ["", ...area_heads.map(fold)], tails: ["", ...area_tails.map(fold)],
}));

/**
 * Returns the level of administrative areas ("province", "city", "county" or "town") that a folded header names, after removal of at most one
 * listed prefix (所属, 所在) and one listed suffix (名称, name); null for any other header.
 *
 * @param {string} folded
 */
function levelOf(folded) {
  const { levels, heads, tails } = areaWords();
  for (const head of heads) {
    for (const tail of tails) {
      if (!folded.startsWith(head) || !folded.endsWith(tail)) continue;
      const level = levels.get(folded.slice(head.length, folded.length - tail.length));
      if (level) return level;
    }
  }
  return null;
}

/**
 * Returns "province", "city", "county" or "town" for the header of a column of such areas (所属区县, cityname); null for others.
 *
 * @param {string} typed the header as typed
 */
export function areaLevel(typed) {
  const [plain, bracketed] = withoutBrackets(strip(typed.normalize("NFKC")));
  return levelOf(fold(plain + bracketed)) || levelOf(fold(plain));
}
