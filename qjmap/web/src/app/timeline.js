/* The strip under the map in which time is chosen: a slider with play where there is much that is dated, else a year.
 *
 * It takes its own room beneath the map, so it covers nothing, and it is closed until someone asks for it.
 */

import { holding, period, periods, span, yearOf } from "./dates.js";
import { el, isCalm, templatePart } from "./dom.js";
import { crossIcon, svg } from "./indicators.js";

const MANY = 10; // dated things from which on a slider is worth its room
const STEP = 1100; // ms that a period stays while it plays

/** @param {{ meta: Meta, language: Language, format: Format, filter: Filter, address: UrlState, time: Time }} given */
export function makeTimeline({ meta, language, format, filter, address, time }) {
  const { t } = language;
  const strip = templatePart("time");
  const button = templatePart("time-button");
  const when = templatePart("when");
  const range = meta.time || { dated: 0 };
  const sliding = range.dated >= MANY;
  let unit = "quarter";
  /** @type {any[]} */
  let list = [];
  let timer = 0;
  /** @type {any} */
  let nodes = null;

  if (!range.dated) {
    button.remove();
    return { start: async () => {}, words: () => "" };
  }

  /** @param {string} at */
  function words(at) {
    const [year, quarter] = at.split("-Q");
    return quarter ? t("time.quarter", { year, quarter }) : t("time.year", { year });
  }

  function counted() {
    const { existing, signed, planned } = time.count();
    return t("time.counts", { existing: format.number(existing), signed: format.number(signed), planned: format.number(planned) });
  }

  /* Where the slider stands when it is opened: at the date that the facts hold for. */
  function usual() {
    const known = span(meta.as_of), first = period(list[0]);
    const at = known ? holding(known[1], unit) : list[list.length - 1];
    return list.includes(at) ? at : list[known && first && known[1] < first[0] ? 0 : list.length - 1];
  }

  /** @param {any} [replace] */
  function remember(replace) {
    address.set("t", time.at, { replace });
    address.set("nodate", time.at && !time.showUndated ? "hide" : "", { replace: true });
  }

  /** @param {string} at */
  async function go(at, replace = true) {
    await time.set(at);
    remember(replace);
  }

  function build() {
    list = periods(range.first, range.last, sliding ? unit : "year");
    const undated = el("input", { type: "checkbox", id: "qj-time-undated", checked: time.showUndated });
    undated.addEventListener("change", () => {
      pause();
      time.undatedShown(undated.checked);
      remember(true);
    });
    const undatedText = el("span", {});
    const close = el("button", { type: "button", id: "qj-time-close", class: "qj-icon", "aria-label": t("time.close"), title: t("time.close") }, crossIcon());
    close.addEventListener("click", () => open(false));
    nodes = { undated, undatedText, counts: el("p", { id: "qj-time-counts" }), label: el("output", { id: "qj-time-label", for: "qj-time-range" }) };
    strip.replaceChildren(sliding ? slider() : years(), nodes.counts,
      el("label", { class: "qj-choice" }, undated, undatedText), close);
    state();
  }

  function slider() {
    const input = el("input", { type: "range", id: "qj-time-range", min: "0", max: String(list.length - 1), step: "1", "aria-label": t("time.label") });
    input.addEventListener("input", () => go(list[Number(input.value)]));
    const play = el("button", { type: "button", id: "qj-time-play", class: "qj-icon" });
    play.addEventListener("click", () => (isCalm() ? step(true) : timer ? pause() : start()));
    const units = el("select", { id: "qj-time-unit", "aria-label": t("time.unit") },
      ["year", "quarter"].map((one) => el("option", { value: one, selected: one === unit }, t("time.by_" + one))));
    units.addEventListener("change", () => {
      pause();
      const days = period(time.at);
      unit = units.value;
      build();
      go(days ? holding(days[1], unit) : usual());
      templatePart("time-unit").focus();
    });
    Object.assign(nodes, { input, play });
    return el("div", { id: "qj-time-slider" }, play, nodes.label, input, units);
  }

  function years() {
    const input = el("select", { id: "qj-time-year", "aria-label": t("time.label") },
      el("option", { value: "" }, t("time.all")), list.map((one) => el("option", { value: one }, words(one))));
    input.addEventListener("change", () => go(input.value));
    nodes.input = input;
    return el("div", { id: "qj-time-slider" }, input);
  }

  /* Everything as it now is. */
  function state() {
    button.setAttribute("aria-expanded", String(!strip.hidden));
    when.textContent = time.at ? t("time.shown", { period: words(time.at), counts: counted() }) : "";
    when.hidden = !time.at;
    if (!nodes || strip.hidden) return;
    nodes.undated.checked = time.showUndated;
    nodes.undated.disabled = !time.at;
    nodes.undatedText.textContent = t("time.undated", { total: format.number(time.undated) });
    nodes.counts.textContent = time.at ? counted() : "";
    nodes.label.textContent = time.at ? words(time.at) : "";
    if (!sliding) {
      nodes.input.value = time.at;
      return;
    }
    nodes.input.value = String(Math.max(0, list.indexOf(time.at)));
    nodes.input.setAttribute("aria-valuetext", time.at ? words(time.at) + t("time.colon") + counted() : "");
    const sign = isCalm() ? "next" : timer ? "pause" : "play";
    nodes.play.dataset.sign = sign;
    nodes.play.replaceChildren(svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" },
      svg("path", { d: { play: "M5 3l8 5-8 5z", pause: "M5.5 3v10M10.5 3v10", next: "M4 3l6 5-6 5zM12.5 3v10" }[sign] })));
    ["aria-label", "title"].forEach((name) => nodes.play.setAttribute(name, t("time." + sign)));
  }

  /**
   * One period on; round again only when asked for by hand.
   *
   * @param {any} around
   */
  async function step(around) {
    const at = list.indexOf(time.at);
    if (at >= list.length - 1 && !around) return pause();
    await go(list[(at + 1) % list.length]);
    if (timer && list.indexOf(time.at) === list.length - 1) pause();
  }

  function start() {
    const run = async () => {
      timer = setTimeout(run, STEP);
      await step(false);
    };
    if (time.at === list[list.length - 1]) go(list[0]);
    timer = setTimeout(run, STEP / 2);
    state();
  }

  function pause() {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    state();
  }

  /** @param {boolean} yes */
  function open(yes) {
    if (yes === !strip.hidden) return;
    pause();
    strip.hidden = !yes;
    if (yes) {
      build();
      if (sliding && !time.at) go(usual(), false);
      nodes.input.focus({ preventScroll: true });
    } else {
      const inside = strip.contains(document.activeElement) || document.activeElement === document.body;
      time.undatedShown(true);
      go("", false);
      if (inside) button.focus();
    }
    state();
  }

  /**
   * Shows what the address says; a period that the project does not reach is left out of it.
   *
   * @param {string} at
   */
  async function follow(at) {
    const days = period(at);
    if (!days || yearOf(days[0]) < range.first || yearOf(days[0]) > range.last) at = "";
    pause();
    unit = at && !at.includes("Q") ? "year" : "quarter";
    if (at && !sliding) at = at.slice(0, 4);
    await time.set(at);
    strip.hidden = !at;
    if (at) build();
    state();
  }

  button.hidden = false;
  button.addEventListener("click", () => open(strip.hidden));
  for (const event of ["pointerdown", "keydown", "wheel"]) {
    document.addEventListener(event, (given) => {
      const { target } = given, key = given instanceof KeyboardEvent ? given.key : undefined;
      const pressing = key === undefined || key === "Enter" || key === " "; // the button itself turns it on and off
      if (!(pressing && target instanceof Element && target.closest("#qj-time-play"))) pause();
    }, { capture: true, passive: true });
  }
  document.addEventListener("visibilitychange", () => { if (document.hidden) pause(); });
  filter.onChange(() => {
    if (!time.at && address.get("t")) remember(true); // everything was set back elsewhere
    state();
  });
  language.onChange(() => {
    if (!strip.hidden) build();
    state();
  });
  language.bind(button.querySelector("span"), "time.open");
  language.bind(strip, "time.label", "aria-label");
  address.on("t", follow);
  address.on("nodate", (/** @type {any} */ text) => time.undatedShown(text !== "hide"));

  return {
    /* What the page was opened with. */
    async start() {
      if (!address.get("t")) return;
      time.undatedShown(address.get("nodate") !== "hide");
      await follow(address.get("t"));
    },
    words: () => when.textContent,
  };
}
