/** Where fetched CRLs and OCSP responses are kept: the caller's cache, or that of a store. */
import { within } from './patience.js';
import { copyOf } from './values.js';

/** A database that another tab blocks is waited for as long. */
const PATIENCE_MS = 5_000;

/** For `databaseOf`. */
let readDatabase;

/**
 * The cache of a store. Verbs use it where the module runs, so that nothing it has crosses to the
 * page.
 */
export class StoreCache {
  #database;
  #open;

  /**
   * @param {string} database
   * @param {(database: string) => object} open `openBackend` of indexeddb.js
   */
  constructor(database, open) {
    this.#database = database;
    this.#open = open;
    Object.freeze(this);
  }

  async get(key) {
    return this.#open(this.#database).cache.get(key);
  }

  async put(key, data, until) {
    await this.#open(this.#database).cache.put(key, await copyOf(data), until.getTime());
  }

  static {
    readDatabase = (cache) => (#database in cache ? cache.#database : undefined);
  }
}

/** Which database a cache is in, if it is that of a store. */
export const databaseOf = (cache) => readDatabase(cache);

/**
 * What the host has of a cache. It is of use and never needed: once it failed or was too slow, the
 * call goes on without it.
 *
 * @param {object} cache
 * @param {(key: string) => Promise<?Uint8Array>} cache.get
 * @param {(key: string, data: Uint8Array, until: number) => Promise<void>} cache.put
 */
export function forgiving(cache) {
  let works = true;
  const attempt = async (method, ...entry) => {
    if (!works) return undefined;
    try {
      return await within(PATIENCE_MS, cache[method](...entry), () => new Error('it is too slow'));
    } catch {
      works = false;
      return undefined;
    }
  };
  return {
    cacheGet: (key) => attempt('get', key),
    cachePut: (key, data, until) => attempt('put', key, data, until),
  };
}
