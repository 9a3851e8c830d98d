/* The board of a place: sites that the map can only show at one point, in groups that are read without zooming. It lies over the map, is
 * named in the link as b=place, and is saved and printed as it is drawn on the screen.
 */

import { drawBoard, planSheet } from "./board-drawing.js";
import { groupsOf } from "./board-groups.js";
import { boardsOf, MANY } from "./board-index.js";
import { planBoard } from "./board-plan.js";
import { buttonOf, closest, el, elIn, listen, templatePart } from "../app/base/dom.js";
import { arrangeLayout } from "../app/base/page-layout.js";
import { crossIcon, svg } from "../app/base/svg.js";
import { today } from "../app/base/today.js";
import { withTheme } from "../app/base/with-theme.js";
import { measuringContext } from "../app/base/wrap-text.js";
import { download } from "../app/export/file-formats.js";
import { makeCover } from "../runtime/open-views.js";
import { palettes, typeface } from "../runtime/palette.js";
import { drawSymbol } from "../runtime/site-symbols.js";
import { SvgContext } from "../runtime/svg-context.js";

const BESIDE = 12; // a clicked mark opens a board if at most this many of its sites are not on that board
const MOST = 600; // maximum number of sites that are drawn
const SHEET = 1180; // px, width of a board in files
const PAPER = [SHEET, 720]; // px, size of a board on a landscape page of A4, scaled to the width of the paper
const SCALE = 2; // pixels of a PNG per px

/** @typedef {Layer & { symbols: Record<string, SiteSymbol>, symbolOf: (category: string) => SiteSymbol, legend: () => LegendEntry[] }} SiteLayer The members of the layer of sites that boards use: category -> symbol, the symbol of a category, the legend. */
/** @typedef {import("./board-plan.js").BoardPage} BoardPage */

/**
 * Returns functions that make the contents of a board by the id of its place: sites that pass the filter, layout, texts, symbols and key.
 *
 * @param {PageFace} face
 * @param {SiteLayer} layer
 * @param {Map<string, Ref[]>} boards id of a place -> sites of its board
 */
function makeContents({ meta, language, format, store, filter }, layer, boards) {
  const also = { at: "", refs: /** @type {Ref[]} */ ([]) }; // sites under the clicked mark that are not on the board `at`; the board lists them last
  const { t } = language, ruler = measuringContext();
  const words = {
    /**
     * Returns the width of a text in px.
     *
     * @param {string} text
     * @param {number} size font size in px
     * @param {number} weight
     */
    measure(text, size, weight) {
      ruler.font = `${weight} ${size}px ${typeface}`;
      return ruler.measureText(text).width;
    },
    nameOf: store.name,
    /** Returns the note of a site: its kind if it is a part of another site, and its status unless it is operating. @param {Ref} r */
    noteOf: (r) => [store.list(r, "part_of").length ? store.kind(r) : "", store.statusLike(r) === "operating" ? "" : store.status(r)].filter(Boolean).join(" · "),
  };
  /** Returns the colours of a theme, and the function that draws the symbol of a site in them. @param {string} theme */
  function penOf(theme) {
    const colours = palettes[theme] || palettes.light;
    /**
     * Draws the symbol of a site.
     *
     * @param {Ctx} ctx
     * @param {Ref} r
     * @param {number} x
     * @param {number} y
     * @param {number} radius
     */
    const symbol = (ctx, r, x, y, radius) => drawSymbol(ctx, layer.symbolOf(store.get(r, "category")), store.statusLike(r), x, y, radius, colours, theme === "dark");
    return { colours, symbol };
  }
  const shown = (/** @type {string} */ id) => (boards.get(id) || []).filter(filter.passes);

  return {
    shown, penOf, also,
    /**
     * Returns the pages of a board: its sites that pass the filter, at most MOST, laid out in columns.
     *
     * @param {string} id id of the board's place
     * @param {number} width px
     * @param {number} [height] maximum height of a page in px; one page by default
     */
    plan(id, width, height) {
      const groups = groupsOf({ store, language }, shown(id).slice(0, MOST)), beside = also.refs.filter(filter.passes);
      if (id === also.at && beside.length) groups.push({ title: t("board.also"), under: "", head: null, entries: beside.map((r) => ({ r, depth: 1 })) });
      return planBoard(groups, width, { ...words, again: t("board.again") }, height);
    },
    title: (/** @type {string} */ id) => t("board.title", { place: store.nameOfId(id) }),
    /**
     * Returns the note under the title: how many sites there are, how many of them pass the filter and are drawn.
     *
     * @param {string} id id of the board's place
     * @param {boolean} [live] whether names can be clicked
     */
    note(id, live) {
      const total = (boards.get(id) || []).length, left = shown(id).length;
      return [t("board.note", { place: store.nameOfId(id), total: format.number(total) }),
        left < total ? t("board.shown", { shown: format.number(left), total: format.number(total) }) : "",
        left > MOST ? t("board.first", { shown: MOST }) : "", live ? t("board.choose") : ""].filter(Boolean).join(language.now === "zh" ? "" : " ");
    },
    /** Returns the legend entries for the categories and statuses that occur on a board. @param {string} id */
    key(id) {
      const refs = shown(id), used = { category: new Set(refs.map((r) => store.get(r, "category"))), status: new Set(refs.map((r) => store.get(r, "status"))) };
      return layer.legend().filter(({ kind, key }) => used[/** @type {"category" | "status"} */ (kind)]?.has(key))
        .map((entry) => ({ entry, text: entry.kind === "status" ? store.statusWords("sites", entry.key) : language.word("category", entry.key) }));
    },
    /** Returns a list with the one line under a board in a file: title of the map, date of the facts, date of the file. */
    notes: () => [[language.pick(meta.title, ""), meta.as_of ? t("as_of", { date: format.date(meta.as_of) }) : "", t("made", { date: format.date(today()) })].filter(Boolean).join(" · ")],
  };
}

/** @typedef {ReturnType<typeof makeContents>} Contents */

/**
 * Makes the element of a page: a picture, hidden from screen readers, and over it a list with a link to each site, for pointer, keyboard
 * and screen readers alike.
 *
 * @param {PageFace} face
 * @param {Contents} contents
 * @param {BoardPage} page
 * @param {string} chosen id of the site that is shown
 * @param {Map<string, HTMLElement>} links id of a site -> its link; links are reused when the board is drawn again, so that the focus stays
 */
function pageNode({ store }, { penOf }, page, chosen, links) {
  const ctx = new SvgContext(Math.ceil(page.width), Math.ceil(page.height), "qj-board-");
  drawBoard(ctx.asCanvas(), page, penOf(document.documentElement.dataset.theme || "light"));
  const picture = /** @type {SVGElement} */ (ctx.element());
  picture.setAttribute("aria-hidden", "true");
  /**
   * Returns the link to a site, placed over its entry in the picture.
   *
   * @param {Ref} r
   * @param {number} x
   * @param {number} y
   * @param {number} w
   * @param {number} h
   */
  function linkTo(r, x, y, w, h) {
    const id = store.id(r), words = [store.name(r), store.kind(r), store.status(r)].filter(Boolean);
    const node = links.get(id) || el("a", { href: "#id=" + encodeURIComponent(id) });
    links.set(id, node);
    node.setAttribute("aria-label", words.join(" · "));
    node.title = words.join("\n");
    if (id === chosen) node.setAttribute("aria-current", "true");
    Object.assign(node.style, { left: x + "px", top: y + "px", width: w + "px", height: h + "px" });
    return node;
  }
  const node = el("div", { class: "qj-board-page" }, picture, page.groups.map((group) => el("section", { "aria-label": group.title.join("") },
    group.head === null || group.goesOn ? null : linkTo(group.head, group.x + 4, group.y + 6, group.w - 8, group.top - 8),
    el("ul", {}, group.entries.map(({ r, x, y, w, h }) => el("li", {}, linkTo(r, x + 4, y, w - 8, h)))))));
  Object.assign(node.style, { width: page.width + "px", height: page.height + "px" });
  return node;
}

/**
 * Returns the functions that save a board as SVG or PNG, in the light palette and with its title, key and notes.
 *
 * @param {PageFace} face
 * @param {SiteLayer} layer
 * @param {Contents} contents
 */
function makeSaving({ meta }, layer, contents) {
  /** Lays out the sheet of a board. @param {string} id */
  const sheetOf = (id) => planSheet(measuringContext(), contents.plan(id, SHEET)[0], { title: contents.title(id), note: contents.note(id), key: contents.key(id), notes: contents.notes() });
  const draw = (/** @type {ReturnType<typeof sheetOf>} */ sheet, /** @type {Ctx} */ ctx) => withTheme([layer], "light", () => sheet.draw(ctx, contents.penOf("light")));
  const stem = (/** @type {string} */ id) => `${meta.id || "map"}-board-${id}`;
  return {
    /** Downloads a board as an SVG file. @param {string} id */
    svg(id) {
      const sheet = sheetOf(id), ctx = new SvgContext(sheet.width, sheet.height);
      draw(sheet, ctx.asCanvas());
      download(new Blob([ctx.text(contents.title(id))], { type: "image/svg+xml" }), stem(id) + ".svg");
    },
    /** Downloads a board as a PNG file. @param {string} id */
    png(id) {
      const sheet = sheetOf(id), canvas = document.createElement("canvas"), ctx = /** @type {Ctx} */ (canvas.getContext("2d"));
      canvas.width = sheet.width * SCALE;
      canvas.height = sheet.height * SCALE;
      ctx.scale(SCALE, SCALE);
      draw(sheet, ctx);
      canvas.toBlob((blob) => { if (blob) download(blob, stem(id) + ".png"); }, "image/png");
    },
  };
}

/**
 * Makes the view that covers the map. In what it returns, `at` is the id of the place whose board is shown, and `fill` lays out this board again
 * for the width of the view, or for paper.
 *
 * @param {PageFace} face
 * @param {SiteLayer} layer
 * @param {Map<string, Ref[]>} boards id of a place -> sites of its board
 */
function makeView(face, layer, boards) {
  const { language, store } = face, { t } = language, contents = makeContents(face, layer, boards), saving = makeSaving(face, layer, contents);
  const title = el("h2", { id: "qj-board-title", tabindex: "-1" }), note = el("p", { class: "qj-quiet" }), tools = el("div", { class: "qj-board-tools" });
  const key = el("ul", { class: "qj-board-key" }), body = el("div", { id: "qj-board-body" }), foot = el("p", { class: "qj-board-foot" });
  const close = el("button", { id: "qj-board-close", type: "button", class: "qj-icon" }, crossIcon());
  const view = el("section", { id: "qj-board", role: "dialog", "aria-labelledby": "qj-board-title", hidden: true }, title, close, note, tools, body, key, foot);
  templatePart("stage").append(view);
  let at = "", chosen = "";
  /** @type {Map<string, HTMLElement>} id of a site -> its link, which is kept when the board is laid out again */
  const links = new Map();

  /** Returns the list in which another board is chosen; null if there is only one board. */
  function places() {
    if (boards.size < 2) return null;
    const box = el("select", { "aria-label": t("board.places") }, Array.from(boards.keys(), (id) => el("option", { value: id, selected: id === at }, store.nameOfId(id))));
    listen(box, "change", () => face.address.set("b", (at = box.value)));
    listen(box, "change", () => { fill(); });
    return box;
  }

  /** Lays out and shows the board `at`; keeps scroll position and focus. @param {number[]} [paper] width and height in px */
  function fill(paper) {
    const [width, height] = paper || [Math.max(240, body.clientWidth || view.clientWidth - 36)], { scrollTop } = view;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement), inside = focused && body.contains(focused); // before the links move
    title.textContent = contents.title(at);
    note.textContent = contents.note(at, !paper);
    tools.replaceChildren(...[places(), ...["png", "svg"].map((name) => buttonOf("qj-more", t("board." + name), () => saving[/** @type {"png" | "svg"} */ (name)](at))),
      buttonOf("qj-more", t("figures.print"), () => window.print())].flatMap((node) => node || []));
    key.replaceChildren(...contents.key(at).map(({ entry, text }) => {
      const ctx = new SvgContext(22, 20, "qj-board-key-");
      entry.draw(ctx.asCanvas(), 22, 20);
      return el("li", {}, /** @type {Node} */ (ctx.element()), elIn("span", {}, text));
    }));
    const pages = contents.shown(at).length ? contents.plan(at, width, height).map((page) => pageNode(face, contents, page, chosen, links)) : [el("p", { class: "qj-none" }, t("board.none"))];
    body.replaceChildren(...pages);
    if (inside && focused.isConnected) focused.focus({ preventScroll: true });
    foot.textContent = contents.notes().join(" · ");
    view.scrollTop = scrollTop;
  }

  listen(body, "click", (event) => {
    const link = closest(event, 'a[href^="#id="]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // the map beneath stays where it is
    choose(decodeURIComponent(String(link.getAttribute("href")).slice(4)));
    face.go(chosen, { move: false, focus: true });
  });
  /** Marks the link of the site that the panel shows; "" for none. @param {string} id */
  function choose(id) {
    chosen = id;
    for (const link of body.querySelectorAll("a")) {
      if (link.getAttribute("href") === "#id=" + encodeURIComponent(id)) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
  face.onPanelClose(() => choose(""));
  language.bind(close, "board.close", "aria-label");
  return { view, title, close, body, fill, also: contents.also, set at(/** @type {string} */ id) { at = id; }, get at() { return at; } };
}

/**
 * Returns `show`, which opens and closes the view, and `go`, which also writes that into the link. The view is laid out again after changes of
 * size, filter, language and theme, and for print.
 *
 * @param {PageFace} face
 * @param {ReturnType<typeof makeView>} parts
 * @param {Map<string, Ref[]>} boards id of a place -> sites of its board
 */
function makeOpening({ language, store, filter, address }, parts, boards) {
  const { view, title, close, body, fill } = parts, stage = templatePart("stage"), cover = makeCover(view, () => go(""), templatePart("panel"));
  /** @type {HTMLElement | null} the element that had the focus before the view was opened */
  let before = null;

  /** Shows a board once its sites are loaded. @param {string} id id of a place with a board; "" closes the view */
  async function show(id) {
    const yes = boards.has(id);
    if (yes) await store.load((boards.get(id) || []).slice());
    if (yes === !view.hidden && (!yes || parts.at === id)) return;
    if (yes && view.hidden) before = /** @type {HTMLElement | null} */ (document.activeElement);
    parts.at = yes ? id : "";
    if (yes !== view.hidden) return fill();
    view.hidden = !yes;
    cover(yes);
    document.documentElement.dataset.board = yes ? "open" : "closed";
    if (yes) {
      fill();
      view.scrollTop = 0;
      title.focus();
    } else if (before && before.isConnected) before.focus({ preventScroll: true });
  }

  const refill = () => { if (!view.hidden) fill(); };
  let wide = 0;
  new ResizeObserver(() => {
    if (view.hidden || view.parentElement !== stage || body.clientWidth === wide) return;
    wide = body.clientWidth;
    fill();
  }).observe(body);
  // For print the view is moved out of the stage and laid out for paper.
  window.addEventListener("beforeprint", () => {
    if (view.hidden) return;
    document.body.append(view);
    fill(PAPER);
  });
  window.addEventListener("afterprint", () => {
    if (view.parentElement === stage) return;
    stage.append(view);
    refill();
  });
  filter.onChange(refill);
  language.onChange(refill);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(refill));
  address.on("b", show);
  const go = (/** @type {string} */ id) => {
    address.set("b", id);
    return show(id);
  };
  listen(close, "click", () => go(""));
  return { show, go };
}

/**
 * Makes the boards of a page: a button that opens the first one, the view, and what other parts of the page call.
 *
 * @param {PageFace} face
 * @returns {Boards}
 */
export function boards(face) {
  const { language, format, store, meta, address } = face, { t } = language, layer = /** @type {SiteLayer | undefined} */ (face.layers.find(({ layerName }) => layerName === "sites"));
  const all = layer ? boardsOf(store) : new Map(), first = all.has(meta.home) ? meta.home : all.keys().next().value || "";
  /** @type {Map<string, string>} id of a site -> id of the place on whose board it is */
  const boardOf = new Map();
  for (const [place, refs] of all) for (const r of refs) boardOf.set(store.id(r), place);
  const parts = layer && all.size ? makeView(face, layer, all) : null, opening = parts && makeOpening(face, parts, all);
  const count = (/** @type {string} */ id) => (all.get(id) || []).filter((/** @type {Ref} */ r) => store.get(r, "edition_change") !== "withdrawn").length;
  const show = (/** @type {string} */ id) => { opening?.go(id); };

  if (first) {
    const icon = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: "M2.5 3h4.5v4.5h-4.5zM9 3h4.5v2.5H9zM9 8h4.5v5H9zM2.5 10h4.5v3h-4.5z" }));
    const button = buttonOf("qj-home", icon, () => show(first), { id: "qj-board-button" });
    const label = () => {
      const words = t("board.open", { place: store.nameOfId(first), total: format.number(count(first)) });
      button.title = words;
      button.setAttribute("aria-label", words);
    };
    label();
    language.onChange(label);
    document.querySelector("#qj-zoom .leaflet-control-zoom")?.append(button);
    arrangeLayout(); // the tools are wider now
  }
  return {
    count, show,
    start: async () => { if (address.get("b")) await opening?.show(address.get("b")); },
    choose(ids, total) {
      const place = ids.map((id) => boardOf.get(id)).find(Boolean), others = ids.filter((id) => boardOf.get(id) !== place);
      if (!place || !parts || total > ids.length || ids.length - others.length < MANY || others.length > BESIDE) return false;
      Object.assign(parts.also, { at: place, refs: others.flatMap((id) => store.ref(id) ?? []) });
      show(place);
      return true;
    },
    opener: (id) => (count(id) ? buttonOf("qj-action", t("board.open", { place: store.nameOfId(id), total: format.number(count(id)) }), () => show(id), { "data-act": "board" }) : null),
  };
}
