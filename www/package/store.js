/**
 * Certificates and sealed private keys, kept in IndexedDB. The work is done where the verbs are: in
 * the worker, beside the module that seals. Here are the face, and what the tabs tell each other.
 */
import { face } from './browser.js';
import { StoreCache } from './cache.js';
import { SmimeError, unknownOption, wrongOption } from './errors.js';
import { checkIndexedDB, openBackend } from './indexeddb.js';
import { named, nameMethods } from './named.js';
import { normalized, stored } from './stored.js';
import { Tabs } from './tabs.js';
import { Identity } from './values.js';

export { SmimeError } from './errors.js';

/** Opens the store, and makes its database if there is none. */
export const openStore = named('openStore', async (options = {}) => {
  const { database = 'smime-wasm', worker, ...unknown } = options;
  const [option] = Object.keys(unknown);
  if (option !== undefined) throw unknownOption(option, ['database', 'worker']);
  if (typeof database !== 'string' || database === '') {
    throw wrongOption('database', 'a name, not empty');
  }
  checkIndexedDB();
  const call = (verb, options, revive) => face.call(verb, { worker, ...options, database }, revive);
  await call('storeOpen');
  return new Store(call, database);
});

class Store {
  #call;
  #tabs;
  #lastAdded = Promise.resolve();
  #closed = false;

  constructor(call, database) {
    this.revocationCache = new StoreCache(database, openBackend);
    this.#call = async (...request) => {
      this.#checkOpen();
      return call(...request);
    };
    this.#tabs = new Tabs(database, (epoch) => this.#call('storeCheckLock', { epoch }));
  }

  addIdentity(options) {
    return this.#call('storeAddIdentity', normalized(options), stored);
  }

  addCertificates(options) {
    // In turn: calls at once, one for each mail of a list, would but make each other begin anew.
    const added = this.#lastAdded.then(() =>
      this.#call('storeAddCertificates', options, (list) => list.map(stored)),
    );
    this.#lastAdded = added.catch(() => {});
    return added;
  }

  identities(options) {
    return this.#call('storeIdentities', options, (list) => list.map(stored));
  }

  certificates(options) {
    return this.#call('storeCertificates', options, (list) => list.map(stored));
  }

  problems(options) {
    return this.#call('storeUnreadable', options, (count) =>
      count > 0 ? [{ code: 'store/unreadable-record', details: { count } }] : [],
    );
  }

  unlock(options) {
    return this.#call('storeUnlock', normalized(options), ({ identity, epoch, expires }, home) => {
      this.#tabs.lockAt(expires, epoch);
      return new Identity(home, identity);
    });
  }

  changePassphrase(options) {
    return this.#call('storeChangePassphrase', normalized(options));
  }

  async lock() {
    this.#checkOpen();
    // This page first, the other tabs by hint, then for certain: whatever fails, what came before
    // it is locked.
    this.#tabs.lock();
    await this.#call('storeLock');
  }

  removeIdentity(options) {
    return this.#call('storeRemoveIdentity', options);
  }

  removeCertificate(options) {
    return this.#call('storeRemoveCertificate', options);
  }

  on(type, listener) {
    return this.#tabs.on(type, listener);
  }

  close() {
    this.#closed = true;
    this.#tabs.close();
  }

  #checkOpen() {
    if (this.#closed) throw new SmimeError('store/closed', 'The store was closed.');
  }
}

nameMethods(Store);
