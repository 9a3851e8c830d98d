/* Taking along: what is shown as a file, the map as a picture, the page on paper, and its address. */

import { el, giveWay, templatePart } from "../dom.js";
import { copyText, download, placeCells, placeNames, writers } from "./files.js";

const FORMATS = ["geojson", "csv", "kml"];
const SCALES = [1, 2, 3, 4];

/** @param {any} text */
const note = (text) => { templatePart("take-note").textContent = text; };

/** @param {{ map: LeafletMap, meta: Meta, language: Language, format: Format, store: Store, filter: Filter, paper: Theme, features: FeatureReader, picture: Picture, viewport: Viewport, closeImport: () => void }} given */
export function makeExportDialog({ map, meta, language, format, store, filter, paper, features, picture, viewport, closeImport }) {
  const { t } = language;
  const card = templatePart("take");
  const body = templatePart("take-body");
  const button = templatePart("take-button");
  const said = templatePart("said");
  /** @type {Record<string, any>} */
  const kept = { layer: "sites", format: "geojson", scale: "2", paper: paper.now, inView: false }; // what was chosen last

  const stem = () => String(meta.id || "map");
  /**
   * @param {string} name
   * @param {any} value
   * @param {any} text
   */
  function radio(name, value, text) {
    const box = el("input", { type: "radio", name: "qj-take-" + name, value: String(value), checked: kept[name] === String(value) });
    box.addEventListener("change", () => { kept[name] = box.value; });
    return el("label", { class: "qj-choice" }, box, el("span", {}, text));
  }
  /**
   * @param {string} key
   * @param {any} run
   */
  const act = (key, run) => {
    const node = el("button", { type: "button", class: "qj-action", "data-act": key }, t("take." + key));
    node.addEventListener("click", async () => {
      node.disabled = true;
      try {
        const done = await run();
        if (done) said.textContent = done;
      } catch (error) {
        said.textContent = t(error instanceof Error && error.message === "size" ? "take.too_large" : "take.failed");
        note(said.textContent);
      }
      node.disabled = false;
    });
    return node;
  };
  /**
   * @param {string} key
   * @param {any} nodes
   */
  const choices = (key, nodes) => el("fieldset", { class: "qj-choices" }, el("legend", {}, t("take." + key)), nodes);

  async function takeData() {
    const { format: form, layer } = kept;
    const bounds = kept.inView ? viewport.seen() : null;
    const writing = writers[form](features, layer, bounds, meta, { store, title: language.pick(meta.title, "") });
    giveWay(writing);
    const blob = await writing;
    download(blob, `${stem()}-${layer}.${form}`);
    return t("take.done");
  }

  function sections() {
    const shown = features.shown();
    if (shown.length && !shown.includes(kept.layer)) kept.layer = shown[0];
    const layerChoices = shown.map((name) => radio("layer", name, `${t("table." + name)} ${format.beside(format.number(filter.count(name)), filter.drafts(name).length)}`));
    const box = el("input", { type: "checkbox", checked: kept.inView });
    box.addEventListener("change", () => { kept.inView = box.checked; });
    return [
      el("section", { class: "qj-take-part" }, el("h3", {}, t("take.data")),
        shown.length ? [
          choices("layer", layerChoices),
          choices("format", FORMATS.map((one) => radio("format", one, t("take.format." + one)))),
          el("label", { class: "qj-choice" }, box, el("span", {}, t("take.in_view"))),
          act("save_data", takeData)] : el("p", { class: "qj-quiet" }, t("take.nothing"))),
      el("section", { class: "qj-take-part" }, el("h3", {}, t("take.picture")),
        choices("scale", SCALES.map((one) => radio("scale", one, one + "×"))),
        el("div", { class: "qj-actions" },
          act("save_png", async () => {
            download(await picture.png(Number(kept.scale)), `${stem()}.png`);
            return t("take.done");
          }),
          act("save_svg", () => {
            download(picture.svg(), `${stem()}.svg`);
            return t("take.done");
          }))),
      el("section", { class: "qj-take-part" }, el("h3", {}, t("take.paper")),
        choices("size", paper.names.map((one) => radio("paper", one, t("take.paper." + one)))),
        act("print", () => {
          paper.choose(kept.paper);
          open(false);
          window.print();
        })),
      el("section", { class: "qj-take-part" }, el("h3", {}, t("take.link")),
        el("input", { id: "qj-take-link", readonly: true, value: window.location.href, "aria-label": t("take.link") }),
        act("copy_link", async () => note((await copyText(window.location.href)) ? t("take.copied") : select(templatePart("take-link"))))),
      el("p", { id: "qj-take-note", class: "qj-quiet", role: "status" }),
    ];
  }

  /**
   * Where a browser forbids a local file to copy, the reader does it.
   *
   * @param {any} field
   */
  function select(field) {
    field.select();
    return t("take.select");
  }

  function fill() { if (!card.hidden) body.replaceChildren(...sections()); }

  /** @param {boolean} yes */
  function open(yes) {
    if (yes === !card.hidden) return;
    card.hidden = !yes;
    button.setAttribute("aria-expanded", String(yes));
    if (yes) {
      closeImport();
      fill();
      templatePart("take-title").focus();
    } else if (card.contains(document.activeElement) || document.activeElement === document.body) button.focus();
  }

  /**
   * A row as a line of a table, to be pasted into a spreadsheet or handed on: headers and cells, tab-separated.
   *
   * @param {any} r
   */
  function rowText(r) {
    const table = store.tableOf(r);
    if (!meta.columns[table]) return "";
    const { cells, geometry } = features.one(r);
    const names = [...features.columns(table), ...placeNames(table)];
    /** @param {any} cell */
    const flat = (cell) => (cell === null ? "" : String(cell).replace(/[\t\r\n]+/g, " "));
    return [names, [...cells, ...placeCells(table, geometry)]].map((line) => line.map(flat).join("\t")).join("\n");
  }

  language.bind(button.querySelector("span"), "take.title");
  language.bind(card, "take.title", "aria-label");
  language.bind(templatePart("take-title"), "take.title");
  language.bind(templatePart("take-close"), "panel.close", "aria-label");
  language.onChange(fill);
  filter.onChange(fill);
  map.on("layeradd layerremove", (/** @type {{ layer: any }} */ { layer }) => { if (layer.layerName) fill(); });
  button.addEventListener("click", () => open(card.hidden));
  templatePart("take-close").addEventListener("click", () => open(false));

  /**
   * The button that copies a row; null for rows that no layer has.
   *
   * @param {any} r
   */
  function rowButton(r) {
    const text = rowText(r);
    if (!text) return null;
    const node = el("button", { type: "button", class: "qj-action" }, t("take.copy_row"));
    node.addEventListener("click", async () => {
      said.textContent = (await copyText(text)) ? t("take.copied") : t("take.failed");
      node.textContent = said.textContent;
    });
    return node;
  }

  return { open, rowButton, get isOpen() { return !card.hidden; } };
}
