/* Keeps view, layers and language in the link: map=7.5/29.02/106.6, layers=places,sites and lang=en. They are stored nowhere else. */

const DIGITS = 4; // decimals of degrees: about ten metres

/** Makes the part that writes view, layers and language into the link, and follows a changed link. @param {PageFace} face @returns {StartedPart} */
export function makeMapLink({ map, meta, address, switches, language }) {
  const first = language.now, all = switches.on().join(",");

  function written() {
    const { lat, lng } = map.getCenter();
    return [Number(map.getZoom().toFixed(2)), lat.toFixed(DIGITS), lng.toFixed(DIGITS)].join("/");
  }
  let last = written();

  /** Shows the view of a link. @param {string} text */
  function show(text) {
    const [zoom, lat, lon] = text.split("/").map(Number);
    if (!text || ![zoom, lat, lon].every(Number.isFinite) || Math.abs(lat) > 90) return;
    map.setView([lat, lon], zoom, { animate: false });
  }

  map.on("moveend", () => {
    const now = written();
    if (now === last || map.qjmapOnSheet) return; // only the size of the window has changed
    last = now;
    address.set("map", now, { replace: true });
  });
  switches.onChange(() => {
    const on = switches.on().join(",");
    address.set("layers", on === all ? "" : on || "-", { replace: true });
  });
  language.onChange((now) => address.set("lang", now === first ? "" : now, { replace: true }));
  const opening = { center: map.getCenter(), zoom: map.getZoom() };
  // A link without a view means the view with which the page opened.
  address.on("map", (text) => { if (text) show(text); else map.setView(opening.center, opening.zoom, { animate: false }); });
  const setLayers = (/** @type {string} */ text) => switches.set((text || all).split(","));
  address.on("layers", setLayers);
  address.on("lang", (text) => language.set(text || String(meta.language || first)));
  return {
    async start() {
      if (address.get("lang") && address.get("lang") !== language.now) language.set(address.get("lang"));
      if (address.get("layers")) setLayers(address.get("layers"));
      show(address.get("map"));
    },
  };
}
