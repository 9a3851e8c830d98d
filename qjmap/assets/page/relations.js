/* Who refers to whom: the tables read backwards.
 *
 * An index of one column is made when it is first asked for, so opening the page pays for none of them.
 */
"use strict";

(function (page) {
  const LINKS = ["parties", "about", "part_of"];

  page.makeRelations = function (store) {
    const indexes = new Map();

    function indexOf(table, column) {
      const key = table + "." + column;
      if (indexes.has(key)) return indexes.get(key);
      const index = new Map();
      for (let row = 0; row < store.rows(table); row++) {
        const r = store.refOf(table, row);
        for (const id of store.list(r, column)) {
          const found = index.get(id);
          if (found) found.push(r);
          else index.set(id, [r]);
        }
      }
      indexes.set(key, index);
      return index;
    }

    /* Refs of the rows of a table whose column names the id. */
    function of(table, column, id) {
      // Of a large table coded columns are looked through, which takes no longer than a look-up; others cannot be.
      if (!store.whole(table)) return store.having(table, column, id) || [];
      return indexOf(table, column).get(id) || [];
    }

    /* The place itself and the places within it (by parent). Not for a country: that would be everything. */
    function within(id) {
      const all = new Set([id]);
      const start = store.ref(id);
      if (start === undefined || store.tableOf(start) !== "places" || store.get(start, "kind") === "country") return all;
      for (const one of all) {
        for (const child of of("places", "parent", one)) all.add(store.id(child));
      }
      return all;
    }

    /* Whether a party counts as one's own: it is one of the places, or a site in one of them. */
    function belongs(party, own) {
      if (own.has(party)) return true;
      const r = store.ref(party);
      return r !== undefined && store.tableOf(r) === "sites" && own.has(store.get(r, "place"));
    }

    /* Partnerships that a row is a party of, itself or through what lies within it: [{ref, via}], via "" when direct. */
    function links(id) {
      const own = within(id);
      const found = [];
      for (let row = 0; row < store.rows("partnerships"); row++) {
        const ref = store.refOf("partnerships", row);
        const parties = store.list(ref, "parties");
        const via = parties.includes(id) ? "" : parties.find((party) => belongs(party, own));
        if (via !== undefined) found.push({ ref, via });
      }
      return found;
    }

    /* Partners of a row with the number of links to each, most first: [{id, links}]. */
    function partners(id) {
      const own = within(id);
      const count = new Map();
      for (const { ref } of links(id)) {
        for (const party of new Set(store.list(ref, "parties"))) {
          if (!belongs(party, own)) count.set(party, (count.get(party) || 0) + 1);
        }
      }
      return Array.from(count, ([party, n]) => ({ id: party, links: n }))
        .sort((a, b) => b.links - a.links || (a.id < b.id ? -1 : 1));
    }

    /* Ids that stand for a row on the map, nearest meaning first: itself, else what it belongs to.
     * `shown(id)` says whether a layer has a geometry for the id. */
    function anchors(id, shown, seen) {
      const visited = seen || new Set();
      const r = store.ref(id);
      if (r === undefined || visited.has(id) || visited.size > 200) return [];
      visited.add(id);
      if (shown(id)) return [id];
      const steps = {
        places: [["members"], ["parent"]],
        sites: [["position_of"], ["place"], ["part_of"], ["operator"]],
        partnerships: [["parties"], ["part_of"], ["about"]],
        corridors: [["area"], ["part_of"]],
        corridor_legs: [["corridor"], ["from", "to"]],
        indicators: [["subject"]],
        sources: [],
      }[store.tableOf(r)];
      for (const columns of steps) {
        const found = columns.flatMap((column) => store.list(r, column)).flatMap((next) => anchors(next, shown, visited));
        if (found.length) return Array.from(new Set(found));
      }
      for (const column of LINKS) {
        const found = of("partnerships", column, id).flatMap((next) => anchors(store.id(next), shown, visited));
        if (found.length) return Array.from(new Set(found));
      }
      return [];
    }

    return { of, within, belongs, links, partners, anchors };
  };
})(window.QJMap.page);
