/* Opens a page in Firefox with no network. */
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

// A proxy that nobody listens at: no name is looked up, no host is reached.
const OFFLINE = { "network.proxy.type": 1, "network.proxy.socks": "127.0.0.1", "network.proxy.socks_port": 9, "network.proxy.socks_remote_dns": true };

const shown = new Set(); // addresses of the pages that were opened

/** Opens the page at a path and lets `act` use it; returns what it has seen, with requests and messages of the console. */
export async function useFirefox(path, executablePath, act, preferences = {}) {
  const browser = await puppeteer.launch({ browser: "firefox", executablePath, extraPrefsFirefox: { ...OFFLINE, ...preferences } });
  const seen = { requests: [], messages: [] };
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1440, height: 900 });
    page.on("request", (request) => {
      const url = request.url();
      if (!/^(blob|data):/.test(url) && !shown.has(url.split("#")[0])) seen.requests.push(url);
    });
    page.on("console", (message) => seen.messages.push(message.text()));
    page.on("pageerror", (error) => seen.messages.push(String(error)));
    await show(page, path);
    await act(page, seen);
  } finally {
    await browser.close();
  }
  return seen;
}

/** Goes to a page and waits until it is ready. */
export async function show(page, path) {
  const { href } = pathToFileURL(path);
  shown.add(href);
  await page.goto(href);
  await ready(page);
}

export const ready = (page) => page.waitForSelector("html[data-qjmap=ready]", { timeout: 60000 });
