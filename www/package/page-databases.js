/**
 * Databases that the page has and its worker uses, where a worker had better have none: in WebKit. There, a worker
 * that ends while it reads and writes, with its page or before, may leave a database in which nothing is read or
 * written any more, on whatever page, until the browser ends (https://bugs.webkit.org/show_bug.cgi?id=324094).
 */
import { fromWire, toWire } from './errors.js';

/** Whether that is so here; asked on pages. */
export const hasPageToKeep = () => globalThis.navigator?.vendor === 'Apple Computer, Inc.';

/** In the worker: what there is of a database is asked of the page. */
export class PageDatabases {
  #post;
  #waiting = new Map();
  #lastNumber = 0;

  /** @param {(message: { work: object }) => void} post  tells the page */
  constructor(post) {
    this.#post = post;
  }

  /** As `openBackend` of indexeddb.js. */
  open(database) {
    const asker = (method, part) => (...args) =>
      new Promise((resolve, reject) => {
        const number = ++this.#lastNumber;
        this.#waiting.set(number, { resolve, reject });
        this.#post({ work: { number, database, part, method, args } });
      });
    const [open, read, listing, commit, deviceSecret] =
      ['open', 'read', 'listing', 'commit', 'deviceSecret'].map((method) => asker(method));
    const cache = { get: asker('get', 'cache'), put: asker('put', 'cache') };
    return { open, read, listing, commit, deviceSecret, cache };
  }

  /** @param {{ number: number, value?: unknown, error?: object }} done  what the page answers */
  hear({ number, value, error }) {
    const { resolve, reject } = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (error) reject(fromWire(error));
    else resolve(value);
  }
}

/**
 * On the page: does what the worker asks, and answers.
 *
 * @param {(database: string) => object} openBackend
 * @param {object} work
 * @param {(answer: { done: object }, transfer: ArrayBuffer[]) => void} post  tells the worker
 */
export async function workFor(openBackend, { number, database, part, method, args }, post) {
  try {
    const backend = openBackend(database);
    const value = await (part ? backend[part] : backend)[method](...args);
    post({ done: { number, value } }, buffersOf(value));
  } catch (error) {
    post({ done: { number, error: toWire(error) } }, []);
  }
}

/** The buffers of bytes, or of the values of rows, which are nobody else's. */
function buffersOf(found) {
  const values = [found].flat().map((one) => (one instanceof Uint8Array ? one : one?.value));
  return [...new Set(values.filter((value) => value instanceof Uint8Array).map(({ buffer }) => buffer))];
}
