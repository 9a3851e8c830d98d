/* Taking along: what is shown as a file, the map as a picture, the page on paper, and its address. */
"use strict";

(function (page) {
  const FORMATS = ["geojson", "csv", "kml"];
  const SCALES = [1, 2, 3, 4];
  
  page.makeTake = function (context) {
    const { map, meta, language, store, filter, paper } = context;
    const { el } = page;
    const { t } = language;
    const features = page.makeFeatures(context);
    const picture = page.makePicture(context);
    const card = page.part("take");
    const body = page.part("take-body");
    const button = page.part("take-button");
    const said = page.part("said");
    const kept = { layer: "sites", format: "geojson", scale: "2", paper: paper.now, inView: false }; // what was chosen last

    const stem = () => String(meta.id || "map");
    function radio(name, value, text) {
      const box = el("input", { type: "radio", name: "qj-take-" + name, value: String(value), checked: kept[name] === String(value) });
      box.addEventListener("change", () => { kept[name] = box.value; });
      return el("label", { class: "qj-choice" }, box, el("span", {}, text));
    }
    const act = (key, run) => {
      const node = el("button", { type: "button", class: "qj-action", "data-act": key }, t("take." + key));
      node.addEventListener("click", async () => {
        node.disabled = true;
        try {
          const done = await run();
          if (done) said.textContent = done;
        } catch (error) {
          said.textContent = t(error.message === "size" ? "take.too_large" : "take.failed");
          note(said.textContent);
        }
        node.disabled = false;
      });
      return node;
    };
    const note = (text) => { page.part("take-note").textContent = text; };
    const choices = (key, nodes) => el("fieldset", { class: "qj-choices" }, el("legend", {}, t("take." + key)), nodes);

    async function takeData() {
      const { format: form, layer } = kept;
      const bounds = kept.inView ? context.seen() : null;
      const writing = page.files[form](features, layer, bounds, meta, { store, title: language.pick(meta.title, "") });
      page.awaited = writing.catch(() => {});
      const blob = await writing;
      page.hand(blob, `${stem()}-${layer}.${form}`);
      return t("take.done");
    }

    function sections() {
      const shown = features.shown();
      if (shown.length && !shown.includes(kept.layer)) kept.layer = shown[0];
      const layerChoices = shown.map((name) => radio("layer", name, `${t("table." + name)} ${context.format.beside(context.format.number(filter.count(name)), filter.drafts(name).length)}`));
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
              page.hand(await picture.png(Number(kept.scale)), `${stem()}.png`);
              return t("take.done");
            }),
            act("save_svg", () => {
              page.hand(picture.svg(), `${stem()}.svg`);
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
          act("copy_link", async () => note((await page.copy(window.location.href)) ? t("take.copied") : select(page.part("take-link"))))),
        el("p", { id: "qj-take-note", class: "qj-quiet", role: "status" }),
      ];
    }

    /* Where a browser forbids a local file to copy, the reader does it. */
    function select(field) {
      field.select();
      return t("take.select");
    }

    function fill() { if (!card.hidden) body.replaceChildren(...sections()); }

    function open(yes) {
      if (yes === !card.hidden) return;
      card.hidden = !yes;
      button.setAttribute("aria-expanded", String(yes));
      if (yes) {
        context.drop.open(false);
        fill();
        page.part("take-title").focus();
      } else if (card.contains(document.activeElement) || document.activeElement === document.body) button.focus();
    }

    /* A row as a line of a table, to be pasted into a spreadsheet or handed on: headers and cells, tab-separated. */
    function rowText(r) {
      const table = store.tableOf(r);
      if (!meta.columns[table]) return "";
      const { cells, geometry } = features.one(r);
      const names = [...features.columns(table), ...page.files.placeNames(table)];
      const flat = (cell) => (cell === null ? "" : String(cell).replace(/[\t\r\n]+/g, " "));
      return [names, [...cells, ...page.files.placeCells(table, geometry)]].map((line) => line.map(flat).join("\t")).join("\n");
    }

    language.bind(button.querySelector("span"), "take.title");
    language.bind(card, "take.title", "aria-label");
    language.bind(page.part("take-title"), "take.title");
    language.bind(page.part("take-close"), "panel.close", "aria-label");
    language.onChange(fill);
    filter.onChange(fill);
    map.on("layeradd layerremove", ({ layer }) => { if (layer.layerName) fill(); });
    button.addEventListener("click", () => open(card.hidden));
    page.part("take-close").addEventListener("click", () => open(false));

    /* The button that copies a row; null for rows that no layer has. */
    function rowButton(r) {
      const text = rowText(r);
      if (!text) return null;
      const node = el("button", { type: "button", class: "qj-action" }, t("take.copy_row"));
      node.addEventListener("click", async () => {
        said.textContent = (await page.copy(text)) ? t("take.copied") : t("take.failed");
        node.textContent = said.textContent;
      });
      return node;
    }

    return { open, rowButton, get isOpen() { return !card.hidden; } };
  };
})(window.QJMap.page);
