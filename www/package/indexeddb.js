/**
 * The database of a store: moves records between the module and IndexedDB, and looks into none.
 *
 * It runs where the module runs. What pages want to know of is told on a BroadcastChannel:
 * `{ type: 'change' }` after identities or certificates changed, `{ type: 'blocked', version }` while
 * the database can't be opened because of another tab, `{ type: 'versionchange', version }` when it
 * was closed because another tab upgrades or deletes it.
 */
import { openDB } from 'idb';

import { SmimeError } from './errors.js';
import { beginNewLog } from './leveldb.js';
import { within } from './patience.js';
import { canSeal, newSealingKey, sealer } from './sealing.js';

/** The version of the tables; records have one of their own. */
export const VERSION = 4;

/** Opening may take this long: a tab that has to close the database first answers within moments. */
const PATIENCE_MS = 5_000;

/** And what is done with it so long: another tab may be at work, but one that is frozen ends no more. */
const WORK_PATIENCE_MS = 30_000;

/** What is written there has to survive a loss of power: keys, and that they are locked. */
const DURABLE = ['identities', 'shared', 'settings', 'removed', 'meta'];

/** What rows are found by that somebody decided about; see `record.rs`. */
const DECIDED = '#decided';

/** Tables whose rows have a line in the list of certificates. */
const LISTED = ['identities', 'certificates'];

/** The row of the table `meta` that has the device key, and what its secret is bound to. */
const DEVICE = 'device';
const DEVICE_PURPOSE = new TextEncoder().encode('smime-wasm device 1');

/** What the cache keeps at most: three CRLs of 500,000 entries, or OCSP responses for a busy mailbox. */
const CACHE_BYTES = 64 << 20;
const CACHE_ENTRIES = 1_000;

/** The name of the channel on which the tabs of a database talk. */
export const channelOf = (database) => `smime-wasm ${database}`;

const backends = new Map();

/** Fails where there is no IndexedDB at all: in Node, in sandboxed frames. */
export function checkIndexedDB() {
  if (!globalThis.indexedDB) throw unavailable();
}

/** The backend of store verbs for a database, which is opened by its first use. */
export function openBackend(database) {
  checkIndexedDB();
  if (!backends.has(database)) backends.set(database, new Backend(database));
  return backends.get(database);
}

class Backend {
  #name;
  #channel;
  #connection;

  constructor(name) {
    this.#name = name;
    this.#channel = new BroadcastChannel(channelOf(name));
  }

  /** Opens the database, which its first use does too. */
  async open() {
    await this.#use(() => {});
  }

  /**
   * The rows of one table, all from one moment: those with these ids, with one of these addresses, the
   * first `count` whose ids come after one, or all.
   */
  read({ table, ids, addresses, after }) {
    return this.#use(async (db, begin) => {
      const transaction = begin(table);
      const { store } = transaction;
      if (ids) {
        const rows = await answers(ids.map((id) => store.get(id)), transaction);
        return rows.filter((row) => row !== undefined);
      }
      if (after) return store.getAll(IDBKeyRange.lowerBound(after.id, true), after.count);
      if (!addresses) return store.getAll();
      // Of few rows, as identities are, it takes less to look at all than to ask for each address.
      const [count] = await answers([store.count()], transaction);
      if (count <= addresses.length) {
        const wanted = new Set(addresses);
        const rows = await store.getAll();
        return rows.filter((row) => row.addresses.some((address) => wanted.has(address)));
      }
      const index = store.index('addresses');
      const found = await answers(addresses.map((address) => index.getAll(address)), transaction);
      return [...new Map(found.flat().map((row) => [row.id, row])).values()];
    });
  }

  /** The list of certificates: texts of lines, in any order. */
  listing() {
    return this.#use(async (db) => (await db.getAll('listing')).map(({ lines }) => lines));
  }

  /**
   * Makes all changes or none: each writes its `row`, or removes it where there is none, if the
   * revision it finds is the expected one. The lines of the rows go with them. Resolves when the
   * transaction is complete.
   */
  async commit(changes) {
    const tables = [...new Set(changes.map(({ table }) => table))];
    await this.#use(async (db, begin) => {
      const durability = changes.some(hasToLast) ? 'strict' : 'default';
      const isListed = tables.some((table) => LISTED.includes(table));
      const names = isListed ? [...tables, 'listing'] : tables;
      const transaction = begin(names, 'readwrite', { durability });
      // Nothing but the requests of this transaction is awaited while it is open.
      const rows = await answers(
        changes.map(({ table, id }) => transaction.objectStore(table).get(id)),
        transaction,
      );
      if (changes.some(({ expected }, at) => rows[at]?.revision !== expected)) {
        transaction.abort();
        throw new SmimeError('store/conflict', 'The record was changed elsewhere.');
      }
      const writes = changes.map(({ table, id, row }) => {
        const store = transaction.objectStore(table);
        return row ? store.put(row) : store.delete(id);
      });
      const lines = changes
        .map(({ id, row }, at) => ({ id, old: rows[at]?.listing, line: row?.listing }))
        .filter(({ old, line }) => old !== line);
      if (isListed) writes.push(list(transaction, lines));
      await answers(writes, transaction);
      await transaction.done;
    });
    if (tables.some((table) => table !== 'meta')) this.#channel.postMessage({ type: 'change' });
  }

  /**
   * A random secret of this browser's profile, or `null` if there is none, it may not be made, or it opens
   * no more. It rests sealed by a CryptoKey that can't be read out by scripts.
   */
  async deviceSecret(mayMake) {
    if (!canSeal()) throw unavailable();
    const found = await this.#use((db) => db.get('meta', DEVICE));
    const row = found ?? (mayMake ? await this.#makeDeviceKey() : undefined);
    return row ? sealer(row.key).open(DEVICE_PURPOSE, row.value).catch(() => null) : null;
  }

  /** The row, or that of a tab that was faster. */
  async #makeDeviceKey() {
    const key = await newSealingKey();
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const value = await sealer(key).seal(DEVICE_PURPOSE, secret);
    secret.fill(0);
    const row = { id: DEVICE, revision: 1, addresses: [], value, key };
    return this.#use(async (db, begin) => {
      const transaction = begin('meta', 'readwrite', { durability: 'strict' });
      const [faster] = await answers([transaction.store.get(DEVICE)], transaction);
      if (!faster) await answers([transaction.store.put(row)], transaction);
      await transaction.done;
      return faster ?? row;
    });
  }

  /**
   * CRLs and OCSP responses by the key they were asked for with, each until it expires. They are no
   * user data: they go when they expired, and the oldest go when there are too many.
   */
  cache = {
    get: (key) =>
      this.#use(async (db) => {
        const row = await db.get('revocation', key);
        if (!row) return undefined;
        if (row.until > Date.now()) return row.data;
        await db.delete('revocation', key);
        return undefined;
      }),

    put: (key, data, until) =>
      this.#use(async (db, begin) => {
        const transaction = begin('revocation', 'readwrite');
        const { store } = transaction;
        const now = Date.now();
        await store.put({ key, data, until, kept: [now, until, data.length] });
        let [bytes, entries] = [0, 0];
        // The newest first, by what the index says: no data is read.
        let cursor = await store.index('kept').openKeyCursor(null, 'prev');
        for (; cursor; cursor = await cursor.continue()) {
          const [, until, size] = cursor.key;
          const stays = until > now && bytes + size <= CACHE_BYTES && entries < CACHE_ENTRIES;
          if (stays) [bytes, entries] = [bytes + size, entries + 1];
          else await store.delete(cursor.primaryKey);
        }
        await transaction.done;
      }),
  };

  async #use(work) {
    beginNewLog();
    for (let retried = false; ; retried = true) {
      const connection = (this.#connection ??= this.#connect());
      try {
        return await this.#workWith(await this.#patiently(connection.ready), work);
      } catch (error) {
        if (error instanceof SmimeError) throw error;
        // The connection was closed under the work. To do it again is safe: should it have been
        // committed after all, the revisions are not the expected ones any more.
        if (retried || connection === this.#connection) throw failed(error);
      }
    }
  }

  /**
   * Gives `work` the database, and what begins its transactions: those that may end without being heard, and are
   * undone when they take too long.
   */
  async #workWith(db, work) {
    const begun = [];
    const begin = (...how) => {
      const transaction = db.transaction(...how);
      transaction.done.catch(() => {});
      begun.push(transaction);
      return transaction;
    };
    return within(WORK_PATIENCE_MS, work(db, begin), () => {
      for (const transaction of begun) abort(transaction);
      this.#tellBlocked();
      return new SmimeError('store/blocked', 'Something else is at work in the database, and does not end.');
    });
  }

  #connect() {
    const connection = {};
    const forget = () => {
      if (this.#connection === connection) this.#connection = undefined;
    };
    connection.ready = openDB(this.#name, VERSION, {
      upgrade: (db, oldVersion, _newVersion, transaction) => {
        // Should it fail, to open fails too, and says why.
        transaction.done.catch(() => {});
        createTables(db, oldVersion);
      },
      blocked: () => this.#tellBlocked(),
      blocking: (_current, _next, event) => {
        forget();
        event.target.close();
        this.#channel.postMessage({ type: 'versionchange', version: VERSION });
      },
      terminated: forget,
    }).catch((error) => {
      forget();
      return notOpened(this.#name, error);
    });
    return connection;
  }

  /** The database when it is open. What waits goes on to wait for the next call. */
  async #patiently(ready) {
    return within(PATIENCE_MS, ready, () => {
      this.#tellBlocked();
      return new SmimeError('store/blocked', 'Another tab keeps the database from being opened.');
    });
  }

  #tellBlocked() {
    this.#channel.postMessage({ type: 'blocked', version: VERSION });
  }
}

function createTables(db, oldVersion) {
  if (oldVersion < 1) {
    for (const table of ['identities', 'certificates']) {
      const store = db.createObjectStore(table, { keyPath: 'id' });
      store.createIndex('addresses', 'addresses', { multiEntry: true });
    }
    db.createObjectStore('meta', { keyPath: 'id' });
  }
  if (oldVersion < 2) {
    db.createObjectStore('revocation', { keyPath: 'key' }).createIndex('kept', 'kept');
  }
  if (oldVersion < 3) {
    db.createObjectStore('settings', { keyPath: 'id' });
    db.createObjectStore('shared', { keyPath: 'id' });
    db.createObjectStore('listing', { keyPath: 'id' });
  }
  if (oldVersion < 4) db.createObjectStore('removed', { keyPath: 'id' });
}

/** A decision has to last as keys do; whatever takes the place of a row may take one back. */
const hasToLast = ({ table, row, expected }) =>
  DURABLE.includes(table) || expected !== undefined || row.addresses.includes(DECIDED);

/** Undoes a transaction, unless it is done. */
function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It is done, or so far that it will be.
  }
}

/**
 * Exchanges lines of the list. It is kept in 256 pieces, by how the ids of the records begin: few enough
 * to be read all at once, and small enough to be written for every certificate.
 */
async function list(transaction, lines) {
  const pieces = transaction.objectStore('listing');
  const pieceOf = (id) => id.slice(0, 2);
  const ids = [...new Set(lines.map(({ id }) => pieceOf(id)))];
  const rows = await answers(ids.map((id) => pieces.get(id)), transaction);
  const writes = ids.map((id, at) => {
    const kept = new Set(rows[at]?.lines.split('\n'));
    for (const { old, line } of lines.filter((one) => pieceOf(one.id) === id)) {
      kept.delete(old);
      if (line !== undefined) kept.add(line);
    }
    return kept.size > 0 ? pieces.put({ id, lines: [...kept].join('\n') }) : pieces.delete(id);
  });
  await answers(writes, transaction);
}

/** What requests answered. Should one fail, the transaction says why: a full disk shows only there. */
async function answers(requests, transaction) {
  const outcomes = await Promise.allSettled(requests);
  if (outcomes.some(({ status }) => status === 'rejected')) await transaction.done;
  return outcomes.map(({ value }) => value);
}

async function notOpened(name, cause) {
  if (cause.name === 'QuotaExceededError') throw failed(cause);
  if (cause.name !== 'VersionError') throw unavailable(cause);
  const databases = await indexedDB.databases();
  const found = databases.find((database) => database.name === name)?.version;
  throw new SmimeError(
    'store/newer-schema',
    `The database has version ${found}; this package knows versions up to ${VERSION}.`,
    { details: { found, known: VERSION }, cause },
  );
}

/** Some private windows have one that can't be opened. */
const unavailable = (cause) =>
  new SmimeError('store/unavailable', 'There is no IndexedDB here that can be used.', { cause });

const failed = (cause) =>
  cause.name === 'QuotaExceededError'
    ? new SmimeError('store/quota', 'There is no room left for the database.', { cause })
    : new SmimeError('store/failed', `The database failed: ${cause.message}`, { cause });
