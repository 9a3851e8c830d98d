/* The page around the map: reads the tables, builds its parts, and says when it is ready. */
"use strict";

(function (page) {
  const CLOSEST = 13; // a single point is not zoomed to beyond this
  const FARTHER = 9; // the same for agreements and corridors, which are about a region
  const HOLD = 48; // px kept free around what is shown

  /* Where the padding for the map's frame comes from: whatever covers it. */
  function makeFrame(context) {
    const { map } = context;
    const stage = page.part("stage");
    const chrome = ["header", "panel", "side", "legend", "back"].map(page.part);

    // The panel begins where the title ends, however many lines that takes.
    new ResizeObserver(() => {
      document.documentElement.style.setProperty("--header-height", page.part("header").getBoundingClientRect().height + "px");
    }).observe(page.part("header"));

    context.chrome = () => chrome.filter((node) => node && !node.hidden && node.getClientRects().length);

    context.padding = function () {
      const box = stage.getBoundingClientRect();
      const header = page.part("header").getBoundingClientRect();
      const panel = page.part("panel");
      const cover = panel.hidden ? null : panel.getBoundingClientRect();
      if (page.isPhone()) {
        const bottom = cover ? Math.min(box.bottom - cover.top, box.height * 0.6) : 12;
        return { paddingTopLeft: [16, Math.min(header.bottom - box.top + 8, box.height * 0.3)], paddingBottomRight: [64, bottom + 8] };
      }
      // An open legend is a column at the right; closed, it is only a button in the corner.
      const legend = page.part("legend");
      const column = legend.dataset.open === "yes" ? box.right - legend.getBoundingClientRect().left : 0;
      return {
        paddingTopLeft: [cover ? Math.min(cover.right - box.left + HOLD, box.width * 0.5) : HOLD, HOLD],
        paddingBottomRight: [Math.min(column + HOLD, box.width * 0.35), HOLD],
      };
    };

    map.qjmapCover = function () {
      if (page.isPhone()) return [0, 0];
      const { paddingTopLeft: [left], paddingBottomRight: [right] } = context.padding();
      return [left - HOLD, right - HOLD];
    };

    /* The part of the world that nothing covers. */
    context.seen = function () {
      const { paddingTopLeft: [left], paddingBottomRight: [right] } = context.padding();
      const { x, y } = map.getSize();
      const hold = page.isPhone() ? 64 : HOLD;
      return L.latLngBounds(map.containerPointToLatLng([Math.max(0, left - hold), 0]),
        map.containerPointToLatLng([Math.min(x, x - right + hold), y]));
    };

    context.fly = function (center, zoom) {
      map.setView(center, zoom, { animate: !page.isCalm(), duration: 0.6 });
    };

    context.show = function (bounds, closest) {
      map.fitBounds(bounds, {
        ...context.padding(), maxZoom: closest, animate: !page.isCalm(), duration: 0.6,
      });
    };
  }

  /* Shows ids on the map: their layers on, themselves lifted, the view on them. */
  function makeShow(context) {
    const { map, layers, store, relations } = context;
    const boundsOf = (id) => {
      for (const layer of [...layers, context.drafts.layer]) {
        const bounds = layer.boundsOf ? layer.boundsOf(id) : null;
        if (bounds && bounds.isValid()) return bounds;
      }
      return null;
    };
    const highlight = (ids) => [...layers, context.drafts.layer].forEach((layer) => { if (layer.highlight) layer.highlight(ids); });

    return {
      clear: () => highlight(null),
      at(id, move, lift) {
        const anchors = relations.anchors(id, (one) => boundsOf(one) !== null);
        context.switches.ensure(anchors, lift);
        const r = store.ref(id);
        const lifted = new Set(anchors);
        // A place is shown with its agreements, an agreement with its parties.
        if (store.tableOf(r) === "places") relations.of("partnerships", "parties", id).forEach((one) => lifted.add(store.id(one)));
        if (store.tableOf(r) === "partnerships") store.list(r, "parties").forEach((one) => lifted.add(one));
        highlight(lifted.size ? Array.from(lifted) : null);
        if (!move || !anchors.length) return;
        const bounds = L.latLngBounds([]);
        anchors.forEach((one) => bounds.extend(boundsOf(one)));
        const radius = Math.max(...anchors.map((one) => Number(store.get(store.ref(one), "radius_m")) || 0), 0);
        // The less exact a position, the farther away it is looked at from.
        const lines = anchors.every((one) => ["partnerships", "corridors"].includes(store.tableOf(store.ref(one))));
        const closest = lines ? FARTHER : radius ? Math.max(7, Math.min(CLOSEST, Math.round(22.5 - Math.log2(radius + 1)))) : CLOSEST;
        context.show(bounds, Math.min(closest, map.getMaxZoom()));
      },
    };
  }

  /* Goes to a row by its id; the one way in which anything is chosen. */
  function makeGo(context) {
    let turns = 0;
    return function (id, { focus = false, move = true, lift = true, part = "" } = {}) {
      const r = context.store.ref(id);
      if (r === undefined) return false;
      const turn = ++turns;
      const act = () => {
        if (turn !== turns) return; // something else was chosen while its texts were being unpacked
        context.panel.show(id, focus, part);
        context.shown.at(id, move, lift);
        context.address.set("id", id);
        context.far.place();
      };
      const coming = context.store.load([r]);
      if (coming) coming.then(act); else act();
      return true;
    };
  }

  /* The sources, for the paper; a licence that most of them have is said once, in the heading. */
  function fillSources({ store, language, format }) {
    const refs = Array.from({ length: Math.min(store.rows("sources"), 60) }, (_, row) => store.refOf("sources", row));
    const licence = (r) => language.half(store.get(r, "licence"));
    const most = refs.map(licence).find((one) => one && refs.filter((r) => licence(r) === one).length > refs.length / 2);
    const lines = refs.map((r) => page.el("li", {}, [store.name(r), store.get(r, "publisher"), format.date(store.get(r, "published")),
      licence(r) === most ? "" : licence(r)].filter(Boolean).join(" · ")));
    const heading = language.t("section.sources") + (most ? format.aside(language.t("sources.licence", { licence: most })) : "");
    page.part("print-sources").replaceChildren(page.el("h2", {}, heading), page.el("ul", {}, lines));
  }

  /* Title, notes and attributions: what must stand on any picture of the map. */
  function makeNotes(context) {
    const { meta, language, format } = context;
    const { el } = page;
    const fill = () => {
      page.part("title").textContent = language.pick(meta.title, "");
      const other = meta.title ? meta.title[language.other] : "";
      page.part("subtitle").textContent = other || "";
      page.part("subtitle").lang = language.other === "zh" ? "zh-CN" : "en";
      page.part("as-of").textContent = meta.as_of ? language.t("as_of", { date: format.date(meta.as_of) }) : "";
      page.part("review").textContent = meta.review_number
        ? language.t("review.number", { number: meta.review_number }) : language.t("review.none");
      page.part("attribution").replaceChildren(...(meta.attribution || []).map((one) => el("li", {}, language.pick(one, ""))));
      const button = page.part("language");
      button.textContent = language.other === "zh" ? "中文" : "English";
      button.lang = language.other === "zh" ? "zh-CN" : "en";
    };
    page.part("language").addEventListener("click", () => language.set(language.other));
    language.onChange(fill);
    fill();
  }

  /* The view stays on the ground that the page carries: beyond its edge there is nothing to see. */
  function holdWithin(map, extent) {
    if (!extent) return;
    const [west, south, east, north] = extent;
    const bounds = L.latLngBounds([south, west], [north, east]);
    const hold = () => map.setMinZoom(Math.min(7, Math.ceil(map.getBoundsZoom(bounds, true) * 4) / 4));
    map.on("resize", hold);
    hold();
    map.setMaxBounds(bounds);
    map.options.maxBoundsViscosity = 1;
  }

  function arrangeControls(context) {
    const { map, language } = context;
    if (map.attributionControl) map.attributionControl.setPrefix(false);
    const scale = L.control.scale({ imperial: false, maxWidth: 110 }).addTo(map);
    page.part("scale").append(scale.getContainer());
    if (!map.zoomControl) map.zoomControl = L.control.zoom().addTo(map);
    const zoom = map.zoomControl.getContainer();
    page.part("zoom").append(zoom);
    [["zoom.in", ".leaflet-control-zoom-in"], ["zoom.out", ".leaflet-control-zoom-out"]].forEach(([key, part]) => {
      const link = zoom.querySelector(part);
      language.bind(link, key, "title");
      language.bind(link, key, "aria-label");
    });
    const container = map.getContainer();
    container.setAttribute("role", "region");
    language.bind(container, "map.label", "aria-label");
    language.bind(page.part("skip"), "skip");
    language.bind(page.part("side"), "layers.title", "aria-label");
  }

  QJMap.shell = async function (map, layers, metaElement, tables, tiles) {
    const meta = JSON.parse(metaElement.textContent);
    const language = page.makeLanguage(meta);
    language.apply();
    const first = layers.find((layer) => layer.layerName === "sites");
    // Of many sites a few are painted at once; few are painted together with all else, in one go.
    const pictures = QJMap.turns(map), early = Boolean(first && first.overview);
    const painted = early && page.frame().then(() => performance.mark("qjmap-first"));
    if (!early) pictures.hold();

    const context = { map, layers, meta, language, format: page.makeFormat(language) };
    // Title and foot take their room first: what comes later moves nothing.
    makeNotes(context);
    arrangeControls(context);
    window.addEventListener("resize", () => map.invalidateSize({ animate: false }));
    map.invalidateSize({ animate: false });
    makeFrame(context);
    context.legend = page.makeLegend(context);
    // View and palette are set before the layers have read their data, so that they draw once.
    if (meta.view) map.fitBounds(meta.view, { ...context.padding(), animate: false });
    context.paper = page.makeTheme(context);

    await painted; // before the rest is read
    await QJMap.there();
    context.store = await page.makeStore(document.querySelectorAll(tables), language);
    context.relations = page.makeRelations(context.store, meta.ties);
    context.filter = page.makeFilter(context.store);
    language.onChange((now) => layers.forEach((layer) => { if (layer.setLanguage) layer.setLanguage(now); }));
    language.onChange(() => fillSources(context));
    context.address = page.makeAddress();
    context.go = makeGo(context);
    context.panel = page.makePanel(context);
    await Promise.all(layers.map((layer) => layer.ready));
    holdWithin(map, meta.extent);
    context.facets = page.makeFacets(context);
    context.legend.fill();
    context.switches = page.makeSwitches(context);
    context.filter.onChange(context.legend.count); // after the layers have been told
    context.switches.onChange(context.legend.count);
    context.legend.count();
    context.filters = page.makeFilters(context);
    page.makeTiles(context, tiles);
    context.shown = makeShow(context);
    const finder = page.makeFinder(context);
    const table = page.makeTable(context);
    context.table = table;
    context.take = page.makeTake(context);
    context.drafts = page.makeDrafts(context);
    context.correct = page.makeCorrect(context);
    context.drop = page.makeDrop(context);
    context.far = page.makeFar(context);

    const close = () => context.panel.hide();
    context.panel.onClose(() => {
      context.shown.clear();
      context.address.set("id", "");
      context.far.place();
    });
    // What the address names is shown as it says, filters and all.
    context.address.on("id", (id) => { if (!context.go(id, { lift: false })) close(); });
    context.time = page.makeTime(context);
    context.timeline = page.makeTimeline(context);

    context.choose = (ids, focus = false, total = ids.length) => {
      context.panel.pick(ids, focus, total);
      layers.forEach((layer) => layer.highlight && layer.highlight(ids));
      context.far.place();
    };
    map.on("qjmap:choose", ({ layer, ids, total, latlng }) => {
      if (!ids || !ids.length) return;
      // Refused rows and corrections are explained in the card.
      if (layer === "drafts" && ids.some((id) => context.store.ref(id) === undefined)) return context.drop.open(true);
      const met = layers.find((one) => one.layerName === layer);
      if (ids.length === 1) return context.go(ids[0], { move: false, part: met && met.partAt ? met.partAt(ids[0], latlng) : "" });
      context.choose(ids, false, total);
    });
    page.makeArcs(context);
    // Escape closes what lies on top: the list, then the layer switches on a phone, then the panel.
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (context.matrix.isOpen) context.matrix.open(false);
      else if (table.isOpen) table.open(false);
      else if (context.take.isOpen) context.take.open(false);
      else if (context.correct.isOn) context.correct.end();
      else if (context.drop.isOpen) context.drop.open(false);
      else if (page.isPhone() && context.switches.isOpen) context.switches.open(false);
      else close();
    });
    new ResizeObserver(() => {
      map.invalidateSize({ animate: false });
      context.far.place();
    }).observe(page.part("stage"));

    const search = page.makeSearch(context.store, meta.pinyin);
    context.search = search;
    finder.start(search);
    table.start(search);
    await context.filters.start(search);
    page.makeFace(context);
    context.drafts.start();
    await context.timeline.start();
    const asked = context.address.get("id");
    if (asked && !context.go(asked, { lift: false })) context.address.set("id", "");
    context.far.place();
    const rest = () => {
      context.legend.draw();
      context.filters.draw();
      fillSources(context);
    };
    if (early) await page.frame(); // in which all that was asked for is drawn
    pictures.release();
    if (!early) performance.mark("qjmap-first");
    document.documentElement.dataset.qjmap = "ready";
    performance.mark("qjmap-ready");
    // What nobody has missed yet; paper needs it at once.
    window.addEventListener("beforeprint", rest);
    await page.frame();
    await page.frame(); // the map is on the screen
    rest();
    await page.pause();
    search.read();
  };
})(window.QJMap.page);
