/* A picture of the map as it is on the screen, with what every picture of it must have: title, legend, scale, north,
 * date, review number, attributions and sources. The layers draw it themselves, on a canvas or as SVG; no tile is loaded.
 */

import { templatePart } from "../app/base/dom.js";
import { SvgContext } from "../runtime/svg-context.js";
import { fittedText, labelsOf } from "../runtime/labels.js";
import { palettes, typeface } from "../runtime/palette.js";

const EDGE = 24; // px around everything
const COLUMN = 156; // px, a column of the legend
const LINE = 19; // px, a line of the legend
const SYMBOL = [34, 20];
const NARROW = 640; // px: a narrower map has its legend beneath it
const SOURCES = 60; // sources that are named
const MOST = 16384; // px of a side, and
const AREA = 2.6e8; // px in all, that browsers can make a canvas of

/** @typedef {{ x: number, y: number, title?: string, entry?: LegendEntry, text?: string }} LegendItem A title or an entry of the legend. */

/**
 * Lines of a text that fit a width, broken between Chinese signs and between words.
 *
 * @param {Ctx} ctx
 * @param {string} text
 * @param {number} width
 */
function wrapLines(ctx, text, width) {
  const out = [];
  let line = "";
  for (const piece of String(text).match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) || []) {
    if (line && ctx.measureText(line + piece.trimEnd()).width > width) {
      out.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  if (line.trim()) out.push(line.trimEnd());
  return out;
}

/**
 * Groups of the legend in columns no higher than `height`, and how many columns.
 *
 * @param {LegendGroup[]} groups
 * @param {number} height
 */
function flow(groups, height) {
  const out = /** @type {LegendItem[]} */ ([]);
  let column = 0, y = 0;
  for (const { title, entries } of groups) {
    if (y && y + 2 * LINE > height) { column++; y = 0; }
    out.push({ x: column * COLUMN, y, title });
    y += LINE;
    for (const { entry, text } of entries) {
      if (y + LINE > height) { column++; y = 0; }
      out.push({ x: column * COLUMN, y, entry, text });
      y += LINE;
    }
    y += 6;
  }
  return { out, columns: column + 1 };
}

/**
 * The legend beside the map, on a narrow one beneath it.
 *
 * @param {LegendGroup[]} groups
 * @param {number} width
 * @param {number} height
 */
function legendBox(groups, width, height) {
  if (width >= NARROW) {
    const { out, columns } = flow(groups, height);
    return { out, beside: true, width: columns * COLUMN, height };
  }
  const most = Math.max(1, Math.floor(width / COLUMN));
  let tall = 4 * LINE, flowed = flow(groups, tall);
  while (flowed.columns > most) flowed = flow(groups, (tall += LINE));
  return { out: flowed.out, beside: false, width, height: tall + 8 };
}

/**
 * @param {Ctx} ctx
 * @param {Palette} colours
 * @param {number} x
 * @param {number} y
 */
function drawNorth(ctx, colours, x, y) {
  ctx.beginPath();
  ctx.arc(x, y + 4, 22, 0, 2 * Math.PI);
  ctx.fillStyle = colours.halo;
  ctx.fill();
  ctx.beginPath();
  ctx.moveTo(x, y - 8);
  ctx.lineTo(x + 7, y + 18);
  ctx.lineTo(x, y + 12);
  ctx.lineTo(x - 7, y + 18);
  ctx.closePath();
  ctx.fillStyle = colours.ink;
  ctx.fill();
  ctx.font = `600 12px ${typeface}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.fillText("N", x, y - 10);
  ctx.textAlign = "left";
}

/** The palette of the screen. */
const currentPalette = () => palettes[document.documentElement.dataset.theme || ""] || palettes.light;

/** A context in which texts are measured. */
const measuringContext = () => /** @type {Ctx} */ (document.createElement("canvas").getContext("2d"));

/**
 * A round length for the scale bar: [metres, pixels], at most `width` pixels.
 *
 * @param {LeafletMap} map
 * @param {number} width
 */
function scaleBar(map, width) {
  const middle = map.getSize().y / 2, metres = map.distance(map.containerPointToLatLng([0, middle]), map.containerPointToLatLng([width, middle]));
  const power = 10 ** Math.floor(Math.log10(metres)), round = ([5, 2].find((factor) => factor * power <= metres) || 1) * power;
  return [round, (width * round) / metres];
}

/**
 * @param {Ctx} ctx
 * @param {LeafletMap} map
 * @param {Palette} colours
 * @param {number} x
 * @param {number} y
 */
function drawScale(ctx, map, colours, x, y) {
  const [metres, pixels] = scaleBar(map, 130);
  ctx.fillStyle = colours.halo;
  ctx.fillRect(x - 8, y - 22, pixels + 16, 30);
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 1.4;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x, y - 5);
  ctx.lineTo(x, y);
  ctx.lineTo(x + pixels, y);
  ctx.lineTo(x + pixels, y - 5);
  ctx.stroke();
  ctx.fillStyle = colours.ink;
  ctx.font = `11px ${typeface}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.fillText(metres >= 1000 ? `${metres / 1000} km` : `${metres} m`, x + pixels / 2, y - 7);
  ctx.textAlign = "left";
}

/**
 * Draws the layers as they are on the screen, lowest first; labels last.
 *
 * @param {Ctx} ctx
 * @param {LeafletMap} map
 * @param {Layer[]} layers
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function drawMap(ctx, map, layers, x, y, width, height) {
  const origin = map.containerPointToLayerPoint([0, 0]);
  const drawn = layers.filter((layer) => map.hasLayer(layer) && layer.loaded).sort((a, b) => a.options.level - b.options.level);
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  ctx.translate(x - origin.x, y - origin.y);
  for (const layer of [...drawn, labelsOf(map)]) {
    ctx.save();
    layer.draw(ctx, layer.view());
    ctx.restore();
  }
  ctx.restore();
}

/**
 * @param {Ctx} ctx
 * @param {LegendItem[]} items
 * @param {Palette} colours
 * @param {number} left
 * @param {number} top
 */
function drawLegend(ctx, items, colours, left, top) {
  for (const { x, y, title, entry, text = "" } of items) {
    ctx.fillStyle = title ? colours.inkSoft : colours.ink;
    ctx.font = `${title ? "600 " : ""}11px ${typeface}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    if (title) ctx.fillText(title, left + x, top + y + LINE / 2);
    if (!entry) continue;
    ctx.fillText(fittedText(ctx, text, COLUMN - SYMBOL[0] - 10), left + x + SYMBOL[0] + 6, top + y + LINE / 2);
    ctx.save();
    ctx.translate(left + x, top + y - (SYMBOL[1] - LINE) / 2);
    entry.draw(ctx, SYMBOL[0], SYMBOL[1]);
    ctx.restore();
  }
}

/** @typedef {{ meta: Meta, language: Language, format: Format, store: Store, timeWords: () => string }} NoteParts */

/**
 * The paragraphs beneath the map: date, review number, attributions, sources.
 *
 * @param {NoteParts} parts
 */
function notes({ meta, language, format, store, timeWords }) {
  const { t } = language, isChinese = language.now === "zh";
  const review = meta.review_number ? t("review.number", { number: meta.review_number }) : t("review.none");
  const asOf = [meta.as_of ? t("as_of", { date: format.date(meta.as_of) }) : "", timeWords()].filter(Boolean).join(" · ");
  const sources = [];
  for (let row = 0; row < Math.min(store.rows("sources"), SOURCES); row++) {
    const r = store.refOf("sources", row);
    sources.push([store.name(r), store.get(r, "publisher"), format.date(store.get(r, "published"))].filter(Boolean).join(" · "));
  }
  const coarse = templatePart("coarse");
  return [
    [asOf, review, coarse.hidden ? "" : coarse.textContent].filter(Boolean).join("　"),
    (meta.attribution || []).map((pair) => language.pick(pair, "")).join("　"),
    sources.length ? t("section.sources") + (isChinese ? "：" : ": ") + sources.join(isChinese ? "；" : "; ") : "",
  ].filter(Boolean);
}

/** @typedef {ReturnType<typeof planPicture>} Plan */

/**
 * The layout of the picture; the text is measured in the context in which it will be drawn.
 *
 * @param {Ctx} ctx
 * @param {LeafletMap} map
 * @param {Legend} legend
 * @param {NoteParts} parts
 */
function planPicture(ctx, map, legend, parts) {
  const { meta: { title }, language } = parts, { x: width, y: height } = map.getSize(), key = legendBox(legend.shown(), width, height);
  const whole = key.beside ? width + 20 + key.width : width;
  const name = language.pick(title, ""), subtitle = (title && title[language.other]) || "";
  ctx.font = `600 22px ${typeface}`;
  const titles = wrapLines(ctx, name, whole), top = EDGE + titles.length * 30 + (subtitle ? 20 : 0) + 8;
  ctx.font = `11px ${typeface}`;
  const lines = notes(parts).flatMap((text) => wrapLines(ctx, text, whole)), below = top + height + (key.beside ? 0 : key.height + 12);
  return { width, height, key, titles, subtitle: subtitle === name ? "" : subtitle, top, lines, below, total: [whole + 2 * EDGE, below + 14 + lines.length * 16 + EDGE] };
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

/** @param {NoteParts & { map: LeafletMap, layers: Layer[], legend: Legend }} parts */
export function makePicture(parts) {
  const { map, layers, meta, language, legend } = parts;

  /** @param {Ctx} ctx @param {Plan} plan */
  function compose(ctx, plan) {
    const { width, height, key, top } = plan, colours = currentPalette();
    drawTitles(ctx, plan, colours);
    drawMap(ctx, map, layers, EDGE, top, width, height);
    ctx.strokeStyle = colours.inkSoft;
    ctx.lineWidth = 1;
    ctx.strokeRect(EDGE + 0.5, top + 0.5, width - 1, height - 1);
    drawScale(ctx, map, colours, EDGE + 18, top + height - 18);
    drawNorth(ctx, colours, EDGE + width - 36, top + 36);
    drawLegend(ctx, key.out, colours, key.beside ? EDGE + width + 20 : EDGE, key.beside ? top : top + height + 12);
    drawNotes(ctx, plan, colours);
  }

  return {
    /** The picture as a PNG file; rejects with "size" where no browser could make it. @param {number} scale @returns {Promise<Blob>} */
    async png(scale) {
      const canvas = document.createElement("canvas"), ctx = /** @type {Ctx} */ (canvas.getContext("2d"));
      const plan = planPicture(ctx, map, legend, parts);
      canvas.width = Math.round(plan.total[0] * scale);
      canvas.height = Math.round(plan.total[1] * scale);
      if (Math.max(canvas.width, canvas.height) > MOST || canvas.width * canvas.height > AREA) throw new Error("size");
      ctx.setTransform(scale, 0, 0, scale, 0, 0);
      compose(ctx, plan);
      const blob = /** @type {Blob | null} */ (await new Promise((resolve) => canvas.toBlob(resolve, "image/png")));
      if (!blob) throw new Error("size");
      return blob;
    },
    svg() {
      const plan = planPicture(measuringContext(), map, legend, parts), [width, height] = plan.total.map(Math.round), ctx = new SvgContext(width, height);
      compose(ctx.asCanvas(), plan);
      return new Blob([ctx.text(language.pick(meta.title, ""))], { type: "image/svg+xml" });
    },
  };
}
