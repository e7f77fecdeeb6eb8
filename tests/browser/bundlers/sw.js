// A service worker, where there are no workers: the verbs run in place.

import { importP12, parseCertificates, sign, verify } from 'smime-wasm';

const file = async (name) => (await fetch(`/files/${name}`)).blob();

self.addEventListener('message', (event) => event.waitUntil(answer(event)));

async function answer({ ports: [port] }) {
  const { identities: signers } = await importP12({ data: await file('alice.p12'), password: 'secret' });
  const trustAnchors = await parseCertificates({ data: await file('ca.der') });
  const message = new TextEncoder().encode('From: alice@example.com\r\n\r\nHello\r\n');
  const { status } = await verify({ message: await sign({ message, signers }), trustAnchors });
  port.postMessage({ status, worker: typeof Worker });
}
