/* A keyboard's way through the partnerships on the map: a list of those in view, out of sight until it has the focus.
 *
 * The arrow keys lift one after the other on the map, Enter chooses it and goes on to the panel, Escape goes back to the map.
 */

import { el, elIn, templatePart } from "./dom.js";

const MOST = 200; // entries; the strongest come first
const PAGE = 8;
const JOINED = { 1: " → ", 2: " ↔ " };

/** @param {{ map: LeafletMap, language: Language, store: Store, layers: Layer[], format: Format, filter: Filter, go: Go, choose: (ids: string[], focus?: boolean, total?: number) => void }} given */
export function makeArcs({ map, language, store, layers, format, filter, go, choose }) {
  const { t } = language;
  const layer = /** @type {Layer} */ (layers.find((one) => one.layerName === "partnerships"));
  const box = templatePart("arcs"), list = templatePart("arcs-list"), note = templatePart("arcs-note");
  if (!layer) {
    box.remove();
    return;
  }
  let items = /** @type {any[]} */ ([]), active = 0;

  /**
   * The parties by name in the sense of the direction, then what it is.
   *
   * @param {{ ids: string[], parties: any, joined: any }} given
   */
  function words({ ids, parties, joined }) {
    const refs = ids.map(store.ref), who = parties.map((/** @type {string} */ party) => store.nameOfId(party)).join(/** @type {any} */ (JOINED)[joined] || " · ");
    if (refs.length === 1) return [who, store.name(refs[0])];
    const kinds = Array.from(new Set(refs.map(store.kind)));
    return [who, t("arcs.several", { total: refs.length, kinds: format.list(kinds) })];
  }

  function fill() {
    const kept = items[active] && items[active].ids[0];
    const frame = map.getSize(), corner = map.containerPointToLayerPoint([0, 0]);
    const all = layer.listIn([corner.x, corner.y, corner.x + frame.x, corner.y + frame.y]);
    items = all.slice(0, MOST);
    active = Math.max(0, items.findIndex((/** @type {{ ids: string[] }} */ { ids }) => ids[0] === kept));
    list.replaceChildren(...items.map((item, /** @type {number} */ k) => {
      const [who, what] = words(item);
      return el("li", { id: "qj-arc-" + k, role: "option", "aria-selected": "false" }, elIn("span", {}, who), elIn("span", { class: "qj-line qj-quiet" }, what));
    }));
    note.textContent = !items.length ? t("arcs.none") : all.length > MOST ? t("arcs.most", { shown: MOST, total: all.length }) : "";
    point();
  }

  function point() {
    Array.from(list.children).forEach((node, k) => node.setAttribute("aria-selected", String(k === active)));
    if (!items.length) {
      list.removeAttribute("aria-activedescendant");
      layer.hover(null);
      return;
    }
    list.setAttribute("aria-activedescendant", "qj-arc-" + active);
    list.children[active].scrollIntoView({ block: "nearest" });
    layer.hover(items[active].ids);
  }

  function chooseActive() {
    if (!items.length) return;
    const { ids } = items[active];
    layer.hover(null);
    if (ids.length === 1) go(ids[0], { focus: true, move: false });
    else choose(ids, true);
  }

  /** @type {Record<string, number>} */
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: PAGE, PageUp: -PAGE, Home: -Infinity, End: Infinity };
  list.addEventListener("keydown", (/** @type {any} */ event) => {
    if (event.key in step) active = Math.max(0, Math.min(items.length - 1, active + step[event.key]));
    else if (event.key === "Escape") { map.getContainer().focus({ preventScroll: true }); event.preventDefault(); return; }
    else if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (event.key in step) point();
    else chooseActive();
  });
  list.addEventListener("click", (/** @type {any} */ event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    active = Array.from(list.children).indexOf(option);
    chooseActive();
  });
  list.addEventListener("focus", fill);
  list.addEventListener("blur", () => layer.hover(null));
  const again = () => { if (document.activeElement === list) fill(); };
  map.on("moveend", again);
  filter.onChange(again);
  language.onChange(again);
  const present = () => { box.hidden = !map.hasLayer(layer); };
  map.on("layeradd layerremove", present);
  language.bind(list, "arcs.label", "aria-label");
  language.bind(templatePart("arcs-title"), "arcs.label");
  present();
}
