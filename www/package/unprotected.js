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

/**
 * Options of a verb that fetches: without `mayFetch` it says what holds for the options of these names. One
 * of several values that is unprotected is enough.
 */
export function mayFetch(options, ...names) {
  const values = names.flatMap((name) => options?.[name]);
  const isUnprotected = values.some((value) => unprotected.has(bufferOf(value)));
  return options?.mayFetch === undefined && isUnprotected ? { ...options, mayFetch: false } : options;
}
