/**
 * The verbs as callers see them: one options object each, and always a promise. Here options become
 * what the module wants, results become classes, and each call gets a home. What an option means is
 * for the module to say.
 */
import { Callbacks } from './callbacks.js';
import { aborted, gone, wrongOption } from './errors.js';
import { externalIdentity } from './external.js';
import { checkCertificates, withPeople } from './given.js';
import { LocalHome, WorkerHome } from './homes.js';
import { named } from './named.js';
import { openedMessage } from './opened.js';
import { certificatesIn, certificatesOf, signatureOf } from './signatures.js';
import { inherit, markUnprotected, mayFetch } from './unprotected.js';
import { Certificate, Crl, encode, Identity } from './values.js';

/**
 * @param {object} platform
 * @param {() => object} platform.createBindings
 * @param {() => Promise<WebAssembly.Module>} platform.loadModule
 * @param {() => Promise<object>} platform.loadRoots
 * @param {(database: string) => object} [platform.openBackend]
 * @param {() => Worker} [platform.startWorker] absent where there are no workers
 */
export function createFace(platform) {
  /** The homes in use; each is replaced by the next call after it ended. */
  let place;
  let worker;

  const hasWorkers = platform.startWorker !== undefined;

  const homeInPlace = () => (place = place && !place.gone ? place : new LocalHome(platform));

  const homeInWorker = () =>
    (worker = worker && !worker.gone ? worker : new WorkerHome(platform.startWorker, platform.openBackend));

  /** The home of the handles, which can't move; without any, what the caller wishes. */
  const homeFor = (handles, wish) => {
    const [home, ...others] = new Set(handles.map(({ home }) => home));
    const wanted = wish === undefined ? undefined : wish && hasWorkers;
    if (!home) return (wanted ?? hasWorkers) ? homeInWorker() : homeInPlace();
    if (others.length > 0 || (wanted ?? home instanceof WorkerHome) !== home instanceof WorkerHome) {
      throw wrongOption('worker', 'the same as when each of the identities and CRLs was made');
    }
    return home;
  };

  /**
   * Calls a verb of the module. `revive` makes its result from plain data, the home that its
   * identities live in, and the options.
   */
  const call = async (verb, given = {}, revive = (value) => value) => {
    const { signal, onProgress, now, transfer, worker, ...rest } = withCommon(given);
    const request = encode(withoutFunctions(rest), transfer, signal);
    const callbacks = new Callbacks(request.externals, rest);
    const home = homeFor(request.handles, worker);
    await request.copied;
    const { release, ...ends } = endings(signal, onProgress);
    const running = home.run(verb, request.options, {
      now: now?.getTime(),
      identities: request.handles.filter(({ kind }) => kind === 'identity').map(({ id }) => id),
      transfer: request.transfer,
      ask: callbacks.ask,
      offers: callbacks.offers,
      ...ends,
    });
    // The module lets go of large messages; so does this, once they are on their way.
    request.transfer.length = 0;
    try {
      return revive(await running, home, given);
    } catch (error) {
      throw callbacks.explain(error);
    } finally {
      callbacks.end();
      release();
    }
  };

  const verb = (name, revive) => (options) => call(name, options, revive);

  const end = (gone, reason) => {
    place?.end(gone, reason);
    worker?.end(gone, reason);
  };

  const verbs = {
    importP12: verb('importP12', ({ identities, certificates, problems }, home) => ({
      identities: identities.map((identity) => new Identity(home, identity)),
      certificates: certificatesOf(certificates),
      problems,
    })),
    exportP12: async (options) => {
      const { password } = Object(options);
      if (password === '' || password?.length === 0) throw wrongOption('password', 'not empty');
      return call('exportP12', options);
    },
    parseCertificates: verb('parseCertificates', certificatesOf),
    mozillaRoots: verb('mozillaRoots', ({ anchors, ...list }) => ({
      ...list,
      anchors: anchors.map(({ certificate, ...limits }) => ({
        certificate: new Certificate(certificate),
        ...limits,
      })),
    })),
    certificateDetails: verb('certificateDetails'),
    parseCrl: verb('parseCrl', ({ crl }, home) => new Crl(home, crl)),
    sign: verb('sign'),
    encrypt: async (options) => {
      checkCertificates(options, 'recipients');
      return call('encrypt', options);
    },
    inspect: verb('inspect'),
    decrypt: verb('decrypt', ({ decryptedWith, ...result }, home, { message, identities }) => {
      if (result.integrity === 'none') markUnprotected(result.message);
      inherit(message, result.message);
      return { ...result, decryptedWith: identities?.[decryptedWith] };
    }),
    decompress: verb('decompress', (result, home, { message }) => {
      inherit(message, result.message);
      return result;
    }),
    verify: (options) =>
      call('verify', mayFetch(options, 'message', 'content', 'intermediates'), (result, home, given) => {
        const signatures = result.signatures.map(signatureOf);
        const found = [result.content, ...signatures.flatMap(certificatesIn)];
        inherit(given.message, ...found);
        inherit(given.content, ...found);
        return { ...result, signatures };
      }),
    checkCertificate: (options) =>
      call(
        'checkCertificate',
        mayFetch(options, 'certificate', 'intermediates'),
        ({ chain, ...result }) => ({ ...result, chain: certificatesOf(chain) }),
      ),
    composeMessage: async (options) => call('composeMessage', withPeople(options, 'from', 'to', 'cc')),

    openMessage: (options) =>
      call('openMessage', mayFetch(options, 'message', 'content', 'intermediates'), (opened, home, given) =>
        openedMessage(opened, given, (part) => call('decodePart', part)),
      ),
    classify: verb('classify'),
    summarize: verb('summarize'),
    protectMessage: async (options) => {
      checkCertificates(options, 'recipients', 'own');
      return call('protectMessage', withPeople(options, 'from', 'to', 'cc', 'bcc'));
    },
    replyTo: async (options) => call('replyTo', answering(options)),
    forward: async (options) => call('forward', answering(options)),
    addRecipients: async (options) => {
      checkCertificates(options, 'recipients');
      return call('addRecipients', options);
    },
    removeRecipients: async (options) => {
      checkCertificates(options, 'recipients');
      return call('removeRecipients', options);
    },
    externalIdentity,
  };

  return {
    call,
    ...Object.fromEntries(Object.entries(verbs).map(([name, method]) => [name, named(name, method)])),

    async lock() {
      const hadWorker = worker !== undefined;
      end(gone.locked, gone.locked());
      if (hadWorker) homeInWorker();
    },

    async terminate() {
      end(gone.lost, aborted('terminated'));
    },
  };
}

/** The module learns that the caller has them, and asks. */
const withoutFunctions = ({ fetch, cache, ...options }) => ({
  ...options,
  fetch: fetch && true,
  cache: cache && true,
});

/** Of an opened message, an answer needs no more than this. */
function answering(options) {
  const opened = options?.opened;
  if (typeof opened !== 'object' || opened === null) return options;
  const { headers, status, encryption, view } = opened;
  if (typeof opened.then === 'function') throw wrongOption('opened', 'awaited first: it is a Promise');
  if (!Array.isArray(headers)) throw wrongOption('opened', 'what `openMessage`, or `open` of a mailer, gave');
  if (encryption === 'locked') {
    throw wrongOption('opened', 'a mail that could be opened: this one is locked, so unlock or import its key first');
  }
  const text = Array.isArray(view?.bodies) ? view.bodies.map((body) => body?.text).join('\n\n') : undefined;
  return { ...options, opened: { headers, status, encryption, text } };
}

/** The options that every verb takes and the module never sees, checked. */
function withCommon(given) {
  if (typeof given !== 'object' || given === null) throw wrongOption('options', 'an object');
  const { signal, onProgress, now, transfer = false, worker } = given;
  const check = (name, value, good, expected) => {
    if (value !== undefined && !good) throw wrongOption(name, expected);
  };
  check('signal', signal, signal instanceof AbortSignal, 'an AbortSignal');
  check('onProgress', onProgress, typeof onProgress === 'function', 'a function');
  check('now', now, now instanceof Date && !Number.isNaN(now.getTime()), 'a valid Date');
  check('transfer', transfer, typeof transfer === 'boolean', 'true or false');
  check('worker', worker, typeof worker === 'boolean', 'true or false');
  return { ...given, transfer };
}

/**
 * The caller's signal and `onProgress`, so that an exception of the latter ends the call wherever it
 * runs. `release` lets go of the caller's signal, which may outlive many calls.
 */
function endings(signal, onProgress) {
  if (!onProgress) return { signal, release() {} };
  const ending = new AbortController();
  const onAbort = () => ending.abort(signal.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort);
  return {
    signal: ending.signal,
    onProgress(progress) {
      try {
        onProgress(progress);
      } catch (error) {
        ending.abort(error);
      }
    },
    release: () => signal?.removeEventListener('abort', onAbort),
  };
}
