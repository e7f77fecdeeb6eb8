/**
 * Where an instance of the module lives: in place, or in a worker. A home serves one instance for
 * the whole of its life; when that ends, the face makes another home, and what lived here answers
 * with `gone`.
 *
 * Both homes have:
 * - `run(verb, options, call)`: one verb. `call` has `now`, `identities`, `transfer`, `ask`, `offers`,
 *   `signal` and `onProgress`;
 * - `close(kind, id)`: drops an identity or a CRL;
 * - `end(gone, reason)`: wipes and stops everything; running calls reject with `reason`;
 * - `gone`: undefined while it lives, then a function that makes the error for its identities.
 */
import { Engine } from './engine.js';
import { aborted, fromWire, gone, notLoaded, wrongOption } from './errors.js';
import { hasPageToKeep, workFor } from './page-databases.js';

/** The verbs that drop what a handle stands for. */
const CLOSING = { identity: 'closeIdentity', crl: 'closeCrl' };

export class LocalHome {
  gone;
  #reason;
  #start;
  #engine;

  /** @param {Parameters<typeof Engine.start>[0]} parts */
  constructor(parts) {
    this.#start = Engine.starter(parts);
  }

  async run(verb, options, { now, identities, ask, offers, signal, onProgress }) {
    if (this.#reason) throw this.#reason;
    const engine = (this.#engine ??= await unlessAborted(this.#start(verb, options), signal));
    // It may have ended meanwhile.
    if (this.#reason) throw this.#reason;
    try {
      return await engine.run(verb, options, { now, identities, ask, offers, signal, onProgress });
    } finally {
      if (engine.dead) this.gone ??= gone.lost;
    }
  }

  async close(kind, id) {
    // It can only fail by the end of the instance, and then what it had is gone too.
    if (!this.gone) await this.#engine.run(CLOSING[kind], { [kind]: id }).catch(() => {});
  }

  end(gone, reason) {
    this.gone ??= gone;
    this.#reason ??= reason;
    this.#engine?.end(reason);
  }
}

export class WorkerHome {
  gone;
  #reason;
  #worker;
  #calls = new Map();
  #lastId = 0;

  /**
   * @param {() => Worker} startWorker
   * @param {(database: string) => object} openBackend  for a worker that can't have databases itself
   */
  constructor(startWorker, openBackend) {
    try {
      this.#worker = startWorker();
    } catch (cause) {
      throw notLoaded(cause);
    }
    const post = (...message) => this.#worker.postMessage(...message);
    this.#worker.onmessage = ({ data }) => (data.work ? workFor(openBackend, data.work, post) : this.#hear(data));
    if (hasPageToKeep()) post({ isPageToKeep: true });
    // The script could not be fetched or parsed, is forbidden by a policy, or failed outside a call.
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.end(gone.lost, notLoaded(event.error ?? new Error(event.message || 'no worker script')));
    };
  }

  async run(verb, options, { now, identities, transfer, ask, offers, signal, onProgress }) {
    if (this.#reason) throw this.#reason;
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      const onAbort = () => {
        this.#worker.postMessage({ id, abort: true });
        this.#calls.get(id)?.reject(aborted(signal.reason));
      };
      const settle = (how) => (value) => {
        this.#calls.delete(id);
        signal?.removeEventListener('abort', onAbort);
        how(value);
      };
      const call = { resolve: settle(resolve), reject: settle(reject), ask, onProgress };
      this.#calls.set(id, call);
      if (signal?.aborted) return call.reject(aborted(signal.reason));
      signal?.addEventListener('abort', onAbort);
      try {
        const progress = onProgress !== undefined;
        this.#worker.postMessage({ id, verb, options, now, identities, offers, progress }, transfer);
      } catch (cause) {
        call.reject(wrongOption('options', 'without buffers that were transferred before', cause));
      }
    });
  }

  async close(kind, id) {
    // As above.
    if (!this.gone) await this.run(CLOSING[kind], { [kind]: id }, {}).catch(() => {});
  }

  end(gone, reason) {
    this.gone ??= gone;
    this.#reason ??= reason;
    this.#worker.terminate();
    for (const call of this.#calls.values()) call.reject(reason);
  }

  #hear({ id, progress, question, value, error }) {
    const call = this.#calls.get(id);
    if (progress) return call?.onProgress(progress);
    if (question) return call && this.#answer(id, call, question);
    if (error?.code === 'internal/trap') {
      call?.reject(fromWire(error));
      return this.end(gone.lost, fromWire(error));
    }
    if (error) return call?.reject(fromWire(error));
    if (call) return call.resolve(value);
    // Done in the moment it was aborted: nobody will ever close what it made.
    const made = [value?.identities ?? [], value?.identity ?? []].flat();
    for (const { id } of made) this.close('identity', id);
    if (value?.crl) this.close('crl', value.crl.id);
  }

  async #answer(id, { ask }, { number, asked }) {
    const answer = { number };
    try {
      answer.value = await ask(...asked);
    } catch (reason) {
      // Words cross. An error might not be such that it can, and why a holder failed `ask` remembers.
      answer.failed = typeof reason === 'string' ? reason : 'it failed';
    }
    const { buffer } = answer.value ?? {};
    this.#worker.postMessage({ id, answer }, buffer ? [buffer] : []);
  }
}

/** The promise, or the abort if that comes first. */
function unlessAborted(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(aborted(signal.reason));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
