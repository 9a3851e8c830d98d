/* What stands around the bundles. */

/** Leaflet 1.9.3, from the package XStatic-Leaflet. */
declare const L: any;

/** The text of a worker's bundle: `worker:./name.worker.js`. */
declare module "worker:*" {
  const source: string;
  export default source;
}

interface Uint8ArrayConstructor {
  /** Of newer browsers. */
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}
