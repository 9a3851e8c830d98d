/* Draws the parts of a picture: the map's layers, scale bar, north arrow, pointers to far places, and the legend. */

import { LINE, MORE, SYMBOL } from "./legend-box.js";
import { placePointer } from "../app/map/off-screen-pointers.js";
import { labelsOf } from "../runtime/labels.js";
import { palettes, typeface } from "../runtime/palette.js";
import { traceRoundedBox } from "../runtime/shapes.js";

/** @typedef {import("./legend-box.js").LegendItem} LegendItem */

/** Pictures have the light palette whatever the theme of the screen, since they are for documents. */
export const COLOURS = palettes.light;

/**
 * Draws a north arrow around (x, y).
 *
 * @param {Ctx} ctx
 * @param {Palette} colours
 * @param {number} x
 * @param {number} y
 */
export function drawNorth(ctx, colours, x, y) {
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

/**
 * Returns the scale bar as [metres, pixels]: the longest of 1, 2 or 5 times a power of ten metres that is at most `width` pixels long in
 * the middle of the map.
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
 * Draws a scale bar whose lower left end is (x, y).
 *
 * @param {Ctx} ctx
 * @param {LeafletMap} map
 * @param {Palette} colours
 * @param {number} x
 * @param {number} y
 */
export function drawScale(ctx, map, colours, x, y) {
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
 * Draws the layers that are on the map into a box, from the lowest to the highest, and their labels last.
 *
 * @param {Ctx} ctx
 * @param {LeafletMap} map
 * @param {Layer[]} layers
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
export function drawMap(ctx, map, layers, x, y, width, height) {
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
 * Draws the entries of a legend that `legendBox` has laid out.
 *
 * @param {Ctx} ctx
 * @param {LegendItem[]} items
 * @param {Palette} colours
 * @param {number} left
 * @param {number} top
 */
export function drawLegend(ctx, items, colours, left, top) {
  for (const { x, y, title, entry, lines } of items) {
    ctx.fillStyle = title ? colours.inkSoft : colours.ink;
    ctx.font = `${title ? "600 " : ""}11px ${typeface}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    lines.forEach((line, k) => ctx.fillText(line, left + x + (title ? 0 : SYMBOL[0] + 6), top + y + LINE / 2 + k * MORE));
    if (!entry) continue;
    ctx.save();
    ctx.translate(left + x, top + y - (SYMBOL[1] - LINE) / 2);
    entry.draw(ctx, SYMBOL[0], SYMBOL[1]);
    ctx.restore();
  }
}

/**
 * Draws a pointer at the edge of the map to each far place that the map does not show.
 *
 * @param {Ctx} ctx
 * @param {PictureParts} parts
 * @param {number} left
 * @param {number} top
 */
export function drawPointers(ctx, { map, meta, language, format, store }, left, top) {
  const { x: width, y: height } = map.getSize();
  const taken = [{ left: width - 64, right: width, top: 0, bottom: 72 }, { left: 0, right: 170, top: height - 48, bottom: height }]; // boxes of north arrow and scale bar
  ctx.font = `12px ${typeface}`;
  for (const place of meta.far || []) {
    const { x, y } = map.latLngToContainerPoint([place.lat, place.lon]), dx = x - width / 2, dy = y - height / 2;
    if (x > 0 && y > 0 && x < width && y < height) continue;
    const words = language.t("far.to", { name: store.nameOfId(place.id), km: format.number(Math.round(place.km)) });
    const box = placePointer(dx, dy, { width, height }, { width: ctx.measureText(words).width + 42, height: 28 }, taken);
    if (!box) continue;
    taken.push(box);
    ctx.save();
    ctx.translate(left + box.left, top + box.top);
    ctx.beginPath();
    traceRoundedBox(ctx, 0, 0, box.right - box.left, 28, 14);
    ctx.fillStyle = COLOURS.paper;
    ctx.fill();
    ctx.strokeStyle = COLOURS.inkSoft;
    ctx.lineWidth = 1;
    ctx.setLineDash([]);
    ctx.stroke();
    ctx.fillStyle = COLOURS.ink;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(words, 32, 14);
    ctx.translate(18, 14);
    ctx.rotate(Math.atan2(dy, dx));
    ctx.beginPath();
    ctx.moveTo(-7, 0);
    ctx.lineTo(6, 0);
    ctx.moveTo(1, -5);
    ctx.lineTo(6, 0);
    ctx.lineTo(1, 5);
    ctx.strokeStyle = COLOURS.warm;
    ctx.lineWidth = 2;
    ctx.stroke();
    ctx.restore();
  }
}

