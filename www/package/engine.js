/**
 * One instance of the module and the jobs that run in it. It is the same in a worker and in place,
 * and knows nothing of either.
 */
import { forgiving } from './cache.js';
import { aborted, fromWire, gone, notLoaded, rootsNotLoaded, trapped, wrongOption } from './errors.js';
import { sealer } from './sealing.js';
import { turns } from './turns.js';

/** Progress is told at most this often. */
const PROGRESS_MS = 50;

export class Engine {
  #Job;
  #openBackend;
  #loadRoots;
  /** Settled once Mozilla's roots are in the module. */
  #roots;
  /** How to end each running job early. */
  #interrupts = new Set();
  /** Why nothing runs here any more. */
  #ended;
  #trapped = false;

  /**
   * What an unlocked identity, by the number of its handle, was unlocked from: where the lock is read
   * before each use of it.
   * @type {Map<number, { database: string, epoch: number }>}
   */
  #locks = new Map();

  /**
   * @param {object} parts
   * @param {() => object} parts.createBindings from bindings.js
   * @param {() => Promise<WebAssembly.Module>} parts.loadModule
   * @param {() => Promise<object>} parts.loadRoots what mozilla-roots.json holds
   * @param {(database: string) => object} [parts.openBackend] what store verbs read and write, by
   *   the name of the database
   */
  static async start({ createBindings, loadModule, loadRoots, openBackend }) {
    const engine = new Engine();
    try {
      const bindings = createBindings();
      await bindings({ module_or_path: await loadModule() });
      engine.#Job = bindings.Job;
    } catch (cause) {
      throw notLoaded(cause);
    }
    engine.#openBackend = openBackend;
    engine.#loadRoots = loadRoots;
    return engine;
  }

  /**
   * A function that starts an engine when it is first called, and again if that failed. While the module comes,
   * what that call needs besides is fetched and opened; where this fails, the call itself tells.
   */
  static starter({ loadRoots, ...parts }) {
    let starting;
    let roots;
    const prepare = async (verb, options) => {
      const database = needsDatabase(verb) ? parts.openBackend(options.database).open() : undefined;
      if (needsRoots(verb, options)) roots = loadRoots();
      await Promise.all([database, roots]);
    };
    const takeRoots = () => {
      const begun = roots;
      roots = undefined;
      return begun ?? loadRoots();
    };
    return (verb, options) => {
      if (!starting) {
        prepare(verb, options).catch(() => {});
        starting = Engine.start({ ...parts, loadRoots: takeRoots }).catch((error) => {
          starting = undefined;
          throw error;
        });
      }
      return starting;
    };
  }

  /** Whether the module trapped or was ended; every call fails then. */
  get dead() {
    return this.#ended !== undefined;
  }

  /**
   * Runs one verb to its end.
   *
   * @param {string} verb
   * @param {object} options as the module wants them, but for Blobs
   * @param {object} [call]
   * @param {number} [call.now] milliseconds since 1970
   * @param {number[]} [call.identities] those that `options` names
   * @param {Callbacks['ask']} [call.ask] asks what the caller gave for that, see callbacks.js
   * @param {Callbacks['offers']} [call.offers] what there is to ask besides keys
   * @param {AbortSignal} [call.signal]
   * @param {(progress: { done: number, total: number }) => void} [call.onProgress]
   */
  async run(verb, options, { now = Date.now(), identities = [], signal, onProgress, ...call } = {}) {
    const interrupt = this.#interruptible(signal);
    try {
      const host = { now, clock: Date.now(), tick: ticker(onProgress), ...this.#asking(call) };
      if (options.sessionKey) {
        host.session = sealer(options.sessionKey);
        delete options.sessionKey;
      }
      await interrupt.race(readBlobs(options));
      if (needsDatabase(verb)) {
        host.backend = this.#openBackend(options.database);
      }
      if (needsRoots(verb, options)) await interrupt.race(this.#rootsInModule());
      for (const id of identities) await interrupt.race(this.#checkLock(id));
      const value = await this.#drive(verb, options, host, interrupt);
      if (verb === 'storeUnlock') {
        this.#locks.set(value.identity.id, { database: options.database, epoch: value.epoch });
      } else if (verb === 'closeIdentity') {
        this.#locks.delete(options.identity);
      }
      return value;
    } finally {
      interrupt.done();
    }
  }

  /** Wipes the keys and ends every running job; these, and all later ones, reject with `reason`. */
  end(reason) {
    if (this.dead) return;
    this.#runAtOnce('closeAllIdentities', {});
    this.#die(reason);
  }

  /** Hands the module Mozilla's roots, unless it has them; a failure is tried again by the next call. */
  #rootsInModule() {
    const load = async () => {
      try {
        const { state, error } = this.#runAtOnce('loadMozillaRoots', await this.#loadRoots());
        if (state === 'failed') throw fromWire(error);
      } catch (cause) {
        this.#roots = undefined;
        throw rootsNotLoaded(cause);
      }
    };
    return (this.#roots ??= load());
  }

  /** Runs one of the package's own verbs, which wait for nothing. */
  #runAtOnce(verb, options) {
    return this.#enter(() => {
      const job = new this.#Job(verb, options, { now: 0, tick() {} });
      const step = job.poll();
      job.free();
      return step;
    });
  }

  /** What the module can ask for, see ARCHITECTURE.md. */
  #asking({ ask, offers: { fetch, cache, database } = {} }) {
    const host = { ask: (external, operation, request) => ask(operation, external, request) };
    if (fetch) {
      host.fetch = async (url, request) => {
        const found = await ask('fetch', url, request);
        return found instanceof Blob ? new Uint8Array(await found.arrayBuffer()) : found;
      };
    }
    if (database !== undefined) return { ...host, ...forgiving(this.#openBackend(database).cache) };
    if (!cache) return host;
    const get = (key) => ask('cacheGet', key);
    const put = (key, data, until) => ask('cachePut', key, data, until);
    return { ...host, ...forgiving({ get, put }) };
  }

  /** Whatever keeps the lock from being read, the key is not used. */
  async #checkLock(id) {
    const lock = this.#locks.get(id);
    if (!lock) return;
    try {
      await this.run('storeCheckLock', lock);
    } catch {
      throw this.#ended ?? gone.locked();
    }
  }

  async #drive(verb, options, host, interrupt) {
    const job = this.#enter(() => new this.#Job(verb, options, host));
    try {
      let step = this.#enter(() => job.poll());
      while (step.state === 'waiting') {
        const settled = await interrupt.race(settle(step.promise));
        step = this.#enter(() => job.poll(...settled));
      }
      if (step.state === 'failed') throw fromWire(step.error);
      return step.value;
    } finally {
      // Dropping the future is how a job is cancelled.
      this.#leave(job);
    }
  }

  /**
   * Runs code of the module. Whatever the input, that answers; what it throws is a trap or an
   * overflow of the stack, after which nothing in the instance can be relied on.
   */
  #enter(call) {
    if (this.#ended) throw this.#ended;
    try {
      return call();
    } catch (cause) {
      this.#trapped = true;
      this.#die(trapped(cause));
      throw this.#ended;
    }
  }

  #leave(job) {
    if (!this.#trapped) job.free();
  }

  #die(reason) {
    this.#ended = reason;
    for (const interrupt of this.#interrupts) interrupt.now(reason);
  }

  #interruptible(signal) {
    if (this.#ended) throw this.#ended;
    if (signal?.aborted) throw aborted(signal.reason);
    let reject;
    const interrupted = new Promise((_, rejected) => (reject = rejected));
    interrupted.catch(() => {});
    const onAbort = () => reject(aborted(signal.reason));
    const interrupt = {
      now: reject,
      race: (promise) => Promise.race([interrupted, promise]),
      done: () => {
        signal?.removeEventListener('abort', onAbort);
        this.#interrupts.delete(interrupt);
      },
    };
    signal?.addEventListener('abort', onAbort);
    this.#interrupts.add(interrupt);
    return interrupt;
  }
}

/** Whether a call asks for Mozilla's roots. */
const needsRoots = (verb, { trustAnchors }) =>
  verb === 'mozillaRoots' || [trustAnchors].flat().includes('mozilla');

/** Whether a call reads or writes a database. */
const needsDatabase = (verb) => verb.startsWith('store') || verb.startsWith('mailer');

/** The arguments of the next `poll`. */
const settle = (promise) =>
  promise.then(
    (value) => [true, value],
    (reason) => [false, reason],
  );

/** The host's `tick`: tells progress, and pauses when the turn is over. */
function ticker(onProgress) {
  const nextTurn = turns();
  let told = -Infinity;
  return (done, total) => {
    const now = performance.now();
    if (onProgress && now - told >= PROGRESS_MS) {
      told = now;
      onProgress({ done, total });
    }
    return nextTurn();
  };
}

/**
 * Reads the Blobs among the options: here, so that a file is read where it is used. They are replaced in
 * place: the module drops large bytes from the options once it has copied them, and then nobody else may
 * hold them.
 */
async function readBlobs(options) {
  const read = async (container, key, name) => {
    const value = container[key];
    if (value instanceof Blob) {
      try {
        container[key] = new Uint8Array(await value.arrayBuffer());
      } catch (cause) {
        throw wrongOption(name, 'a Blob that can be read', cause);
      }
    } else if (Array.isArray(value)) {
      await Promise.all(value.map((_, i) => read(value, i, name)));
    } else if (value?.constructor === Object) {
      await readBlobs(value);
    }
  };
  await Promise.all(Object.keys(options).map((name) => read(options, name, name)));
}
