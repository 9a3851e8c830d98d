/* The outer page of `qjmap serve`, which shows the map's page in a frame. Both have the same origin, so the outer page can read its changes. */

const PAUSE = 2000; // ms before the next request if the server does not answer
const LOOK = 500; // ms between two checks of the number of changes

/** @typedef {{ done: boolean, message: string, lines: string[] }} Answer The server's answer: whether it has done what was asked, and the message and further lines to show. */
/**
 * @typedef {{ changes: () => { count: number, file: string }, applied: () => Promise<void> }} PageEditor
 * The editor in the page of the map (editor/start-editor.js): `changes` returns the number of changes without faults, and their file;
 * `applied` removes these when the server has applied them.
 */

/**
 * Returns the element with an id, which must exist.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
const part = (id) => /** @type {T} */ (document.getElementById(id));

/** Returns the editor of the page in the frame; null until it is loaded. @param {HTMLIFrameElement} map @returns {PageEditor | null} */
function editorOf(map) {
  const page = /** @type {{ QJMap?: { editor?: PageEditor } } | null} */ (/** @type {unknown} */ (map.contentWindow));
  return map.contentDocument?.documentElement?.dataset.qjmap === "ready" ? page?.QJMap?.editor || null : null;
}

let keeps = false; // whether the message is an answer with further lines, which "the map is new" must not replace

/** Shows a message and further lines. @param {string} message @param {string[]} lines */
function say(message, lines = []) {
  keeps = false;
  const list = document.createElement("ul");
  for (const line of lines) {
    const item = document.createElement("li");
    item.textContent = line;
    list.append(item);
  }
  part("said").replaceChildren(message, ...(lines.length ? [list] : []));
}

/** Sends a request to the server. Resolves to its answer; if there is none, or the body is too large, to one that is not `done`, with a message about that. @param {string} path @param {BodyInit} body @param {Record<string, string>} [headers] @returns {Promise<Answer>} */
async function ask(path, body, headers = {}) {
  if (body instanceof Blob && body.size > Number(texts.most_bytes)) return { done: false, message: texts["page.large"], lines: [] }; // the server would close the connection
  say(texts["page.working"]);
  try {
    return await (await fetch(path, { method: "POST", body, headers })).json();
  } catch {
    return { done: false, message: texts["page.gone"], lines: [] };
  }
}

/** Sends a request to the server, and shows the answer. Returns whether it was done. @param {string} path @param {BodyInit} body */
async function send(path, body) {
  const answer = await ask(path, body);
  say(answer.message, answer.lines);
  keeps = answer.lines.length > 0;
  return answer.done;
}

/** @type {Record<string, string>} key -> text in the language of the server; `most_bytes`: maximum size of a file in bytes */
let texts = {};

/** Reloads the page, with the view and selection that the reader had. @param {HTMLIFrameElement} map @param {number} version */
function show(map, version) {
  const place = map.contentWindow && map.src ? map.contentWindow.location.hash : "";
  map.hidden = false;
  map.src = `map.html?${version}${place}`;
}

/** Waits in an endless loop for newer versions of the page and for messages, and shows them. @param {HTMLIFrameElement} map */
async function follow(map) {
  let version = 0;
  for (;;) {
    try {
      const state = await (await fetch(`state?version=${version}`)).json();
      if (state.version === version) continue;
      if (state.message) say(state.message, state.lines); else if (version && !keeps) say(texts["page.new"]);
      if (state.drawn && !state.message) show(map, state.version);
      version = state.version;
    } catch {
      say(texts["page.gone"]);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

/** Calls `add` with files that are dropped on the page of the map. @param {HTMLIFrameElement} map @param {(files: FileList) => void} add */
function takeDrops(map, add) {
  map.addEventListener("load", () => {
    /** Handles files that are dropped, before the page of the map does. @param {DragEvent} event */
    const drop = (event) => {
      const files = event.dataTransfer && event.dataTransfer.files;
      if (!files || !files.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      add(files);
    };
    map.contentWindow?.addEventListener("drop", drop, true);
    map.contentDocument?.addEventListener("drop", () => { const veil = map.contentDocument?.getElementById("qj-veil"); if (veil) veil.hidden = true; }, true);
  });
}

/** Starts the outer page: fills its buttons with texts, registers their listeners, and follows the versions of the map. */
export function startFrame() {
  texts = JSON.parse(part("texts").textContent || "{}");
  const map = /** @type {HTMLIFrameElement} */ (part("map")), apply = /** @type {HTMLButtonElement} */ (part("apply")), file = /** @type {HTMLInputElement} */ (part("file"));
  part("undo").textContent = texts["page.undo"];
  part("add").textContent = texts["page.add"];
  const look = () => {
    const count = editorOf(map)?.changes().count || 0;
    apply.disabled = !count;
    apply.textContent = texts["page.apply"].replace("{count}", String(count));
  };
  apply.addEventListener("click", async () => {
    const editor = editorOf(map);
    if (editor && await send("apply", editor.changes().file)) await editor.applied();
    look();
  });
  part("undo").addEventListener("click", () => send("undo", ""));
  /** Sends files to the server, one after the other, which adds their rows to the tables, and shows all answers. @param {FileList} files */
  const add = async (files) => {
    /** @type {string[]} */
    const said = [];
    for (const one of Array.from(files)) {
      const { message, lines } = await ask("add", one, { "X-File-Name": encodeURIComponent(one.name) });
      said.push(files.length > 1 ? `${one.name} · ${message}` : message, ...lines);
      say(said[0], said.slice(1));
      keeps = said.length > 1;
    }
  };
  file.addEventListener("change", async () => {
    if (file.files) await add(file.files);
    file.value = "";
  });
  takeDrops(map, add);
  setInterval(look, LOOK);
  look();
  follow(map);
}
