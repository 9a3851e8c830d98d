/* Types of what the scripts find in their environment, besides Leaflet (leaflet.d.ts). */

/** Script of a worker, bundled, as a text: `import source from "worker:./name.worker.js"`. */
declare module "worker:*" {
  const source: string;
  export default source;
}

interface Uint8ArrayConstructor {
  /** Decodes base64; only newer browsers have it. */
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

interface Window {
  /** Yields to the browser between tasks; only newer browsers have it. */
  scheduler?: { yield?(): Promise<void> };
}

/** The global of the bundles, as far as the editor uses it. */
declare const QJMap: { page: typeof import("./page.js") };
