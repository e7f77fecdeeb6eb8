// One side of conformance.test.mjs: what the package makes of the cases, in Node or in a page.

import { pfx } from './pfx.js';

/**
 * @param {object} smime the package
 * @param {(name: string) => Promise<Uint8Array | Blob>} load a file by its name
 * @param {{ file: string, verb: string, arguments: Record<string, string> }[]} cases
 * @returns for each of them what came out, by name: text, or `{ base64 }`
 */
export async function work(smime, load, cases) {
  const results = [];
  for (const one of cases) {
    results.push(await run(smime, load, one).catch((error) => ({ error: error.code ?? String(error) })));
  }
  return results;
}

async function run(smime, load, { file, verb, arguments: given }) {
  const now = new Date(given.at ?? '2026-11-01');
  const bytes = async (name) => new Uint8Array(await new Blob([await load(name)]).arrayBuffer());
  const list = (name) => given[name]?.split(',') ?? [];
  const password = given.password ?? '';

  const identities = async () => {
    const opened = (given.identities ? list('identities') : [file]).map(async (entry) => {
      const data = entry.endsWith('.p12') ? await bytes(entry) : await keyAndCertificate(entry);
      return smime.importP12({ data, password, now });
    });
    return (await Promise.all(opened)).flatMap(({ identities }) => identities);
  };
  const keyAndCertificate = async (entry) => {
    let key, certificate;
    for (const name of entry.split('+')) {
      const data = await bytes(name);
      if (name.endsWith('.pri')) key = data;
      else if (name.endsWith('.cer')) certificate = data;
      else {
        for (const { label, der } of pemBlocks(data)) {
          if (label === 'PRIVATE KEY') key = der;
          else certificate = der;
        }
      }
    }
    return pfx(key, certificate);
  };
  const decrypted = async (message, identities) => {
    const passwords = given.passwords === undefined ? {} : { passwords: list('passwords') };
    const opened = await smime.decrypt({ message, identities, now, ...passwords });
    const { message: content, cipher, integrity, problems } = opened;
    return { content: base64(content), cipher, integrity, problems: codes(problems) };
  };
  const verified = async (message) => {
    const options = { message, now };
    if (given.content) options.content = await bytes(given.content);
    if (given.from) options.from = given.from;
    if (given.anchors) {
      const anchors = list('anchors').map(async (name) =>
        smime.parseCertificates({ data: await bytes(name), now }),
      );
      options.trustAnchors = (await Promise.all(anchors)).flat();
    }
    const { status, content, signatures } = await smime.verify(options);
    return {
      status,
      content: base64(content),
      integrity: signatures.map(({ integrity }) => integrity).join(),
      trust: signatures.map(({ trust }) => trust).join(),
      problems: codes(signatures.flatMap(({ problems }) => problems)),
    };
  };
  const mail = () =>
    new TextEncoder().encode(
      `From: ${given.from ?? 'nobody@example.com'}\r\nSubject: Test\r\nContent-Type: text/plain\r\n\r\nHello, world!\r\n`,
    );

  switch (verb) {
    case 'importP12': {
      const opened = await smime.importP12({ data: await bytes(file), password, now });
      return {
        identities: String(opened.identities.length),
        certificates: String(opened.certificates.length),
        problems: codes(opened.problems),
      };
    }
    case 'parseCertificates': {
      const certificates = await smime.parseCertificates({ data: await bytes(file), now });
      return { certificates: String(certificates.length) };
    }
    case 'inspect': {
      const { layers } = await smime.inspect({ message: await bytes(file), now });
      const name = ({ kind, contentType }) => (kind === 'other' ? contentType : kind);
      return { layers: layers.map(name).join() };
    }
    case 'decrypt':
      return decrypted(await bytes(file), await identities());
    case 'verify':
      return verified(await bytes(file));
    case 'sign': {
      const signers = (await identities()).filter(({ certificate }) => certificate.canSign).slice(0, 1);
      return verified(await smime.sign({ message: mail(), signers, protectHeaders: 'off', now }));
    }
    case 'encrypt': {
      const own = await identities();
      const recipients = own.map(({ certificate }) => certificate).filter((c) => c.canEncrypt);
      return decrypted(await smime.encrypt({ message: mail(), recipients, protectHeaders: 'off', now }), own);
    }
    case 'decompress': {
      const { message } = await smime.decompress({ message: await bytes(file), now });
      return { content: base64(message) };
    }
    default:
      throw new Error(`${verb} is no verb`);
  }
}

function pemBlocks(data) {
  const text = new TextDecoder('latin1').decode(data);
  return [...text.matchAll(/-----BEGIN ([^-]+)-----([^-]+)-----END/g)].map(([, label, body]) => ({
    label,
    der: Uint8Array.from(atob(body.replace(/\s/g, '')), (char) => char.charCodeAt(0)),
  }));
}

const codes = (problems) => problems.map(({ code }) => code).join();

const base64 = (bytes) => ({
  base64: btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), '')),
});
