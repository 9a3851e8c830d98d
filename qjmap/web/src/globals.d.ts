/* What stands around the bundles besides Leaflet (leaflet.d.ts). */

/** The text of a worker's bundle: `worker:./name.worker.js`. */
declare module "worker:*" {
  const source: string;
  export default source;
}

interface Uint8ArrayConstructor {
  /** Of newer browsers. */
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

interface Window {
  /** Of newer browsers. */
  scheduler?: { yield?(): Promise<void> };
}

/** The bundles of the page, as its scripts find them. */
declare const QJMap: { page: typeof import("./page.js") };
