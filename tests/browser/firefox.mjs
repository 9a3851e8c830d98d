/* Opens a page in Firefox with no network and does what a reader does first; writes what it saw as JSON.
 *
 *     node firefox.mjs PAGE FIREFOX SEARCHED SELECTED
 */
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [path, executablePath, searched, selected] = process.argv.slice(2);
const address = pathToFileURL(path).href;
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath,
  // A proxy that nobody listens at: no name is looked up, no host is reached.
  extraPrefsFirefox: { "network.proxy.type": 1, "network.proxy.socks": "127.0.0.1", "network.proxy.socks_port": 9, "network.proxy.socks_remote_dns": true },
});
const seen = { requests: [], messages: [] };
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1440, height: 900 });
  page.on("request", (request) => {
    const url = request.url();
    if (!/^(blob|data):/.test(url) && url.split("#")[0] !== address) seen.requests.push(url);
  });
  page.on("console", (message) => seen.messages.push(message.text()));
  page.on("pageerror", (error) => seen.messages.push(String(error)));
  await page.goto(address);
  await page.waitForSelector("html[data-qjmap=ready]", { timeout: 60000 });
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
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
