/* Stores one value for each map in the browser's IndexedDB; only in memory if the browser does not allow that. */

const DATABASE = "qjmap", STORE = "edits";

/**
 * Returns a promise of the result of a request.
 *
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
const resultOf = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Opens the database; null if the browser does not allow it. @param {IDBFactory | undefined} factory */
async function openDatabase(factory) {
  if (!factory) return null;
  try {
    const request = factory.open(DATABASE, 1);
    request.onupgradeneeded = () => { request.result.createObjectStore(STORE); };
    return await resultOf(request);
  } catch {
    return null; // as in private windows of some browsers
  }
}

/**
 * Returns a promise that resolves when a transaction is complete, that is, when its data are stored.
 *
 * @param {IDBTransaction} transaction
 */
const completed = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve(undefined);
  transaction.onabort = transaction.onerror = () => reject(transaction.error);
});

/** Returns functions that load and save the value of a map. @param {string} key of the map @param {IDBFactory | undefined} factory */
export function openStorage(key, factory) {
  /** @type {unknown} */
  let memory = null;
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();

  /**
   * Does one request in a transaction of its own; undefined without a database.
   *
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
      database.close(); // an open connection would block others that delete the database
    }
  }

  return {
    /** Loads the value; what was saved in memory if the browser has none. */
    async load() {
      try {
        return (await request("readonly", (store) => store.get(key)))?.result ?? memory;
      } catch {
        return memory;
      }
    },
    /**
     * Saves a value after all earlier ones, null to delete it; resolves to whether the browser has stored it.
     *
     * @param {unknown} value
     * @returns {Promise<boolean>}
     */
    save(value) {
      memory = value;
      const saving = last.then(async () => Boolean(await request("readwrite", (store) => /** @type {IDBRequest<unknown>} */ (value === null ? store.delete(key) : store.put(value, key))))).catch(() => false);
      last = saving;
      return saving;
    },
  };
}
