/* Which rows of a table a new row may be: the same, the same thing said otherwise, or another thing of the same name. */
"use strict";

(function (E) {
  const METRES_PER_DEGREE = 111320;
  const UNKNOWN_DATUM = 1200; // m: a datum that is missing on one side puts the same thing that far off
  const CALLED = { sources: "title", corridor_legs: "corridor" };
  const KEYS = { indicators: ["subject", "name", "period", "kind"], corridor_legs: ["corridor", "seq", "from", "to"] };

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

  /** The columns in which a new row says something that the row there does not. */
  E.differing = (fresh, there) => Object.keys(fresh).filter((name) => name !== "id" && fresh[name] && !same(fresh[name], there[name] || ""));

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

  /** Rows of a table by id and by name: entries {record, file, row}; `called` is the column that says what a row is called, the cells of
   * `columns` tell it from others. */
  E.Index = class {
    constructor(table) {
      this.called = CALLED[table] || "name";
      this.columns = KEYS[table] || [this.called];
      this.byId = new Map();
      this.byKey = new Map();
    }

    key(record) {
      return this.columns.map((name) => E.foldValue(record[name] || "")).join("\x1f").replace(/^\x1f+|\x1f+$/g, ""); // eslint-disable-line no-control-regex
    }

    enter(entry) {
      const { record } = entry, key = this.key(record);
      if (record.id && !this.byId.has(record.id)) this.byId.set(record.id, entry);
      if (!key) return;
      if (this.byKey.has(key)) this.byKey.get(key).push(entry);
      else this.byKey.set(key, [entry]);
    }

    /** The rows of the same name that are not surely somewhere else. */
    alike(record) {
      const key = this.key(record);
      return key ? (this.byKey.get(key) || []).filter((entry) => near(record, entry.record)) : [];
    }

    /** The row that this one is, or may be taken for: by the id that it brings, else by its name, the most alike first. */
    twin(record, given) {
      if (given) return this.byId.get(given);
      const found = this.alike(record), apart = new Map(found.map((entry) => [entry, E.differing(record, entry.record).length]));
      return found.sort((a, b) => apart.get(a) - apart.get(b))[0];
    }
  };
})(Entrance);
