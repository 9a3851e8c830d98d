/* Chooses which columns of a file are which columns of its table, by headers and by what the first cells hold; the twin of
 * qjmap/tables/choose_columns.py, which explains the rules. A claim is a header's claim that its column is one of the table's.
 */

import { fits, isPair, isPlaceName, isShape, MOST, NEARLY_ALL, Sample } from "./column-samples.js";
import { findName, findStandIn, proposeByContents } from "./propose-columns.js";
import { chooseCoordinates, compareKeys, least } from "./coordinate-columns.js";
import { areaLevel, CANONICAL, FAMILY, headerWords, LISTED, matchHeaders, readHeader, WEAK } from "./headers.js";
import { roundHalfEven } from "./numbers.js";
import { prepared, program } from "./program-data.js";
import { fold, strip } from "./normalize-text.js";
import { findVocab } from "./vocabulary-words.js";

/* Columns that hold names: if no better column is found, a column that claims to be one of these may become the name of the rows. */
const ALSO_NAMES = ["operator", "place", "parties", "aliases", "name_en"];
/* Levels of areas, in the order in which their columns are preferred as the place. */
const AREA_ORDER = ["county", "town", "city", "province"];

/** Sort key that puts the best claim first: canonical headers, then by fit of the cells, share of known words, rank and order. @type {(claim: Claim) => number[]} */
const orderOf = ({ level, known, match, index }) => [Number(match.rank !== CANONICAL), -level, -roundHalfEven(10 * known), match.rank, index];

/**
 * Whether a header is that of running numbers (序号, No.), or one that was made up for an empty header (列1).
 *
 * @param {string} typed
 */
export const isRunningHeader = (typed) => program.grammar.headers.running_numbers.includes(headerWords(typed)) || /^列\p{Nd}+$/u.test(strip(typed));

/**
 * Whether texts are 1, 2, 3 ... or 0, 1, 2 ... without gaps.
 *
 * @param {string[]} texts
 */
export const areRunningNumbers = (texts) => (texts[0] === "0" || texts[0] === "1") && texts.every((text, k) => text === String(Number(texts[0]) + k));

const partyParts = prepared(({ headers }) => headers.party_parts.map((words) => words.map(fold)));
/** Whether a header is that of a column with one of the parties (甲方, 乙方). @param {string} head */
export const isPartyHeader = (head) => partyParts().some((words) => words.includes(fold(head)));

/** Applies the rules one after the other; `choice` holds what they have chosen so far. */
class Chooser {
  /**
   * @param {string[]} header one text per column
   * @param {Sample[]} samples first filled cells of each column
   * @param {Table} table
   * @param {Map<number, string>} told columns that are known already: index -> canonical column, "" for a column that is none of the table's
   * @param {Set<string>} without columns of the table that the file does not have
   * @param {boolean} isHeadless whether the file has no header
   */
  constructor(header, samples, table, told, without, isHeadless) {
    this.header = header;
    this.samples = samples;
    this.table = table;
    this.told = told;
    this.without = without;
    this.matches = isHeadless ? new Map() : matchHeaders(header, table);
    /** @type {Choice} */
    this.choice = {
      columns: new Map(Array.from(told).filter(([, name]) => name)), matches: this.matches, degrees: {}, parties: [], dropped: new Set(), nameWhy: "",
      beside: new Map(), unfit: new Map(), twice: [], shapes: [], isProposed: isHeadless, computed: new Set(), omitted: new Set(),
    };
    this.title = this.has("name") ? "name" : this.has("title") ? "title" : "";
  }

  /** Whether the table has a column. @param {string} name */
  has(name) { return this.table.columns.some((column) => column.name === name); }

  /** Returns a column of the table; undefined for an unknown name. @param {string} name */
  columnOf(name) { return this.table.columns.find((column) => column.name === name); }

  /** Returns the columns of the table that are chosen already. */
  taken() { return new Set([...this.choice.columns.values(), ...Object.keys(this.choice.degrees)]); }

  /** Whether a column of the file is not yet chosen as a column of the table, nor known. @param {number} index */
  isOpen(index) {
    const { columns, degrees } = this.choice;
    return !columns.has(index) && !this.told.has(index) && !Object.values(degrees).some((parts) => parts.includes(index));
  }

  /** Returns the indices of the columns of the file for which `isOpen` holds. */
  open() { return this.header.flatMap((_, at) => (this.isOpen(at) ? [at] : [])); }

  /** Chooses the columns, and returns the choice. */
  choose() {
    const { choice, title } = this;
    if (choice.isProposed) {
      const open = this.header.flatMap((_, at) => (this.told.has(at) ? [] : [at]));
      for (const [at, name] of proposeByContents(this.samples, open, this.table, new Set([...this.taken(), ...this.without]))) choice.columns.set(at, name);
    }
    const claims = this.claims(this.matches);
    for (const { index, match, column } of claims) if (match.rank === CANONICAL && !this.taken().has(column)) choice.columns.set(index, column);
    const id = this.nearestId();
    this.chooseBest(claims.filter(({ index }) => index === id));
    this.chooseCoordinates(claims);
    this.chooseBest(claims.filter(({ column }) => column === title));
    if (title && !this.taken().has(title) && !this.without.has(title)) this.findName(claims);
    const others = claims.filter(({ column }) => ![title, "id", "lon", "lat", "lonlat"].includes(column));
    const areas = others.filter((claim) => claim.column === "place" && this.isArea(claim));
    this.chooseBest(others.filter((claim) => !areas.includes(claim)));
    this.chooseBest(this.claims(this.otherwise(claims)));
    this.chooseArea(areas);
    this.chooseParties();
    this.sortTheRest(claims);
    return choice;
  }

  /** Returns the claims of the columns for which `isOpen` holds. @param {Iterable<[number, Match]>} matches @returns {Claim[]} */
  claims(matches) {
    return Array.from(matches).flatMap(([index, match]) => {
      const { column, rank } = match;
      if (column === null || this.without.has(column) || !this.isOpen(index)) return [];
      const share = this.shareOf(index, column, match);
      const level = share === null ? 0.5 : share >= NEARLY_ALL ? 3 : share > MOST ? 2 : share ? 1 : 0;
      return [{ index, match, column, share, level, known: this.knownShare(index, column), holds: rank === CANONICAL || (rank === LISTED ? level > 0 : level >= 2) }];
    });
  }

  /**
   * Returns the share (0 to 1) of the first cells of a column that fit a column of the table; null without filled cells. It is 1 for a canonical
   * header and for ids, whatever the cells hold, and is capped for a name that repeats often.
   *
   * @param {number} index index of the column in the file
   * @param {string} name column of the table
   * @param {Match} match
   */
  shareOf(index, name, { rank, unit }) {
    const sample = this.samples[index], column = this.columnOf(name);
    if (!sample.texts.length) return null;
    if (rank === CANONICAL || name === "id") return 1;
    if (!column) return sample.share(isPair); // lonlat
    const share = sample.share(fits(column, unit, rank > LISTED)), isRepeated = name === this.title && sample.distinct.size <= MOST * sample.texts.length;
    return isRepeated ? Math.min(share, MOST + 0.1) : share;
  }

  /** Returns the share of the first cells that are words of the column's vocabulary; 0 without one. @param {number} index @param {string} name */
  knownShare(index, name) {
    const { vocab = "" } = this.columnOf(name) || {};
    return vocab ? this.samples[index].share((text) => findVocab(text, vocab) !== null) : 0;
  }

  /** Chooses for each column of the table the best of the claims that the cells confirm. @param {Claim[]} claims */
  chooseBest(claims) {
    for (const { holds, column, index } of claims.slice().sort((a, b) => compareKeys(orderOf(a), orderOf(b)))) {
      if (holds && !this.taken().has(column) && this.isOpen(index)) this.choice.columns.set(index, column);
    }
  }

  /** Returns the index of the column of ids: `id` before 编号, 编号 before 代码; -1 without one. */
  nearestId() {
    const own = this.columnOf("id"), words = ["id", ...(own ? own.headers : [])].map(fold);
    const rank = (/** @type {number} */ at) => { const place = words.indexOf(fold(this.header[at])); return place < 0 ? words.length : place; };
    return least(this.open().filter((at) => { const match = this.matches.get(at); return match && match.column === "id"; }), (at) => [rank(at), at]) ?? -1;
  }

  /** Chooses the columns of coordinates, if the table has any. @param {Claim[]} claims */
  chooseCoordinates(claims) {
    if (!this.has("lon")) return;
    const { columns } = this.choice, known = new Map(Array.from(columns).flatMap(([at, name]) => (["lon", "lat", "lonlat"].includes(name) ? [[name, at]] : [])));
    const found = chooseCoordinates(this.header, this.samples, claims, known, this.open());
    for (const [at, name] of found.columns) if (!this.without.has(name)) columns.set(at, name);
    Object.assign(this.choice.degrees, found.degrees);
    this.choice.twice = found.clash;
  }

  /**
   * Chooses the column that names the rows, if the cells confirm no header of names: one that is found by its contents, else one with a
   * listed header, else one that can serve as the name.
   *
   * @param {Claim[]} claims
   */
  findName(claims) {
    const isStrong = (/** @type {Match | undefined} */ match) => match && match.rank <= LISTED && match.column !== null && match.column !== "aliases";
    const claimed = new Map(claims.flatMap(({ holds, index, column }) => (holds ? [[index, column]] : []))), open = this.open().filter((at) => !isStrong(this.matches.get(at)));
    const found = findName(this.samples, [open.filter((at) => !claimed.has(at)), open.filter((at) => ALSO_NAMES.includes(claimed.get(at) || ""))]);
    const listed = claims.find(({ column, match }) => column === this.title && match.rank === LISTED);
    const at = found >= 0 ? found : listed ? listed.index : findStandIn(this.samples, this.standIns(claims));
    if (at >= 0 && (found >= 0 || !listed)) this.choice.nameWhy = found >= 0 ? "contents" : "stand-in";
    if (at >= 0) this.choice.columns.set(at, this.title);
  }

  /**
   * Returns the indices of the columns that may serve as the name if the file has no column of names: the only column of a file, or
   * addresses beside a longitude or coordinate pairs.
   *
   * @param {Claim[]} claims
   */
  standIns(claims) {
    if (this.header.length === 1) return this.open();
    if (!this.taken().has("lon") && !this.taken().has("lonlat")) return [];
    return claims.filter(({ holds, index, column }) => holds && column === "address" && this.isOpen(index)).map(({ index }) => index);
  }

  /** Returns [index, match] with the second meaning of each header whose cells do not confirm its first one. @param {Claim[]} claims @returns {[number, Match][]} */
  otherwise(claims) {
    const { headers, columns } = program.grammar.headers.otherwise, words = new Map(Object.entries(headers).map(([word, column]) => [fold(word), column]));
    return claims.flatMap(({ index, match, column, holds }) => {
      const other = words.get(fold(this.header[index])) || (match.rank === WEAK ? "" : columns[column]);
      return other && this.has(other) && !holds ? [[index, { column: other, datum: null, unit: "", rank: FAMILY }]] : [];
    });
  }

  /** Whether a claim is that of a column of areas (省, 区县). @param {Claim} claim */
  isArea({ match, index }) { return match.rank === FAMILY && areaLevel(this.header[index]) !== null; }

  /** Chooses the column of the smallest areas (see `AREA_ORDER`) as the place, unless there is a place or coordinates. @param {Claim[]} claims */
  chooseArea(claims) {
    const taken = this.taken();
    if (["place", "lon", "lonlat"].some((name) => taken.has(name))) return;
    const holding = claims.filter(({ holds, index }) => holds && this.samples[index].share(isPlaceName) > MOST);
    const best = least(holding, ({ index }) => [AREA_ORDER.indexOf(areaLevel(this.header[index]) || ""), index]);
    if (best) this.choice.columns.set(best.index, "place");
  }

  /** Chooses columns with one of the parties each (甲方, 乙方) as the parties, if there are at least two. */
  chooseParties() {
    if (!this.has("parties") || this.taken().has("parties") || this.without.has("parties")) return;
    const folded = this.header.map(fold);
    const parts = partyParts().flatMap((words) => {
      const at = folded.findIndex((head, index) => words.includes(head) && this.isOpen(index));
      return at < 0 ? [] : [at];
    });
    if (parts.length > 1) this.choice.parties = parts;
  }

  /** Records why the other columns are not what their headers claim, which of them hold shapes, and which only number the rows. @param {Claim[]} claims */
  sortTheRest(claims) {
    const { choice } = this, indexes = new Map(Array.from(choice.columns, ([at, name]) => [name, at]));
    for (const claim of claims) {
      const { index, column, level, match, share, holds } = claim, other = indexes.get(column);
      if (!this.isOpen(index) || choice.parties.includes(index)) continue;
      if (level >= 2 && other !== undefined && column !== "id" && !this.isArea(claim)) choice.beside.set(index, other);
      else if (match.rank <= LISTED && share !== null && !holds) choice.unfit.set(index, [column, this.samples[index].texts[0]]);
    }
    for (const [at, other] of choice.beside) if ((this.matches.get(at) || { rank: LISTED }).rank === CANONICAL) choice.twice.push([other, at]);
    this.lookForName(indexes.get(this.title));
    choice.shapes = this.open().filter((at) => this.samples[at].share(isShape) > MOST);
    // Beside a canonical column of ids, running numbers stay a column of their own.
    const hasIds = Array.from(this.matches.values()).some((match) => match.column === "id" && match.rank === CANONICAL);
    choice.dropped = new Set(hasIds ? [] : this.open().filter((at) => isRunningHeader(this.header[at]) && areRunningNumbers(this.samples[at].texts)));
  }

  /** Sets `nameWhy` to "family" if the column of the name was found by the ending of its header. @param {number | undefined} at its index */
  lookForName(at = -1) {
    const match = this.matches.get(at);
    if (this.title && !this.choice.nameWhy && match && match.rank === FAMILY && !this.told.has(at)) this.choice.nameWhy = "family";
  }
}

/**
 * Returns the columns of words as typed (category_word) that belong to the open vocabularies of a table: name -> canonical column (category).
 *
 * @param {Table} table
 * @returns {Record<string, string>}
 */
export function wordColumns(table) {
  const isOpen = (/** @type {string} */ name) => table.columns.some((column) => column.name === name && column.vocab in program.open);
  return Object.fromEntries(Object.entries(program.word_columns).filter(([, name]) => isOpen(name)));
}

/**
 * Finds the columns that the program itself wrote: index -> the column that they fill, "" for a column that is computed anew.
 *
 * @param {string[]} heads header of the file
 * @param {Table} table
 */
function programColumns(heads, table) {
  const plain = heads.map(strip), { derived, companions, original, located, asked } = program, added = { ...located, ...asked };
  /** Returns whether the file has all these headers. @param {string[]} names */
  const has = (names) => names.every((name) => plain.includes(name));
  /** @type {Map<number, string>} */
  const columns = new Map();
  const ours = derived[table.name] || [], beside = companions[table.name];
  if (has(ours.length ? ours : beside)) {
    const again = new Set([...ours, "wkt", ...(has(beside) ? beside : []), ...(plain.some((name) => name in original) ? Object.values(original) : [])]);
    plain.forEach((name, index) => { if (again.has(name) || name in original) columns.set(index, original[name] || ""); });
  } else if (table.columns.some((column) => column.name === "precision") && has(Object.keys(located)) &&
    !heads.some((head) => readHeader(head, table).column === "precision")) {
    plain.forEach((name, index) => { if (name in added) columns.set(index, added[name]); });
  }
  return columns;
}

/**
 * Chooses the columns of a grid by its header and first rows, as far as the user of the page has not chosen them.
 *
 * @param {Grid} grid
 * @param {Table} table
 * @param {string[]} chosen for each column the canonical column, "" for none, "-" to leave it out, "+" to let the worker choose; empty if
 *   the user has chosen nothing
 * @returns {Choice}
 */
export function chooseColumns({ header, rows, headerRow }, table, chosen) {
  const samples = header.map((_, at) => new Sample(rows.slice(0, 2000).map((row) => row[at]))), own = programColumns(header, table), words = wordColumns(table);
  const told = /** @type {Map<number, string>} */ (new Map()), omitted = new Set(chosen.flatMap((name, at) => (name === "-" ? [at] : [])));
  header.forEach((label, at) => { if (strip(label) in words) told.set(at, ""); });
  for (const [at, name] of own) told.set(at, name);
  chosen.forEach((name, at) => { if (name !== "+") told.set(at, name === "-" ? "" : name); });
  const composed = chosen.includes("+") ? ["lon", "lat", "parties"] : []; // columns that the worker may compose of those left to it
  const names = chosen.length ? [...table.columns.map(({ name }) => name), "lonlat"] : [];
  const without = new Set(names.filter((name) => !chosen.includes(name) && !composed.includes(name)));
  const choice = new Chooser(header, samples, table, told, without, headerRow === 0).choose();
  return { ...choice, computed: new Set(Array.from(own).filter(([at, name]) => !name && told.get(at) === "").map(([at]) => at)), omitted };
}
