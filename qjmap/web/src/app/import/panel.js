/* Adding in the page: a table is dropped, chosen or pasted, judged as `qjmap add` would, shown on the map, and saved anew. */

import { el, elIn, isPhone, templatePart } from "../dom.js";
import { csvLine, download } from "../export/files.js";
import { pageWithDrafts } from "./save-page.js";

const TABLES = ["sites", "places", "partnerships", "indicators", "sources"];
const DATUMS = ["", "wgs84", "gcj02", "bd09", "cgcs2000"];
const MOST = 64 * 1024 * 1024; // bytes that a page reads; larger files are for `qjmap add`
const SHOWN = 200; // faults written out; all of them are in the file of refused rows

/** @param {any} event */
const hasFile = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");

/** @param {{ language: Language, meta: Meta, drafts: DraftLayer, reading: any, closeExport: () => void }} given */
export function makeImportPanel({ language, meta, drafts, reading, closeExport }) {
  const { t, word } = language;
  const card = templatePart("drop");
  const body = templatePart("drop-body");
  const button = templatePart("drop-button");
  const said = templatePart("said");
  let table = "sites", datum = "", working = false;
  /** @type {any} */
  let last = null; // what was read
  /** @type {any} */
  let given = null; // from what

  const stem = () => String(meta.id || "map");
  /**
   * @param {string} key
   * @param {any} run
   */
  const act = (key, run, props = {}) => {
    const node = el("button", { type: "button", class: "qj-action", "data-act": key, ...props }, t("drop." + key));
    node.addEventListener("click", run);
    return node;
  };

  let newest = 0; // number of the reading that was begun last

  /**
   * Reads a file or a pasted text and shows the result; one that is begun meanwhile takes its place.
   *
   * @param {any} what
   */
  async function read(what) {
    const number = newest += 1;
    given = what;
    working = true;
    open(true);
    fill();
    let result;
    try {
      const kind = what.file && !what.bytes ? await load(what) : "";
      result = kind ? { kind } : await reading.read(what, table, datum);
    } catch (error) {
      result = { failed: true };
    }
    if (number !== newest) return;
    last = result;
    working = false;
    // What was read before stays, but for the same file read anew; refused rows are shown of the last file only.
    const batch = what.batch || (what.batch = what.name || "pasted " + (drafts.all.length + 1));
    const kept = drafts.all.filter((/** @type {any} */ one) => one.kind === "move" || (one.state !== "refused" && one.batch !== batch));
    const rows = last.rows ? last.rows.filter((/** @type {any} */ one) => one.state !== "already").map((/** @type {any} */ one) => ({
      kind: "row", batch, table, state: one.state, record: one.record, point: one.point, radius: one.radius,
      name: one.record.name || one.record.title || "",
    })) : [];
    await drafts.set([...kept, ...rows]);
    drafts.show();
    fill();
    said.textContent = last.rows ? summary() : refusal();
  }

  /**
   * Takes in the bytes of a file; gives what keeps it from being read, if anything does.
   *
   * @param {any} what
   */
  async function load(what) {
    if (what.file.size > MOST) return "large";
    try {
      what.bytes = new Uint8Array(await what.file.arrayBuffer());
      return "";
    } catch (error) {
      return "unreadable";
    }
  }

  const readFiles = (/** @type {FileList} */ [file, ...others]) => read({ name: file.name, file, others: others.length });

  const counted = (/** @type {string} */ state) => last.rows.filter((/** @type {any} */ one) => one.state === state).length;
  const refusal = () => (last.kind ? t("drop.kind." + last.kind) : t("drop.failed"));
  const summary = () => t("drop.summary", { added: counted("added"), already: counted("already"), refused: counted("refused") });

  /** @param {any} one */
  function fault(one) {
    const { message, cure } = one.told[language.now];
    const where = [one.row === null ? t("drop.whole") : t("drop.row", { row: one.row }), one.column ? (one.letter ? one.letter + " " : "") + one.column : ""].filter(Boolean).join(" · ");
    return el("li", { class: "qj-fault", "data-severity": one.severity },
      el("span", { class: "qj-line" }, el("strong", {}, where), one.severity === "fault" ? null : " · " + t("drop.note")),
      el("span", { class: "qj-line" }, message), el("span", { class: "qj-line qj-quiet" }, cure));
  }

  /**
   * Additions and corrections of one table as rows that `qjmap add` takes.
   *
   * @param {any} name
   */
  function rowsFor(name) {
    return drafts.all.filter((/** @type {any} */ one) => one.table === name && (one.state === "added" || one.kind === "move")).map((/** @type {any} */ one) => one.record);
  }
  const tablesWith = () => TABLES.filter((name) => rowsFor(name).length);

  function saveCsv() {
    for (const name of tablesWith()) {
      const rows = rowsFor(name), columns = Array.from(new Set(rows.flatMap(Object.keys)));
      const lines = [columns, ...rows.map((/** @type {any} */ row) => columns.map((column) => row[column] || null))].map(csvLine);
      download(new Blob(["\ufeff", ...lines], { type: "text/csv;charset=utf-8" }), `${stem()}-${name}-add.csv`);
    }
  }

  /* The refused rows as they were, each with what is wrong with it. */
  function saveRefused() {
    const why = new Map(), whole = /** @type {any[]} */ ([]);
    for (const one of last.faults.filter((/** @type {{ severity: any }} */ { severity }) => severity === "fault")) {
      const { message, cure } = one.told[language.now];
      const remark = (one.column ? one.column + (language.now === "zh" ? "：" : ": ") : "") + message + (language.now === "zh" ? "" : " ") + cure;
      if (one.row === null) whole.push(remark); else why.set(one.row, [...(why.get(one.row) || []), remark]);
    }
    const refused = new Set(last.rows.filter((/** @type {any} */ one) => one.state === "refused").map((/** @type {any} */ one) => one.row));
    const lines = last.numbers.flatMap((/** @type {any} */ row, /** @type {any} */ at) => (refused.has(row) ? [[...last.cells[at], [...whole, ...(why.get(row) || [])].join(" ")]] : []));
    download(new Blob(["\ufeff", ...[[...last.header, "错误"], ...lines].map(csvLine)], { type: "text/csv;charset=utf-8" }), `${given.name}.refused.csv`);
  }

  function saveGeojson() {
    const features = drafts.all.filter((/** @type {any} */ one) => one.state !== "refused").map((/** @type {any} */ one) => ({
      type: "Feature", geometry: one.point ? { type: "Point", coordinates: one.point } : null, properties: { ...one.record, table: one.table, draft: one.kind },
    }));
    download(new Blob([JSON.stringify({ type: "FeatureCollection", name: "drafts", features }, null, 1)], { type: "application/geo+json" }), `${stem()}-add.geojson`);
  }

  function result() {
    if (working) return el("p", { class: "qj-quiet" }, t("drop.working"));
    if (!last) return null;
    const head = [
      el("h3", {}, given.name || t("drop.pasted")),
      given.others ? el("p", { class: "qj-drop-wrong" }, t("drop.others", { count: given.others })) : null,
    ];
    if (!last.rows) return [...head, el("p", { class: "qj-drop-wrong", "data-kind": last.kind || "" }, refusal())];
    const faults = last.faults.filter((/** @type {Fault} */ one) => one.severity === "fault"), notes = last.faults.filter((/** @type {Fault} */ one) => one.severity !== "fault");
    return [
      ...head,
      el("p", { id: "qj-drop-summary" }, summary() + " " + t("drop.read_as", { encoding: last.encoding })),
      el("ul", { class: "qj-plain" }, [...faults, ...notes].slice(0, SHOWN).map(fault)),
      faults.length + notes.length > SHOWN ? el("p", { class: "qj-quiet" }, t("drop.more", { count: faults.length + notes.length - SHOWN })) : null,
      counted("refused") ? act("save_refused", saveRefused) : null,
    ];
  }

  function list() {
    const good = drafts.all.filter((/** @type {any} */ one) => one.state !== "refused");
    if (!good.length) return null;
    return el("section", { class: "qj-take-part" }, el("h3", {}, t("drop.drafts", { count: good.length })),
      el("ul", { class: "qj-plain qj-drafts" }, good.slice(0, SHOWN).map((/** @type {any} */ one) => {
        const away = el("button", { type: "button", class: "qj-icon", "aria-label": t("drop.remove", { name: one.name }) }, "×");
        away.addEventListener("click", () => drafts.drop(one));
        const name = elIn("a", { href: "#id=" + encodeURIComponent(one.kind === "move" ? one.record.id : one.key) }, one.name);
        name.addEventListener("click", () => { if (isPhone()) open(false); });
        return el("li", {}, name, el("span", { class: "qj-quiet" },
          t(one.kind === "move" ? "drop.moved" : one.point ? "drop.new" : "drop.new_nowhere")), away);
      })),
      el("p", { class: "qj-quiet" }, t("drop.how")),
      el("div", { class: "qj-actions" },
        act("save_html", () => download(pageWithDrafts(drafts.all.filter((/** @type {any} */ one) => one.state !== "refused")), `${stem()}-draft.html`)),
        act("save_csv", saveCsv), act("save_geojson", saveGeojson)));
  }

  /**
   * @param {string} id
   * @param {string} label
   * @param {any} values
   * @param {any} now
   * @param {any} name
   * @param {any} change
   */
  function choice(id, label, values, now, name, change) {
    const select = el("select", { id }, values.map((/** @type {any} */ value) => el("option", { value, selected: value === now }, name(value))));
    select.addEventListener("change", () => {
      change(select.value);
      if (given) read(given);
    });
    return el("label", { class: "qj-drop-field", for: id }, el("span", {}, label), select);
  }

  function fill() {
    if (card.hidden) return;
    const file = el("input", { id: "qj-drop-file", class: "qj-hidden", type: "file", accept: ".csv,.tsv,.txt,text/csv" });
    file.addEventListener("change", () => { if (file.files && file.files.length) readFiles(file.files); });
    const paste = el("textarea", { id: "qj-drop-paste", rows: 3, placeholder: t("drop.paste_hint"), "aria-label": t("drop.paste") });
    body.replaceChildren(...[
      el("p", { class: "qj-quiet" }, t("drop.intro")),
      choice("qj-drop-table", t("drop.table"), TABLES.filter(reading.can), table, (/** @type {any} */ name) => t("table." + name), (/** @type {any} */ value) => { table = value; }),
      choice("qj-drop-datum", t("drop.datum"), DATUMS, datum, (/** @type {any} */ name) => (name ? word("datum", name) : t("drop.datum_none")), (/** @type {any} */ value) => { datum = value; }),
      el("p", { class: "qj-actions" }, file, el("label", { class: "qj-action", for: "qj-drop-file" }, t("drop.file"))),
      el("label", { class: "qj-drop-field", for: "qj-drop-paste" }, el("span", {}, t("drop.paste")), paste),
      act("read_paste", () => { if (paste.value.trim()) read({ name: "", text: paste.value }); }),
      el("section", { class: "qj-take-part" }, result()),
      list(),
    ].flat().filter(Boolean));
  }

  /** @param {boolean} yes */
  function open(yes) {
    if (yes === !card.hidden) return;
    card.hidden = !yes;
    button.setAttribute("aria-expanded", String(yes));
    if (yes) {
      closeExport();
      fill();
      templatePart("drop-title").focus();
    } else if (card.contains(document.activeElement) || document.activeElement === document.body) button.focus();
  }

  /* A file may be dropped anywhere on the page. */
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

  language.bind(button.querySelector("span"), "drop.title");
  language.bind(card, "drop.title", "aria-label");
  language.bind(veil, "drop.veil");
  language.bind(templatePart("drop-title"), "drop.title");
  language.bind(templatePart("drop-close"), "panel.close", "aria-label");
  language.onChange(fill);
  drafts.onChange(fill);
  button.addEventListener("click", () => open(card.hidden));
  templatePart("drop-close").addEventListener("click", () => open(false));

  return { open, get isOpen() { return !card.hidden; } };
}
