/* What a reader has changed, kept in the browser (IndexedDB) by the map; where the browser keeps nothing, in memory. */

const DATABASE = "qjmap", STORE = "edits";

/**
 * Result of a request, as a promise.
 *
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
const resultOf = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** @param {IDBFactory | undefined} factory */
async function openDatabase(factory) {
  if (!factory) return null;
  try {
    const request = factory.open(DATABASE, 1);
    request.onupgradeneeded = () => { request.result.createObjectStore(STORE); };
    return await resultOf(request);
  } catch {
    return null; // private windows of some browsers
  }
}

/**
 * @param {string} key of the map
 * @param {IDBFactory | undefined} factory
 */
export function makeStorage(key, factory) {
  /** @type {unknown} */
  let memory = null;
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();

  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest<T>} act
   */
  async function request(mode, act) {
    const database = await openDatabase(factory);
    if (!database) return undefined;
    try {
      return await resultOf(act(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close(); // an open one would keep others from deleting it
    }
  }

  return {
    async load() {
      try {
        return (await request("readonly", (store) => store.get(key))) ?? memory;
      } catch {
        return memory;
      }
    },
    /** Keeps a value, one after the other. @param {unknown} value */
    save(value) {
      memory = value;
      last = last.then(async () => { await (value === null ? request("readwrite", (store) => store.delete(key)) : request("readwrite", (store) => store.put(value, key))); }).catch(() => {});
      return last;
    },
  };
}
