/* Worker that decompresses texts of a large table, so that the page stays responsive. */

import { inflate } from "./inflate.js";

self.onmessage = async ({ data: { number, text } }) => {
  try {
    const bytes = await inflate(text);
    self.postMessage({ number, bytes }, { transfer: [bytes.buffer] });
  } catch (error) {
    self.postMessage({ number, failed: String(error) });
  }
};
