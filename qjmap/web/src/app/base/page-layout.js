/* Chooses the layout of the page by the size of the window and of the page's parts:
 *
 *   wide      title at the left, tools at the right, in one row
 *   stacked   tools above the title
 *   low       a window of little height: short title, tools without words, the panel as a column over the title
 *   phone     title, tools and sheet each as wide as the window
 *
 * The attribute data-room of the document has the layout, for the style sheets; data-embed has the value of `embed` in the address: "" for a
 * page within another one, without title and tools (?embed), "picture" for the map with its notes alone (?embed=picture).
 */

import { find, templatePart } from "./dom.js";

const LOW = 480; // px of height below which title, tools and panel do not fit below one another
const LEAST = 440; // px of width that tools without texts need beside a title
const ROOMY = [1100, 600]; // minimum width and height in px for switches and legend to be open at first

const root = document.documentElement;

/** Returns the value of `embed` in the address; null without it. */
const embedded = () => new URLSearchParams(window.location.search).get("embed");

/**
 * Returns the layout for the present size of the window.
 *
 * @param {number} need width in px of title and tools in one row
 * @param {number} tools width in px of the tools
 */
function roomFor(need, tools) {
  const { innerWidth: width, innerHeight: height } = window;
  if (width >= need) return "wide";
  if (height < LOW && width >= LEAST) return "low";
  return width >= tools ? "stacked" : "phone";
}

/** Chooses the layout; to be called again after the window or the texts of the tools have changed. */
export function arrangeLayout() {
  const embed = embedded();
  if (embed !== null) root.dataset.embed = embed;
  root.dataset.room = "wide";
  const edge = parseFloat(getComputedStyle(templatePart("side")).right), tools = templatePart("tools").offsetWidth + find(templatePart("zoom"), "*").offsetWidth + 8 + 2 * edge;
  root.dataset.room = roomFor(templatePart("header").offsetWidth + edge + tools, tools);
  root.style.setProperty("--tools-width", templatePart("tools").offsetWidth + "px");
}

/** Returns whether the layout is that of a phone. */
export const isPhone = () => root.dataset.room === "phone";

/**
 * Opens a card at once if the window is large enough (`ROOMY`) and the page is not embedded, else closes it; and again whenever the window
 * becomes large enough or too small.
 *
 * @param {(yes: boolean) => void} open opens (true) or closes the card
 */
export function followWindowSize(open) {
  const isRoomy = () => embedded() === null && window.innerWidth >= ROOMY[0] && window.innerHeight >= ROOMY[1];
  let was = isRoomy();
  open(was);
  window.addEventListener("resize", () => {
    if (isRoomy() !== was) open((was = !was));
  });
}
