/* The card at the pointer: what lies there, before anybody clicks. It opens on hover, on a long press and by the keyboard's list of
 * partnerships, which highlights them as the pointer does.
 */

import { el, langOf } from "../app/base/dom.js";

const OFF = 16; // px between the pointer and the card
const NAMED = 4; // maximum number of names in a card of several rows

/** @typedef {{ layer: Layer, ids: string[], total: number }} Target Rows of a layer at a point: ids, of very many only the first, and their number. */

/**
 * Returns a function that makes the contents of a card.
 *
 * @param {PageFace} face
 */
function makeWords({ language, store, relations, filter, rowsAtPoint }) {
  const { t } = language;

  /** Returns a text on the number of a place's partnerships that pass the filter; "" if there are none. @param {string} id */
  function linksOf(id) {
    const refs = relations.links(id).filter(({ ref }) => filter.passes(ref)).map(({ ref }) => store.id(ref));
    return refs.length ? rowsAtPoint.note(refs) : "";
  }

  /** Returns the contents of the card for one row. @param {string} id @param {Ref} r */
  function one(id, r) {
    const table = store.tableOf(r), status = store.status(r);
    const parties = table === "partnerships" ? store.list(r, "parties").map((party) => store.nameOfId(party)).join(" ↔ ") : "";
    return { title: store.name(r), lines: [[store.kind(r), status].filter(Boolean).join(" · "), parties, table === "places" ? linksOf(id) : ""] };
  }

  /** Returns title and lines (some may be "") for rows at a point; null if the first is unknown. @param {string[]} ids @param {number} total */
  return (ids, total) => {
    const [id, ...others] = ids, r = store.ref(id);
    if (r === undefined) return null;
    if (store.tableOf(r) === "places") {
      const words = one(id, r);
      if (others.length) words.lines.push(t("also.here") + others.slice(0, NAMED).map((other) => store.nameOfId(other)).join(t("also.and")));
      return words;
    }
    if (!others.length) return one(id, r);
    const names = ids.slice(0, NAMED).map((other) => store.nameOfId(other));
    return { title: rowsAtPoint.title(ids, total), lines: [store.tableOf(r) === "partnerships" ? rowsAtPoint.note(ids) : "", ...names, total > NAMED ? t("point.more", { total: total - NAMED }) : ""] };
  };
}

/** Adds the card to the map, and the listeners that show and hide it. @param {PageFace} face */
export function makePointCard(face) {
  const { map, store } = face, words = makeWords(face), stage = map.getContainer();
  const card = el("div", { id: "qj-point", class: "qj-card", hidden: true, "aria-hidden": "true" });
  stage.append(card);
  let shown = "", turn = 0;
  /** @type {Point | null} position of the last click, whose rows the panel shows already */
  let clicked = null;

  /** Places the card beside the pointer, so that it lies entirely inside the map. @param {Point} at */
  function place(at) {
    const { offsetWidth: width, offsetHeight: height } = card, { x, y } = map.getSize();
    const left = at.x + OFF + width > x ? at.x - OFF - width : at.x + OFF, top = at.y + OFF + height > y ? at.y - OFF - height : at.y + OFF;
    card.style.transform = `translate(${Math.max(4, Math.min(left, x - width - 4))}px, ${Math.max(4, top)}px)`;
  }

  function hide() {
    shown = "";
    turn++;
    card.hidden = true;
  }

  /** Shows the card for the rows at a point. @param {Target} target @param {Point} at */
  async function show({ ids, total }, at) {
    const key = ids.join(" "), mine = ++turn;
    if (key !== shown) {
      await store.load(ids.slice(0, NAMED).flatMap((id) => store.ref(id) ?? []));
      const text = mine === turn ? words(ids, total) : null;
      if (mine !== turn) return;
      if (!text) return hide();
      card.replaceChildren(el("strong", { lang: langOf(text.title) }, text.title), ...text.lines.filter(Boolean).map((line) => el("p", { lang: langOf(line) }, line)));
      card.hidden = false;
      shown = key;
    }
    place(at);
  }

  map.on("qjmap:point", ({ hit, point, held }) => {
    if (clicked && point && Math.hypot(clicked.x - point.x, clicked.y - point.y) < OFF / 2) return hide();
    clicked = null;
    if (!hit || (!held && window.matchMedia("(hover: none)").matches)) hide();
    else show(hit, map.layerPointToContainerPoint(point));
  });
  map.on("movestart zoomstart", hide);
  map.on("click", ({ layerPoint }) => {
    clicked = layerPoint;
    hide();
  });
  face.language.onChange(hide);
}
