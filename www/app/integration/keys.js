// Keys: imported from the files people have, sealed by a passphrase, unlocked for a while.

/** Stores the keys of `.p12` and `.pfx` files. One result for each; a wrong password stops no other file. */
export async function importKeys(mailer, { files, password, passphrase, signal, onProgress }) {
  return mailer.importP12({
    files: files.map((file) => ({ name: file.name, data: file })),
    password,
    seal: { passphrase },
    signal,
    onProgress,
  });
}

/** Unlocks what the passphrase opens, in all tabs, until it was not used for as long as the settings say. */
export async function unlockKeys(mailer, { passphrase, signal }) {
  return mailer.unlock({ passphrase, signal });
}
