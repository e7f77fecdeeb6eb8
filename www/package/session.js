/**
 * How the tabs of one database share what is unlocked. What they share lies in the database, sealed by a
 * key that can't be read out, goes from tab to tab on the channel, and is stored nowhere: with the last
 * tab it is gone. So a tab that is opened later, and a worker that was replaced, go on by themselves.
 */
import { within } from './patience.js';
import { canSeal, newSealingKey } from './sealing.js';

/** Other tabs answer within this time, unless they sleep. */
const PATIENCE_MS = 1_000;

/** And are done with unlocking within this. */
const UNLOCKING_MS = 10_000;

/** What this page has, by database: the key, and what lets go of the sign that it has one. */
const held = new Map();

/** Where there are no locks to ask for, tabs are unlocked one by one: without SubtleCrypto too. */
const canShare = () => canSeal() && navigator.locks !== undefined;

/** Whether what somebody posted is a key of a session: one that can be read out is none of ours. */
export const isSessionKey = (key) => key instanceof CryptoKey && !key.extractable;

/** Forgets the keys of all databases, also of mailers that were closed. */
export function forgetSessions() {
  for (const { release } of held.values()) release();
  held.clear();
}

export class SharedSession {
  #database;
  #post;
  /** Who waits for a key. */
  #waiting = new Set();

  /**
   * @param {string} database
   * @param {(message: object) => void} post tells the other tabs
   */
  constructor(database, post) {
    this.#database = database;
    this.#post = post;
  }

  /** The key, if something is unlocked. */
  get key() {
    return held.get(this.#database)?.key;
  }

  /** Gets the key from another tab, if one has it. */
  async join() {
    if (this.key || !canShare() || !(await this.#isHeldElsewhere())) return;
    let arrived;
    const arrival = new Promise((resolve) => this.#waiting.add((arrived = resolve)));
    this.#post({ type: 'session-wanted' });
    await within(PATIENCE_MS, arrival, () => 'it sleeps').catch(() => {});
    this.#waiting.delete(arrived);
  }

  /**
   * Unlocks, one tab after the other so that all come to have one key.
   *
   * @param {(key?: CryptoKey) => Promise<{ expires?: Date, epoch?: number }>} work  nothing of these where
   *   nothing was unlocked
   */
  async unlock(work) {
    if (!canShare()) return work();
    return inTurn(`smime-wasm unlock ${this.#database}`, async () => {
      await this.join();
      const key = this.key ?? (await newSealingKey());
      const lock = await work(key);
      if (!lock.expires) return lock;
      this.take(key);
      this.#post({ type: 'session', key, expires: lock.expires, epoch: lock.epoch });
      return lock;
    });
  }

  /** Takes the key that another tab told, or a new one. Whether there was none before. */
  take(key) {
    const before = held.get(this.#database);
    before?.release();
    const mine = { key, release: () => {} };
    held.set(this.#database, mine);
    // A sign for tabs that are opened later; it vanishes with this page, however that ends.
    const sign = new Promise((resolve) => (mine.release = resolve));
    navigator.locks.request(this.#sign, { mode: 'shared' }, () => sign).catch(() => {});
    for (const arrived of this.#waiting) arrived();
    return before === undefined;
  }

  forget() {
    held.get(this.#database)?.release();
    held.delete(this.#database);
  }

  get #sign() {
    return `smime-wasm session ${this.#database}`;
  }

  async #isHeldElsewhere() {
    const { held } = await navigator.locks.query();
    return held.some(({ name }) => name === this.#sign);
  }
}

/** One tab after the other. Those that wait do so no longer than for one that is awake. */
async function inTurn(name, work) {
  let isWaiting = true;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), UNLOCKING_MS);
  const begin = () => {
    isWaiting = false;
    clearTimeout(timer);
    return work();
  };
  try {
    return await navigator.locks.request(name, { signal: patience.signal }, begin);
  } catch (error) {
    if (!isWaiting) throw error;
    return begin();
  }
}
