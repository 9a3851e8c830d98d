/* A store of few rows with the face of src/app/store.js. */

const SPAN = 2 ** 32;

export function makeStore(tables) {
  const names = Object.keys(tables);
  const rowOf = (r) => tables[names[Math.floor(r / SPAN)]][r % SPAN];
  const refOf = (table, row) => names.indexOf(table) * SPAN + row;
  const get = (r, column) => rowOf(r)[column] ?? "";
  const list = (r, column) => { const value = get(r, column); return Array.isArray(value) ? value : value === "" ? [] : [value]; };
  return {
    tables: names, refOf, get, list,
    rows: (table) => (tables[table] || []).length,
    rowOf: (r) => r % SPAN,
    tableOf: (r) => names[Math.floor(r / SPAN)],
    id: (r) => get(r, "id"),
    name: (r) => get(r, "name") || get(r, "id"),
    ref(id) {
      for (const table of names) {
        const row = tables[table].findIndex((one) => one.id === id);
        if (row >= 0) return refOf(table, row);
      }
      return undefined;
    },
    isWhole: () => true,
    rowsWith: () => null,
    has: (table, column) => tables[table].some((one) => column in one),
    located: (r) => get(r, "lon") !== "",
    draft: () => null,
    codes: () => null,
    joined: () => undefined,
    reader: (table, column) => (row) => tables[table][row][column] ?? "",
    async* parts(table) { yield { from: 0, to: tables[table].length }; },
  };
}
