/* Makes a picture of the map as it is on the screen, with all that a published map needs: title, legend, scale, north arrow, date, review
 * number, attributions and sources. The layers draw it, on a canvas or as SVG; online tiles are left out.
 */

import { COLOURS, drawLegend, drawMap, drawNorth, drawPointers, drawScale } from "./drawing.js";
import { legendBox, wrapLines } from "./legend-box.js";
import { el, templatePart } from "../app/base/dom.js";
import { today } from "../app/base/today.js";
import { withTheme } from "../app/base/with-theme.js";
import { measuringContext } from "../app/base/wrap-text.js";
import { SvgContext } from "../runtime/svg-context.js";
import { labelsOf } from "../runtime/labels.js";
import { typeface } from "../runtime/palette.js";

const EDGE = 24; // px, margin of the picture
const SLIDE = { width: 1280, height: 720, scale: 1.5 }; // px, size of a slide, and its pixels per px
const NOTED = 4; // maximum number of lines of notes on a slide
const NARROWED = 146; // px, maximum width of a column of a slide's legend
const GROUND = "background"; // kind of the legend entries of the background
const SOURCES = 60; // maximum number of sources that are named
const MOST = 16384; // pixels, maximum side of a canvas in browsers
const AREA = 2.6e8; // pixels, maximum area of a canvas in browsers

/** @typedef {{ meta: Meta, language: Language, format: Format, store: Store, timeWords: () => string }} NoteParts `timeWords` returns the text about the period that is shown, "" for none. */

/** Returns the paragraphs below the map: date and review number; attributions; sources. @param {NoteParts} parts */
function notes({ meta, language, format, store, timeWords }) {
  const { t } = language, isChinese = language.now === "zh";
  const review = meta.review_number ? t("review.number", { number: meta.review_number }) : t("review.none");
  const asOf = [meta.as_of ? t("as_of", { date: format.date(meta.as_of) }) : "", timeWords(), t("made", { date: format.date(today()) })].filter(Boolean).join(" · ");
  const sources = [];
  for (let row = 0; row < Math.min(store.rows("sources"), SOURCES); row++) {
    const r = store.refOf("sources", row);
    sources.push([...store.cited(r), format.date(store.get(r, "published"))].filter(Boolean).join(" · "));
  }
  const coarse = templatePart("coarse");
  return [
    [asOf, review, coarse.hidden ? "" : coarse.textContent].filter(Boolean).join("　"),
    (meta.attribution || []).map((pair) => language.pick(pair, "")).join("　"),
    sources.length ? t("section.sources") + (isChinese ? "：" : ": ") + sources.join(isChinese ? "；" : "; ") : "",
  ].filter(Boolean);
}

/** @typedef {ReturnType<typeof planPicture>} Plan */
/** @typedef {ReturnType<typeof legendBox>} LegendBox */

/**
 * Lays out a picture; returns sizes and positions in px, and wrapped texts. Texts are measured in `ctx`, whose fonts must be those of the
 * context in which it is drawn.
 *
 * @param {Ctx} ctx
 * @param {PictureParts} parts
 * @param {{ width: number, height: number }} size size of the map in px
 * @param {LegendBox} key laid-out legend
 */
function planPicture(ctx, parts, { width, height }, key) {
  const { meta: { title }, language } = parts;
  const whole = key.beside ? width + 20 + key.width : width;
  const name = language.pick(title, ""), subtitle = (title && title[language.other]) || "";
  ctx.font = `600 22px ${typeface}`;
  const titles = wrapLines(ctx, name, whole), top = EDGE + titles.length * 30 + (subtitle ? 20 : 0) + 8;
  ctx.font = `11px ${typeface}`;
  const lines = notes(parts).flatMap((text) => wrapLines(ctx, text, whole)), below = top + height + (key.beside ? 0 : key.height + 12);
  return { width, height, key, titles, subtitle: subtitle === name ? "" : subtitle, top, lines, below, total: [whole + 2 * EDGE, below + 14 + lines.length * 16 + EDGE] };
}

/** Lays out a slide, as `planPicture` does a picture: the map gets the room that legend and notes leave. @param {Ctx} ctx @param {PictureParts} parts */
function planSlide(ctx, parts) {
  const { width: whole, height: all } = SLIDE, groups = parts.legend.shown();
  let size = { width: whole - 2 * EDGE, height: all - 2 * EDGE - 120 }, key = legendBox(ctx, groups, whole, size.height, NARROWED), plan = planPicture(ctx, parts, size, key);
  // A legend that would take up more than a third of the width leaves out the entries of the background.
  const kept = key.width > whole / 3 ? groups.filter(({ kind }) => kind !== GROUND) : groups;
  key = legendBox(ctx, kept, whole, size.height, NARROWED);
  size = { width: whole - 2 * EDGE - 20 - key.width, height: all - plan.top - 14 - EDGE };
  plan = planPicture(ctx, parts, size, key);
  if (plan.lines.length > NOTED) plan.lines = [...plan.lines.slice(0, NOTED - 1), plan.lines[NOTED - 1].slice(0, -1) + "…"]; // cuts the list of sources, which comes last
  plan.height = size.height - plan.lines.length * 16;
  plan.below = plan.top + plan.height;
  plan.key = legendBox(ctx, kept, whole, plan.height, NARROWED);
  plan.width = whole - 2 * EDGE - 20 - plan.key.width;
  plan.total = [whole, all];
  return plan;
}

/**
 * Fills the paper, and writes title and subtitle.
 *
 * @param {Ctx} ctx
 * @param {Plan} plan
 * @param {Palette} colours
 */
function drawTitles(ctx, { titles, subtitle, total }, colours) {
  ctx.fillStyle = colours.paper;
  ctx.fillRect(0, 0, total[0], total[1]);
  ctx.textBaseline = "alphabetic";
  ctx.textAlign = "left";
  ctx.fillStyle = colours.ink;
  ctx.font = `600 22px ${typeface}`;
  titles.forEach((line, k) => ctx.fillText(line, EDGE, EDGE + 22 + k * 30));
  if (subtitle) {
    ctx.font = `13px ${typeface}`;
    ctx.fillStyle = colours.inkSoft;
    ctx.fillText(subtitle, EDGE, EDGE + titles.length * 30 + 10);
  }
}

/**
 * Writes the notes below the map.
 *
 * @param {Ctx} ctx
 * @param {Plan} plan
 * @param {Palette} colours
 */
function drawNotes(ctx, { lines, below }, colours) {
  ctx.fillStyle = colours.ink;
  ctx.font = `11px ${typeface}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  lines.forEach((line, k) => ctx.fillText(line, EDGE, below + 24 + k * 16));
}

/**
 * Returns a canvas as PNG; rejects with an error "size" if the browser cannot encode it.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob>}
 */
async function pngOf(canvas) {
  const blob = /** @type {Blob | null} */ (await new Promise((resolve) => canvas.toBlob(resolve, "image/png")));
  if (!blob) throw new Error("size");
  return blob;
}

/** Adds to the printed page what the screen does not show: a north arrow, and the date of printing. @param {PictureParts} parts */
function addToPaper({ language, format }) {
  const made = el("p", { id: "qj-made" }), ctx = new SvgContext(48, 52, "qj-north-");
  drawNorth(ctx.asCanvas(), COLOURS, 24, 24);
  const north = el("div", { id: "qj-north", "aria-hidden": "true" }, /** @type {Node} */ (ctx.element()));
  templatePart("main").append(north);
  templatePart("notes").append(made);
  window.addEventListener("beforeprint", () => { made.textContent = language.t("made", { date: format.date(today()) }); });
}

/**
 * In a page whose address asks for a drawing of some size (?embed=picture&svg=680x418), calls `draw` once all default layers are drawn.
 *
 * @param {(size: { width: number, height: number }) => void} draw
 */
function whenDrawing(draw) {
  const [width, height] = (new URLSearchParams(window.location.search).get("svg") || "").split("x").map(Number);
  if (height) new MutationObserver((_, observer) => {
    observer.disconnect();
    draw({ width, height });
  }).observe(document.documentElement, { attributeFilter: ["data-qjmap"] });
}

/** Makes the functions that save the map as PNG, slide or SVG. @param {PictureParts} parts */
export function makePicture(parts) {
  const { map, layers, meta, language, legend, paper } = parts;
  addToPaper(parts);

  /**
   * Draws the map in its frame, with scale bar, north arrow and pointers.
   *
   * @param {Ctx} ctx
   * @param {number} left
   * @param {number} top
   * @param {number} width
   * @param {number} height
   */
  function drawFramed(ctx, left, top, width, height) {
    labelsOf(map).isPictured = true;
    drawMap(ctx, map, layers, left, top, width, height);
    labelsOf(map).isPictured = false;
    ctx.strokeStyle = COLOURS.inkSoft;
    ctx.lineWidth = 1;
    ctx.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
    drawScale(ctx, map, COLOURS, left + 18, top + height - 18);
    drawNorth(ctx, COLOURS, left + width - 36, top + 36);
    drawPointers(ctx, parts, left, top);
  }

  /** Draws a picture that has been laid out. @param {Ctx} ctx @param {Plan} plan */
  const compose = (ctx, plan) => withTheme([...layers, labelsOf(map)], "light", () => {
    const { width, height, key, top } = plan;
    drawTitles(ctx, plan, COLOURS);
    drawFramed(ctx, EDGE, top, width, height);
    drawLegend(ctx, key.out, COLOURS, key.beside ? EDGE + width + 20 : EDGE, key.beside ? top : top + height + 12);
    drawNotes(ctx, plan, COLOURS);
  });

  whenDrawing((size) => paper.atSize(size, () => withTheme([...layers, labelsOf(map)], "light", () => {
    const ctx = new SvgContext(size.width, size.height);
    drawFramed(ctx.asCanvas(), 0, 0, size.width, size.height);
    const drawing = ctx.element();
    drawing.id = "qj-drawing";
    document.body.append(drawing);
  })));

  /** Lays out a picture of the map at the size that it has on the screen. @param {Ctx} ctx */
  function planOf(ctx) {
    const { x: width, y: height } = map.getSize();
    return planPicture(ctx, parts, { width, height }, legendBox(ctx, legend.shown(), width, height));
  }

  /**
   * Makes a canvas for a picture; throws an error "size" if it would be larger than browsers allow. Returns it with its context, which is
   * scaled.
   *
   * @param {number[]} total width and height of the picture in px
   * @param {number} scale pixels of the canvas per px
   */
  function canvasOf(total, scale) {
    const canvas = document.createElement("canvas"), ctx = /** @type {Ctx} */ (canvas.getContext("2d"));
    canvas.width = Math.round(total[0] * scale);
    canvas.height = Math.round(total[1] * scale);
    if (Math.max(canvas.width, canvas.height) > MOST || canvas.width * canvas.height > AREA) throw new Error("size");
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    return { canvas, ctx };
  }

  return {
    /** Returns the picture as PNG; rejects with an error "size" if it would be too large. @param {number} scale */
    async png(scale) {
      const plan = planOf(measuringContext()), { canvas, ctx } = canvasOf(plan.total, scale);
      compose(ctx, plan);
      return pngOf(canvas);
    },
    /** Returns a slide of 16:9 as PNG. */
    async slide() {
      const plan = planSlide(measuringContext(), parts), { canvas, ctx } = canvasOf(plan.total, SLIDE.scale);
      paper.atSize({ width: plan.width, height: plan.height }, () => compose(ctx, plan));
      return pngOf(canvas);
    },
    /** Returns the picture as SVG. */
    svg() {
      const plan = planOf(measuringContext()), [width, height] = plan.total.map(Math.round), ctx = new SvgContext(width, height);
      compose(ctx.asCanvas(), plan);
      return new Blob([ctx.text(language.pick(meta.title, ""))], { type: "image/svg+xml" });
    },
  };
}
