// Identities whose keys are elsewhere, with the platform's own WebCrypto as the device that holds
// them: see behaviour.js for how these run.

import { equal, failure, ok, same } from './check.js';

const bytesOf = (text) => new TextEncoder().encode(text);

const message = bytesOf('From: alice@example.com\r\nContent-Type: text/plain\r\n\r\nHello, card!\r\n');
const content = bytesOf('Content-Type: text/plain\r\n\r\nHello, card!\r\n');

export const external = {
  async 'a key that is elsewhere signs'({ smime, files, options }) {
    const [ca] = await smime.parseCertificates({ data: files['ca.der'], ...options });
    const schemes = {
      alice: [{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, 'rsassa-pkcs1-v1_5'],
      carol: [{ name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }, 'ecdsa'],
    };
    for (const [name, [algorithm, scheme]] of Object.entries(schemes)) {
      const key = await webKey(files, name, algorithm, 'sign');
      let asked;
      const identity = await externalOf(smime, files, options, name, {
        async sign(request) {
          asked = request;
          return crypto.subtle.sign(algorithm, key, request.data);
        },
      });
      ok(identity instanceof smime.Identity);
      same(identity.certificate.der, files[`${name}.der`]);
      const signed = await smime.sign({ message, signers: [identity], ...options });
      equal(asked.algorithm.name, scheme);
      equal(asked.algorithm.digest, 'sha-256');
      equal(asked.algorithm.curve, name === 'carol' ? 'p-256' : undefined);
      ok(asked.data instanceof Uint8Array && asked.signal instanceof AbortSignal);
      const from = `${name}@example.com`;
      const { signatures } = await smime.verify({ message: signed, trustAnchors: [ca], from, ...options });
      equal(signatures[0].integrity, 'intact');
      equal(signatures[0].trust, 'trusted');
    }
  },

  async 'a key that is elsewhere signs with PSS beside one that is here'({ smime, files, options }) {
    const algorithm = { name: 'RSA-PSS', hash: 'SHA-384', saltLength: 48 };
    const key = await webKey(files, 'alice', algorithm, 'sign');
    let asked;
    const alice = await externalOf(smime, files, options, 'alice', {
      sign: ({ data, algorithm: { name, digest, mgfDigest, saltLength } }) => {
        asked = { name, digest, mgfDigest, saltLength };
        return crypto.subtle.sign(algorithm, key, data);
      },
    });
    const { identities } = await smime.importP12({ data: files['bob.p12'], password: 'secret', ...options });
    const signers = [alice, identities[0]];
    const signed = await smime.sign({
      message,
      signers,
      scheme: 'rsassa-pss',
      digest: 'sha-384',
      ...options,
    });
    equal(Object.values(asked).join(), 'rsassa-pss,sha-384,sha-384,48');
    const { signatures } = await smime.verify({ message: signed, ...options });
    equal(signatures.map(({ integrity }) => integrity).join(), 'intact,intact');
  },

  async 'what a key elsewhere signs is checked before it is sent'({ smime, files, options }) {
    const broken = new Error('the card was pulled out');
    const answers = {
      'its callback failed': () => Promise.reject(broken),
      'its callback gave no bytes': () => 'AAAA',
      'the signature is not the certificate\'s': () => new Uint8Array(256),
    };
    for (const [reason, sign] of Object.entries(answers)) {
      const identity = await externalOf(smime, files, options, 'alice', { sign });
      const error = await failure(smime.sign({ message, signers: [identity], ...options }));
      equal(error.code, 'identity/external-failed');
      equal(error.details.operation, 'sign');
      if (sign === answers['its callback failed']) equal(error.cause, broken);
      if (reason.includes('no bytes')) ok(error.cause instanceof TypeError);
      if (reason.includes('certificate')) equal(error.details.reason, reason);
    }
  },

  async 'a key that is elsewhere decrypts'({ smime, files, options }) {
    const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' };
    const key = await webKey(files, 'alice', algorithm, 'decrypt');
    let asked;
    const identity = await externalOf(smime, files, options, 'alice', {
      decrypt: ({ encryptedKey, algorithm: { name, digest, mgfDigest, label } }) => {
        asked = `${name} ${digest} ${mgfDigest} ${label.length}`;
        return crypto.subtle.decrypt(algorithm, key, encryptedKey);
      },
    });
    for (const cipher of ['aes-256-cbc', 'aes-128-gcm']) {
      const recipients = [identity.certificate];
      const sealed = await smime.encrypt({
        message,
        recipients,
        cipher,
        keyTransport: 'rsaes-oaep',
        protectHeaders: 'off',
        ...options,
      });
      const opened = await smime.decrypt({ message: sealed, identities: [identity], ...options });
      same(opened.message, content);
      equal(opened.decryptedWith, identity);
      equal(asked, 'rsaes-oaep sha-256 sha-256 0');
    }
  },

  async 'a key elsewhere on an elliptic curve decrypts'({ smime, files, options }) {
    const algorithm = { name: 'ECDH', namedCurve: 'P-256' };
    const key = await webKey(files, 'carol', algorithm, 'deriveBits');
    let answer = async ({ algorithm: { name, curve }, publicKey }) => {
      equal(`${name} ${curve}`, 'ecdh p-256');
      const theirs = await crypto.subtle.importKey('raw', publicKey, algorithm, false, []);
      return crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, key, 256);
    };
    const decrypt = (request) => answer(request);
    const identity = await externalOf(smime, files, options, 'carol', { decrypt });
    const sealed = await smime.encrypt({
      message,
      recipients: [identity.certificate],
      protectHeaders: 'off',
      ...options,
    });
    const opened = await smime.decrypt({ message: sealed, identities: [identity], ...options });
    same(opened.message, content);

    for (answer of [
      () => null,
      () => Promise.reject(new Error('no point of the curve')),
      () => new Uint8Array(32),
      () => new Uint8Array(31).fill(1),
      () => new Uint8Array(32).fill(1),
    ]) {
      const error = await failure(smime.decrypt({ message: sealed, identities: [identity], ...options }));
      equal(error.code, 'decrypt/failed');
      equal(JSON.stringify(error.details), '{}');
      equal(error.cause, undefined);
    }
  },

  async 'a key elsewhere that does not decrypt tells nothing of the padding'({ smime, files, options }) {
    let answer;
    const identity = await externalOf(smime, files, options, 'alice', { decrypt: () => answer() });
    for (const keyTransport of ['rsaes-pkcs1-v1_5', 'rsaes-oaep']) {
      for (const cipher of ['aes-256-cbc', 'aes-256-gcm']) {
        const recipients = [identity.certificate];
        const sealed = await smime.encrypt({ message, recipients, cipher, keyTransport, ...options });
        const outcome = () =>
          smime.decrypt({ message: sealed, identities: [identity], ...options }).then(
            ({ message }) => message.join(),
            ({ code, details, cause }) => `${code} ${JSON.stringify(details)} ${cause}`,
          );
        const outcomes = new Set();
        for (answer of [
          () => null,
          () => Promise.reject(new DOMException('bad padding', 'OperationError')),
          () => {
            throw new Error('bad padding');
          },
          () => undefined,
          () => 'AAAA',
          () => new Uint8Array(31),
          () => new Uint8Array(0),
        ]) {
          outcomes.add(await outcome());
        }
        equal(outcomes.size, 1);
        if (cipher.endsWith('gcm')) ok([...outcomes][0].startsWith('decrypt/failed'));
      }
    }
  },

  async 'who gave up or has no access says so'({ smime, files, options }) {
    let reason;
    const decrypt = () => Promise.reject(reason);
    const identity = await externalOf(smime, files, options, 'alice', { decrypt });
    const sealed = await smime.encrypt({ message, recipients: [identity.certificate], ...options });
    for (reason of [
      new DOMException('no PIN', 'AbortError'),
      Object.assign(new Error('a wrong PIN'), { name: 'NotAllowedError' }),
    ]) {
      const error = await failure(smime.decrypt({ message: sealed, identities: [identity], ...options }));
      equal(error.code, 'identity/external-failed');
      equal(error.details.operation, 'decrypt');
      equal(error.cause, reason);
    }
  },

  async 'abort ends the wait for a key elsewhere, and other calls don\'t wait'({ smime, files, options }) {
    let signal;
    let asked;
    const isAsked = new Promise((resolve) => (asked = resolve));
    const identity = await externalOf(smime, files, options, 'alice', {
      sign(request) {
        ({ signal } = request);
        asked();
        return new Promise(() => {});
      },
    });
    const controller = new AbortController();
    const waiting = failure(
      smime.sign({ message, signers: [identity], signal: controller.signal, ...options }),
    );
    await isAsked;
    await smime.parseCertificates({ data: files['ca.der'], ...options });
    ok(!signal.aborted);
    const start = performance.now();
    controller.abort('enough');
    const error = await waiting;
    equal(error.code, 'aborted');
    equal(error.cause, 'enough');
    ok(performance.now() - start < 50, 'at once');
    ok(signal.aborted, 'the callback is told');
    await smime.parseCertificates({ data: files['ca.der'], ...options });
  },

  async 'a key elsewhere does what its callbacks do, and stays there'({ smime, files, options }) {
    const sign = () => new Uint8Array(256);
    const identity = await externalOf(smime, files, options, 'alice', { sign });
    const refused = async (promise, operation) => {
      const error = await failure(promise);
      equal(error.code, 'refused/external-key');
      equal(error.details.operation, operation);
    };
    await refused(smime.exportP12({ identity, password: 'x', ...options }), 'export');
    const sealed = await smime.encrypt({ message, recipients: [identity.certificate], ...options });
    await refused(smime.decrypt({ message: sealed, identities: [identity], ...options }), 'decrypt');
    const { certificate } = identity;
    const deaf = smime.externalIdentity({ certificate, decrypt: () => null });
    await refused(smime.sign({ message, signers: [deaf], ...options }), 'sign');

    await smime.lock();
    const error = await failure(smime.sign({ message, signers: [identity], ...options }));
    equal(error.code, 'identity/external-failed');
    await identity.close();
    await identity.close();
    equal((await failure(smime.sign({ message, signers: [identity], ...options }))).code, 'identity/closed');
  },

  async 'wrong options of externalIdentity throw'({ smime, files, options }) {
    const [certificate] = await smime.parseCertificates({ data: files['alice.der'], ...options });
    const sign = () => null;
    const codes = {
      'usage/missing-option': [{}, { certificate }, { sign }],
      'usage/unknown-option': [{ certificate, sign, key: 1 }],
      'usage/wrong-option': [
        undefined,
        { certificate: files['alice.der'], sign },
        { certificate, sign: 1 },
        { certificate, sign, chain: certificate },
      ],
    };
    for (const [code, list] of Object.entries(codes)) {
      for (const given of list) {
        const error = await failure((async () => smime.externalIdentity(given))());
        equal(error.code, code);
      }
    }
  },
};

/** An external identity of one of the test's people. */
async function externalOf(smime, files, options, name, callbacks) {
  const [certificate] = await smime.parseCertificates({ data: files[`${name}.der`], ...options });
  const chain = await smime.parseCertificates({ data: files['ca.der'], ...options });
  return smime.externalIdentity({ certificate, chain, ...callbacks });
}

/** The person's key, as the platform's cryptography holds it. */
function webKey(files, name, algorithm, use) {
  const pem = new TextDecoder().decode(files[`${name}.key`]);
  const der = Uint8Array.from(atob(pem.replace(/-----.*-----|\s/g, '')), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey('pkcs8', der, algorithm, false, [use]);
}
