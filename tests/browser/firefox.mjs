/* Opens a page in Firefox with no network and does what a reader does: search, language, list, filter, drop a table, print.
 * Writes what it saw as JSON, and the paper as a PDF.
 *
 *     node firefox.mjs PAGE FIREFOX SEARCHED SELECTED CATEGORY TABLE PDF
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { useFirefox } from "./firefox-page.mjs";

const [path, executablePath, searched, selected, category, table, pdf] = process.argv.slice(2);
const seen = await useFirefox(path, executablePath, async (page, seen) => {
  seen.counts = await page.evaluate(() => window.qjmap.counts());
  seen.visible = await page.evaluate(() => window.qjmap.visible());
  seen.inked = await page.evaluate(() => Array.from(document.querySelectorAll("#qj-main canvas"), (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let inked = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i]) inked++;
    return inked;
  }));
  await page.type("#qj-search", searched);
  await page.waitForSelector("#qj-results [role=option]");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#qj-panel:not([hidden])");
  seen.panel = await page.$eval("#qj-panel-title", (node) => node.textContent);
  await page.click("#qj-language");
  seen.language = await page.evaluate(() => document.documentElement.lang);
  seen.selected = await page.evaluate((id) => window.qjmap.select(id), selected);
  await page.click("#qj-list-button");
  await page.waitForSelector("#qj-list tbody tr[data-index]");
  seen.listed = await page.$$eval("#qj-list tbody tr[data-index]", (rows) => rows.length);
  await page.click("#qj-list-close");

  const unfold = (button) => page.$eval(button, (node) => { if (node.getAttribute("aria-expanded") === "false") node.click(); });
  for (const button of ["#qj-layers-button", "#qj-filters-button", '.qj-facet[data-facet="category"] .qj-facet-head']) await unfold(button);
  await page.click(`input[data-facet="category"][data-value="${category}"]`);
  await page.waitForSelector("#qj-shown .qj-chip");
  seen.filtered = await page.$eval("[data-group=sites] .qj-count", (node) => node.textContent);
  seen.left = (await page.evaluate(() => window.qjmap.visible())).sites;
  await page.click("#qj-shown .qj-reset");

  await page.evaluate(([name, packed]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0))], name));
    for (const kind of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, [basename(table), readFileSync(table).toString("base64")]);
  await page.waitForSelector("#qj-drop-summary");
  seen.dropped = await page.$eval("#qj-drop-summary", (node) => node.textContent);
  seen.faults = await page.$$eval("#qj-drop .qj-fault", (nodes) => nodes.map((node) => node.textContent));
  seen.drafts = await page.$$eval("#qj-drop .qj-drafts li > :first-child", (nodes) => nodes.map((node) => node.textContent));
  await page.click("#qj-drop-close");

  await page.pdf({ path: pdf, preferCSSPageSize: true, printBackground: true });
  // The screen is as it was: its own palette, its own size.
  seen.after = await page.evaluate(() => [document.documentElement.dataset.theme, document.querySelector(".leaflet-container").style.width]);
});
console.log(JSON.stringify(seen));
