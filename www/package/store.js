/**
 * Certificates and sealed private keys, kept in IndexedDB. The work is done where the verbs are: in
 * the worker, beside the module that seals. Here are the face, and what the tabs tell each other.
 */
import { face } from './browser.js';
import { StoreCache } from './cache.js';
import { SmimeError, wrongOption } from './errors.js';
import { channelOf, checkIndexedDB, openBackend, VERSION } from './indexeddb.js';
import { LONGEST_TIMER_MS } from './patience.js';
import { Certificate, Identity } from './values.js';

export { SmimeError } from './errors.js';

/** Stores of one page lock together, and must not lock each other again. */
const PAGE = crypto.randomUUID();

/** Opens the store, and makes its database if there is none. */
export async function openStore(options = {}) {
  const { database = 'smime-wasm', worker, ...unknown } = options;
  const [option] = Object.keys(unknown);
  if (option !== undefined) {
    throw new SmimeError('usage/unknown-option', `Unknown option ${JSON.stringify(option)}.`, {
      details: { option },
    });
  }
  if (typeof database !== 'string' || database === '') {
    throw wrongOption('database', 'a name, not empty');
  }
  checkIndexedDB();
  const call = (verb, options, revive) => face.call(verb, { worker, ...options, database }, revive);
  await call('storeOpen');
  return new Store(call, database);
}

class Store {
  #call;
  #channel;
  #listeners = {
    change: new Set(),
    locked: new Set(),
    blocked: new Set(),
    versionchange: new Set(),
  };
  /** When to look whether the lock has expired. */
  #timer;
  #lastAdded = Promise.resolve();
  #closed = false;

  constructor(call, database) {
    this.revocationCache = new StoreCache(database, openBackend);
    this.#call = async (...request) => {
      this.#checkOpen();
      return call(...request);
    };
    this.#channel = new BroadcastChannel(channelOf(database));
    this.#channel.onmessage = ({ data }) => this.#hear(data);
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

  unlock(options) {
    return this.#call('storeUnlock', normalized(options), ({ identity, epoch, expires }, home) => {
      this.#lockAt(expires, epoch);
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
    this.#lockPage();
    this.#channel.postMessage({ type: 'locked', page: PAGE });
    await this.#call('storeLock');
  }

  removeIdentity(options) {
    return this.#call('storeRemoveIdentity', options);
  }

  removeCertificate(options) {
    return this.#call('storeRemoveCertificate', options);
  }

  on(type, listener) {
    const listeners = Object.hasOwn(this.#listeners, type) ? this.#listeners[type] : undefined;
    if (!listeners) throw wrongOption('type', `one of ${Object.keys(this.#listeners).join(', ')}`);
    if (typeof listener !== 'function') throw wrongOption('listener', 'a function');
    // Wrapped, so that a function that listens twice is told twice and goes twice.
    const tell = () => listener();
    listeners.add(tell);
    return () => void listeners.delete(tell);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#channel.close();
  }

  #checkOpen() {
    if (this.#closed) throw new SmimeError('store/closed', 'The store was closed.');
  }

  #hear({ type, page, version }) {
    // Other versions of this package may run in other tabs, with databases of their version.
    if (version !== undefined && version !== VERSION) return;
    if (type === 'locked' && page !== PAGE) this.#lockPage();
    else if (Object.hasOwn(this.#listeners, type)) this.#tell(type);
  }

  #lockPage() {
    clearTimeout(this.#timer);
    face.lock();
    this.#tell('locked');
  }

  /** The keys are wiped when the lock expires, not only refused. Another tab may have prolonged it. */
  #lockAt(expires, epoch) {
    clearTimeout(this.#timer);
    const wait = Math.min(Math.max(expires - Date.now(), 0), LONGEST_TIMER_MS);
    this.#timer = setTimeout(async () => {
      try {
        this.#lockAt(await this.#call('storeCheckLock', { epoch }), epoch);
      } catch {
        this.#lockPage();
      }
    }, wait);
  }

  #tell(type) {
    for (const listener of this.#listeners[type]) {
      try {
        listener();
      } catch (error) {
        reportError(error);
      }
    }
  }
}

/** Keyboards and systems differ in how they write one and the same passphrase. */
function normalized(options) {
  const normal = (value) => (typeof value === 'string' ? value.normalize('NFC') : value);
  const { passphrase, newPassphrase, ...rest } = options ?? {};
  return { ...rest, passphrase: normal(passphrase), newPassphrase: normal(newPassphrase) };
}

function stored({ certificate, chain, ...entry }) {
  return Object.freeze({
    ...entry,
    certificate: new Certificate(certificate),
    ...(chain && { chain: Object.freeze(chain.map((data) => new Certificate(data))) }),
  });
}
