/* The export dialog: saves the shown rows as a file and the map as a picture, prints the page, and copies its link. */

import { copyText, download, sheetWords, writers } from "./file-formats.js";
import { buttonOf, el, holdsFocus, listen, markUrgent, templatePart } from "../base/dom.js";

const FORMATS = ["geojson", "csv", "kml"];
const SCALES = [1, 2, 3, 4];

/**
 * @typedef {{ map: LeafletMap, meta: Meta, language: Language, format: Format, store: Store, filter: RowFilter, paper: Theme, features: FeatureReader, picture?: Picture, viewport: Viewport, closeImport: () => void }} Parts
 * `paper`: the papers to print on; `picture`: makes the pictures, undefined on a page without that bundle; `closeImport`: closes the import
 * panel.
 */
/**
 * @typedef {{ layer: string, format: string, scale: string, paper: string, inView: boolean }} Choice
 * The options that are chosen: the table whose rows are saved (`layer`), format, scale of a PNG (1 to 4, as text), name of the paper, and
 * whether only rows in the visible part of the map are saved.
 */

/** Shows a note in the dialog. @param {string} text */
const note = (text) => { templatePart("take-note").textContent = text; };

/**
 * Returns the functions that make the form elements of the dialog.
 *
 * @param {Language} language
 * @param {Choice} choice is changed by the elements
 */
function makeFormParts({ t }, choice) {
  return {
    /**
     * Makes a radio button with its label.
     *
     * @param {"layer" | "format" | "scale" | "paper"} name
     * @param {string | number} value
     * @param {string} text
     */
    radio(name, value, text) {
      const box = el("input", { type: "radio", name: "qj-take-" + name, value: String(value), checked: choice[name] === String(value) });
      listen(box, "change", () => { choice[name] = box.value; });
      return el("label", { class: "qj-choice" }, box, el("span", {}, text));
    },
    /** Makes a group of radio buttons with a title. @param {string} key key of the title @param {Child} nodes */
    choices: (key, nodes) => el("fieldset", { class: "qj-choices" }, el("legend", {}, t("take." + key)), nodes),
    /**
     * Makes a button that is disabled while its action runs. The text that the action resolves to, or its failure, is announced.
     *
     * @param {string} key
     * @param {() => unknown} run the action
     */
    action(key, run) {
      const status = templatePart("said");
      const node = buttonOf("qj-action", t("take." + key), async () => {
        node.disabled = true;
        try {
          const text = await run();
          if (text) status.textContent = String(text);
        } catch (error) {
          status.textContent = t(error instanceof Error && error.message === "size" ? "take.too_large" : "take.failed");
          note(status.textContent);
        }
        node.disabled = false;
      }, { "data-act": key });
      return node;
    },
  };
}

/**
 * Returns the function that makes the sections of the dialog: data, picture, paper, link.
 *
 * @param {Parts} parts
 * @param {Choice} choice
 * @param {() => void} close closes the dialog
 */
function makeSections({ meta, language, format, store, filter, paper, features, picture, viewport }, choice, close) {
  const { t } = language, { radio, choices, action } = makeFormParts(language, choice), stem = String(meta.id || "map");

  /** Saves the rows of the chosen layer in the chosen format; resolves to the text to announce. */
  async function saveData() {
    const { format: form, layer } = choice;
    const writing = writers[form](features, layer, choice.inView ? viewport.seen() : null, meta, { store, language, title: language.pick(meta.title, "") });
    markUrgent(writing);
    download(await writing, `${stem}-${layer}.${form}`);
    return t("take.done");
  }

  /** Downloads a picture; returns the text to announce. @param {Blob} blob @param {string} suffix */
  function savePicture(blob, suffix) {
    download(blob, `${stem}.${suffix}`);
    return t("take.done");
  }

  /** Copies the link; if the browser does not allow that, selects it, so that the reader can copy it. */
  async function copyLink() {
    const copied = await copyText(window.location.href);
    if (!copied) /** @type {HTMLInputElement} */ (templatePart("take-link")).select();
    note(t(copied ? "take.copied" : "take.select"));
  }

  /** Makes the form of the section for data: layer, format, and whether only rows in view are saved. */
  function data() {
    const shown = features.shown();
    if (!shown.length) return el("p", { class: "qj-quiet" }, t("take.nothing"));
    if (!shown.includes(choice.layer)) choice.layer = shown[0];
    const box = el("input", { type: "checkbox", checked: choice.inView });
    listen(box, "change", () => { choice.inView = box.checked; });
    return [
      choices("layer", shown.map((name) => radio("layer", name, `${t("table." + name)} ${format.beside(format.number(filter.count(name)), filter.drafts(name).length)}`))),
      choices("format", FORMATS.map((form) => radio("format", form, t("take.format." + form)))),
      el("label", { class: "qj-choice" }, box, el("span", {}, t("take.in_view"))),
      action("save_data", saveData)];
  }

  /** Makes a section of the dialog. @param {string} key key of its title @param {...Child} content */
  const section = (key, ...content) => el("section", { class: "qj-take-part" }, el("h3", {}, t("take." + key)), content);

  return () => [
    section("data", data()),
    ...(picture ? [section("picture", choices("scale", SCALES.map((scale) => radio("scale", scale, scale + "×"))), el("div", { class: "qj-actions" },
      action("save_png", async () => savePicture(await picture.png(Number(choice.scale)), "png")),
      action("save_svg", () => savePicture(picture.svg(), "svg")),
      action("save_slide", async () => savePicture(await picture.slide(), "slide.png"))))] : []),
    section("paper", choices("size", paper.names.map((name) => radio("paper", name, t("take.paper." + name)))),
      action("print", () => {
        paper.choose(choice.paper);
        close();
        window.print();
      })),
    section("link",
      el("input", { id: "qj-take-link", readonly: true, value: window.location.href, "aria-label": t("take.link") }),
      action("copy_link", copyLink)),
    el("p", { id: "qj-take-note", class: "qj-quiet", role: "status" }),
  ];
}

/**
 * Returns a function that makes a button which copies a row to the clipboard, for a spreadsheet: a line of headers and a line of cells,
 * separated by tabs.
 *
 * @param {Parts} parts
 */
function makeRowButton({ meta, language, store, features }) {
  const { t } = language;
  /** Returns a cell as a text without tabs and line ends. @param {Cell} cell */
  const flat = (cell) => (cell === null ? "" : String(cell).replace(/[\t\r\n]+/g, " "));

  /** Makes the button of a row; null if its table has no layer. @param {Ref} r */
  return (r) => {
    const table = store.tableOf(r);
    if (!meta.columns[table]) return null;
    const { cells, geometry } = features.one(r), words = sheetWords(features, table, meta, { store, language });
    const text = [words.heads, [...cells.map(words.cell), ...words.place(geometry)]].map((line) => line.map(flat).join("\t")).join("\n");
    const node = buttonOf("qj-action", t("take.copy_row"), async () => {
      node.textContent = templatePart("said").textContent = t((await copyText(text)) ? "take.copied" : "take.failed");
    });
    return node;
  };
}

/** Makes the dialog. `rowButton` makes the button that copies a row. @param {Parts} parts */
export function makeExportDialog(parts) {
  const { map, language, filter, paper, closeImport } = parts, card = templatePart("take"), button = templatePart("take-button");
  const sections = makeSections(parts, { layer: "sites", format: "geojson", scale: "2", paper: paper.now, inView: false }, () => open(false));

  function fill() { if (!card.hidden) templatePart("take-body").replaceChildren(...sections()); }

  /** Opens the dialog (which closes the import panel) or closes it. @param {boolean} yes */
  function open(yes) {
    if (yes === !card.hidden) return;
    card.hidden = !yes;
    button.setAttribute("aria-expanded", String(yes));
    if (yes) {
      closeImport();
      fill();
      templatePart("take-title").focus();
    } else if (holdsFocus(card)) button.focus();
  }

  language.bind(card, "take.title", "aria-label");
  language.bind(templatePart("take-title"), "take.title");
  language.bind(templatePart("take-close"), "panel.close", "aria-label");
  language.onChange(fill);
  filter.onChange(fill);
  map.on("layeradd layerremove", ({ layer }) => { if (layer.layerName) fill(); });
  listen(button, "click", () => open(Boolean(card.hidden)));
  listen(templatePart("take-close"), "click", () => open(false));

  return { open, rowButton: makeRowButton(parts), get isOpen() { return !card.hidden; } };
}
