/** What the tabs of one database tell each other, and when this one locks. */
import { face } from './browser.js';
import { wrongOption } from './errors.js';
import { channelOf, VERSION } from './indexeddb.js';
import { LONGEST_TIMER_MS } from './patience.js';
import { isSessionKey, SharedSession } from './session.js';

/** Stores and mailers of one page lock together, and must not lock each other again. */
const PAGE = crypto.randomUUID();

/** When what is unlocked in this page locks, by database: a mailer that is opened later has to know too. */
const locks = new Map();

export class Tabs {
  #channel;
  #listeners = {
    change: new Set(),
    locked: new Set(),
    unlocked: new Set(),
    blocked: new Set(),
    versionchange: new Set(),
  };
  /** When to look whether the lock has expired. */
  #timer;
  /** What was last heard of the lock. */
  #lock;
  #checkLock;
  #database;
  /** How often this page was locked because the time was over. */
  expirations = 0;

  /**
   * @param {string} database
   * @param {(epoch: number) => Promise<number>} checkLock until when what was unlocked in an epoch may
   *   be used, in milliseconds since 1970; rejects where it may not
   */
  constructor(database, checkLock) {
    this.#checkLock = checkLock;
    this.#database = database;
    this.session = new SharedSession(database, (message) => this.#post(message));
    this.#channel = new BroadcastChannel(channelOf(database));
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    const lock = locks.get(database);
    if (lock?.expires > Date.now()) this.lockAt(lock.expires, lock.epoch);
    else if (lock) this.#lockPage();
  }

  /** Locks this page and the others. The lock in the database is the caller's to set. */
  lock() {
    this.#lockPage();
    this.#channel.postMessage({ type: 'locked', page: PAGE });
  }

  /** The keys are wiped when the lock expires, not only refused. Another tab may have prolonged it. */
  lockAt(expires, epoch) {
    clearTimeout(this.#timer);
    this.#lock = { expires, epoch };
    locks.set(this.#database, this.#lock);
    const wait = Math.min(Math.max(expires - Date.now(), 0), LONGEST_TIMER_MS);
    this.#timer = setTimeout(async () => {
      try {
        this.lockAt(await this.#checkLock(epoch), epoch);
      } catch {
        this.expirations += 1;
        this.#lockPage();
      }
    }, wait);
  }

  /** Tells that something was unlocked here. */
  unlocked() {
    this.#tell('unlocked');
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
    clearTimeout(this.#timer);
    this.#channel.close();
  }

  #hear({ type, page, version, ...message }) {
    // Other versions of this package may run in other tabs, with databases of their version.
    if (version !== undefined && version !== VERSION) return;
    if (type === 'session-wanted') this.#answer();
    else if (type === 'session') this.#join(message);
    else if (type === 'locked' && page !== PAGE) this.#lockPage();
    else if (Object.hasOwn(this.#listeners, type)) this.#tell(type);
  }

  /** Gives a tab that was opened later what it needs to go on. */
  #answer() {
    const { key } = this.session;
    if (key && this.#lock) this.#post({ type: 'session', key, ...this.#lock, isAnswer: true });
  }

  #join({ key, expires, epoch, isAnswer }) {
    if (!isSessionKey(key)) return;
    const isNew = this.session.take(key);
    this.lockAt(expires, epoch);
    if (isNew || !isAnswer) this.#tell('unlocked');
  }

  #post(message) {
    this.#channel.postMessage({ ...message, version: VERSION });
  }

  #lockPage() {
    clearTimeout(this.#timer);
    this.#lock = undefined;
    locks.delete(this.#database);
    this.session.forget();
    face.lock();
    this.#tell('locked');
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
