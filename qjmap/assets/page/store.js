/* The tables as columns, and rows by their id.
 *
 * A row is a number (its `ref`: table and row in one), never an object, so that a hundred rows and a million take the
 * same road. Values are read from the columns when they are shown.
 */
"use strict";

(function (page) {
  const SPAN = 2 ** 32; // ref = table * SPAN + row

  page.TABLES = ["places", "sites", "partnerships", "corridors", "corridor_legs", "indicators", "sources"];

  page.makeStore = async function (elements, language) {
    const blocks = new Map();
    await Promise.all(
      Array.from(elements, async (element) => blocks.set(element.dataset.table, await QJMap.unpack(element)))
    );
    const tables = page.TABLES.filter((name) => blocks.has(name));
    const numberOf = new Map(tables.map((name, number) => [name, number]));
    const columns = tables.map((name) => blocks.get(name));
    const byId = new Map();

    columns.forEach((block, number) => {
      for (let row = 0; row < block.rows; row++) byId.set(block.at("id", row), number * SPAN + row);
    });

    const ref = (id) => byId.get(id);
    const refOf = (table, row) => numberOf.get(table) * SPAN + row;
    const tableOf = (r) => tables[Math.floor(r / SPAN)];
    const rowOf = (r) => r % SPAN;
    const rows = (table) => (blocks.has(table) ? blocks.get(table).rows : 0);
    const has = (table, column) => blocks.has(table) && blocks.get(table).has(column);

    /* The value of a column; "" where the table has no such column or the cell is empty. */
    function get(r, column) {
      const block = columns[Math.floor(r / SPAN)];
      if (!block.has(column)) return "";
      const value = block.at(column, r % SPAN);
      return value === null || value === undefined ? "" : value;
    }

    /* The value of a list column as an array of texts. */
    function list(r, column) {
      const value = get(r, column);
      if (Array.isArray(value)) return value.filter((one) => one !== "");
      return value === "" ? [] : String(value).split("|");
    }

    /* roles as pairs [id, role]. */
    function roles(r) {
      return list(r, "roles").map((one) => (Array.isArray(one) ? one : one.split(":")));
    }

    const id = (r) => get(r, "id");

    /* What a row is called: its name in the wanted language, else in the one it has. */
    function nameIn(r, lang) {
      const table = tableOf(r);
      if (table === "sources") return get(r, "title") || id(r);
      if (table === "corridor_legs") {
        return ["from", "to"].map((end) => nameOfId(get(r, end), lang) || "?").join(" — ");
      }
      const [first, second] = lang === "en" ? ["name_en", "name"] : ["name", "name_en"];
      return get(r, first) || get(r, second) || id(r);
    }

    function nameOfId(wanted, lang) {
      const r = byId.get(wanted);
      return r === undefined ? wanted : nameIn(r, lang || language.now);
    }

    const name = (r) => nameIn(r, language.now);

    /* The name in the other language, "" where it would only repeat. */
    function otherName(r) {
      const other = nameIn(r, language.other);
      return other === name(r) ? "" : other;
    }

    /* What a row is, in one word: its category, kind or table. */
    function kind(r) {
      const table = tableOf(r);
      if (table === "places") return language.word("place_kind", get(r, "kind")) || language.t("one.places");
      if (table === "sites") return language.word("category", get(r, "category")) || language.t("one.sites");
      if (table === "partnerships") {
        return language.word("partnership_kind", get(r, "kind")) || language.t("one.partnerships");
      }
      return language.t("one." + table);
    }

    /* The status in words that suit what it is said of: a plant is built, an agreement is in effect. */
    function status(r) {
      const value = get(r, "status");
      const own = "status." + tableOf(r) + "." + value;
      return language.has(own) ? language.t(own) : language.word("status", value);
    }

    const located = (r) => Number(get(r, "located")) === 1 && get(r, "lon") !== "";

    /* Texts of these rows are there when this resolves. */
    async function load() {}

    /* Walks a table: while the loop is at a part, the texts of its rows are there. */
    async function* parts(table) {
      yield { from: 0, to: rows(table) };
    }

    /* A coded column as { codes, values }, null where the column is not coded. */
    function codes(table, column) {
      const block = blocks.get(table);
      return block && block.has(column) && block.coded(column) ? { codes: block.raw(column), values: block.values(column) } : null;
    }

    return {
      tables, ref, refOf, tableOf, rowOf, rows, has, get, list, roles, id, name, nameIn, nameOfId, otherName, kind,
      status, located, load, parts, codes,
    };
  };
})(window.QJMap.page);
