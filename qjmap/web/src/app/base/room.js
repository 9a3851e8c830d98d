/* How the page's parts are arranged, by the room that they have and what they need, both measured:
 *
 *   wide      title at the left, tools at the right, in one row
 *   stacked   tools above the title
 *   low       a window of little height: short title, tools without words, the panel as a column over the title
 *   phone     title, tools and sheet each as wide as the window
 *
 * The style sheets read it from the attribute data-room, and from data-embed what the address asks for: ?embed for a page within
 * another one, without title and tools, ?embed=picture for the map with its notes alone.
 */

import { find, templatePart } from "./dom.js";

const LOW = 480; // px of height under which title, tools and panel cannot stand beneath one another
const LEAST = 440; // px of width that tools without words need beside a title
const ROOMY = [1100, 600]; // px from which on switches and legend are open at first

const root = document.documentElement;

export const embedded = () => new URLSearchParams(window.location.search).get("embed");

/** @param {number} need width of title and tools in one row @param {number} tools width of the tools */
function roomFor(need, tools) {
  const { innerWidth: width, innerHeight: height } = window;
  if (width >= need) return "wide";
  if (height < LOW && width >= LEAST) return "low";
  return width >= tools ? "stacked" : "phone";
}

/** Arranges the parts anew where the window or the words of the tools have changed. */
export function arrangeRoom() {
  const embed = embedded();
  if (embed !== null) root.dataset.embed = embed;
  root.dataset.room = "wide";
  const edge = parseFloat(getComputedStyle(templatePart("side")).right), tools = templatePart("tools").offsetWidth + find(templatePart("zoom"), "*").offsetWidth + 8 + 2 * edge;
  root.dataset.room = roomFor(templatePart("header").offsetWidth + edge + tools, tools);
  root.style.setProperty("--tools-width", templatePart("tools").offsetWidth + "px");
}

export const isPhone = () => root.dataset.room === "phone";

/**
 * Opens a card where it has room to stay open, and closes it where it loses that.
 *
 * @param {(yes: boolean) => void} open
 */
export function followRoom(open) {
  const isRoomy = () => embedded() === null && window.innerWidth >= ROOMY[0] && window.innerHeight >= ROOMY[1];
  let was = isRoomy();
  open(was);
  window.addEventListener("resize", () => {
    if (isRoomy() !== was) open((was = !was));
  });
}
