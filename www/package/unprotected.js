/**
 * What was decrypted without integrity, and what was found inside of it. Whoever sent it may have altered
 * it to learn something from requests that are made because of it, so by themselves verbs make none.
 */
const unprotected = new WeakSet();

/** Remembered are buffers, so that every view of one counts; a copy or a Blob is not known. */
const bufferOf = (value) => value?.der?.buffer ?? value?.buffer ?? value;

/** @param {Uint8Array | Certificate} value */
export const markUnprotected = (value) => void unprotected.add(bufferOf(value));

/** What is found in an unprotected message is no better. */
export function inherit(message, ...found) {
  if (unprotected.has(bufferOf(message))) found.forEach(markUnprotected);
}

/** Options of a verb that fetches: `mayFetch` is false where one of these is unprotected, unless given. */
export const mayFetch = (options, ...names) =>
  options?.mayFetch === undefined && names.some((name) => unprotected.has(bufferOf(options?.[name])))
    ? { ...options, mayFetch: false }
    : options;
