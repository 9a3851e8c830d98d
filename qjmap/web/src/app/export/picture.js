/* A picture of the map as it is on the screen, with what must stand on any picture of it: title, legend, scale, north,
 * date, review number, attributions and sources. The layers draw it themselves, on a canvas or as SVG; no tile is asked for.
 */

import { SvgContext } from "./svg-context.js";
import { fittedText, labelsOf } from "../../runtime/labels.js";
import { palettes, typeface } from "../../runtime/palette.js";

const EDGE = 24; // px around everything
const COLUMN = 156; // px, a column of the legend
const LINE = 19; // px, a line of the legend
const SYMBOL = [34, 20];
const NARROW = 640; // px: a narrower map has its legend beneath it
const MOST = 16384; // px of a side, and
const AREA = 2.6e8; // px in all, that browsers can make a canvas of

/**
 * Lines of a text that fit a width, broken between Chinese signs and between words.
 *
 * @param {any} ctx
 * @param {any} text
 * @param {number} width
 */
function wrapped(ctx, text, width) {
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
 * Groups of the legend in columns no higher than `height`: [{x, y, title} | {x, y, entry, text}], and how many columns.
 *
 * @param {any[]} groups
 * @param {number} height
 */
function flow(groups, height) {
  const out = [];
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
 * @param {any[]} groups
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
 * @param {any} ctx
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

const colours = () => palettes[document.documentElement.dataset.theme || ""] || palettes.light;

const measuring = () => document.createElement("canvas").getContext("2d");

/** @param {{ map: LeafletMap, layers: Layer[], meta: Meta, language: Language, format: Format, legend: Legend, store: Store, timeWords: () => string }} given */
export function makePicture({ map, layers, meta, language, format, legend, store, timeWords }) {
  const { t } = language;

  /* The paragraphs beneath the map. */
  function notes() {
    const review = meta.review_number ? t("review.number", { number: meta.review_number }) : t("review.none");
    const asOf = [meta.as_of ? t("as_of", { date: format.date(meta.as_of) }) : "", timeWords()].filter(Boolean).join(" · ");
    const sources = [];
    for (let row = 0; row < Math.min(store.rows("sources"), 60); row++) {
      const r = store.refOf("sources", row);
      sources.push([store.name(r), store.get(r, "publisher"), format.date(store.get(r, "published"))].filter(Boolean).join(" · "));
    }
    return [
      [asOf, review].filter(Boolean).join("　"),
      (meta.attribution || []).map((/** @type {any} */ one) => language.pick(one, "")).join("　"),
      sources.length ? t("section.sources") + (language.now === "zh" ? "：" : ": ") + sources.join(language.now === "zh" ? "；" : "; ") : "",
    ].filter(Boolean);
  }

  /**
   * A round length for the scale bar: [metres, pixels], at most `width` pixels.
   *
   * @param {number} width
   */
  function scaleBar(width) {
    const size = map.getSize(), middle = size.y / 2;
    const metres = map.distance(map.containerPointToLatLng([0, middle]), map.containerPointToLatLng([width, middle]));
    const power = 10 ** Math.floor(Math.log10(metres));
    const round = ([5, 2].find((one) => one * power <= metres) || 1) * power;
    return [round, (width * round) / metres];
  }

  /**
   * @param {any} ctx
   * @param {Palette} colours
   * @param {number} x
   * @param {number} y
   */
  function drawScale(ctx, colours, x, y) {
    const [metres, pixels] = scaleBar(130);
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
   * The layers as they are on the screen, lowest first; names last.
   *
   * @param {any} ctx
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  function drawMap(ctx, x, y, width, height) {
    const origin = map.containerPointToLayerPoint([0, 0]);
    const drawn = layers.filter((layer) => map.hasLayer(layer) && layer.loaded).sort((a, b) => a.options.level - b.options.level);
    const names = labelsOf(map);
    ctx.save();
    ctx.beginPath();
    ctx.rect(x, y, width, height);
    ctx.clip();
    ctx.translate(x - origin.x, y - origin.y);
    for (const layer of [...drawn, names]) {
      ctx.save();
      layer.draw(ctx, layer.view());
      ctx.restore();
    }
    ctx.restore();
  }

  /**
   * Where everything stands; the text is measured in the context it will be drawn in.
   *
   * @param {any} ctx
   */
  function arrange(ctx) {
    const { x: width, y: height } = map.getSize();
    const groups = legend.shown();
    const key = legendBox(groups, width, height);
    const whole = key.beside ? width + 20 + key.width : width;
    const title = language.pick(meta.title, ""), subtitle = (meta.title && meta.title[language.other]) || "";
    ctx.font = `600 22px ${typeface}`;
    const titles = wrapped(ctx, title, whole);
    const top = EDGE + titles.length * 30 + (subtitle ? 20 : 0) + 8;
    ctx.font = `11px ${typeface}`;
    const lines = notes().flatMap((text) => wrapped(ctx, text, whole));
    const below = top + height + (key.beside ? 0 : key.height + 12);
    return { width, height, key, whole, titles, subtitle: subtitle === title ? "" : subtitle, top, lines, below, total: [whole + 2 * EDGE, below + 14 + lines.length * 16 + EDGE] };
  }

  /**
   * @param {any} ctx
   * @param {any} plan
   * @param {Palette} colours
   */
  function compose(ctx, plan, colours) {
    const { width, height, key, titles, subtitle, top, lines, below, total } = plan;
    ctx.fillStyle = colours.paper;
    ctx.fillRect(0, 0, total[0], total[1]);
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "left";
    ctx.fillStyle = colours.ink;
    ctx.font = `600 22px ${typeface}`;
    titles.forEach((/** @type {any} */ line, /** @type {number} */ k) => ctx.fillText(line, EDGE, EDGE + 22 + k * 30));
    if (subtitle) {
      ctx.font = `13px ${typeface}`;
      ctx.fillStyle = colours.inkSoft;
      ctx.fillText(subtitle, EDGE, EDGE + titles.length * 30 + 10);
    }
    drawMap(ctx, EDGE, top, width, height);
    ctx.strokeStyle = colours.inkSoft;
    ctx.lineWidth = 1;
    ctx.strokeRect(EDGE + 0.5, top + 0.5, width - 1, height - 1);
    drawScale(ctx, colours, EDGE + 18, top + height - 18);
    drawNorth(ctx, colours, EDGE + width - 36, top + 36);
    const left = key.beside ? EDGE + width + 20 : EDGE, head = key.beside ? top : top + height + 12;
    for (const { x, y, title, entry, text } of key.out) {
      ctx.fillStyle = title ? colours.inkSoft : colours.ink;
      ctx.font = `${title ? "600 " : ""}11px ${typeface}`;
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      if (title) { ctx.fillText(title, left + x, head + y + LINE / 2); continue; }
      ctx.fillText(fittedText(ctx, text, COLUMN - SYMBOL[0] - 10), left + x + SYMBOL[0] + 6, head + y + LINE / 2);
      ctx.save();
      ctx.translate(left + x, head + y - (SYMBOL[1] - LINE) / 2);
      entry.draw(ctx, ...SYMBOL);
      ctx.restore();
    }
    ctx.fillStyle = colours.ink;
    ctx.font = `11px ${typeface}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    lines.forEach((/** @type {any} */ line, /** @type {number} */ k) => ctx.fillText(line, EDGE, below + 24 + k * 16));
  }

  /* Size of the picture in pixels at 1x: [width, height]. */
  const size = () => arrange(measuring()).total;

  /**
   * The picture as a PNG file; rejects with "size" where no browser could make it.
   *
   * @param {number} scale
   */
  async function png(scale) {
    const canvas = document.createElement("canvas"), ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const plan = arrange(ctx);
    canvas.width = Math.round(plan.total[0] * scale);
    canvas.height = Math.round(plan.total[1] * scale);
    if (Math.max(canvas.width, canvas.height) > MOST || canvas.width * canvas.height > AREA) throw new Error("size");
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    compose(ctx, plan, colours());
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (!blob) throw new Error("size");
    return blob;
  }

  function svg() {
    const plan = arrange(measuring()), [width, height] = plan.total.map(Math.round);
    const ctx = new SvgContext(width, height);
    compose(ctx, plan, colours());
    return new Blob([ctx.text(language.pick(meta.title, ""))], { type: "image/svg+xml" });
  }

  return { png, svg, size };
}
