// Everything a user has here as one sealed file, for another device or after a loss.

export async function backedUp(mailer, { passphrase, signal, onProgress }) {
  const { data, problems } = await mailer.backup({ passphrase, signal, onProgress });
  return { file: new Blob([data], { type: 'application/octet-stream' }), problems };
}

export async function restored(mailer, { file, passphrase, signal, onProgress }) {
  return mailer.restore({ data: file, passphrase, signal, onProgress });
}
