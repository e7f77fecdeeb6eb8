/**
 * Why a verb could not answer. `code` is stable; `details` is the evidence; `message` is an English
 * sentence for logs, not for people.
 */
export class SmimeError extends Error {
  constructor(code, message, { details = {}, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'SmimeError';
    this.code = code;
    this.details = details;
  }
}

/** From what the module or the worker told: `{ code, message, details, cause? }`. */
export function fromWire({ code, message, details, cause }) {
  return new SmimeError(code, message, { details, cause });
}

/** To what `postMessage` can carry; an Error itself would lose its code and details. */
export function toWire(error) {
  if (!(error instanceof SmimeError)) return toWire(internal('the worker failed', error));
  const { code, message, details, cause } = error;
  return { code, message, details, cause: cause instanceof Error ? cause : undefined };
}

export const aborted = (reason) => new SmimeError('aborted', 'Aborted.', { cause: reason });

/** By the kind of handle. */
export const closed = {
  identity: () => new SmimeError('identity/closed', 'The identity was closed.'),
  crl: () => new SmimeError('crl/closed', 'The CRL was closed.'),
};

/** Locking drops CRLs too: they live where keys do. */
export const crlLost = () =>
  new SmimeError('crl/lost', 'The CRL was lost when the module had to be restarted.');

/** `takes` are the names that are known. */
export const unknownOption = (option, takes = []) => {
  const known = takes.length > 0 ? ` It takes ${takes.join(', ')}.` : '';
  return new SmimeError('usage/unknown-option', `Unknown option ${JSON.stringify(option)}.${known}`, {
    details: { option },
  });
};

export const missingOption = (option) =>
  new SmimeError('usage/missing-option', `The option ${JSON.stringify(option)} is missing.`, {
    details: { option },
  });

export const wrongOption = (option, expected, cause) =>
  new SmimeError('usage/wrong-option', `The option ${JSON.stringify(option)} has to be ${expected}.`, {
    details: { option, expected },
    cause,
  });

/** What pages have to allow. Browsers that are asked for too little propose to allow too much. */
const POLICY = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

/** The module, or the worker around it, could not be started. */
export const notLoaded = (cause) =>
  new SmimeError(
    'internal/load',
    `The WebAssembly module or its worker could not be loaded (${cause.message}). ` +
      `A Content-Security-Policy has to allow as much as: ${POLICY}`,
    { cause },
  );

/** Nor could Mozilla's roots, which are a file beside the module. */
export const rootsNotLoaded = (cause) =>
  new SmimeError('internal/load', "Mozilla's roots could not be loaded.", { cause });

/** The module failed in the middle of its work and can't be used any more. */
export const trapped = (cause) =>
  new SmimeError('internal/trap', 'The WebAssembly module trapped and is replaced.', {
    details: { what: String(cause) },
    cause,
  });

/** The error of everything that lived in an instance which has ended. */
export const gone = {
  lost: () =>
    new SmimeError('identity/lost', 'The identity was lost when the module had to be restarted.'),
  locked: () => new SmimeError('identity/locked', 'The identity is locked.'),
};

const internal = (what, cause) =>
  new SmimeError('internal/fault', `Internal fault: ${what}.`, { details: { what }, cause });
