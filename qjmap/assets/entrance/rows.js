/* What the cells of a frame mean: values by column, positions settled, every fault named. */
"use strict";

(function (E) {
  const { CellError, clean, faultOf } = E;
  const ID = /^[a-z0-9]+(?:[-_.][a-z0-9]+)*$/;
  const CHINA = [73, 3, 136, 54]; // west, south, east, north
  const DECIMALS = { exact: 4, site: 3 };
  const PLAIN = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;
  const UNITS = { published_km: "km" }; // columns whose numbers are all in one unit
  const isNaN = Number.isNaN;

  function each(frame, column, read, empty, faults) {
    return frame.columns[column.name].map((text, at) => {
      if (!clean(text)) return empty;
      try {
        E.checkCharacters(text);
        return read(text);
      } catch (error) {
        if (!(error instanceof CellError)) throw error;
        faults.push(faultOf(frame, frame.rows[at], column.name, text, error.code, error.params));
        return empty;
      }
    });
  }

  function idsAsGiven(frame, values, faults) {
    const lowered = [];
    const out = values.map((value, at) => {
      if (!value || ID.test(value)) return value;
      if (ID.test(value.toLowerCase())) { lowered.push(frame.rows[at]); return value.toLowerCase(); }
      faults.push(faultOf(frame, frame.rows[at], "id", value, "id-form"));
      return value;
    });
    if (lowered.length) faults.push(faultOf(frame, null, "id", null, "id-lowered", { rows: lowered }, "warning"));
    return out;
  }

  function column(frame, one, faults) {
    const raw = frame.columns[one.name];
    if (one.type === "lon" || one.type === "lat") return raw;
    if (one.type === "number" || one.type === "integer") {
      return each(frame, one, (text) => {
        const [value, , rest] = E.readNumber(text, one.name === "value_cny", frame.units[one.name] || "", UNITS[one.name] || "");
        if (one.type === "integer" && (rest || !Number.isInteger(value))) throw new CellError("integer-form");
        return value;
      }, NaN, faults);
    }
    const many = ["texts", "ids", "roles"].includes(one.type);
    const read = { text: clean, id: clean, texts: E.readList, ids: E.readList, roles: E.readRoles, date: E.readDate, url: E.readUrl }[one.type] ||
      ((text) => E.readVocab(text, one.vocab));
    let values = each(frame, one, read, many ? [] : "", faults);
    if (one.required && one.name in frame.typed) {
      values.forEach((value, at) => {
        if (value === "") faults.push(faultOf(frame, frame.rows[at], one.name, "", one.name === "name" ? "name-missing" : "cell-missing"));
      });
    }
    if (one.name === "id") values = idsAsGiven(frame, values, faults);
    return values;
  }

  /* Positions */

  const within = (lon, lat) => lon >= CHINA[0] && lon <= CHINA[2] && lat >= CHINA[1] && lat <= CHINA[3];

  /* Where the decimal point may have been lost: 290.3 -> 29.03. */
  function hint(value, low, high) {
    for (let power = 1; power < 9; power++) {
      const moved = Math.abs(value) / 10 ** power;
      if (moved >= low && moved <= high) {
        return { zh: `；如果是小数点错位，也许是 ${E.digits10(moved)}`, en: `; if the decimal point slipped, perhaps ${E.digits10(moved)}` };
      }
    }
    return { zh: "", en: "" };
  }

  function degrees(frame, name, wrong, faults) {
    return frame.columns[name].map((raw, at) => {
      const text = clean(raw);
      if (!text) return NaN;
      if (PLAIN.test(text) && Number.isFinite(Number(text))) return Number(text);
      const angle = E.readAngle(text);
      if (!angle) faults.push(faultOf(frame, frame.rows[at], name, raw, `${name}-form`));
      else if (angle.axis && angle.axis !== name) faults.push(faultOf(frame, frame.rows[at], name, raw, "axis-swapped"));
      else return angle.degrees;
      wrong[at] = 1;
      return NaN;
    });
  }

  function settle(frame, values, faults) {
    const wrong = new Uint8Array(frame.rows.length), raw = { lon: frame.columns.lon, lat: frame.columns.lat };
    const lon = degrees(frame, "lon", wrong, faults), lat = degrees(frame, "lat", wrong, faults);
    lon.forEach((x, at) => {
      const y = lat[at], row = frame.rows[at], typed = `${raw.lon[at]}, ${raw.lat[at]}`;
      const projected = Math.abs(x) > 1000 && Math.abs(y) > 1000;
      const swapped = !projected && within(y, x) && !within(x, y);
      const lonOff = Math.abs(x) > 180 && !projected && !swapped, latOff = Math.abs(y) > 90 && !projected && !swapped;
      const half = isNaN(x) !== isNaN(y) && !wrong[at];
      if (projected) faults.push(faultOf(frame, row, "lon", typed, "position-projected"));
      else if (swapped) faults.push(faultOf(frame, row, "lat", raw.lat[at], "position-swapped", { lon: raw.lon[at], lat: raw.lat[at] }));
      else if (x === 0 && y === 0) faults.push(faultOf(frame, row, "lon", typed, "position-zero"));
      else if (half) {
        const missing = isNaN(x) ? "lon" : "lat";
        faults.push(faultOf(frame, row, missing, "", `${missing}-missing`));
      } else {
        if (lonOff) faults.push(faultOf(frame, row, "lon", raw.lon[at], "lon-range", { hint: hint(x, 73, 136) }));
        if (latOff) faults.push(faultOf(frame, row, "lat", raw.lat[at], "lat-range", { hint: hint(y, 3, 54) }));
      }
      if (wrong[at] || projected || swapped || (x === 0 && y === 0) || lonOff || latOff || half) lon[at] = lat[at] = NaN;
    });
    values.orig_lon = raw.lon;
    values.orig_lat = raw.lat;
    values.datum = values.datum.map((datum, at) => datum || (frame.datum && !isNaN(lon[at]) && !clean(frame.columns.datum[at]) ? frame.datum : ""));
    values.lon = lon;
    values.lat = lat;
  }

  /* A 约 that stands in the number goes to the qualifier, and the unit behind it, or in its header, to the unit, where these
   * are empty; a number in another unit than its row's is a fault. */
  function qualify(frame, values, name, faults) {
    const money = name === "value_cny", qualifier = money ? "value_qualifier" : "qualifier";
    values[name].forEach((value, at) => {
      if (isNaN(value)) return;
      const text = frame.columns[name][at], told = money ? "" : values.unit[at];
      try {
        const [read, said, unit] = E.readNumber(text, money, frame.units[name] || "", told);
        values[name][at] = read;
        if (said && !values[qualifier][at]) values[qualifier][at] = said;
        if (unit && !money && !told) values.unit[at] = unit;
      } catch (error) {
        if (!(error instanceof CellError)) throw error;
        values[name][at] = NaN;
        faults.push(faultOf(frame, frame.rows[at], name, text, error.code, error.params));
      }
    });
  }

  /* A warning for dates that cannot be meant. */
  function oddYears(frame, values, name, faults) {
    const [first, last] = E.rules.years, odd = (date) => date && (Number(date.slice(0, 4)) < first || Number(date.slice(0, 4)) > last);
    const rows = frame.rows.filter((_, at) => odd(values[name][at]));
    if (rows.length) faults.push(faultOf(frame, null, name, null, "date-odd-year", { rows, values: Array.from(new Set(values[name].filter(odd))), first, last }, "warning"));
  }

  function inOrder(frame, values, first, last, faults) {
    values[first].forEach((start, at) => {
      const end = values[last][at], length = Math.min(start.length, end.length);
      if (start && end && start.slice(0, length) > end.slice(0, length)) faults.push(faultOf(frame, frame.rows[at], last, end, "date-backwards", { start }));
    });
  }

  /** {values by column, faults, bad: row numbers that a fault keeps out}. */
  E.parse = function (frame) {
    const faults = [...frame.faults], values = {};
    const has = (name) => frame.table.columns.some((one) => one.name === name);
    for (const one of frame.table.columns) values[one.name] = column(frame, one, faults);
    for (const [name, cells] of Object.entries(frame.unknown)) {
      cells.forEach((text, at) => {
        const error = E.refusal(text);
        if (error) faults.push(faultOf(frame, frame.rows[at], name, text, error.code, error.params));
      });
    }
    if (has("lon")) settle(frame, values, faults);
    if (has("value_cny")) qualify(frame, values, "value_cny", faults);
    else if (has("qualifier")) qualify(frame, values, "value", faults);
    frame.table.columns.filter((one) => one.type === "date").forEach((one) => oddYears(frame, values, one.name, faults));
    if (has("end")) inOrder(frame, values, "start", "end", faults);
    if (has("valid_to")) inOrder(frame, values, "valid_from", "valid_to", faults);
    return { frame, values, faults };
  };

  E.isFault = (fault) => (fault.severity || "fault") === "fault";

  E.badRows = function ({ frame, faults }) {
    if (faults.some((fault) => fault.row === null && E.isFault(fault))) return new Set(frame.rows);
    return new Set(faults.filter((fault) => fault.row !== null && E.isFault(fault)).map((fault) => fault.row));
  };

  /* Decimals of a number as typed; many for anything that is not a plain number. */
  function decimals(text) {
    const match = /^-*\d+(?:\.(\d*))?$/.exec(clean(text));
    return match ? (match[1] || "").length : 99;
  }

  /** What is doubtful rather than wrong, one warning for all rows of a kind; `use` tells which rows to look at. */
  E.doubts = function ({ frame, values }, use, region) {
    const found = [];
    const warn = (column, code, test) => {
      const rows = frame.rows.filter((row, at) => use(at) && test(at));
      if (rows.length) found.push(faultOf(frame, null, column, null, code, { rows }, "warning"));
    };
    if (values.source) warn("source", "no-source", (at) => values.source[at] === "");
    if (!values.lon) return found;
    const placed = (at) => !isNaN(values.lon[at]) && !isNaN(values.lat[at]);
    warn("datum", "no-datum", (at) => placed(at) && !values.datum[at]);
    warn("precision", "precision-contradicts", (at) => placed(at) && values.precision[at] === "unresolved");
    warn("precision", "precision-alone", (at) => !placed(at) && values.precision[at] in DECIMALS);
    warn("precision", "precision-decimals", (at) => {
      const wanted = DECIMALS[values.precision[at]];
      return wanted && placed(at) && decimals(values.orig_lon[at]) < wanted && decimals(values.orig_lat[at]) < wanted;
    });
    if (region && frame.table.name === "sites") {
      const [west, south, east, north] = region;
      warn("lon", "outside-region", (at) => {
        if (!placed(at)) return false;
        const [x, y] = QJMap.datum.toWgs84([values.lon[at], values.lat[at]], values.datum[at]);
        return x < west || x > east || y < south || y > north;
      });
    }
    return found;
  };
})(Entrance);
