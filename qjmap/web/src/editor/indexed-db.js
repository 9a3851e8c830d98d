/* One value for each map in the browser's IndexedDB; where the browser keeps nothing, in memory. */

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

/** Resolves when a transaction is complete: its data outlive the page. @param {IDBTransaction} transaction */
const completed = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve(undefined);
  transaction.onabort = transaction.onerror = () => reject(transaction.error);
});

/**
 * @param {string} key of the map
 * @param {IDBFactory | undefined} factory
 */
export function openStorage(key, factory) {
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
      const transaction = database.transaction(STORE, mode), done = completed(transaction);
      const [result] = await Promise.all([resultOf(act(transaction.objectStore(STORE))), done]);
      return { result };
    } finally {
      database.close(); // an open one would keep others from deleting it
    }
  }

  return {
    async load() {
      try {
        return (await request("readonly", (store) => store.get(key)))?.result ?? memory;
      } catch {
        return memory;
      }
    },
    /** Keeps a value, one after the other; whether it is in the browser's storage. @param {unknown} value @returns {Promise<boolean>} */
    save(value) {
      memory = value;
      const saving = last.then(async () => Boolean(await request("readwrite", (store) => /** @type {IDBRequest<unknown>} */ (value === null ? store.delete(key) : store.put(value, key))))).catch(() => false);
      last = saving;
      return saving;
    },
  };
}
