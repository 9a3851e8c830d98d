/* A list of the partnerships in view for keyboard users; it is hidden until it has the focus.
 *
 * The arrow keys move from entry to entry and highlight each on the map, Enter selects it and moves the focus to the panel, Escape returns to
 * the map.
 */

import { closest, el, elIn, listen, templatePart } from "../base/dom.js";

const MOST = 200; // maximum number of entries; the widest arcs come first
const PAGE = 8; // number of entries by which Page Up and Page Down move
/** @type {Record<number, string>} direction (`ListedArc.joined`) -> sign between the parties */
const JOINED = { 1: " → ", 2: " ↔ " };
/** @type {Record<string, number>} key -> number of entries by which it moves */
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: PAGE, PageUp: -PAGE, Home: -Infinity, End: Infinity };

/** @typedef {Layer & { listIn: (box: Box) => ListedArc[] }} ArcLayerInView The layer of partnerships. */

/**
 * Makes the list; without a layer of partnerships its element is removed.
 *
 * @param {{ map: LeafletMap, language: Language, store: Store, layers: Layer[], format: Format, filter: RowFilter, go: SelectRow, choose: ChooseRows }} parts
 */
export function makeArcList({ map, language, store, layers, format, filter, go, choose }) {
  const layer = /** @type {ArcLayerInView | undefined} */ (layers.find(({ layerName }) => layerName === "partnerships"));
  const box = templatePart("arcs"), list = templatePart("arcs-list");
  if (!layer) {
    box.remove();
    return;
  }
  const entries = makeEntries({ map, language, store, format, layer, list });

  /** Selects the partnership of the active entry; of several shows a list in the panel. */
  function chooseActive() {
    const { active } = entries;
    if (!active) return;
    layer?.hover(null);
    if (active.ids.length === 1) go(active.ids[0], { focus: true, move: false });
    else choose(active.ids, true);
  }

  listen(list, "keydown", (event) => {
    if (event.key in STEPS) entries.move(STEPS[event.key]);
    else if (event.key === "Escape") map.getContainer().focus({ preventScroll: true });
    else if (event.key === "Enter" || event.key === " ") chooseActive();
    else return;
    event.preventDefault();
  });
  listen(list, "click", (event) => {
    const option = closest(event, "[role=option]");
    if (!option) return;
    entries.activate(Array.from(list.children).indexOf(option));
    chooseActive();
  });
  listen(list, "focus", entries.fill);
  listen(list, "blur", () => layer.hover(null));
  const refill = () => { if (document.activeElement === list) entries.fill(); };
  map.on("moveend", refill);
  filter.onChange(refill);
  language.onChange(refill);
  const showWithLayer = () => { box.hidden = !map.hasLayer(layer); };
  map.on("layeradd layerremove", showWithLayer);
  language.bind(list, "arcs.label", "aria-label");
  language.bind(templatePart("arcs-title"), "arcs.label");
  showWithLayer();
}

/**
 * Makes the entries of the list, one of which is active.
 *
 * @param {{ map: LeafletMap, language: Language, store: Store, format: Format, layer: ArcLayerInView, list: HTMLElement }} parts
 */
function makeEntries({ map, language: { t }, store, format, layer, list }) {
  const note = templatePart("arcs-note");
  let items = /** @type {ListedArc[]} */ ([]), index = 0;

  /** Returns the texts of an entry: the names of its parties, then the name of the partnership or the number and kinds of several. @param {ListedArc} item */
  function words({ ids, parties, joined }) {
    const refs = ids.flatMap((id) => store.ref(id) ?? []), names = parties.map((party) => store.nameOfId(party)).join(JOINED[joined] || " · ");
    if (refs.length === 1) return [names, store.name(refs[0])];
    const kinds = Array.from(new Set(refs.map(store.kind)));
    return [names, t("arcs.several", { total: refs.length, kinds: format.list(kinds) })];
  }

  /** Marks the active entry in the list and on the map. */
  function point() {
    Array.from(list.children).forEach((node, k) => node.setAttribute("aria-selected", String(k === index)));
    if (!items.length) {
      list.removeAttribute("aria-activedescendant");
      layer.hover(null);
      return;
    }
    list.setAttribute("aria-activedescendant", "qj-arc-" + index);
    list.children[index].scrollIntoView({ block: "nearest" });
    layer.hover(items[index].ids);
  }

  return {
    get active() { return items[index]; },
    /** Makes an entry the active one, without marking it yet. @param {number} next */
    activate(next) { index = next; },
    /** Moves to another entry and marks it. @param {number} by number of entries */
    move(by) {
      index = Math.max(0, Math.min(items.length - 1, index + by));
      point();
    },
    /** Lists the partnerships in view; the active entry stays active if it is still listed. */
    fill() {
      const first = items[index] && items[index].ids[0], frame = map.getSize(), corner = map.containerPointToLayerPoint([0, 0]);
      const all = layer.listIn([corner.x, corner.y, corner.x + frame.x, corner.y + frame.y]);
      items = all.slice(0, MOST);
      index = Math.max(0, items.findIndex(({ ids }) => ids[0] === first));
      list.replaceChildren(...items.map((item, k) => {
        const [names, what] = words(item);
        return el("li", { id: "qj-arc-" + k, role: "option", "aria-selected": "false" }, elIn("span", {}, names), elIn("span", { class: "qj-line qj-quiet" }, what));
      }));
      note.textContent = !items.length ? t("arcs.none") : all.length > MOST ? t("arcs.most", { shown: MOST, total: all.length }) : "";
      point();
    },
  };
}
