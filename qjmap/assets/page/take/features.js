/* What is shown, as features: rows that pass the filter, of layers that are on, with their geometry in WGS 84.
 *
 * Columns and values are those of the program's own exports, so that a row says the same in whichever file it is opened.
 * Drafts come after the rows of their table; only where there are some, a last column `draft` says which they are.
 */
"use strict";

(function (page) {
  const LAYERS = ["places", "sites", "partnerships", "corridors"];
  const DECIMALS = 1e6;
  const AT_ONCE = 2000; // rows between two pauses

  page.makeFeatures = function (context) {
    const { map, layers, store, filter, meta } = context;
    const shown = () => LAYERS.filter((name) => layers.some((one) => one.layerName === name && map.hasLayer(one)));
    const rounded = (degrees) => Math.round(degrees * DECIMALS) / DECIMALS;

    /* Rows of a line layer's block by the id of the row that they draw. */
    const drawn = new Map();
    function blockRows(layer, id) {
      if (!drawn.has(layer)) {
        const { block } = layer, of = block.has("corridor") ? "corridor" : "id", rows = new Map();
        for (let row = 0; row < block.rows; row++) {
          const key = block.at(of, row);
          rows.set(key, [...(rows.get(key) || []), row]);
        }
        drawn.set(layer, rows);
      }
      return drawn.get(layer).get(id) || [];
    }

    /* A line whose longitudes run past 180 degrees, cut at the antimeridian (RFC 7946, 3.1.9). */
    function cut(line) {
      const turn = (lon) => Math.floor((lon + 180) / 360);
      const out = [];
      let piece = [];
      line.forEach((point, k) => {
        if (k) {
          const before = line[k - 1], from = turn(before[0]), to = turn(point[0]);
          if (from !== to && point[0] !== before[0]) {
            const edge = Math.max(from, to) * 360 - 180, share = (edge - before[0]) / (point[0] - before[0]);
            const lat = rounded(before[1] + share * (point[1] - before[1]));
            piece.push([to > from ? 180 : -180, lat]);
            out.push(piece);
            piece = [[to > from ? -180 : 180, lat]];
          }
        }
        piece.push([rounded(point[0] - turn(point[0]) * 360), point[1]]);
      });
      out.push(piece);
      return out.filter((one) => one.length > 1);
    }

    function lines(table, id) {
      const legs = table === "corridor_legs", layer = layers.find((one) => one.layerName === (legs ? "corridors" : table));
      if (!layer || !layer.shapes) return [];
      const { shapes } = layer, found = [];
      for (const row of legs ? [layer.legRow.get(id)] : blockRows(layer, id)) {
        for (let part = shapes.first[row]; part < shapes.first[row + 1]; part++) {
          const line = [];
          for (let i = shapes.start[part]; i < shapes.start[part + 1]; i++) {
            const { lat, lng } = layer.latLngOf(shapes.x[i], shapes.y[i]);
            line.push([rounded(lng), rounded(lat)]);
          }
          if (line.length > 1) found.push(...cut(line));
        }
      }
      return found;
    }

    function geometry(r) {
      const table = store.tableOf(r);
      if (table === "places" || table === "sites") {
        return store.located(r) ? { type: "Point", coordinates: [rounded(Number(store.get(r, "lon"))), rounded(Number(store.get(r, "lat")))] } : null;
      }
      const found = lines(table, store.id(r));
      if (!found.length) return null;
      return found.length === 1 ? { type: "LineString", coordinates: found[0] } : { type: "MultiLineString", coordinates: found };
    }

    /* A cell as files carry it: lists joined with "|", roles as "id:role", nothing as null. */
    function cell(r, column) {
      const value = store.get(r, column);
      if (Array.isArray(value)) return value.map((one) => (Array.isArray(one) ? one.join(":") : String(one))).join("|") || null;
      if (value === "") return null;
      // Coordinates as typed are numbers where a number says the very same.
      if ((column === "orig_lon" || column === "orig_lat") && typeof value === "string") {
        return [value, value.replace(/\.0$/, "")].includes(String(Number(value))) ? Number(value) : value;
      }
      return value;
    }

    const marked = (table) => filter.drafts(table).length > 0;
    const columns = (table) => [...meta.columns[table], ...(marked(table) ? ["draft"] : [])];

    /* A draft has an id only if it was given one. */
    function feature(r, names) {
      return { r, id: store.get(r, "id"), geometry: geometry(r), cells: names.map((name) => (name === "draft" ? !!store.draft(r) : cell(r, name))) };
    }
    const seenIn = (geometry, bounds) => {
      if (!geometry) return false;
      const { type, coordinates } = geometry;
      if (type === "Point") return bounds.contains([coordinates[1], coordinates[0]]);
      const flat = type === "LineString" ? coordinates : coordinates.flat();
      return bounds.intersects(L.latLngBounds(flat.map(([lon, lat]) => [lat, lon])));
    };

    /* Features of one layer as they come: {r, id, geometry, cells}; `bounds` keeps to a part of the world. */
    async function* of(table, bounds) {
      const mask = filter.mask(table), names = columns(table);
      for await (const { from, to } of store.parts(table)) {
        for (let row = from; row < to; row++) {
          if (row % AT_ONCE === AT_ONCE - 1) await page.pause();
          if (mask && !mask[row]) continue;
          const one = feature(store.refOf(table, row), names);
          if (!bounds || seenIn(one.geometry, bounds)) yield one;
        }
      }
      for (const r of filter.drafts(table)) {
        const one = feature(r, names);
        if (!bounds || seenIn(one.geometry, bounds)) yield one;
      }
    }

    /* One row alone, as `of` gives it. */
    const one = (r) => feature(r, columns(store.tableOf(r)));

    return { shown, of, one, columns };
  };
})(window.QJMap.page);
