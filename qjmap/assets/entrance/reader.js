/* A file or pasted text, read and judged as `qjmap add` would; runs in a worker of the page. */
"use strict";

(function (E) {
  /* Faults of the whole file first, then by row, then by column as a spreadsheet has them. */
  function inOrder(a, b) {
    const key = (fault) => [fault.row === null ? -1 : fault.row, (fault.letter || "").length, fault.letter || "", fault.column || "", fault.code, fault.value || ""];
    const x = key(a), y = key(b), at = x.findIndex((one, k) => one !== y[k]);
    return at < 0 ? 0 : x[at] < y[at] ? -1 : 1;
  }

  /** Reads bytes (or text) as a table.
   *
   * job: {name, bytes | text, table, datum, region, entries: [{table, id, names, at, adcode, parent}], outlines: [{adcode, name,
   * rings}], there: [{record, file, row}]}; `at` is [lon, lat] in WGS 84 of a row whose table names its datum
   * gives {kind} for what is no text table (kinds.js), else {rows: [{row, record, state, point, radius}], faults, notes, header, cells}.
   */
  E.read = function (job) {
    const table = E.rules.tables[job.table];
    const binary = job.bytes ? E.kindOfBytes(job.bytes, job.name) : "";
    if (binary) return { kind: binary };
    const decoded = job.bytes ? E.decode(job.bytes) : { text: job.text, encoding: "utf-8" };
    const kind = E.kindOfText(decoded.text, job.name);
    if (kind) return { kind };
    const frame = E.arrange(E.readText(decoded, table, job.name), table, job.name, job.datum || "");
    const parsed = E.parse(frame);
    const register = new E.Register(job.entries);
    const own = E.ownRows(parsed, register);
    E.refer(parsed, register, own);
    const rows = E.choose(parsed, job.there, new E.Register(job.entries));
    E.dropDangling(parsed, rows, own, new Set(job.entries.map((entry) => entry.id)));
    const states = new Map(rows.map(({ row, state }) => [row, state]));
    const added = (at) => states.get(frame.rows[at]) === "added";
    parsed.faults.push(...E.doubts(parsed, added, job.region), ...E.suspects(parsed, job.entries), ...E.outside(parsed, added, job.entries, job.outlines));
    const { values } = parsed;
    rows.forEach((one, at) => {
      const placed = values.lon && !Number.isNaN(values.lon[at]) && !Number.isNaN(values.lat[at]);
      one.point = placed ? QJMap.datum.toWgs84([values.lon[at], values.lat[at]], values.datum[at]) : null;
      one.radius = placed ? E.rules.radius_m[values.precision[at] || "site"] : null;
    });
    // What was found in a row that is no data, or that is there already, keeps nothing out.
    const told = (fault) => !E.isFault(fault) || fault.row === null || states.get(fault.row) === "refused";
    const faults = parsed.faults.filter(told).map((fault) => ({ ...fault, severity: fault.severity || "fault", value: fault.value === undefined ? null : fault.value }));
    faults.sort(inOrder);
    return {
      rows, header: frame.header, cells: frame.cells, numbers: frame.rows, encoding: frame.encoding, notes: frame.notes,
      faults: faults.map(({ params, ...fault }) => ({ ...fault, told: E.told({ ...fault, params }) })),
    };
  };

  self.onmessage = ({ data }) => {
    if (data.rules) E.begin(data.rules);
    if (!data.job) return;
    try {
      self.postMessage({ id: data.id, result: E.read(data.job) });
    } catch (error) {
      self.postMessage({ id: data.id, failed: String(error && error.stack) });
    }
  };
})(Entrance);
