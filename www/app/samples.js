// The sample mailbox: ready-made mails, the keys of the two people in it, and the CA they trust. All of
// it stays in memory; samples/make.sh says how it was made.

import { importP12, parseCertificates } from 'smime-wasm';
import { readSummary } from './mail.js';

/** The password of the samples' .p12 files. */
const password = 'demo';

export async function loadSamples() {
  const [anchors, identities, mails] = await Promise.all([
    parseCertificates({ data: await load('demo-root-ca.pem') }),
    loadIdentities(),
    loadMails(),
  ]);
  return { anchors: anchors.map((certificate) => ({ certificate, origin: 'sample' })), identities, mails };
}

/** The keys of the two people; needed again when the module forgot its keys. */
export function loadIdentities() {
  return Promise.all(['erika.p12', 'max.p12'].map(loadIdentity));
}

/** A CA that nobody trusts yet; one of the mails leads to it. */
export async function otherAuthority() {
  return load('other-root-ca.pem');
}

async function loadIdentity(file) {
  const { identities } = await importP12({ data: await load(file), password });
  const [identity] = identities;
  return { identity, certificate: identity.certificate, chain: identity.chain, origin: 'sample' };
}

async function loadMails() {
  const list = JSON.parse(new TextDecoder().decode(await load('index.json')));
  return Promise.all(
    list.map(async ({ id }) => {
      const source = new Blob([await load(`${id}.eml`)]);
      return { id, origin: 'sample', source, links: true, headers: await readSummary(source) };
    }),
  );
}

async function load(file) {
  const response = await fetch(`samples/${file}`);
  if (!response.ok) {
    throw new Error(`samples/${file}: ${response.status}`);
  }
  return new Uint8Array(await response.arrayBuffer());
}
