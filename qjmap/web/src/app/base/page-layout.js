/* Chooses the layout of the page by measuring the size of the window and of the page's parts:
 *
 *   wide      title at the left, tools at the right, in one row
 *   stacked   tools above the title
 *   low       a window of little height: short title, tools without words, the panel as a column over the title
 *   phone     title, tools and sheet each as wide as the window
 *
 * The layout is in the attribute data-room, which the style sheets use; data-embed has what the address asks for: ?embed for a page
 * within another one, without title and tools, ?embed=picture for the map with its notes alone.
 */

import { find, templatePart } from "./dom.js";

const LOW = 480; // px of height below which title, tools and panel do not fit below one another
const LEAST = 440; // px of width that tools without texts need beside a title
const ROOMY = [1100, 600]; // minimum width and height in px for switches and legend to be open at first

const root = document.documentElement;

const embedded = () => new URLSearchParams(window.location.search).get("embed");

/**
 * Returns the layout for the present size of the window.
 *
 * @param {number} need width of title and tools in one row
 * @param {number} tools width of the tools
 */
function roomFor(need, tools) {
  const { innerWidth: width, innerHeight: height } = window;
  if (width >= need) return "wide";
  if (height < LOW && width >= LEAST) return "low";
  return width >= tools ? "stacked" : "phone";
}

/** Chooses the layout again after the window or the texts of the tools have changed. */
export function arrangeLayout() {
  const embed = embedded();
  if (embed !== null) root.dataset.embed = embed;
  root.dataset.room = "wide";
  const edge = parseFloat(getComputedStyle(templatePart("side")).right), tools = templatePart("tools").offsetWidth + find(templatePart("zoom"), "*").offsetWidth + 8 + 2 * edge;
  root.dataset.room = roomFor(templatePart("header").offsetWidth + edge + tools, tools);
  root.style.setProperty("--tools-width", templatePart("tools").offsetWidth + "px");
}

export const isPhone = () => root.dataset.room === "phone";

/**
 * Opens a card if the window is large enough for it, and closes it when the window becomes too small.
 *
 * @param {(yes: boolean) => void} open
 */
export function followWindowSize(open) {
  const isRoomy = () => embedded() === null && window.innerWidth >= ROOMY[0] && window.innerHeight >= ROOMY[1];
  let was = isRoomy();
  open(was);
  window.addEventListener("resize", () => {
    if (isRoomy() !== was) open((was = !was));
  });
}
