/* Uses the editor of a page in Firefox: adds a row, reloads the page, takes what is offered again, types in the grid, saves a change file and
 * a new page, and opens that one. Writes what it saw as JSON.
 *
 *     node firefox-editor.mjs PAGE FIREFOX FOLDER SAVED
 *
 * FOLDER gets the files that the page saves; SAVED is the name of the page among them.
 */
import { existsSync, statSync, watch } from "node:fs";
import { join } from "node:path";
import { ready, show, useFirefox } from "./firefox-page.mjs";

const LIMIT = 60000;
const [path, executablePath, folder, saved] = process.argv.slice(2);
const act = (page, name) => page.$eval(`#qj-editor [data-act=${name}], #qj-editor-offer [data-act=${name}]`, (button) => button.click());
const kept = (page) => page.waitForSelector('#qj-editor-kept:not([data-count=""])');
const changes = (page) => page.$eval("#qjmap-drafts", (node) => JSON.parse(node.dataset.changes || "[]").map(({ op, id, new: cells }) => [op, id, cells]));
const textOf = (page, selector) => page.$eval(selector, (node) => node.textContent);

/** Opens the editor and waits for its rows. */
async function open(page) {
  await page.click("#qj-editor-button");
  await page.waitForSelector("#qj-editor .qj-editor-row");
}

/** Resolves when a file is in the folder as a whole. */
function arrived(name) {
  const file = join(folder, name);
  return new Promise((resolve, reject) => {
    const watcher = watch(folder, look), timer = setTimeout(() => reject(new Error(`${name} was not saved`)), LIMIT);
    function look() {
      if (!existsSync(file) || !statSync(file).size || existsSync(file + ".part")) return;
      clearTimeout(timer);
      watcher.close();
      resolve(file);
    }
    look();
  });
}

const seen = await useFirefox(path, executablePath, async (page, seen) => {
  page.on("dialog", (dialog) => { seen.asked = dialog.type(); dialog.accept(); });
  await open(page);
  await act(page, "add");
  await page.waitForSelector("#qj-edit-name");
  await page.type("#qj-edit-name", "新厂");
  await page.type("#qj-edit-place", "湾");
  await page.waitForSelector("#qj-edit-place-list [role=option]");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  seen.place = await page.$eval("#qj-edit-place", (field) => field.value);
  await page.type("#qj-edit-lon", "abc");
  await page.waitForSelector("#qj-edit-lon-told .qj-fault");
  await page.$eval("#qj-edit-lon", (field) => field.select());
  await page.keyboard.type("东经100°30′");
  await page.type("#qj-edit-lat", "30.5");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".qj-editor-changes > li");
  await kept(page);

  await page.reload();
  await ready(page);
  await page.waitForSelector("#qj-editor-offer");
  await act(page, "restore");
  await page.waitForSelector(".qj-editor-changes > li");
  seen.restored = await textOf(page, ".qj-editor-changes");

  await act(page, "grid");
  await page.waitForSelector("#qj-grid input");
  for (const key of ["ArrowRight", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  await page.keyboard.type("别名");
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.down("Shift");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.up("Shift");
  await page.keyboard.down("Control");
  await page.keyboard.press("d");
  await page.keyboard.press("z");
  await page.keyboard.up("Control");
  await page.keyboard.press("Escape");
  await act(page, "grid");
  await kept(page);
  seen.changes = await changes(page);

  await act(page, "save-changes");
  seen.file = await arrived("bay-changes.json");
  await act(page, "save-page");
  await show(page, await arrived(saved));
  await open(page);
  await page.waitForSelector(".qj-editor-changes > li");
  seen.carried = await changes(page);
}, { "browser.download.folderList": 2, "browser.download.dir": folder, "browser.download.useDownloadDir": true, "browser.download.alwaysOpenPanel": false });
console.log(JSON.stringify(seen));
