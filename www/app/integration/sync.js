// One user on several devices: what they have in common is one sealed file, which your server keeps and can't
// read. `mailer.sync` merges what the others left there, and leaves what they don't know yet.

/**
 * The `sync` of `openMailer`.
 *
 * @param {object} place where the file lies: with you, a row for each user
 * @param {() => Promise<{ data: Blob, version: number } | undefined>} place.read
 * @param {(data: Uint8Array, replaces?: number) => Promise<boolean>} place.write false, and nothing is written, if
 *   it is another version by now
 */
export function syncThrough(place) {
  return {
    pull: () => place.read(),
    push: ({ data, replaces }) => place.write(data, replaces),
  };
}

/** The passphrase seals the file, and is the same on all devices. */
export async function synced(mailer, { passphrase, signal, onProgress }) {
  return mailer.sync({ passphrase, signal, onProgress });
}
