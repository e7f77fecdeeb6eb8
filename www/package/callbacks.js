/**
 * What the caller of a verb gives it to ask: holders of keys, the network, a cache. These functions
 * run where their caller is, whether the module works in place or in a worker.
 */
import { databaseOf } from './cache.js';
import { wrongOption } from './errors.js';
import { askHolder } from './external.js';
import { within } from './patience.js';
import { copyOf } from './values.js';

/** Answers the questions that the module has during one call. */
export class Callbacks {
  #externals;
  #fetch;
  #cache;
  /** What the last holder threw. */
  #failure;
  /** The functions still at work. */
  #endings = new Set();

  /**
   * @param {{ sign?: Function, decrypt?: Function }[]} externals in the order of `encode`
   * @param {object} options of the verb, with its `fetch` and `cache`
   */
  constructor(externals, { fetch, cache }) {
    if (fetch !== undefined && typeof fetch !== 'function') throw wrongOption('fetch', 'a function');
    if (cache !== undefined && !isCache(cache)) {
      throw wrongOption('cache', 'an object with the functions get and put');
    }
    this.#externals = externals;
    this.#fetch = fetch;
    this.#cache = cache;
  }

  /** What the host can be asked for besides keys. A `database` has the cache where the module runs. */
  get offers() {
    return {
      fetch: this.#fetch !== undefined,
      cache: this.#cache !== undefined,
      database: this.#cache && databaseOf(this.#cache),
    };
  }

  /**
   * Asks what the caller gave. Bytes in the answer are a copy; it rejects where there is none.
   *
   * @param {'sign' | 'decrypt' | 'fetch' | 'cacheGet' | 'cachePut'} operation
   */
  ask = (operation, ...question) => this.#operations[operation](...question);

  #operations = {
    sign: (external, request) => this.#askHolder('sign', external, request),
    decrypt: (external, request) => this.#askHolder('decrypt', external, request),
    fetch: (url, request) => this.#askNetwork(url, request),
    cacheGet: async (key) => copyOf(await this.#cache.get(key)),
    cachePut: async (key, data, until) => void (await this.#cache.put(key, data, new Date(until))),
  };

  /** Gives an error that a holder is behind what the holder threw. */
  explain(error) {
    if (error.code === 'identity/external-failed') error.cause ??= this.#failure;
    return error;
  }

  /** Tells functions still at work that nobody waits for them any more. */
  end() {
    for (const ending of this.#endings) ending.abort();
  }

  /** Runs one function with a signal that is aborted if it fails or when the call ends. */
  async #attempt(work) {
    const ending = new AbortController();
    this.#endings.add(ending);
    try {
      return await work(ending.signal);
    } catch (error) {
      ending.abort();
      throw error;
    } finally {
      this.#endings.delete(ending);
    }
  }

  #askHolder(operation, external, request) {
    return this.#attempt(async (signal) => {
      try {
        return await askHolder(this.#externals[external], operation, { ...request, signal });
      } catch (error) {
        throw (this.#failure = error);
      }
    });
  }

  /** What is at an address: bytes, a Blob, a redirect or `null`. Rejects with the reason there is nothing. */
  #askNetwork(url, { timeout, ...request }) {
    return this.#attempt(async (signal) => {
      const fetching = (async () => this.#fetch(url, { ...request, signal }))().catch(() => {
        throw 'failed';
      });
      const answer = await within(timeout, fetching, () => 'too-slow');
      if (answer === null) return null;
      if (typeof answer?.redirect === 'string') return { redirect: answer.redirect };
      if ((answer?.byteLength ?? answer?.size) > request.maxBytes) throw 'too-large';
      // The engine reads it, so that nothing large goes through the page.
      if (answer instanceof Blob) return answer;
      const bytes = await copyOf(answer);
      if (!bytes) throw 'not-bytes';
      return bytes;
    });
  }
}

const isCache = (value) =>
  typeof value === 'object' &&
  value !== null &&
  typeof value.get === 'function' &&
  typeof value.put === 'function';
