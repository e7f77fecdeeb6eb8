// One side of thunderbird.test.mjs: what the package makes of Thunderbird's mails, in Node or in a page.

/** Within the validity of all certificates. */
const now = new Date('2026-11-01');

/**
 * @param {object} smime the package
 * @param {(name: string) => Promise<Uint8Array | Blob>} load a file by its name
 * @param {string[]} files the mails
 * @returns for each of them what was found, or the code of the error
 */
export async function work(smime, load, files) {
  const identities = [];
  const people = ['smime/Alice', 'smime/Bob', 'smime/Dave', 'smime-interop/Fran', 'smime-interop/Fran-ec'];
  for (const name of people.map((person) => `${person}.p12`)) {
    const opened = await smime.importP12({ data: await load(name), password: 'nss' });
    identities.push(...opened.identities);
  }
  const trustAnchors = await smime.parseCertificates({ data: await load('smime/TestCA.pem') });
  const results = [];
  for (const file of files) {
    const message = await load(file);
    results.push(
      await open(smime, { message, identities, trustAnchors }).catch(({ code }) => ({ error: code })),
    );
  }
  return results;
}

async function open(smime, options) {
  const opened = await smime.openMessage({ ...options, now });
  if (opened.error) throw opened.error;
  return {
    encrypted: opened.encryption !== 'none',
    status: opened.status,
    signers: opened.signatures.flatMap(({ signer }) =>
      (signer?.addresses ?? []).map((address) => address.toLowerCase()),
    ),
    content: new TextDecoder().decode(opened.content),
  };
}
