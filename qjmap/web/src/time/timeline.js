/* The time bar below the map, in which a reader chooses a period: a slider with a play button if many rows have dates, else a list of years.
 *
 * It does not cover the map, and is closed until the reader opens it or a link has a period.
 */

import { holding, period, periods, span, yearOf } from "../app/base/date-spans.js";
import { closest, el, holdsFocus, isCalm, listen, templatePart } from "../app/base/dom.js";
import { crossIcon, svg } from "../app/base/svg.js";

const MANY = 10; // minimum number of dated rows for a slider
const MOST_YEARS = 10; // maximum number of years that are written below the slider
const TALLEST = 11; // px, height of the highest bar
const STEP = 1100; // ms for which each period is shown while playing
const SIGNS = { play: "M5 3l8 5-8 5z", pause: "M5.5 3v10M10.5 3v10", next: "M4 3l6 5-6 5zM12.5 3v10" };

/**
 * Returns a period ("2020", "2020-Q3") as text in the page's language.
 *
 * @param {Language["t"]} t
 * @param {string} at
 */
function periodWords(t, at) {
  const [year, quarter] = at.split("-Q");
  return quarter ? t("time.quarter", { year, quarter }) : t("time.year", { year });
}

/**
 * Makes the list of periods that can be chosen, with functions that choose one. Without `sliding` they are years.
 *
 * @param {{ meta: Meta, address: UrlState, time: TimeFilter, range: TimeRange, sliding: boolean }} parts
 */
function makePeriods({ meta, address, time, range, sliding }) {
  let unit = range.unit || "quarter";
  /** @type {string[]} */
  let list = [];
  let counts = new Uint32Array();

  const self = {
    get list() { return list; },
    get unit() { return unit; },
    get at() { return time.at; },
    get index() { return list.indexOf(time.at); },
    get isLast() { return time.at === list[list.length - 1]; },
    /** The first period in which a row starts or ends; the first of all if there is none, or before `count` has been called. */
    get firstEvent() { return list[Math.max(0, counts.findIndex(Boolean))]; },
    /** Resolves to the number of starts and ends of rows in each period of the list. */
    async count() { return (counts = await time.events(list)); },
    /** Returns whether a period begins after the date for which the facts hold (`as_of`). @param {string} at */
    isLater(at) {
      const days = period(at), known = span(meta.as_of);
      return Boolean(days && known && days[0] > known[1]);
    },
    /** Makes the list anew in a unit. @param {string} [next] "year" or "quarter"; by default the present unit */
    fill(next = unit) {
      unit = next;
      list = periods(range.first, range.last, sliding ? unit : "year");
    },
    /** The period at which the slider opens: the one that contains `as_of`; else the first if `as_of` lies before the list, or the last. */
    get usual() {
      const known = span(meta.as_of), first = period(list[0]);
      const at = known ? holding(known[1], unit) : list[list.length - 1];
      return list.includes(at) ? at : list[known && first && known[1] < first[0] ? 0 : list.length - 1];
    },
    /** Writes the period into the link. @param {boolean} [replace] whether to make no new entry in the browser's history */
    remember(replace) {
      address.set("t", time.at, { replace });
      address.set("nodate", time.at && !time.showUndated ? "hide" : "", { replace: true });
    },
    /** Shows a period ("" for all) and writes it into the link. @param {string} at */
    async go(at, replace = true) {
      await time.set(at);
      self.remember(replace);
    },
    /** Returns the period in the text of a link, only its year if years are listed; "" if it is none or outside of the page's years. @param {string} at */
    ofLink(at) {
      const days = period(at);
      if (!days || yearOf(days[0]) < range.first || yearOf(days[0]) > range.last) return "";
      return sliding ? at : at.slice(0, 4);
    },
  };
  return self;
}

/** @typedef {ReturnType<typeof makePeriods>} Periods */

/**
 * Makes the player, which shows the periods one after the other.
 *
 * @param {Periods} all
 * @param {() => void} changed called when playing starts or stops
 */
function makePlayer(all, changed) {
  let timer = 0;

  function pause() {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    changed();
  }

  /** Shows the next period, after the last one the first if `around`. Playing stops when the last one is reached. @param {boolean} around */
  async function step(around) {
    const { index, list } = all;
    if (index >= list.length - 1 && !around) return pause();
    await all.go(list[(index + 1) % list.length]);
    if (timer && all.isLast) pause();
  }

  return {
    pause, step,
    get isPlaying() { return timer !== 0; },
    /** Starts to play: from the first period with an event if the last or the usual one is shown, else from the present one. */
    start() {
      const run = async () => {
        timer = window.setTimeout(run, STEP);
        await step(false);
      };
      if (all.isLast || all.at === all.usual) all.go(all.firstEvent);
      timer = window.setTimeout(run, STEP / 2);
      changed();
    },
  };
}

/**
 * The control by which a period is chosen. `update` shows the chosen period: its text, and the text of the numbers of rows.
 *
 * @typedef {{ node: HTMLElement, focus: () => void, update: (words: string, counts: string) => void }} PeriodControl
 */

/**
 * Makes the list of years.
 *
 * @param {{ t: Language["t"], all: Periods, time: TimeFilter, words: (at: string) => string }} parts
 * @returns {PeriodControl}
 */
function makeYearList({ t, all, time, words }) {
  const input = el("select", { id: "qj-time-year", "aria-label": t("time.label") },
    el("option", { value: "" }, t("time.all")), all.list.map((year) => el("option", { value: year }, words(year))));
  listen(input, "change", () => all.go(input.value));
  return {
    node: el("div", { id: "qj-time-slider" }, input), focus: () => input.focus({ preventScroll: true }),
    update() { input.value = time.at; },
  };
}

/**
 * Returns the elements of a bar chart of the events in each period, with the years below. Heights grow with the square root of the number.
 *
 * @param {string[]} list periods
 * @param {Uint32Array} counts number of starts and ends of rows in each period
 */
function marksOf(list, counts) {
  const most = Math.max(1, ...counts), years = list.filter((at) => /^\d+$|Q1$/.test(at)), each = Math.ceil(years.length / MOST_YEARS);
  return list.flatMap((at, k) => {
    const left = (100 * k) / Math.max(1, list.length - 1) + "%", mark = el("span", {}), year = years.indexOf(at) % each === 0 ? el("small", {}, at.slice(0, 4)) : null;
    mark.style.left = left;
    mark.style.height = counts[k] ? 3 + TALLEST * Math.sqrt(counts[k] / most) + "px" : "0";
    if (year) year.style.left = left;
    return year ? [mark, year] : [mark];
  });
}

/**
 * Makes the slider, with a play button and a choice of unit. If the reader prefers reduced motion, the button steps instead of playing.
 *
 * @param {{ t: Language["t"], all: Periods, time: TimeFilter, player: ReturnType<typeof makePlayer>, rebuild: () => void }} parts
 * @returns {PeriodControl}
 */
function makeSlider({ t, all, time, player, rebuild }) {
  const input = el("input", { type: "range", id: "qj-time-range", min: "0", max: String(all.list.length - 1), step: "1", "aria-label": t("time.label") });
  listen(input, "input", () => all.go(all.list[Number(input.value)]));
  const play = el("button", { type: "button", id: "qj-time-play", class: "qj-icon" });
  listen(play, "click", () => (isCalm() ? player.step(true) : player.isPlaying ? player.pause() : player.start()));
  const units = el("select", { id: "qj-time-unit", "aria-label": t("time.unit") },
    ["year", "quarter"].map((unit) => el("option", { value: unit, selected: unit === all.unit }, t("time.by_" + unit))));
  listen(units, "change", () => {
    player.pause();
    const days = period(time.at);
    all.fill(units.value);
    rebuild();
    all.go(days ? holding(days[1], all.unit) : all.usual);
    templatePart("time-unit").focus();
  });
  const marks = el("div", { class: "qj-time-marks", "aria-hidden": "true" });
  all.count().then((counts) => marks.replaceChildren(...marksOf(all.list, counts)));
  const label = el("output", { id: "qj-time-label", for: "qj-time-range" });
  return {
    node: el("div", { id: "qj-time-slider" }, play, label, el("div", { class: "qj-time-track" }, marks, input), units), focus: () => input.focus({ preventScroll: true }),
    update(words, counts) {
      label.textContent = words;
      input.value = String(Math.max(0, all.index));
      input.setAttribute("aria-valuetext", words ? words + t("time.colon") + counts : "");
      const sign = isCalm() ? "next" : player.isPlaying ? "pause" : "play";
      play.dataset.sign = sign;
      play.replaceChildren(svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: SIGNS[sign] })));
      for (const name of ["aria-label", "title"]) play.setAttribute(name, t("time." + sign));
    },
  };
}

/**
 * Makes the contents of the time bar: the control of the period, the numbers of rows by state, the checkbox for rows without a date, and the
 * close button.
 *
 * @param {{ language: Language, format: Format, time: TimeFilter, control: PeriodControl, pause: () => void, remember: () => void, close: () => void }} parts
 */
function makeStripParts({ language: { t }, format, time, control, pause, remember, close }) {
  const undated = el("input", { type: "checkbox", id: "qj-time-undated", checked: time.showUndated });
  listen(undated, "change", () => {
    pause();
    time.setShowUndated(undated.checked);
    remember();
  });
  const undatedText = el("span", {}), counts = el("p", { id: "qj-time-counts" });
  const button = el("button", { type: "button", id: "qj-time-close", class: "qj-icon", "aria-label": t("time.close"), title: t("time.close") }, crossIcon());
  listen(button, "click", close);
  return {
    control,
    nodes: [control.node, counts, el("label", { class: "qj-choice" }, undated, undatedText), button],
    /** Shows the chosen period. @param {string} words the period as text @param {string} text numbers of rows by state */
    update(words, text) {
      undated.checked = time.showUndated;
      undated.disabled = !time.at;
      undatedText.textContent = t("time.undated", { total: format.number(time.undated) });
      counts.textContent = text;
      control.update(words, text);
    },
  };
}

/**
 * Makes the time bar and its button; nothing on a page without dated rows. `words` returns the text about the period that is shown, ""
 * for none.
 *
 * @param {{ meta: Meta, language: Language, format: Format, filter: RowFilter, address: UrlState, time: TimeFilter }} parts
 */
export function makeTimeline(parts) {
  const { meta, language, filter, address, time } = parts;
  const button = templatePart("time-button"), range = meta.time;
  if (!range || !range.dated) {
    return { start: async () => {}, words: () => "" };
  }
  const strip = makeTimeStrip(parts, range, button);
  listen(button, "click", () => strip.open(!strip.isOpen));
  for (const event of ["pointerdown", "keydown", "wheel"]) {
    document.addEventListener(event, (given) => {
      const key = given instanceof KeyboardEvent ? given.key : undefined;
      const presses = key === undefined || key === "Enter" || key === " "; // these press the play button, which itself starts and stops
      if (!(presses && closest(given, "#qj-time-play"))) strip.pause();
    }, { capture: true, passive: true });
  }
  document.addEventListener("visibilitychange", () => { if (document.hidden) strip.pause(); });
  filter.onChange(strip.followFilter);
  language.onChange(strip.refill);
  address.on("t", strip.show);
  address.on("nodate", (text) => time.setShowUndated(text !== "hide"));

  return {
    /** Shows the period of the link with which the page was opened, if it has one. */
    async start() {
      if (!address.get("t")) return;
      time.setShowUndated(address.get("nodate") !== "hide");
      await strip.show(address.get("t"));
    },
    words: () => templatePart("when").textContent || "",
  };
}

/**
 * Makes the bar itself.
 *
 * @param {{ meta: Meta, language: Language, format: Format, address: UrlState, time: TimeFilter }} parts
 * @param {TimeRange} range
 * @param {HTMLElement} button the button that opens it
 */
function makeTimeStrip({ meta, language, format, address, time }, range, button) {
  const { t } = language, strip = templatePart("time"), when = templatePart("when"), sliding = range.dated >= MANY;
  const all = makePeriods({ meta, address, time, range, sliding }), player = makePlayer(all, update);
  /** @type {ReturnType<typeof makeStripParts> | null} */
  let content = null;

  const wordsOf = (/** @type {string} */ at) => periodWords(t, at);

  function build() {
    all.fill();
    const control = sliding ? makeSlider({ t, all, time, player, rebuild: build }) : makeYearList({ t, all, time, words: wordsOf });
    content = makeStripParts({ language, format, time, control, pause: player.pause, remember: () => all.remember(true), close: () => open(false) });
    strip.replaceChildren(...content.nodes);
    update();
  }

  function update() {
    const { existing, signed, planned } = time.count(), words = time.at ? wordsOf(time.at) : "";
    const counts = time.at ? t("time.counts", { existing: format.number(existing), signed: format.number(signed), planned: format.number(planned) })
      + (all.isLater(time.at) ? t("time.later", { date: format.date(String(meta.as_of)) }) : "") : "";
    button.setAttribute("aria-expanded", String(!strip.hidden));
    when.textContent = time.at ? t("time.shown", { period: words, counts }) : "";
    when.hidden = !time.at;
    if (content && !strip.hidden) content.update(words, counts);
  }

  /** Opens the bar at the usual period, or closes it and shows all rows again. @param {boolean} yes */
  function open(yes) {
    if (yes === !strip.hidden) return;
    player.pause();
    strip.hidden = !yes;
    if (yes) {
      build();
      if (sliding && !time.at) all.go(all.usual, false);
      if (content) content.control.focus();
    } else {
      const inside = holdsFocus(strip);
      time.setShowUndated(true);
      all.go("", false);
      if (inside) button.focus();
    }
    update();
  }

  language.bind(strip, "time.label", "aria-label");

  return {
    open, pause: player.pause,
    get isOpen() { return !strip.hidden; },
    /** Shows the period in the text of a link; closes the bar if there is none. @param {string} link */
    async show(link) {
      const at = all.ofLink(link);
      player.pause();
      all.fill(at ? (at.includes("Q") ? "quarter" : "year") : undefined);
      await time.set(at);
      strip.hidden = !at;
      if (at) build();
      update();
    },
    /** Shows the numbers again after a change of the filter. */
    followFilter() {
      if (!time.at && address.get("t")) all.remember(true); // another part of the page has removed all filters
      update();
    },
    /** Writes the texts again after a change of the language. */
    refill() {
      if (!strip.hidden) build();
      update();
    },
  };
}
