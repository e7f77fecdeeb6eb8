// Compiled, never run: what callers write must type-check, and what they must not write must not.

import {
  Certificate,
  Identity,
  SmimeError,
  certificateDetails,
  checkCertificate,
  decompress,
  encrypt,
  externalIdentity,
  importP12,
  mozillaRoots,
  openMessage,
  parseCrl,
  sign,
  verify,
  type Crl,
  type ErrorCode,
  type Fetch,
  type TrustAnchors,
  type Problem,
} from 'smime-wasm';
import { openMailer, type Mailer } from 'smime-wasm/mailer';
import { openStore, type Store } from 'smime-wasm/store';
import { catalogue, explain, languages, type Language } from 'smime-wasm/texts';

declare const file: Blob;
declare const message: Uint8Array;
declare const identity: Identity;
declare const certificate: Certificate;

export async function right(): Promise<void> {
  const { identities, problems } = await importP12({ data: file, password: 'secret' });
  const [own] = identities;
  const signed: Uint8Array = await sign({ message: file, signers: identities, digest: 'sha-512' });
  await encrypt({
    message: signed,
    recipients: [certificate, certificate.der, own.certificate],
    cipher: 'aes-256-gcm',
    keyTransport: 'rsaes-oaep',
    compress: true,
    signal: AbortSignal.timeout(1000),
    onProgress: ({ done, total }) => console.log(done / total),
    limits: { recipients: 10 },
    now: new Date(),
    transfer: true,
    worker: false,
  });
  const { message: decompressed } = await decompress({ message: file, limits: { decompressedBytes: 1e6 } });
  await decompress({ message: decompressed, limits: { compressionRatio: 10 } });
  const codes: string[] = problems.map(({ code }) => code);
  const opened = await openMessage({ message: file, identities, trustAnchors: 'mozilla', revocation: 'soft' });
  for (const layer of opened.layers) {
    if (layer.error) console.log(layer.error.code);
    else if (layer.kind === 'signed') console.log(layer.signatures[0].author, layer.form);
    else if (layer.kind === 'encrypted') console.log(layer.decryptedWith?.certificate, layer.integrity);
    // @ts-expect-error a compressed layer has no signatures
    else console.log(layer.signatures);
  }
  const pictures: Promise<Uint8Array>[] = opened.view?.attachments.map((attachment) => attachment.data()) ?? [];
  // @ts-expect-error HTML is to be handled as unsafe
  document.body.innerHTML = opened.view?.bodies[0].html;
  await Promise.all(pictures);
  console.log(codes, own.certificate.addresses[0], own.certificate.notAfter.getTime());
  try {
    using closing = own;
    await closing.close();
  } catch (error) {
    if (error instanceof SmimeError && error.code === 'identity/lost') console.log(error.details);
  }
}

export async function rightDetails(): Promise<void> {
  const details = await certificateDetails({ certificate });
  await certificateDetails({ certificate: certificate.der, worker: false });
  const { subject, validation, class: klasse } = details;
  const types: string[] = subject.relativeNames.flat().map(({ type, value, hidden }) => type + value + hidden);
  if (validation?.source === 'policy') console.log(validation.type, validation.generation);
  if (klasse) console.log(klasse.number, klasse.source, klasse.text);
  for (const { address, source } of details.addresses) console.log(address, source);
  for (const { oid, name, critical, fault } of details.extensions) console.log(oid, name, critical, fault);
  console.log(types, details.fingerprints.sha1, details.notAfter.getTime(), details.keyUsages?.includes('cRLSign'));
  // @ts-expect-error a certificate is not its file
  await certificateDetails({ certificate: file });
  // @ts-expect-error the option has another name
  await certificateDetails({ data: certificate });
  // @ts-expect-error no such level
  console.log(validation?.type === 'domain');
}

export async function rightExternal(key: CryptoKey): Promise<void> {
  const card: Identity = externalIdentity({
    certificate,
    chain: identity.chain,
    sign: ({ data, algorithm, signal }) => {
      if (signal.aborted || algorithm.name === 'ed25519') return new Uint8Array(64);
      console.log(algorithm.digest);
      return crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, data.slice());
    },
    decrypt: async (request) => {
      if ('publicKey' in request) return request.publicKey;
      const { algorithm, encryptedKey } = request;
      return algorithm.name === 'rsaes-oaep' ? algorithm.label : encryptedKey;
    },
  });
  await sign({ message, signers: [card] });
  await card.close();
}

export async function rightRevocation(store: Store): Promise<void> {
  const viaRelay: Fetch = async (url, { method, body, headers, signal }) => {
    const relay = `/relay?url=${encodeURIComponent(url)}`;
    const response = await fetch(relay, { method, body: body ?? null, headers, signal });
    const redirect = response.headers.get('X-Redirect');
    if (redirect) return { redirect };
    return response.ok ? response.blob() : null;
  };
  const trustAnchors: TrustAnchors = [
    certificate,
    { certificate: message, addresses: ['a@example.com'], distrustAfter: new Date() },
  ];
  using crl: Crl = await parseCrl({ data: file });
  const cache = store.revocationCache;
  const revocation = 'hard' as const;
  const given = { trustAnchors, crls: [file, crl], ocspResponses: [message], revocation };
  const { signatures } = await verify({ message, fetch: viaRelay, cache, mayFetch: false, ...given });
  const policies = { initial: ['2.23.140.1.5.1.1'], requireExplicit: true };
  const { chain } = await checkCertificate({ certificate, purpose: 'signing', policies, ...given });
  console.log(signatures[0].revocation, chain[0].subject, crl.nextUpdate?.getTime());
}

export function wrongRevocation(trustAnchors: TrustAnchors): void {
  // @ts-expect-error a response is read first
  const asResponse: Fetch = (url) => fetch(url);
  // @ts-expect-error a cache gives and takes
  verify({ message, cache: { get: async () => undefined } });
  // @ts-expect-error a CRL is bytes or was read
  verify({ message, crls: [certificate, asResponse] });
  // @ts-expect-error somebody has to be trusted
  checkCertificate({ certificate });
  // @ts-expect-error a date is no string
  checkCertificate({ certificate, trustAnchors, at: '2026-01-01' });
}

export async function rightStore(): Promise<void> {
  const store: Store = await openStore({ database: 'user' });
  const { id, chain, lastSeen } = await store.addIdentity({ identity, passphrase: 'secret' });
  await store.addCertificates({ certificates: chain.concat(certificate), origin: 'mail' });
  const off = store.on('locked', () => console.log(lastSeen.getTime()));
  const unlocked: Identity = await store.unlock({ id, passphrase: message, lockAfter: 60_000 });
  await sign({ message, signers: [unlocked] });
  const [{ addresses, origin }] = await store.certificates({ address: 'a@example.com' });
  console.log(addresses[0], origin);
  await store.lock();
  off();
  store.close();
}

export async function anchors(): Promise<void> {
  await verify({ message, trustAnchors: 'mozilla' });
  const { anchors, date } = await mozillaRoots();
  const distrustAfter = new Date(date);
  const own = { certificate: file.size ? certificate : message, addresses: ['a@example.com'] };
  await verify({ message, trustAnchors: [...anchors, certificate, message, own, { certificate, distrustAfter }] });
  // @ts-expect-error a word nobody knows
  verify({ message, trustAnchors: ['all'] });
  // @ts-expect-error a limit nobody knows
  verify({ message, trustAnchors: [{ certificate, hosts: ['example.com'] }] });
}

export function wrongStore(store: Store): void {
  // @ts-expect-error a key is never stored unsealed
  store.addIdentity({ identity });
  // @ts-expect-error an event nobody knows
  store.on('unlocked', () => {});
}

export function texts(problems: Problem[], error: SmimeError): string[] {
  const language: Language = 'de';
  const said = [...problems.map((problem) => explain(problem, 'de-AT')), explain(error)];
  // @ts-expect-error a code alone has no details
  explain('path/expired', language);
  return [...said, languages[language], catalogue['path/expired'][language]];
}

export function wrong(): void {
  // @ts-expect-error a message is bytes, never a string
  sign({ message: 'From: a@example.com', signers: [identity] });
  // @ts-expect-error signers are identities
  sign({ message, signers: [certificate] });
  // @ts-expect-error an option nobody knows
  sign({ message, signers: [identity], detached: true });
  // @ts-expect-error a required option is missing
  sign({ message });
  // @ts-expect-error a weak digest is never written
  sign({ message, signers: [identity], digest: 'sha-1' });
  // @ts-expect-error a weak cipher is never written
  encrypt({ message, recipients: [certificate], cipher: '3des-cbc' });
  // @ts-expect-error not a code
  const code: ErrorCode = 'malformed/everything';
  // @ts-expect-error certificates come from the module
  new Certificate();
  // @ts-expect-error certificates don't change
  certificate.subject = code;
  // @ts-expect-error the certificate has to be read first
  externalIdentity({ certificate: message, sign: () => message });
  // @ts-expect-error a signature is bytes
  externalIdentity({ certificate, sign: () => 'AAAA' });
  // @ts-expect-error no private key leaves the module
  identity.key;
}

export async function mailers(mailer: Mailer): Promise<void> {
  const { alwaysSign }: { alwaysSign: boolean } = (await mailer.settings()).values;
  await openMailer({ accounts: [{ address: 'a@example.com' }], policy: { alwaysSign: { value: alwaysSign, locked: true } } });
  for await (const { opened, error } of mailer.openMany({ messages: [{ id: 1, message }] })) {
    if (!error) opened.view?.attachments.map(({ name }) => name);
  }
  // @ts-expect-error what openMailer was given holds for every call
  mailer.identities({ database: 'other' });
  // @ts-expect-error each message is one of many
  mailer.protectMany({ messages: [], message });
}
