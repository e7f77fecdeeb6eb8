// Keys: imported from the files people have, sealed by a passphrase, unlocked for a while.

/**
 * Stores the keys of `.p12` and `.pfx` files, which are unlocked then. One result for each; a wrong password stops no
 * other file.
 */
export async function importKeys(mailer, { files, password, passphrase, signal, onProgress }) {
  return mailer.importP12({
    files: files.map((file) => ({ name: file.name, data: file })),
    password,
    seal: { passphrase },
    signal,
    onProgress,
  });
}

/**
 * Unlocks what opens, in all tabs, until it was not used for as long as the settings say.
 *
 * @param {{ passphrase: string } | { passkey: true } | { device: true }} how
 */
export async function unlockKeys(mailer, how) {
  return mailer.unlock(how);
}

/**
 * Another way to unlock every key that is unlocked now: a passkey, which needs a click of the user's, or this
 * browser itself, which protects from other websites only.
 *
 * @param {object} way
 * @param {'passkey' | 'device'} way.kind
 * @param {string} way.name whose passkey it is, as the browser shows it: an address
 * @param {AbortSignal} [way.signal]
 */
export async function addWay(mailer, { kind, name, signal }) {
  const own = (await mailer.identities()).filter(({ isUnlocked, ways }) => isUnlocked && ways.length);
  const passkey = kind === 'passkey' && (await mailer.createPasskey({ name, signal }));
  for (const { id } of own) await mailer.addUnlock({ id, seal: passkey ? { passkey } : { device: true }, signal });
}

/** The ways to unlock, each with the keys that it opens. */
export async function waysOf(mailer) {
  const found = new Map();
  for (const { id, ways } of await mailer.identities()) {
    for (const { id: way, kind, passkey } of ways) {
      const name = passkey ?? kind;
      if (!found.has(name)) found.set(name, { name, kind, keys: [] });
      found.get(name).keys.push({ id, way });
    }
  }
  return [...found.values()];
}

/** The last way to unlock a key stays. */
export async function removeWay(mailer, { keys }) {
  for (const { id, way } of keys) await mailer.removeUnlock({ id, way });
}
