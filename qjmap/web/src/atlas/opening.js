/* The opening card: a sentence, the numbers, and the chapters, each of which sets layers, filter and view. It is shown at the place of the
 * panel, and stays closed for a reader who has closed it. A link names a chapter as c=id.
 */

import { buttonOf, el, listen, templatePart } from "../app/base/dom.js";
import { isPhone } from "../app/base/page-layout.js";
import { crossIcon } from "../app/base/svg.js";
import { isOfTwoEditions, makeEditionChanges } from "./edition-changes.js";

const NUMBERS = ["partnerships", "partners", "joint", "sites"];
const MOVED = 40; // px: a reader who has moved the map by at least this has left the opening view
/** @type {Record<string, number>} key -> number of chapters by which it moves */
const KEYS = { ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1 };

/**
 * Returns the flag in the browser's local storage for a reader who has closed the card of this page, or has gone on from its cover: `isSet`
 * reads it, `set` sets it. If the browser does not allow storage, it is never set.
 *
 * @param {string} key key of the page in the storage
 */
function makeMemory(key) {
  return {
    get isSet() {
      try {
        return window.localStorage.getItem(key) !== null;
      } catch (_) {
        return false;
      }
    },
    set() {
      try {
        window.localStorage.setItem(key, "1");
      } catch (_) { /* nothing is stored: the card opens again the next time */ }
    },
  };
}

/**
 * Returns `show`, which shows the layers, filter and bounds of a chapter, and `clear`, which removes its filter and restores all layers.
 *
 * @param {PageFace} face
 */
function makeViews({ map, facets, switches, viewport }) {
  /** Sets the facets to a filter, given as column -> values. @param {Record<string, string[]>} filter */
  const choose = (filter) => facets.read(Object.entries(filter).map(([column, values]) => column + ":" + values.join(",")).join(";"));
  return {
    /** Shows the view of a chapter. @param {Chapter} chapter */
    show({ filter, layers, bounds }) {
      choose(filter);
      switches.set(layers);
      viewport.show(L.latLngBounds(/** @type {[number, number][]} */ (bounds)), map.getMaxZoom());
    },
    clear() {
      choose({});
      switches.set([]);
    },
  };
}

/** Returns whether a chapter is about sites: it has their layer, or has neither layers nor a filter. @param {Chapter} chapter */
const isOfSites = ({ layers, filter }) => layers.includes("sites") || (!layers.length && !Object.keys(filter).length);

/**
 * Returns `cover` and `chapter`, which make the contents of the card.
 *
 * @param {PageFace & { story: StoryMeta }} face
 * @param {{ go: (id: string) => void, end: () => void, changed: () => HTMLElement | null }} acts `go` shows a chapter or the cover, `end` closes the
 *   card, `changed` makes the section of changes since the previous edition
 */
function makeContents({ meta, language, format, store, filter, boards, story }, { go, end, changed }) {
  const { t, pick } = language, { chapters, numbers } = story;
  const close = () => buttonOf("qj-icon qj-story-close", crossIcon(), end, { "aria-label": t("story.close"), title: t("story.close") });

  /** Returns a text on the numbers of partnerships and sites that pass the filter. */
  const shown = () => ["partnerships", "sites"].filter((table) => filter.count(table)).map((table) => t("table." + table) + " " + format.rows(filter.numbers(table), false)).join(" · ");

  return {
    cover() {
      const values = Object.fromEntries(NUMBERS.map((name) => [name, format.number(numbers[name])]));
      const about = t(meta.home && store.ref(meta.home) !== undefined ? "story.about" : "story.about_all", { ...values, home: store.nameOfId(meta.home), corridors: filter.numbers("corridors").total });
      return [
        close(),
        el("h2", { id: "qj-story-title", tabindex: "-1" }, t("story.title")),
        el("p", {}, about, meta.as_of ? t("story.as_of", { date: format.date(meta.as_of) }) : ""),
        el("dl", { class: "qj-story-numbers" }, NUMBERS.map((name) => el("div", {}, el("dd", {}, values[name]), el("dt", {}, t("story.number." + name))))),
        el("div", { class: "qj-actions" }, chapters.length ? buttonOf("qj-action", t("story.begin"), () => go(chapters[0].id)) : null, boards?.opener(meta.home)),
        isOfTwoEditions(meta) ? changed() : null,
        el("ol", { class: "qj-story-list" }, chapters.map(({ id, title, lines }) => el("li", {}, el("a", { href: "#c=" + encodeURIComponent(id) }, pick(title, id)),
          lines.length ? el("span", { class: "qj-line qj-quiet" }, pick(lines[0], "")) : null))),
        isOfTwoEditions(meta) ? null : changed(),
      ];
    },
    /** Returns the contents of the card for a chapter. @param {number} index */
    chapter(index) {
      const { id, title, lines } = chapters[index], last = index === chapters.length - 1;
      const full = buttonOf("qj-more", t("story.full"), () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
      full.hidden = !document.fullscreenEnabled;
      return [
        close(),
        el("p", { class: "qj-kind qj-quiet" }, t("story.of", { at: index + 1, total: chapters.length })),
        el("h2", { id: "qj-story-title", tabindex: "-1" }, pick(title, id)),
        lines.map((line) => el("p", {}, pick(line, ""))),
        el("p", { class: "qj-quiet qj-story-shown" }, shown()),
        el("div", { class: "qj-actions" },
          buttonOf("qj-more", t("story.back"), () => go(index ? chapters[index - 1].id : "cover")),
          buttonOf("qj-action", t(last ? "story.end" : "story.next"), () => (last ? end() : go(chapters[index + 1].id))), full,
          isOfSites(chapters[index]) ? boards?.opener(meta.home) : null,
          el("a", { class: "qj-more", href: "#c=" + encodeURIComponent(id) }, t("story.link"))),
      ];
    },
  };
}

/**
 * Moves between chapters with arrow and page keys; remote controls for presentations send Page Up and Page Down. Keys are left to a focused
 * field, list or dialog, arrow keys also to the map and the panel; with Alt, Ctrl or Meta no key counts.
 *
 * @param {Chapter[]} chapters
 * @param {() => string} shown returns the id of the chapter that is shown; keys do nothing without one
 * @param {(id: string) => void} go shows a chapter
 */
function listenToKeys(chapters, shown, go) {
  document.addEventListener("keydown", (event) => {
    const step = KEYS[event.key], { target, altKey, ctrlKey, metaKey } = event;
    const own = "input, select, textarea, [role=listbox], [role=dialog]" + (event.key.startsWith("Arrow") ? ", .leaflet-container, #qj-panel" : "");
    if (!step || altKey || ctrlKey || metaKey || (target instanceof Element && target.closest(own))) return;
    const index = chapters.findIndex(({ id }) => id === shown()), next = chapters[index + step];
    if (index < 0) return;
    if (next) go(next.id);
    event.preventDefault();
  });
}

/** Calls `go` with the chapter whose link in the card is clicked. @param {HTMLElement} card @param {(id: string) => void} go */
function listenToLinks(card, go) {
  listen(card, "click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(new URLSearchParams(String(link.getAttribute("href")).slice(1)).get("c") || "");
  });
}

/**
 * Returns `take`, which fits the opening view into the part of the map that the card does not cover, and `release`, which on a phone fits it into
 * the whole map once the card is closed, unless the reader has left that view.
 *
 * @param {PageFace} face
 */
function makeRoom({ map, meta: { view }, viewport }) {
  /** @type {LatLng | null} */
  let middle = null;
  return {
    take() {
      if (view) map.fitBounds(view, { ...viewport.padding(), animate: false });
      middle = map.getCenter();
    },
    release() {
      const now = middle && map.latLngToContainerPoint(middle), { x, y } = map.getSize();
      if (isPhone() && view && now && Math.hypot(now.x - x / 2, now.y - y / 2) < MOVED) viewport.show(L.latLngBounds(view), map.getMaxZoom());
      middle = null;
    },
  };
}

/** Makes the opening card. @param {PageFace} face @returns {StartedPart} */
export function makeOpening(face) {
  const { map, meta, language, address, filter } = face, story = meta.story, room = makeRoom(face), card = templatePart("story");
  if (!story) return { start: async () => {} };
  const { chapters } = story, memory = makeMemory("qjmap-opened " + meta.id), views = makeViews(face), contents = makeContents({ ...face, story }, { go, end, changed: makeEditionChanges(face) });
  let at = ""; // "cover", the id of a chapter, or "" while the card is closed
  const button = buttonOf("qj-more", "", () => (at ? end() : show("cover", true)), { id: "qj-story-button", "aria-controls": card.id });

  const focusTitle = () => { if (at) templatePart("story-title").focus({ preventScroll: true }); };

  function fill() {
    const index = chapters.findIndex(({ id }) => id === at), hadFocus = card.contains(document.activeElement);
    card.replaceChildren(...el("div", {}, at === "cover" ? contents.cover() : index < 0 ? null : contents.chapter(index)).childNodes);
    card.hidden = !at;
    card.dataset.mode = at === "cover" ? "cover" : "chapter";
    document.documentElement.dataset.story = at ? "open" : "closed";
    button.setAttribute("aria-expanded", String(Boolean(at)));
    if (hadFocus) focusTitle();
  }

  /** Shows the cover or a chapter; "" closes the card. @param {string} next @param {boolean} [focus] whether the title gets the focus */
  function show(next, focus) {
    const chapter = chapters.find(({ id }) => id === next), was = at;
    at = chapter || next === "cover" ? next : "";
    fill();
    if (chapter) views.show(chapter);
    else if (chapters.some(({ id }) => id === was)) views.clear();
    if (chapter) fill(); // with the numbers of rows that pass the filter
    if (focus) focusTitle();
  }

  function go(/** @type {string} */ id) {
    if (id !== "cover") memory.set();
    const filtered = address.get("f");
    address.set("id", "", { replace: true });
    show(id, true);
    address.set("c", id === "cover" ? "" : id, { replace: address.get("f") !== filtered }); // filter and chapter together are one step in the browser's history
  }

  function end() {
    const inside = card.contains(document.activeElement);
    memory.set();
    address.set("c", "");
    show("");
    room.release();
    if (inside) button.focus({ preventScroll: true });
  }

  listenToLinks(card, go);
  listenToKeys(chapters, () => at, go);
  map.on("click", () => { if (at === "cover") end(); });
  address.on("c", show);
  templatePart("header").append(button);
  language.bind(button, "story.open");
  language.bind(card, "story.title", "aria-label");
  language.onChange(fill);
  filter.onChange(() => { if (at && at !== "cover") fill(); });

  /** Shows the chapter that the link names; without a link the cover, unless the page is embedded or the reader has closed the card before. */
  async function start() {
    if (address.get("c")) show(address.get("c"));
    if (window.location.hash || memory.isSet || "embed" in document.documentElement.dataset) return;
    show("cover");
    room.take();
  }
  return { start };
}
