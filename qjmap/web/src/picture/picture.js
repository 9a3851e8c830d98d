/* A picture of the map as it is on the screen, with what every picture of it must have: title, legend, scale, north,
 * date, review number, attributions and sources. The layers draw it themselves, on a canvas or as SVG; no tile is loaded.
 */

import { COLOURS, drawLegend, drawMap, drawNorth, drawPointers, drawScale } from "./drawing.js";
import { legendBox, wrapLines } from "./legend-box.js";
import { el, templatePart } from "../app/base/dom.js";
import { today } from "../app/base/today.js";
import { withTheme } from "../app/base/with-theme.js";
import { SvgContext } from "../runtime/svg-context.js";
import { labelsOf } from "../runtime/labels.js";
import { typeface } from "../runtime/palette.js";

const EDGE = 24; // px around everything
const SLIDE = { width: 1280, height: 720, scale: 1.5 }; // px of a slide, and how much larger it is drawn
const NOTED = 4; // lines under a slide
const NARROWED = 146; // px of a column of a slide's legend
const GROUND = "background"; // kind of its symbols
const SOURCES = 60; // sources that are named
const MOST = 16384; // px of a side, and
const AREA = 2.6e8; // px in all, that browsers can make a canvas of

/** A context in which texts are measured. */
const measuringContext = () => /** @type {Ctx} */ (document.createElement("canvas").getContext("2d"));

/** @typedef {{ meta: Meta, language: Language, format: Format, store: Store, timeWords: () => string }} NoteParts */

/**
 * The paragraphs beneath the map: date, review number, attributions, sources.
 *
 * @param {NoteParts} parts
 */
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
 * The layout of the picture; the text is measured in the context in which it will be drawn.
 *
 * @param {Ctx} ctx
 * @param {PictureParts} parts
 * @param {{ width: number, height: number }} size of the map
 * @param {LegendBox} key
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

/**
 * The layout of a slide: legend and notes take their room, the map the rest.
 *
 * @param {Ctx} ctx
 * @param {PictureParts} parts
 */
function planSlide(ctx, parts) {
  const { width: whole, height: all } = SLIDE, groups = parts.legend.shown();
  let size = { width: whole - 2 * EDGE, height: all - 2 * EDGE - 120 }, key = legendBox(ctx, groups, whole, size.height, NARROWED), plan = planPicture(ctx, parts, size, key);
  // The ground needs its key least: a legend that would take too much goes without.
  const kept = key.width > whole / 3 ? groups.filter(({ kind }) => kind !== GROUND) : groups;
  key = legendBox(ctx, kept, whole, size.height, NARROWED);
  size = { width: whole - 2 * EDGE - 20 - key.width, height: all - plan.top - 14 - EDGE };
  plan = planPicture(ctx, parts, size, key);
  if (plan.lines.length > NOTED) plan.lines = [...plan.lines.slice(0, NOTED - 1), plan.lines[NOTED - 1].slice(0, -1) + "…"]; // of the sources, which are last
  plan.height = size.height - plan.lines.length * 16;
  plan.below = plan.top + plan.height;
  plan.key = legendBox(ctx, kept, whole, plan.height, NARROWED);
  plan.width = whole - 2 * EDGE - 20 - plan.key.width;
  plan.total = [whole, all];
  return plan;
}

/**
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

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
async function pngOf(canvas) {
  const blob = /** @type {Blob | null} */ (await new Promise((resolve) => canvas.toBlob(resolve, "image/png")));
  if (!blob) throw new Error("size");
  return blob;
}

/**
 * What only paper has besides the screen: the arrow to the north, and when the sheet is made.
 *
 * @param {PictureParts} parts
 */
function addToPaper({ language, format }) {
  const made = el("p", { id: "qj-made" }), ctx = new SvgContext(48, 52, "qj-north-");
  drawNorth(ctx.asCanvas(), COLOURS, 24, 24);
  const north = el("div", { id: "qj-north", "aria-hidden": "true" }, /** @type {Node} */ (ctx.element()));
  templatePart("main").append(north);
  templatePart("notes").append(made);
  window.addEventListener("beforeprint", () => { made.textContent = language.t("made", { date: format.date(today()) }); });
}

/** @param {PictureParts} parts */
export function makePicture(parts) {
  const { map, layers, meta, language, legend } = parts;
  addToPaper(parts);

  /** @param {Ctx} ctx @param {Plan} plan */
  const compose = (ctx, plan) => withTheme([...layers, labelsOf(map)], "light", () => {
    labelsOf(map).isPictured = true;
    const { width, height, key, top } = plan;
    drawTitles(ctx, plan, COLOURS);
    drawMap(ctx, map, layers, EDGE, top, width, height);
    labelsOf(map).isPictured = false;
    ctx.strokeStyle = COLOURS.inkSoft;
    ctx.lineWidth = 1;
    ctx.strokeRect(EDGE + 0.5, top + 0.5, width - 1, height - 1);
    drawScale(ctx, map, COLOURS, EDGE + 18, top + height - 18);
    drawNorth(ctx, COLOURS, EDGE + width - 36, top + 36);
    drawPointers(ctx, parts, EDGE, top);
    drawLegend(ctx, key.out, COLOURS, key.beside ? EDGE + width + 20 : EDGE, key.beside ? top : top + height + 12);
    drawNotes(ctx, plan, COLOURS);
  });

  /** The layout of the map as it is on the screen. @param {Ctx} ctx */
  function planOf(ctx) {
    const { x: width, y: height } = map.getSize();
    return planPicture(ctx, parts, { width, height }, legendBox(ctx, legend.shown(), width, height));
  }

  /** @param {number[]} total @param {number} scale */
  function canvasOf(total, scale) {
    const canvas = document.createElement("canvas"), ctx = /** @type {Ctx} */ (canvas.getContext("2d"));
    canvas.width = Math.round(total[0] * scale);
    canvas.height = Math.round(total[1] * scale);
    if (Math.max(canvas.width, canvas.height) > MOST || canvas.width * canvas.height > AREA) throw new Error("size");
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    return { canvas, ctx };
  }

  return {
    /** The picture as a PNG file; rejects with "size" where no browser could make it. @param {number} scale */
    async png(scale) {
      const plan = planOf(measuringContext()), { canvas, ctx } = canvasOf(plan.total, scale);
      compose(ctx, plan);
      return pngOf(canvas);
    },
    /** A slide of 16:9 with large type. @param {Theme["atSize"]} atSize gives the map a size while it is drawn */
    async slide(atSize) {
      const plan = planSlide(measuringContext(), parts), { canvas, ctx } = canvasOf(plan.total, SLIDE.scale);
      atSize({ width: plan.width, height: plan.height }, () => compose(ctx, plan));
      return pngOf(canvas);
    },
    svg() {
      const plan = planOf(measuringContext()), [width, height] = plan.total.map(Math.round), ctx = new SvgContext(width, height);
      compose(ctx.asCanvas(), plan);
      return new Blob([ctx.text(language.pick(meta.title, ""))], { type: "image/svg+xml" });
    },
  };
}
