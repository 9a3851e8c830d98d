/* The import panel: the reader drops, chooses or pastes a table, which is read as by `qjmap add`, shown on the map as drafts, and can be saved. */

import { makeColumnDialog } from "./column-dialog.js";
import { pageWithDrafts } from "./save-page.js";
import { buttonOf, el, elIn, holdsFocus, listen, templatePart } from "../base/dom.js";
import { isPhone } from "../base/page-layout.js";
import { csvLine, download } from "../export/file-formats.js";

const TABLES = ["sites", "places", "partnerships", "indicators", "sources"];
const DATUMS = ["", "wgs84", "gcj02", "bd09", "cgcs2000"];
const MOST = 64 * 1024 * 1024; // maximum size in bytes of a file that the page reads; for larger ones use `qjmap add`
const SHOWN = 200; // maximum number of faults that are shown; the file of refused rows has all

/** @typedef {{ language: Language, meta: Meta, store: Store, drafts: DraftLayer, client: ImportClient, closeExport: () => void }} Parts `closeExport` closes the export dialog. */
/** @typedef {ImportResult | { kind: string, rows?: undefined, failed?: undefined } | { failed: boolean, rows?: undefined, kind?: undefined }} Result Of a table its rows and faults; of a file that was not read its `kind` ("large", "unreadable" or the kind of a file that is no table); `failed` after an unexpected error. */
/** @typedef {ImportResult & { rows: ImportRow[] }} ReadResult The rows and faults of a table. */
/** @typedef {{ table: string, isTableChosen: boolean, datum: string, working: boolean, result: Result | null, dropped: Dropped | null }} State The table and datum ("" for none stated), whether the reader has chosen the table, whether a file is being read, and the file or text that was read last (`dropped`) with its result; null before. */

/** Returns whether files are dragged. @param {DragEvent} event */
const hasFile = ({ dataTransfer }) => dataTransfer !== null && Array.from(dataTransfer.types).includes("Files");
/** Returns whether a draft is an added row or a correction, and not a refused row. @param {Draft} draft */
const isGood = (draft) => draft.state !== "refused";
/** Returns lines as a CSV file in UTF-8 with a byte-order mark. @param {BlobPart[]} lines */
const csvFile = (lines) => new Blob(["\ufeff", ...lines], { type: "text/csv;charset=utf-8" });

/**
 * Returns the function that reads files and texts into drafts.
 *
 * @param {Parts} parts
 * @param {State} state
 * @param {() => void} update draws the panel again
 * @param {(result: Result) => void} announce announces the result to screen readers
 * @param {(dropped: Dropped, preview: Preview) => void} showColumns opens the dialog in which the reader chooses the columns
 */
function makeReader({ drafts, client }, state, update, announce, showColumns) {
  let newest = 0; // number of the latest read; results of earlier ones are ignored
  /** @type {Map<string, string[]>} table and headers as JSON -> the choice of columns that the reader made for them */
  const earlier = new Map();

  /** Reads the bytes of a file into `dropped`; resolves to the key of an error's text, "" if there is no error. @param {Dropped} dropped @param {File} file */
  async function load(dropped, file) {
    if (file.size > MOST) return "large";
    try {
      dropped.bytes = new Uint8Array(await file.arrayBuffer());
      return "";
    } catch {
      return "unreadable";
    }
  }

  /** Reads a file or text; resolves to its result, which is `failed` after an unexpected error. @param {Dropped} dropped @returns {Promise<Result>} */
  async function resultOf(dropped) {
    try {
      const kind = dropped.file && !dropped.bytes ? await load(dropped, dropped.file) : "";
      return kind ? { kind } : await client.read(dropped, state.table, state.datum);
    } catch {
      return { failed: true };
    }
  }

  /** Makes drafts of the rows that were read, except for those that the table already has. @param {Result} result @param {string} batch @returns {Draft[]} */
  const draftsOf = ({ rows = [] }, batch) => rows.filter((row) => row.state !== "already").map(({ state: rowState, record, point, radius }) => ({
    key: "", kind: "row", batch, table: state.table, state: rowState, record, point: point || null, radius, name: record.name || record.title || "",
  }));

  /**
   * Resolves to the preview of a file or text; null if it is no table or cannot be read. Sets `state.table` to the table that the columns fit,
   * unless the reader has chosen one.
   *
   * @param {Dropped} dropped
   * @returns {Promise<Preview | null>}
   */
  async function previewOf(dropped) {
    const isTableOpen = !state.isTableChosen && !dropped.batch && !dropped.choice;
    if (isTableOpen) state.table = TABLES[0];
    if (dropped.file && dropped.file.size > MOST) return null;
    try {
      const preview = await client.preview(dropped, state.table, isTableOpen && client.can("partnerships"));
      if (preview.kind !== undefined) return null;
      state.table = preview.table;
      if (preview.sheets.length > 1) dropped.sheet = preview.sheet;
      return preview;
    } catch {
      return null; // reading the file reports the reason
    }
  }

  /**
   * Reads a file or a pasted text with the columns that were chosen for it; a later call cancels this one. If the columns are in doubt and were
   * not chosen before for the same headers, or if `check` is true, the dialog for columns opens instead.
   *
   * @param {Dropped} dropped
   * @param {boolean} [check] whether the reader wants to check the columns
   */
  return async (dropped, check = false) => {
    const number = newest += 1;
    state.dropped = dropped;
    state.working = true;
    update();
    const preview = await previewOf(dropped);
    if (number !== newest) return;
    if (preview) {
      const key = JSON.stringify([state.table, preview.header]);
      if (dropped.choice) earlier.set(key, dropped.choice); else dropped.choice = earlier.get(key);
      if (preview.header.length && (check || (preview.isDoubtful && !dropped.choice))) { showColumns(dropped, preview); return; }
    }
    const result = await resultOf(dropped);
    if (number !== newest) return;
    state.result = result;
    state.working = false;
    // Drafts of other files are kept, those of the same file are replaced; refused rows are shown of the last file only.
    const batch = dropped.batch || (dropped.batch = dropped.name + (dropped.sheet ? " · " + dropped.sheet : "") || "pasted " + (drafts.all.length + 1));
    await drafts.set([...drafts.all.filter((draft) => draft.kind === "move" || (isGood(draft) && draft.batch !== batch)), ...draftsOf(result, batch)]);
    drafts.show();
    update();
    announce(result);
  };
}

/**
 * Makes the functions that save drafts as files: a page with the drafts, CSV files of additions and corrections (one for each table), GeoJSON.
 *
 * @param {Parts} parts
 */
function makeSaving({ language, meta, store, drafts }) {
  const stem = String(meta.id || "map");
  /** Returns additions and corrections of one table as records that `qjmap add` takes. @param {string} table */
  const recordsOf = (table) => drafts.all.filter((draft) => draft.table === table && (draft.state === "added" || draft.kind === "move")).map(({ record }) => record);
  /** Returns a draft with only the columns that the page's tables have, because other columns of a dropped file may be personal. @param {Draft} draft @returns {Draft} */
  const carried = (draft) => ({
    ...draft, record: Object.fromEntries(Object.entries(draft.record).filter(([name]) => name === "datum" || store.has(draft.table, name))),
  });

  return {
    html: () => download(pageWithDrafts(drafts.all.filter(isGood).map(carried)), `${stem}-draft.html`),
    csv() {
      for (const table of TABLES) {
        const records = recordsOf(table), columns = Array.from(new Set(records.flatMap((record) => Object.keys(record))));
        if (records.length) download(csvFile([columns, ...records.map((record) => columns.map((column) => record[column] || null))].map(csvLine)), `${stem}-${table}-add.csv`);
      }
    },
    geojson() {
      const features = drafts.all.filter(isGood).map(carried).map(({ point, record, table, kind }) => ({
        type: "Feature", geometry: point ? { type: "Point", coordinates: point } : null, properties: { ...record, table, draft: kind },
      }));
      download(new Blob([JSON.stringify({ type: "FeatureCollection", name: "drafts", features }, null, 1)], { type: "application/geo+json" }), `${stem}-add.geojson`);
    },
    /** Saves the refused rows as they were in the file as CSV, with a last column of their faults. @param {ReadResult} result @param {string} name name of the file that was read */
    refused({ rows, faults, numbers, cells, header }, name) {
      /** @type {Map<number, string[]>} */
      const byRow = new Map();
      const ofFile = /** @type {string[]} */ ([]), isChinese = language.now === "zh";
      for (const fault of faults.filter(({ severity }) => severity === "fault")) {
        const { message, cure } = fault.told[language.now];
        const remark = (fault.column ? fault.column + (isChinese ? "：" : ": ") : "") + message + (isChinese ? "" : " ") + cure;
        if (fault.row === null) ofFile.push(remark); else byRow.set(fault.row, [...(byRow.get(fault.row) || []), remark]);
      }
      const refused = new Set(rows.filter((row) => row.state === "refused").map(({ row }) => row));
      const lines = numbers.flatMap((row, index) => (refused.has(row) ? [[...cells[index], [...ofFile, ...(byRow.get(row) || [])].join(" ")]] : []));
      download(csvFile([[...header, "错误"], ...lines].map(csvLine)), `${name}.refused.csv`);
    },
  };
}

/** @typedef {ReturnType<typeof makeSaving>} Saving */

/**
 * Makes the functions that show the result of the last file or text.
 *
 * @param {Parts} parts
 * @param {State} state
 * @param {Saving} saving
 * @param {() => void} checkColumns opens the dialog for columns
 */
function makeResult({ language }, state, saving, checkColumns) {
  const { t } = language;

  /** Makes the list item of a fault. @param {ToldFault} fault */
  function faultLine({ told, row, column, letter, severity }) {
    const { message, cure } = told[language.now];
    const where = [row === null ? t("drop.whole") : t("drop.row", { row }), column ? (letter ? letter + " " : "") + column : ""].filter(Boolean).join(" · ");
    return el("li", { class: "qj-fault", "data-severity": severity },
      el("span", { class: "qj-line" }, el("strong", {}, where), severity === "fault" ? null : " · " + t("drop.note")),
      el("span", { class: "qj-line" }, message), el("span", { class: "qj-line qj-quiet" }, cure));
  }

  /** Returns the number of rows in a state. @param {ImportRow[]} rows @param {string} rowState */
  const count = (rows, rowState) => rows.filter((row) => row.state === rowState).length;

  /** Returns the result in one sentence. @param {Result} result */
  function summary({ rows, kind }) {
    if (rows) return t("drop.summary", { added: count(rows, "added"), already: count(rows, "already"), refused: count(rows, "refused") });
    return kind ? t("drop.kind." + kind) : t("drop.failed");
  }

  return {
    summary,
    /** Makes the nodes of the result; null before anything was read. @returns {Child} */
    nodes() {
      const { working, result, dropped } = state;
      if (working) return el("p", { class: "qj-quiet" }, t("drop.working"));
      if (!result || !dropped) return null;
      const head = [
        el("h3", {}, dropped.name || t("drop.pasted")),
        dropped.others ? el("p", { class: "qj-drop-wrong" }, t("drop.others", { count: dropped.others })) : null,
      ];
      if (!result.rows) return [...head, el("p", { class: "qj-drop-wrong", "data-kind": result.kind || "" }, summary(result))];
      const read = /** @type {ReadResult} */ (result), { rows, faults, encoding = "" } = read;
      const sorted = [...faults.filter(({ severity }) => severity === "fault"), ...faults.filter(({ severity }) => severity !== "fault")];
      return [
        ...head,
        el("p", { id: "qj-drop-summary" }, summary(read) + " " + t("drop.read_as", { encoding })),
        read.header.length ? actionButton(t, "check_columns", checkColumns) : null,
        el("ul", { class: "qj-plain" }, sorted.slice(0, SHOWN).map(faultLine)),
        sorted.length > SHOWN ? el("p", { class: "qj-quiet" }, t("drop.more", { count: sorted.length - SHOWN })) : null,
        count(rows, "refused") ? actionButton(t, "save_refused", () => saving.refused(read, dropped.name)) : null,
      ];
    },
  };
}

/**
 * Makes a button of the panel.
 *
 * @param {Language["t"]} t
 * @param {string} key last part of the key of its text
 * @param {() => void} act
 */
const actionButton = (t, key, act) => buttonOf("qj-action", t("drop." + key), act, { "data-act": key });

/**
 * Makes the list of drafts with the buttons that save them; null if no draft can be saved.
 *
 * @param {Parts} parts
 * @param {Saving} saving
 * @param {() => void} close closes the panel
 * @returns {Child}
 */
function draftList({ language: { t }, drafts }, saving, close) {
  const good = drafts.all.filter(isGood);
  if (!good.length) return null;
  /** Makes the list item of a draft. @param {Draft} draft */
  const line = (draft) => {
    const { kind, record, key, name, point } = draft;
    const remove = el("button", { type: "button", class: "qj-icon", "aria-label": t("drop.remove", { name }) }, "×");
    listen(remove, "click", () => drafts.drop(draft));
    const link = elIn("a", { href: "#id=" + encodeURIComponent(kind === "move" ? record.id : key) }, name);
    listen(link, "click", () => { if (isPhone()) close(); });
    return el("li", {}, link, el("span", { class: "qj-quiet" }, t(kind === "move" ? "drop.moved" : point ? "drop.new" : "drop.new_nowhere")), remove);
  };
  return el("section", { class: "qj-take-part" }, el("h3", {}, t("drop.drafts", { count: good.length })),
    el("ul", { class: "qj-plain qj-drafts" }, good.slice(0, SHOWN).map(line)),
    el("p", { class: "qj-quiet" }, t("drop.how")),
    el("div", { class: "qj-actions" },
      actionButton(t, "save_html", saving.html), actionButton(t, "save_csv", saving.csv), actionButton(t, "save_geojson", saving.geojson)));
}

/**
 * Makes the drop-down lists of tables and datums.
 *
 * @param {Parts} parts
 * @param {State} state is changed by them
 * @param {string} prefix prefix of the ids of the elements
 * @param {(key: string) => void} changed called with "table" or "datum" after a choice
 * @returns {Child[]}
 */
function settingFields({ language: { t, word }, client }, state, prefix, changed) {
  /**
   * Makes a drop-down list for a setting.
   *
   * @param {"table" | "datum"} key
   * @param {string[]} values
   * @param {(value: string) => string} nameOf returns the label of a value
   */
  function field(key, values, nameOf) {
    const id = prefix + key, select = el("select", { id }, values.map((value) => el("option", { value, selected: value === state[key] }, nameOf(value))));
    listen(select, "change", () => {
      state[key] = select.value;
      if (key === "table") state.isTableChosen = true;
      if (key === "table" && state.dropped) state.dropped.choice = undefined; // the choice of columns belonged to the other table
      changed(key);
    });
    return el("label", { class: "qj-drop-field", for: id }, el("span", {}, t("drop." + key)), select);
  }
  return [field("table", TABLES.filter(client.can), (name) => t("table." + name)), field("datum", DATUMS, (name) => (name ? word("datum", name) : t("drop.datum_none")))];
}

/**
 * Makes the form: table, datum, file, pasted text.
 *
 * @param {Parts} parts
 * @param {State} state
 * @param {(dropped: Dropped) => void} read
 * @param {(files: FileList) => void} readFiles
 * @returns {Child[]}
 */
function formNodes(parts, state, read, readFiles) {
  const { t } = parts.language;
  const file = el("input", { id: "qj-drop-file", class: "qj-hidden", type: "file", accept: ".csv,.tsv,.txt,.xlsx,.xlsm,.ods,text/csv" });
  listen(file, "change", () => { if (file.files && file.files.length) readFiles(file.files); });
  const paste = el("textarea", { id: "qj-drop-paste", rows: 3, placeholder: t("drop.paste_hint"), "aria-label": t("drop.paste") });
  listen(paste, "paste", (event) => {
    const { files = null, items = [] } = event.clipboardData || {}; // cells that a spreadsheet copies come as text and as a picture
    if (!files?.length || Array.from(items).some(({ kind }) => kind === "string")) return;
    event.preventDefault();
    readFiles(files);
  });
  return [
    el("p", { class: "qj-quiet" }, t("drop.intro")),
    settingFields(parts, state, "qj-drop-", () => { if (state.dropped) read(state.dropped); }),
    el("p", { class: "qj-actions" }, file, el("label", { class: "qj-action", for: "qj-drop-file" }, t("drop.file"))),
    el("label", { class: "qj-drop-field", for: "qj-drop-paste" }, el("span", {}, t("drop.paste")), paste),
    actionButton(t, "read_paste", () => { if (paste.value.trim()) read({ name: "", text: paste.value }); }),
  ];
}

/**
 * Lets files be dropped anywhere on the page.
 *
 * @param {(files: FileList) => void} readFiles
 */
function listenToDrops(readFiles) {
  const veil = templatePart("veil");
  document.addEventListener("dragover", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) veil.hidden = true; });
  document.addEventListener("drop", (event) => {
    veil.hidden = true;
    if (!hasFile(event)) return;
    event.preventDefault();
    if (event.dataTransfer && event.dataTransfer.files.length) readFiles(event.dataTransfer.files);
  });
}

/** Makes the import panel and its dialog for columns. @param {Parts} parts */
export function makeImportPanel(parts) {
  const { language, drafts, closeExport } = parts, card = templatePart("drop"), button = templatePart("drop-button");
  /** @type {State} */
  const state = { table: TABLES[0], isTableChosen: false, datum: "", working: false, result: null, dropped: null };
  const saving = makeSaving(parts), result = makeResult(parts, state, saving, () => { if (state.dropped) read(state.dropped, true); });
  const columns = makeColumnDialog({
    language, settings: (prefix, changed) => settingFields(parts, state, prefix, changed),
    read(choice) { if (state.dropped) read(Object.assign(state.dropped, { choice: choice || state.dropped.choice || [] })); }, // []: as the worker proposes
    preview(sheet) {
      const { dropped } = state;
      if (dropped) read(sheet ? { name: dropped.name, file: dropped.file, sheet } : dropped, true);
    },
    cancel: () => endWork(),
  });
  const read = makeReader(parts, state, update, (what) => { templatePart("said").textContent = result.summary(what); }, (dropped, preview) => columns.show(dropped.name, preview));
  /** Reads the first of several files; the panel states how many others were left out. @param {FileList} files */
  const readFiles = ([file, ...others]) => read({ name: file.name, file, others: others.length });

  function fill() {
    if (card.hidden) return;
    const nodes = [...formNodes(parts, state, read, readFiles), el("section", { class: "qj-take-part" }, result.nodes()), draftList(parts, saving, () => open(false))];
    templatePart("drop-body").replaceChildren(...el("div", {}, nodes).childNodes);
  }

  function update() {
    if (state.working) open(true);
    fill();
  }

  /** Ends the reading of a file whose dialog was cancelled. */
  function endWork() {
    state.working = false;
    fill();
    templatePart("drop-title").focus();
  }

  /** Opens the panel (which closes the export dialog) or closes it. @param {boolean} yes */
  function open(yes) {
    if (yes === !card.hidden) return;
    card.hidden = !yes;
    button.setAttribute("aria-expanded", String(yes));
    if (yes) {
      closeExport();
      fill();
      templatePart("drop-title").focus();
    } else if (holdsFocus(card)) button.focus();
  }

  listenToDrops(readFiles);
  language.bind(card, "drop.title", "aria-label");
  language.bind(templatePart("veil"), "drop.veil");
  language.bind(templatePart("drop-title"), "drop.title");
  language.bind(templatePart("drop-close"), "panel.close", "aria-label");
  language.onChange(fill);
  drafts.onChange(fill);
  listen(button, "click", () => open(Boolean(card.hidden)));
  listen(templatePart("drop-close"), "click", () => open(false));

  return { open, get isOpen() { return !card.hidden; } };
}
