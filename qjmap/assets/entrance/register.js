/* Rows held against those that are there: references by id or name, and rows that the map already has. */
"use strict";

(function (E) {
  const { faultOf } = E;
  const WORDS = {
    places: ["地点表（places）", "places"], sites: ["设施与机构表（sites）", "sites"], partnerships: ["合作表（partnerships）", "partnerships"],
    corridors: ["通道表（corridors）", "corridors"], corridor_legs: ["通道分段表（corridor_legs）", "corridor legs"],
    indicators: ["数据表（indicators）", "indicators"], sources: ["来源表（sources）", "sources"],
  };
  const METRES_PER_DEGREE = 111320;
  const UNKNOWN_DATUM = 1200; // m: a datum that is missing on one side puts the same thing that far off

  /** Who is who: entries {table, id, names} of the map's rows and of the file's. */
  E.Register = class {
    constructor(entries) {
      this.tableOf = new Map();
      this.named = new Map(); // table -> folded name -> ids
      entries.forEach((entry) => this.enter(entry));
    }

    enter({ table, id, names }) {
      if (!this.tableOf.has(id)) this.tableOf.set(id, table);
      if (!this.named.has(table)) this.named.set(table, new Map());
      const known = this.named.get(table);
      for (const name of names) {
        const key = E.fold(name);
        if (key && !(known.get(key) || []).includes(id)) known.set(key, [...(known.get(key) || []), id]);
      }
    }

    find(typed, tables) {
      for (const id of [typed, typed.toLowerCase()]) {
        if (this.tableOf.has(id) && (!tables.length || tables.includes(this.tableOf.get(id)))) return [id];
      }
      const key = E.fold(typed);
      return Array.from(new Set((tables.length ? tables : Object.keys(WORDS)).flatMap((table) => (this.named.get(table) || new Map()).get(key) || [])));
    }
  };

  /** The rows of the file itself by what they go by: their ids, else, until `qjmap add` gives them one, their names. They join the
   * register, the good ones first; a name that the map knows means the row that is there. Gives the ids, one a row. */
  E.ownRows = function ({ frame, values, faults }, register) {
    const bad = E.badRows({ frame, faults }), called = values.name || values.title || frame.rows.map(String), table = frame.table.name;
    const parts = (ID_PARTS[table] || [values.name ? "name" : "title"]).map((name) => frame.columns[name]);
    const ids = frame.rows.map((_, at) => values.id[at] || slug(parts.map((cells) => E.clean(cells[at])).join(" ")));
    const often = new Map();
    ids.forEach((id) => often.set(id, (often.get(id) || 0) + 1));
    ids.forEach((id, at) => { if (!values.id[at] && (!id || /[^a-z0-9-]/.test(id) || often.get(id) > 1 || register.tableOf.has(id))) ids[at] = `${id}#${frame.rows[at]}`; });
    const good = new Map(), all = new Map();
    ids.forEach((id, at) => {
      if (!register.tableOf.has(id)) register.tableOf.set(id, table);
      const key = E.fold(called[at]);
      if (!key) return;
      all.set(key, [...(all.get(key) || []), id]);
      if (!bad.has(frame.rows[at]) && (values.id[at] || !good.has(key))) good.set(key, [...(good.get(key) || []), id]);
    });
    if (!register.named.has(table)) register.named.set(table, new Map());
    const known = register.named.get(table);
    for (const [key, found] of all) if (!known.has(key)) known.set(key, good.get(key) || found);
    return ids;
  };

  const ID_PARTS = { corridor_legs: ["corridor", "seq", "from", "to"], indicators: ["subject", "name", "period"] };

  /* The id that `qjmap add` would make of a name; Chinese stays as it is here, where there it becomes its pinyin. */
  const slug = (name) => name.normalize("NFKC").toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^a-z0-9\u3400-\u9fff]+/g, "-").replace(/^-+|-+$/g, "");

  const pairsOf = (named) => Array.from(named, ([typed, id]) => `${typed} → ${id.replace(/#\d+$/, "")}`);

  /* People give a park as the place of a factory. Where the park is a site and no place, the factory is part of it. */
  function lyingInSites(parsed, register, own) {
    const { frame, values, faults } = parsed, moved = new Map(), rows = [];
    values.place.forEach((typed, at) => {
      if (!typed || register.find(typed, ["places"]).length) return;
      const found = register.find(typed, ["sites"]);
      if (found.length !== 1 || found[0] === own[at]) return;
      values.place[at] = "";
      values.part_of[at] = Array.from(new Set([...values.part_of[at], found[0]]));
      moved.set(typed, found[0]);
      rows.push(frame.rows[at]);
    });
    if (moved.size) faults.push(faultOf(frame, null, "place", null, "place-is-site", { rows, pairs: pairsOf(moved) }, "warning"));
  }

  /** Turns names into ids where a row names another, and finds the references that lead nowhere. */
  E.refer = function (parsed, register, ownIds) {
    const { frame, values, faults } = parsed;
    if (frame.table.name === "sites") lyingInSites(parsed, register, ownIds);
    for (const column of frame.table.columns) {
      if (column.name === "id" || !["id", "ids", "roles"].includes(column.type)) continue;
      const cited = column.refers.length === 1 && column.refers[0] === "sources";
      const unlisted = new Map(), named = new Map(), namedRows = new Set();
      const meant = (at, typed) => {
        const row = frame.rows[at], own = ownIds[at];
        let found = register.find(typed, column.refers);
        if (found.length === 2) found = found.filter((id) => id !== own);
        if (found.length === 1) {
          if (found[0] !== typed) { named.set(typed, found[0]); namedRows.add(row); }
          if (found[0] === own) faults.push(faultOf(frame, row, column.name, typed, "reference-self"));
          return found[0];
        }
        if (found.length) faults.push(faultOf(frame, row, column.name, typed, "reference-ambiguous", { ids: found }));
        else if (cited) unlisted.set(typed, [...(unlisted.get(typed) || []), row]);
        else {
          const words = (lang, joint, any) => column.refers.map((name) => WORDS[name][lang]).join(joint) || any;
          faults.push(faultOf(frame, row, column.name, typed, "reference-unknown", {
            tables: { zh: words(0, "、", "任何表"), en: words(1, ", ", "any table") }, near: { zh: "", en: "" },
          }));
        }
        return typed;
      };
      values[column.name] = values[column.name].map((value, at) => {
        if (!value.length) return value;
        if (column.type === "id") return meant(at, value);
        if (column.type === "ids") return Array.from(new Set(value.map((item) => meant(at, item))));
        return value.map(([item, role]) => [meant(at, item), role]);
      });
      const sorted = (rows) => Array.from(new Set(rows)).sort((a, b) => a - b);
      if (unlisted.size) {
        faults.push(faultOf(frame, null, column.name, null, "source-unlisted",
          { rows: sorted(Array.from(unlisted.values()).flat()), values: Array.from(unlisted.keys()) }, "warning"));
      }
      if (named.size) {
        faults.push(faultOf(frame, null, column.name, null, "reference-named",
          { rows: sorted(namedRows), pairs: pairsOf(named) }, "warning"));
      }
    }
    if (values.roles) {
      values.roles.forEach((roles, at) => {
        const items = roles.map(([item]) => item).filter((item) => !values.parties[at].includes(item));
        if (items.length) faults.push(faultOf(frame, frame.rows[at], "roles", null, "role-not-party", { items }, "warning"));
      });
    }
  };

  /** Each row as the table would hold it: column -> cell, empty cells left out, the id only where it was given. */
  E.records = function ({ frame, values }) {
    return frame.rows.map((_, at) => {
      const record = {};
      const put = (name, text) => { if (text) record[name] = text; };
      for (const { name, type } of frame.table.columns) {
        const value = values[name][at];
        if (type === "lon" || type === "lat") put(name, E.clean(frame.columns[name][at]));
        else if (type === "texts" || type === "ids") put(name, value.join("|"));
        else if (type === "roles") put(name, value.map((pair) => pair.join(":")).join("|"));
        else if (type === "number" || type === "integer") put(name, Number.isNaN(value) ? "" : E.plainNumber(value));
        else put(name, value);
      }
      for (const [name, cells] of Object.entries(frame.unknown)) put(name, cells[at]);
      return record;
    });
  };

  const same = (one, other) => one === other || (one !== "" && other !== "" && Number(one) === Number(other));
  const differing = (fresh, there) => Object.keys(fresh).filter((name) => name !== "id" && fresh[name] && !same(fresh[name], there[name] || ""));

  function point(record) {
    const [lon, lat] = ["lon", "lat"].map((name) => E.readAngle(record[name] || ""));
    return lon && lat ? QJMap.datum.toWgs84([lon.degrees, lat.degrees], record.datum || "") : null;
  }

  function near(one, other) {
    const a = point(one), b = point(other);
    if (!a || !b) return true;
    const apart = Math.hypot((a[0] - b[0]) * Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180), a[1] - b[1]) * METRES_PER_DEGREE;
    const radius = (record) => E.rules.radius_m[record.precision || "site"] ?? Infinity;
    const reach = radius(one) + radius(other);
    return !Number.isFinite(reach) || apart <= UNKNOWN_DATUM + reach;
  }

  const KEYS = { indicators: ["subject", "name", "period", "kind"], corridor_legs: ["corridor", "seq", "from", "to"], sources: ["title"] };

  /** Sorts rows into added, already there and refused; `there` holds records of the map's rows, each with `_file` and `_row`. */
  E.choose = function (parsed, there, register) {
    const { frame, faults } = parsed, columns = KEYS[frame.table.name] || ["name"];
    const said = E.records(parsed), bad = E.badRows(parsed), found = [];
    const key = (record) => columns.map((name) => E.foldValue(record[name] || "")).join("\x1f").replace(/^\x1f+|\x1f+$/g, ""); // eslint-disable-line no-control-regex
    const byId = new Map(), byKey = new Map();
    const enter = (record, file, row) => {
      const entry = { record, file, row };
      if (record.id && !byId.has(record.id)) byId.set(record.id, entry);
      const name = key(record);
      if (name) byKey.set(name, [...(byKey.get(name) || []), entry]);
    };
    there.forEach(({ record, file, row }) => enter(record, file, row));
    const rows = said.map((record, at) => {
      const row = frame.rows[at], given = parsed.values.id[at];
      if (bad.has(row)) return { row, record, state: "refused" };
      const alike = (byKey.get(key(record)) || []).filter((entry) => near(record, entry.record));
      const twin = given ? byId.get(given) : alike.sort((a, b) => differing(record, a.record).length - differing(record, b.record).length)[0];
      if (given && !twin && register.tableOf.has(given) && register.tableOf.get(given) !== frame.table.name) {
        found.push(faultOf(frame, row, "id", given, "id-duplicate", { id: given, file_of: WORDS[register.tableOf.get(given)][0], row_of: "?", name_of: given }));
        return { row, record, state: "refused" };
      }
      if (!twin) {
        const other = given && alike[0];
        if (other) {
          found.push(faultOf(frame, row, columns[0], record[columns[0]] || "", "name-also", {
            id: other.record.id || "", own: given, name: record[columns[0]] || "", file_of: other.file, row_of: other.row,
          }, "warning"));
        }
        enter(record, frame.file, row);
        return { row, record, state: "added" };
      }
      const changed = differing(record, twin.record);
      if (!changed.length) return { row, record, state: "already" };
      const own = given && twin.record.id === given, column = own ? "id" : columns[0];
      found.push(faultOf(frame, row, column, record[column] || "", own ? "row-differs" : "name-duplicate", {
        id: twin.record.id || "", name: record[columns[0]] || "", file_of: twin.file, row_of: twin.row, columns: changed,
      }));
      return { row, record, state: "refused" };
    });
    faults.push(...found);
    return rows;
  };

  /** Refuses rows that name a row of this file that was refused itself, and the rows that name those, to the end. */
  E.dropDangling = function ({ frame, values, faults }, rows, ownIds, there) {
    const columns = frame.table.columns.filter(({ name, type }) => name !== "id" && ["id", "ids", "roles"].includes(type)), own = new Set(ownIds);
    for (let more = true; more;) {
      const kept = new Set(rows.flatMap(({ state }, at) => (state === "added" ? [ownIds[at]] : [])));
      more = false;
      rows.forEach((one, at) => {
        if (one.state !== "added") return;
        for (const { name, type } of columns) {
          const value = values[name][at], items = type === "id" ? [value] : type === "roles" ? value.map(([item]) => item) : value;
          const lost = items.find((item) => own.has(item) && !kept.has(item) && !there.has(item));
          if (lost === undefined) continue;
          one.state = "refused";
          more = true;
          faults.push(faultOf(frame, one.row, name, lost, "reference-refused"));
          break;
        }
      });
    }
  };
})(Entrance);
