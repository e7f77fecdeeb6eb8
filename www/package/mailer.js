/**
 * The rules of a mail module over the store: one object that knows whose certificates there are and
 * whom one may encrypt to. The work is done where the verbs are; each call takes along what
 * `openMailer` was given, so that a worker that was replaced knows it too.
 */
import { face } from './browser.js';
import { StoreCache } from './cache.js';
import { SmimeError, unknownOption, wrongOption } from './errors.js';
import { checkIndexedDB, openBackend } from './indexeddb.js';
import { Tabs } from './tabs.js';
import { normalized, stored } from './stored.js';

export { SmimeError } from './errors.js';

/** Opens a mailer, and makes its database if there is none. */
export async function openMailer(options) {
  if (typeof options !== 'object' || options === null) throw wrongOption('options', 'an object');
  const {
    accounts,
    database = 'smime-wasm',
    trustAnchors = 'mozilla',
    fetch,
    worker,
    ...unknown
  } = options;
  const [option] = Object.keys(unknown);
  if (option !== undefined) throw unknownOption(option);
  if (typeof database !== 'string' || database === '') {
    throw wrongOption('database', 'a name, not empty');
  }
  checkIndexedDB();
  return Mailer.open({ accounts, database, trustAnchors, fetch, worker });
}

class Mailer {
  #context;
  #options;
  #cache;
  #tabs;
  #closed = false;

  constructor({ accounts, database, trustAnchors, fetch, worker }) {
    this.#context = { accounts, database, trustAnchors };
    this.#cache = new StoreCache(database, openBackend);
    this.#options = { fetch, worker };
    this.#tabs = new Tabs(database, (epoch) =>
      face.call('storeCheckLock', { database, worker, epoch }),
    );
  }

  static async open(options) {
    const mailer = new Mailer(options);
    try {
      await mailer.#call('mailerOpen');
      return mailer;
    } catch (error) {
      mailer.close();
      throw error;
    }
  }

  identities(options) {
    return this.#call('mailerIdentities', options, (list) =>
      list.map(({ entry, ...state }) => Object.freeze({ ...stored(entry), ...state })),
    );
  }

  unlock(options) {
    return this.#call('mailerUnlock', normalized(options), ({ unlocked, epoch, expires }) => {
      this.#tabs.lockAt(expires, epoch);
      return { unlocked };
    });
  }

  async lock() {
    this.#checkOpen();
    // This page first, the other tabs by hint, then for certain: whatever fails, what came before
    // it is locked.
    this.#tabs.lock();
    const { database } = this.#context;
    await face.call('storeLock', { database, worker: this.#options.worker });
  }

  on(type, listener) {
    return this.#tabs.on(type, listener);
  }

  close() {
    this.#closed = true;
    this.#tabs.close();
  }

  /** A verb that asks nobody outside. */
  async #call(verb, options = {}, revive) {
    this.#checkOpen();
    if (typeof options !== 'object' || options === null) throw wrongOption('options', 'an object');
    const { worker } = this.#options;
    return face.call(verb, { ...options, worker, ...this.#context }, revive);
  }

  /** A verb that may ask for revocation. */
  async #ask(verb, options, revive) {
    const { fetch } = this.#options;
    return this.#call(verb, { ...options, ...(fetch && { fetch, cache: this.#cache }) }, revive);
  }

  #checkOpen() {
    if (this.#closed) throw new SmimeError('store/closed', 'The mailer was closed.');
  }
}
