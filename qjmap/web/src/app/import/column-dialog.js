/* The dialog before a table is read: it shows the first rows, and above each column a list in which the reader chooses the
 * column of the table that it is. */

import { buttonOf, el, listen, templatePart } from "../base/dom.js";
import { makeCover } from "../../runtime/open-views.js";

// Choices besides the names of the table's columns: own column, left out, and decided by the program, so that the reader cannot choose.
const OWN = "", OMITTED = "-", FIXED = "+";

/**
 * @typedef {{ language: Language, settings: (id: string, changed: (key: string) => void) => Child[], read: (choices: string[] | null) => void, preview: (sheet?: string) => void, cancel: () => void }} Parts
 * `settings` makes the fields for table and datum (`id` is the prefix of their ids; `changed` is called with "table" or "datum"); `read` gets
 * the choice for each column, null if the reader has changed none; `preview` makes another preview, of a worksheet if one is given.
 */
/** @typedef {{ name: string, preview: Preview, choices: string[] }} Shown The file's name, its preview, and for each of its columns the name of a column of the table, OWN, OMITTED or FIXED. */

/** Returns the choice that the worker proposes for a column. @param {Proposal} proposal */
const choiceOf = ({ column, why }) => (why === "computed" || why === "composed" ? FIXED : why === "omitted" || why === "running" ? OMITTED : column || OWN);

/**
 * Sets the choice of a column. Another column with the same choice becomes an own column; its index is returned, -1 if there is none.
 *
 * @param {string[]} choices
 * @param {number} index index of the column
 * @param {string} value the choice
 */
export function choose(choices, index, value) {
  const other = value && value !== OMITTED ? choices.indexOf(value) : -1;
  if (other >= 0) choices[other] = OWN;
  choices[index] = value;
  return other === index ? -1 : other;
}

/**
 * Returns what is missing in the choices: `required`, the required columns of the table that are chosen for no column of the file; `half`,
 * whether only one of longitude and latitude is chosen; `nowhere`, whether the table has positions, but no column of the file gives one.
 *
 * @param {Shown} shown
 */
export function lacking({ preview: { columns }, choices }) {
  const has = (/** @type {string} */ name) => choices.includes(name);
  return {
    required: columns.filter(({ name, required }) => required && !has(name)),
    half: has("lon") !== has("lat"),
    nowhere: columns.some(({ name }) => name === "lon") && ![FIXED, "lon", "lat", "lonlat"].some(has),
  };
}

/**
 * Returns the functions that make the columns of the file with their choices.
 *
 * @param {Parts} parts
 * @param {(index: number, value: string) => void} chosen called when the reader chooses for the column at an index
 */
function makeColumnList({ language }, chosen) {
  const { t, has } = language;

  /** Returns the label of a column of the table in the language of the page. @param {{ name: string, label: string }} column */
  function labelOf({ name, label }) {
    if (language.now === "zh") return label;
    return has("column." + name) ? t("column." + name) : name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");
  }

  /** Makes the drop-down list for a column of the file. @param {Shown} shown @param {number} index */
  function choiceField({ preview, choices }, index) {
    const options = [{ value: OWN, text: t("columns.own") }, { value: OMITTED, text: t("columns.omit") },
      ...preview.columns.map((column) => ({ value: column.name, text: labelOf(column) }))];
    const select = el("select", { id: "qj-column-" + index }, options.map(({ value, text }) => el("option", { value, selected: value === choices[index] }, text)));
    listen(select, "change", () => chosen(index, select.value));
    return select;
  }

  /** Returns the key of the reason for a proposed choice; "" if there is none, or the reader has changed the choice. @param {Shown} shown @param {number} index */
  function whyOf({ preview, choices }, index) {
    const proposal = preview.proposal[index];
    return choices[index] === choiceOf(proposal) ? proposal.why : "";
  }

  /**
   * Makes the list item of a column of the file: header, choice, reason and first cells.
   *
   * @param {Shown} shown
   * @param {string} header
   * @param {number} index index of the column
   */
  function columnItem(shown, header, index) {
    const why = whyOf(shown, index), fixed = shown.choices[index] === FIXED;
    return el("li", { "data-why": why, "data-use": shown.choices[index] ? null : "own" },
      el("label", { for: fixed ? null : "qj-column-" + index, title: header }, header),
      fixed ? null : choiceField(shown, index),
      el("span", { class: "qj-why" }, why ? t("columns.why." + why, { column: shown.preview.proposal[index].of || "" }) : "\xa0"),
      el("ol", {}, shown.preview.rows.map((row) => el("li", { title: row[index] }, row[index] || el("span", { class: "qj-blank" }, "\xa0")))));
  }

  return { labelOf, items: (/** @type {Shown} */ shown) => shown.preview.header.map((header, index) => columnItem(shown, header, index)) };
}

/**
 * Makes the part with the columns of the file, and above them lines on what is still missing.
 *
 * @param {Parts} parts
 */
function makeChooser(parts) {
  const { t } = parts.language;
  const warning = el("p", { class: "qj-drop-wrong", tabindex: "-1" }), note = el("p", { class: "qj-quiet" }), list = el("ul", { class: "qj-plain qj-columns" });
  /** @type {Shown} */
  let shown;
  const columnList = makeColumnList(parts, (index, value) => {
    const other = choose(shown.choices, index, value);
    if (other >= 0) templatePart("said").textContent = t("columns.freed", { column: shown.preview.header[other] });
    draw();
    templatePart("column-" + index).focus({ preventScroll: true });
  });

  /** Shows what is missing in the choices. */
  function warn() {
    const { required, half, nowhere } = lacking(shown);
    warning.textContent = required.length ? t("columns.missing", { column: required.map(columnList.labelOf).join(t("columns.and")) }) : half ? t("columns.half") : "";
    note.textContent = nowhere ? t("columns.nowhere") : "";
    warning.hidden = !warning.textContent;
    note.hidden = !nowhere;
  }

  /** Draws the columns again without changing the scroll position. */
  function draw() {
    const { scrollLeft, scrollTop } = list;
    list.replaceChildren(...columnList.items(shown));
    list.scrollTo(scrollLeft, scrollTop);
    warn();
  }

  return {
    nodes: [warning, note, list],
    /** Shows another table, scrolled to the first doubtful column. @param {Shown} next */
    show(next) {
      shown = next;
      draw();
      const doubtful = list.querySelector('[data-why="contents"], [data-why="unfit"]');
      if (doubtful) doubtful.scrollIntoView({ block: "nearest", inline: "nearest" });
    },
    /** Returns whether the table can be read; else moves the focus to the line on what is missing. */
    isReady() {
      const ready = !lacking(shown).required.length;
      if (!ready) warning.focus();
      return ready;
    },
  };
}

/** Makes the dialog. @param {Parts} parts */
export function makeColumnDialog(parts) {
  const { language, settings, read, preview: previewAgain, cancel } = parts, { t } = language, chooser = makeChooser(parts);
  const view = templatePart("columns"), title = templatePart("columns-title"), body = templatePart("columns-body"), cover = makeCover(view, dismiss);
  /** @type {Shown | null} */
  let shown = null;

  function close() {
    view.hidden = true;
    cover(false);
    shown = null;
  }

  /** Closes the dialog without reading. */
  function dismiss() {
    close();
    cancel();
  }

  /** Closes the dialog and reads the table, if nothing that is required is missing. */
  function confirm() {
    if (!shown || !chooser.isReady()) return;
    const { preview: { proposal }, choices } = shown, isChanged = choices.some((choice, index) => choice !== choiceOf(proposal[index]));
    close();
    read(isChanged ? choices : null);
  }

  /** Makes the list of worksheets; null if only one has rows. @param {Preview} preview @returns {Child} */
  function sheetField({ sheets, sheet }) {
    if (sheets.length < 2) return null;
    const select = el("select", { id: "qj-columns-sheet" }, sheets.map((name) => el("option", { value: name, selected: name === sheet }, name)));
    listen(select, "change", () => previewAgain(select.value));
    return el("label", { class: "qj-drop-field", for: "qj-columns-sheet" }, el("span", {}, t("columns.sheet")), select);
  }

  function fill() {
    if (!shown) return;
    const { name, preview } = shown;
    body.replaceChildren(
      el("p", { class: "qj-quiet" }, el("strong", {}, name || t("drop.pasted")), " ", t("columns.intro", { count: preview.header.length })),
      el("div", { class: "qj-columns-settings" }, sheetField(preview), settings("qj-columns-", (key) => { if (key === "table") previewAgain(); })), ...chooser.nodes,
      el("div", { class: "qj-actions" }, buttonOf("qj-action", t("columns.read"), confirm, { "data-act": "read_columns" }), buttonOf("qj-action", t("columns.cancel"), dismiss)));
    chooser.show(shown);
  }

  language.bind(title, "columns.title");
  language.bind(templatePart("columns-close"), "panel.close", "aria-label");
  language.onChange(fill);
  listen(templatePart("columns-close"), "click", dismiss);

  return {
    /** Shows the first rows of a table. @param {string} name name of the file, "" for a pasted text @param {Preview} preview */
    show(name, preview) {
      const isNew = view.hidden, before = shown && shown.preview;
      shown = { name, preview, choices: preview.proposal.map(choiceOf) };
      view.hidden = false;
      fill();
      if (isNew) cover(true);
      const isOther = Boolean(before && before.sheet !== preview.sheet);
      (isNew ? title : templatePart(isOther ? "columns-sheet" : "columns-table")).focus(); // the focus returns to the list in which the sheet or table was chosen
    },
  };
}
