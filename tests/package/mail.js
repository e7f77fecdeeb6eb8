// Whole messages through the package: see behaviour.js for how these run.

import { equal, failure, ok, same } from './check.js';

const bytesOf = (text) => new TextEncoder().encode(text);
const textOf = (bytes) => new TextDecoder().decode(bytes);

const message = bytesOf(
  [
    'From: Alice <alice@example.com>',
    'To: Bob <bob@example.com>',
    'Subject: Tea',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Gr=C3=BC=C3=9Fe, und bis f=C3=BCnf!',
    '',
  ].join('\r\n'),
);
const entity = bytesOf(textOf(message).slice(textOf(message).indexOf('Content-Type')));

// What is inside is then the entity and nothing else. headers.js has the tests of the other ways.
const off = { protectHeaders: 'off' };

const ciphers = ['aes-128-cbc', 'aes-256-cbc', 'aes-128-gcm', 'aes-256-gcm'];

export const mail = {
  async 'sign and verify, in every form and digest'({ smime, files, options }) {
    const { alice, ca } = await people(smime, files, options);
    for (const form of ['detached', 'opaque']) {
      for (const digest of ['sha-256', 'sha-384', 'sha-512']) {
        const signed = await smime.sign({ message, signers: [alice], form, digest, ...off, ...options });
        ok(textOf(signed).startsWith('From: Alice <alice@example.com>\r\n'), 'the header stays outside');
        const result = await smime.verify({ message: signed, trustAnchors: [ca], ...options });
        equal(result.status, 'verified');
        same(result.content, entity);
        equal(result.signatures.length, 1);
        const [signature] = result.signatures;
        equal(signature.integrity, 'intact');
        equal(signature.trust, 'trusted');
        equal(signature.author, 'match');
        equal(signature.revocation, 'unchecked');
        equal(signature.now, 'valid');
        ok(signature.signer instanceof smime.Certificate);
        same(signature.signer.der, alice.certificate.der);
        equal(signature.chain.length, 2);
        ok(signature.chain.every((certificate) => certificate instanceof smime.Certificate));
        ok(Math.abs(signature.signingTime - Date.now()) < 60_000, 'signed just now');
        ok(signature.algorithm.includes(digest.slice(-3)), signature.algorithm);
        const { layers } = await smime.inspect({ message: signed, ...options });
        equal(layers.map(({ kind }) => kind).join(), 'signed,plain');
        equal(layers[0].form, form);
      }
    }
  },

  async 'what is not asked for is what every client reads'({ smime, files, options }) {
    const { alice, carol } = await people(smime, files, options);
    const signed = await smime.sign({ message, signers: [alice], ...options });
    const [outside] = (await smime.inspect({ message: signed, ...options })).layers;
    equal(outside.form, 'detached');
    equal(outside.algorithms.join(), 'rsassa-pkcs1-v1_5-sha-256');
    equal(outside.certificates, 1, 'the chain, without the root that issued her certificate');
    const recipients = [alice.certificate, carol.certificate];
    const encrypted = await smime.encrypt({ message, recipients, ...options });
    const [layer] = (await smime.inspect({ message: encrypted, ...options })).layers;
    equal(layer.cipher, 'aes-256-cbc');
    ok(layer.recipients.every(({ issuer, serialNumber }) => issuer && serialNumber));
    const algorithms = layer.recipients.map(({ algorithm }) => algorithm).sort();
    equal(algorithms.join(), 'dhsinglepass-stddh-sha256kdf-scheme,rsaes-pkcs1-v1_5');
  },

  async 'every kind of key signs in its own way'({ smime, files, options }) {
    const { alice, carol, dave, ca } = await people(smime, files, options);
    const expected = [
      [alice, { scheme: 'rsassa-pss' }, 'rsassa-pss-sha-256'],
      [alice, { scheme: 'rsassa-pss', digest: 'sha-512' }, 'rsassa-pss-sha-512'],
      [carol, {}, 'ecdsa-sha-256'],
      [carol, { digest: 'sha-384' }, 'ecdsa-sha-384'],
      [dave, {}, 'ed25519'],
    ];
    for (const [identity, choice, algorithm] of expected) {
      const signed = await smime.sign({ message, signers: [identity], ...choice, ...options });
      const result = await smime.verify({
        message: signed,
        trustAnchors: [ca],
        from: identity.certificate.addresses[0],
        ...options,
      });
      equal(result.status, 'verified');
      equal(result.signatures[0].algorithm, algorithm);
      ok(identity.certificate.canSign);
    }
    const together = await smime.sign({ message, signers: [alice, carol, dave], ...options });
    ok(textOf(together).includes('micalg="sha-256,sha-512"'), 'both digests are named');
    const { signatures } = await smime.verify({ message: together, trustAnchors: [ca], ...options });
    equal(signatures.map(({ integrity }) => integrity).join(), 'intact,intact,intact');
  },

  async 'a signature says why it is not verified'({ smime, files, options }) {
    const { alice, bob, ca } = await people(smime, files, options);
    const signed = await smime.sign({ message, signers: [alice], ...options });
    const codes = ({ signatures }) => signatures.flatMap(({ problems }) => problems.map(({ code }) => code));
    const verify = (message, more) => smime.verify({ message, trustAnchors: [ca], ...more, ...options });

    const altered = await verify(bytesOf(textOf(signed).replace('f=C3=BCnf', 'neun')));
    equal(altered.status, 'failed');
    equal(altered.signatures[0].integrity, 'altered');
    ok(codes(altered).includes('signature/content-altered'));

    const unknown = await smime.verify({ message: signed, ...options });
    equal(unknown.status, 'unverified');
    equal(unknown.signatures[0].trust, 'unchecked');

    const untrusted = await verify(signed, { trustAnchors: [bob.certificate] });
    equal(untrusted.status, 'unverified');
    ok(codes(untrusted).includes('path/unknown-issuer'));

    const other = await verify(await smime.sign({ message, signers: [bob], ...options }));
    equal(other.status, 'unverified');
    equal(other.signatures[0].author, 'mismatch');
    ok(codes(other).includes('author/mismatch'));

    const future = new Date(Date.now() + 800 * 86_400_000);
    const late = await verify(signed, { now: future });
    equal(late.signatures[0].now, 'invalid');
    ok(codes(late).includes('path/expired'));
    const then = await verify(signed, { now: future, receivedAt: new Date() });
    equal(then.status, 'verified');
    equal(then.signatures[0].then, 'valid');
    equal(then.signatures[0].now, 'invalid');

    equal((await verify(message)).status, 'unsigned');
  },

  async 'encrypt and decrypt, with every cipher and key transport'({ smime, files, options }) {
    const { alice, bob } = await people(smime, files, options);
    const recipients = [alice.certificate, files['bob.der']];
    for (const cipher of ciphers) {
      for (const keyTransport of ['rsaes-pkcs1-v1_5', 'rsaes-oaep']) {
        const sealed = await smime.encrypt({ message, recipients, cipher, keyTransport, ...off, ...options });
        ok(!textOf(sealed).includes('f=C3=BCnf'));
        const { layers } = await smime.inspect({ message: sealed, ...options });
        equal(layers.length, 1);
        equal(layers[0].cipher, cipher);
        equal(layers[0].recipients.length, 2);
        for (const identities of [[bob], [bob, alice], [alice]]) {
          const opened = await smime.decrypt({ message: sealed, identities, ...options });
          same(opened.message, entity);
          equal(opened.cipher, cipher);
          equal(opened.integrity, cipher.endsWith('gcm') ? 'protected' : 'none');
          ok(identities.includes(opened.decryptedWith));
        }
      }
    }
  },

  async 'large content goes through every cipher, and changes to it are noticed'({ smime, files, options }) {
    const { bob } = await people(smime, files, options);
    const large = bytesOf(textOf(message) + 'Noch eine Zeile, damit es mehr wird.\r\n'.repeat(30_000));
    for (const cipher of ciphers) {
      const sealed = await smime.encrypt({
        message: large,
        recipients: [bob.certificate],
        cipher,
        ...off,
        ...options,
      });
      const opened = await smime.decrypt({ message: sealed, identities: [bob], ...options });
      ok(large.length > 1_000_000 && textOf(large).endsWith(textOf(opened.message)), cipher);
      ok(opened.message.length > 1_000_000);
      if (!cipher.endsWith('gcm')) continue;
      const damaged = sealed.slice();
      const middle = sealed.lastIndexOf(10, sealed.length / 2) + 1;
      damaged[middle] = damaged[middle] === 65 ? 66 : 65;
      const error = await failure(smime.decrypt({ message: damaged, identities: [bob], ...options }));
      equal(error.code, 'decrypt/failed');
    }
  },

  async 'what was compressed before it was encrypted is decompressed'({ smime, files, options }) {
    const { bob } = await people(smime, files, options);
    const large = bytesOf(textOf(message) + 'Noch eine Zeile, damit es mehr wird.\r\n'.repeat(30_000));
    const recipients = [bob.certificate];
    const sealed = await smime.encrypt({ message: large, recipients, compress: true, ...off, ...options });
    ok(sealed.length < large.length / 20, `${sealed.length} bytes`);
    const { message: inside } = await smime.decrypt({ message: sealed, identities: [bob], ...options });
    const { layers } = await smime.inspect({ message: inside, ...options });
    equal(layers.map(({ kind }) => kind).join(), 'compressed,plain');
    const opened = await smime.decompress({ message: inside, ...options });
    ok(opened.message.length > 1_000_000 && textOf(large).endsWith(textOf(opened.message)));

    // The platform's own zlib reads the same.
    const base64 = textOf(inside).split('\r\n\r\n')[1].replace(/\s/g, '');
    const der = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const start = der.findIndex((octet, i) => octet === 0x78 && der[i + 1] === 0x9c);
    const inflated = new Blob([der.subarray(start)]).stream().pipeThrough(new DecompressionStream('deflate'));
    same(new Uint8Array(await new Response(inflated).arrayBuffer()), opened.message);

    const error = await failure(smime.decompress({ message: sealed, ...options }));
    equal(error.code, 'decompress/not-compressed');
    const limits = { decompressedBytes: 100_000 };
    const limited = await failure(smime.decompress({ message: inside, limits, ...options }));
    equal(limited.code, 'limit/decompressed-bytes');
    equal(limited.details.allowed, 100_000);
  },

  async 'what can\'t be decrypted says so, and no more'({ smime, files, options }) {
    const { alice, bob } = await people(smime, files, options);
    const decrypt = (message) => failure(smime.decrypt({ message, identities: [bob], ...options }));
    equal((await decrypt(message)).code, 'decrypt/not-encrypted');
    const forAlice = await smime.encrypt({ message, recipients: [alice.certificate], ...options });
    equal((await decrypt(forAlice)).code, 'decrypt/no-recipient');
    const sealed = await smime.encrypt({
      message,
      recipients: [bob.certificate],
      cipher: 'aes-256-gcm',
      ...options,
    });
    // The last line of base64 is the end of the ciphertext and its tag.
    const lines = textOf(sealed).trimEnd().split('\r\n');
    lines[lines.length - 2] = lines[lines.length - 2].replace(/[A-Y]/, 'Z');
    const error = await decrypt(bytesOf(lines.join('\r\n')));
    equal(error.code, 'decrypt/failed');
    equal(Object.keys(error.details).length, 0);
  },

  async 'compose, sign, encrypt, decrypt and verify'({ smime, files, options }) {
    const { alice, bob, ca } = await people(smime, files, options);
    const data = new Blob([new Uint8Array([0, 255, 13, 10])]);
    const composed = await smime.composeMessage({
      from: { name: 'Älice', address: 'alice@example.com' },
      to: [{ address: 'bob@example.com' }],
      subject: 'Käse',
      text: 'Hallo',
      html: '<p>Hallo</p>',
      attachments: [
        { name: 'vier.bin', data },
        { name: 'logo.png', type: 'image/png', data, contentId: 'logo@example.com' },
      ],
      headers: { 'X-Mailer': 'test' },
      now: new Date('2026-01-02T03:04:05Z'),
      ...options,
    });
    const text = textOf(composed);
    ok(/^Date: Fri, 2 Jan 2026 03:04:05 \+0000\r$/m.test(text), text);
    ok(text.includes('X-Mailer: test') && text.includes('vier.bin'));
    ok(text.includes('Content-ID: <logo@example.com>') && text.includes('inline; filename="logo.png"'), text);
    const signed = await smime.sign({ message: composed, signers: [alice], ...options });
    const sealed = await smime.encrypt({ message: signed, recipients: [bob.certificate], ...options });
    const opened = await smime.decrypt({ message: sealed, identities: [bob], ...options });
    const result = await smime.verify({
      message: opened.message,
      trustAnchors: [ca],
      from: 'alice@example.com',
      ...options,
    });
    equal(result.status, 'verified');
    const none = await smime.verify({ message: opened.message, trustAnchors: [ca], ...options });
    equal(none.signatures[0].author, 'unchecked');
  },

  async 'what would not survive transport is encoded before it is signed'({ smime, files, options }) {
    const { alice, ca } = await people(smime, files, options);
    const mail = 'From: alice@example.com\nContent-Type: text/plain; charset=utf-8\n\nFrom Köln, with love \n.\n';
    for (const form of ['detached', 'opaque']) {
      const signed = await smime.sign({ message: bytesOf(mail), signers: [alice], form, ...off, ...options });
      const { status, content } = await smime.verify({ message: signed, trustAnchors: [ca], ...options });
      equal(status, 'verified');
      equal(
        textOf(content),
        'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n' +
          '=46rom K=C3=B6ln, with love=20\r\n=2E\r\n',
      );
    }
  },

  async 'a bare signature is verified with its content'({ smime, files, options }) {
    const { alice, ca } = await people(smime, files, options);
    const signed = textOf(await smime.sign({ message, signers: [alice], ...off, ...options }));
    const base64 = signed.slice(signed.indexOf('name="smime.p7s"')).match(/\r\n\r\n([^-]*)/)[1];
    const signature = Uint8Array.from(atob(base64.replace(/\s/g, '')), (c) => c.charCodeAt(0));
    const result = await smime.verify({
      message: signature,
      content: entity,
      trustAnchors: [ca],
      from: 'alice@example.com',
      ...options,
    });
    equal(result.status, 'verified');
    const error = await failure(smime.verify({ message: signature, ...options }));
    equal(error.code, 'usage/missing-option');
    equal(error.details.option, 'content');
  },

  async 'exportP12 writes what importP12 reads'({ smime, files, options }) {
    const { alice, bob } = await people(smime, files, options);
    for (const profile of [undefined, 'modern', 'pbmac1', 'compatible']) {
      const data = await smime.exportP12({ identity: alice, password: 'grün', profile, ...options });
      const wrong = await failure(smime.importP12({ data, password: 'blau', ...options }));
      equal(wrong.code, 'p12/wrong-password');
      const { identities, problems } = await smime.importP12({ data, password: 'grün', ...options });
      equal(identities.length, 1);
      same(identities[0].certificate.der, alice.certificate.der);
      same(identities[0].chain[0].der, files['ca.der']);
      equal(problems.some(({ code }) => code === 'p12/weak-cipher'), profile === 'compatible');
      const recipients = [bob.certificate, alice.certificate];
      const sealed = await smime.encrypt({ message, recipients, ...off, ...options });
      same((await smime.decrypt({ message: sealed, identities, ...options })).message, entity);
    }
    const error = await failure(
      smime.exportP12({ identity: alice, password: 'x', profile: 'old', ...options }),
    );
    equal(error.details.option, 'profile');
  },

  async 'parseCertificates reads DER and PEM'({ smime, files, options }) {
    for (const name of ['alice.der', 'alice.pem']) {
      const [certificate, ...others] = await smime.parseCertificates({ data: files[name], ...options });
      ok(certificate instanceof smime.Certificate && others.length === 0);
      same(certificate.der, files['alice.der']);
      equal(certificate.subject, 'CN=alice');
      ok(certificate.canSign && certificate.canEncrypt && !certificate.isCa);
    }
    const error = await failure(smime.parseCertificates({ data: bytesOf('hello'), ...options }));
    equal(error.code, 'malformed/certificate');
    const keyFile = await failure(smime.parseCertificates({ data: files['alice.p12'], ...options }));
    equal(keyFile.code, 'p12/key-file');
  },

  async 'certificateDetails tells what a certificate says'({ smime, files, options }) {
    const [alice] = await smime.parseCertificates({ data: files['alice.der'], ...options });
    const [ca] = await smime.parseCertificates({ data: files['ca.der'], ...options });
    for (const certificate of [alice, alice.der]) {
      const details = await smime.certificateDetails({ certificate, ...options });
      equal(details.version, 3);
      equal(details.subject.commonName, 'alice');
      equal(JSON.stringify(details.subject.relativeNames), '[[{"type":"commonName","value":"alice"}]]');
      equal(details.addresses.map(({ address }) => address).join(), alice.addresses.join());
      ok(details.addresses.every(({ source }) => source === 'rfc822Name'));
      equal(details.refusedAddresses.length, 0);
      equal(details.notAfter.getTime(), alice.notAfter.getTime());
      equal(details.fingerprints.sha256, alice.fingerprint);
      equal(details.fingerprints.sha1.length, 40);
      equal(details.publicKey.algorithm, 'rsa');
      ok(details.keyUsages.includes('digitalSignature') && details.serialNumber === alice.serialNumber);
      ok(details.extensions.some(({ name }) => name === 'subjectAltName'));
      equal(details.validation, undefined);
      equal(details.class, undefined);
    }
    const details = await smime.certificateDetails({ certificate: ca, ...options });
    equal(details.basicConstraints.isCa, true);
    const error = await failure(smime.certificateDetails({ certificate: bytesOf('x'), ...options }));
    equal(error.code, 'malformed/certificate');
    const wrong = await failure(smime.certificateDetails({ certificate: 'x', ...options }));
    equal(wrong.code, 'usage/wrong-option');
  },

  async 'certificates that are not good are refused by name'({ smime, files, options }) {
    const { alice, bob } = await people(smime, files, options);
    const now = new Date('2020-01-01');
    const signer = await failure(smime.sign({ message, signers: [alice], now, ...options }));
    equal(signer.code, 'refused/signer');
    equal(signer.details.index, 0);
    const recipients = [bob.certificate, alice.certificate];
    const recipient = await failure(smime.encrypt({ message, recipients, now, ...options }));
    equal(recipient.code, 'refused/recipient');
  },

  async 'a password or a key opens a message, and is not used up'({ smime, files, options }) {
    const password = bytesOf('gülden');
    for (const passwords of [['wrong', 'gülden'], [password], [password]]) {
      const message = files['password.p7m'];
      const opened = await smime.decrypt({ message, passwords, ...options });
      same(opened.message, files['hello.eml']);
      equal(opened.decryptedWith, undefined);
    }
    const [id, key] = [Uint8Array.of(7, 255), Uint8Array.from({ length: 16 }, (_, index) => index)];
    const opened = await smime.decrypt({ message: files['key.p7m'], keys: [{ id, key }], ...options });
    same(opened.message, files['hello.eml']);
    equal(key[15], 15);
    const { layers } = await smime.inspect({ message: files['key.p7m'], ...options });
    equal(layers[0].recipients[0].kind, 'key-encryption-key');
    equal(layers[0].recipients[0].keyIdentifier, '07ff');

    const fails = async (given) => (await failure(smime.decrypt({ ...given, ...options }))).code;
    equal(await fails({ message: files['password.p7m'], passwords: ['wrong'] }), 'decrypt/failed');
    equal(await fails({ message: files['password.p7m'], keys: [{ id, key }] }), 'decrypt/no-recipient');
    equal(await fails({ message: files['key.p7m'], keys: [{ id, key: key.map(() => 1) }] }), 'decrypt/failed');
    equal(await fails({ message: files['key.p7m'], keys: [{ id, key: 'text' }] }), 'usage/wrong-option');
    equal(await fails({ message: files['key.p7m'], keys: [{ id }] }), 'usage/missing-option');
    equal(await fails({ message: files['key.p7m'], passwords: [7] }), 'usage/wrong-option');
    equal(await fails({ message: files['key.p7m'] }), 'usage/missing-option');
    const limits = { kdfIterations: 1000 };
    equal(await fails({ message: files['password.p7m'], passwords: [''], limits }), 'limit/kdf-iterations');
  },

  async 'recipients get what their keys and capabilities ask for'({ smime, files, options }) {
    const { alice, bob, carol } = await people(smime, files, options);
    // SMIMECapabilities with id-RSAES-OAEP, SHA-1 by default.
    const capabilities = Uint8Array.of(48, 13, 48, 11, 6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 7);
    const recipients = [alice.certificate, { certificate: bob.certificate, capabilities }, carol.certificate];
    const encrypted = await smime.encrypt({ message, recipients, ...off, ...options });
    const { layers } = await smime.inspect({ message: encrypted, ...options });
    const algorithms = layers[0].recipients.map(({ algorithm }) => algorithm).sort();
    equal(algorithms.join(), 'dhsinglepass-stddh-sha256kdf-scheme,rsaes-oaep,rsaes-pkcs1-v1_5');
    for (const person of [alice, bob, carol]) {
      const opened = await smime.decrypt({ message: encrypted, identities: [person], ...options });
      same(opened.message, entity);
      equal(opened.decryptedWith, person);
    }
    const wrong = [{ certificate: bob.certificate, capabilities: Uint8Array.of(1) }];
    const error = await failure(smime.encrypt({ message, recipients: wrong, ...options }));
    ok(error.code.startsWith('malformed/'), error.code);
  },

  async 'recipients are added and removed without decrypting'({ smime, files, options }) {
    const { alice, bob, carol } = await people(smime, files, options);
    for (const cipher of ['aes-256-cbc', 'aes-256-gcm']) {
      const large = bytesOf(textOf(message) + `${'x'.repeat(62)}\r\n`.repeat(10_000));
      const encrypted = await smime.encrypt({
        message: large, recipients: [alice.certificate], cipher, ...off, ...options,
      });
      const call = (verb, given) => smime[verb]({ message: encrypted, ...given, ...options });
      const recipients = [bob.certificate, carol.certificate];
      const added = await call('addRecipients', { identities: [alice], recipients });
      for (const person of [alice, bob, carol]) {
        const opened = await smime.decrypt({ message: added, identities: [person], ...options });
        equal(opened.message.length, large.length - (message.length - entity.length));
      }
      // A tag covers all of it; CBC is tried at both ends.
      const altered = encrypted.slice();
      const at = altered.indexOf('A'.charCodeAt(0), altered.length >> 1);
      altered[at] = 'B'.charCodeAt(0);
      const outcome = call('addRecipients', { message: altered, identities: [alice], recipients });
      const code = await outcome.then(() => 'added', (error) => error.code);
      equal(code, cipher === 'aes-256-gcm' ? 'decrypt/failed' : 'added');
      const again = await call('addRecipients', { message: added, identities: [alice], recipients });
      same(again, added);
      const removed = await call('removeRecipients', { message: added, identities: [alice], recipients });
      same(removed, encrypted);
      const codes = [
        call('addRecipients', { identities: [bob], recipients }),
        call('removeRecipients', { identities: [alice], recipients: [alice.certificate] }),
        call('addRecipients', { message, identities: [alice], recipients }),
        call('addRecipients', { identities: [alice], recipients: [] }),
        call('addRecipients', { identities: [alice] }),
        call('removeRecipients', { recipients }),
        call('removeRecipients', { identities: [alice], recipients, force: true }),
      ];
      const failed = await Promise.all(codes.map((promise) => failure(promise)));
      equal(
        failed.map(({ code }) => code).join(),
        'decrypt/no-recipient,refused/last-recipient,decrypt/not-encrypted,usage/wrong-option,' +
          'usage/missing-option,usage/missing-option,usage/unknown-option',
      );
    }
  },

  async 'errors of usage say which method, where it was called, and what would be right'({ smime, files, options }) {
    const { alice, bob } = await people(smime, files, options);
    const pem = files['alice.pem'] ?? files['ca.pem'];
    const encrypt = (recipients) => smime.encrypt({ message, recipients, ...options });
    for (const [call, said] of [
      [() => smime.sign({ mesage: message, ...options }), /^sign: .*"mesage"/],
      [() => smime.sign({ message: Promise.resolve(message), signers: [alice], ...options }), /^sign: .*"message".*awaited first/],
      [() => encrypt([alice]), /^encrypt: .*"recipients".*its `certificate`/],
      [() => encrypt([[bob.certificate]]), /^encrypt: .*"recipients".*not of arrays/],
      [() => encrypt([textOf(pem)]), /^encrypt: .*"recipients".*`parseCertificates`/],
      [() => encrypt([pem]), /^encrypt: .*"recipients".*PEM/],
      [() => smime.replyTo({ opened: Promise.resolve({}), ...options }), /^replyTo: .*"opened".*awaited first/],
      [() => smime.replyTo({ opened: { headers: [], encryption: 'locked' }, ...options }), /^replyTo: .*"opened".*locked/],
    ]) {
      const { code, message, stack } = await failure(call());
      ok(code.startsWith('usage/') && said.test(message), message);
      const [first] = stack.split('\n').filter((line) => /:\d+:\d+/.test(line));
      ok(first.includes('mail.js'), stack);
    }
  },

  async 'people may be given by their addresses alone'({ smime, options }) {
    const [from, to] = ['alice@example.com', ['bob@example.com', { name: 'Carol', address: 'carol@example.com' }]];
    const text = textOf(await smime.composeMessage({ from, to, ...options }));
    ok(/^From: <alice@example\.com>\r$/m.test(text) && /^To: <bob@example\.com>, "Carol" <carol@example\.com>\r$/m.test(text), text);
  },

  async 'values that an option can\'t have are refused by name'({ smime, files, options }) {
    const { alice, bob } = await people(smime, files, options);
    const sign = { message, signers: [alice] };
    const encrypt = { message, recipients: [bob.certificate] };
    const compose = { from: { address: 'alice@example.com' } };
    const wrong = [
      ['sign', { ...sign, form: 'clear' }, 'form'],
      ['sign', { ...sign, digest: 'sha-1' }, 'digest'],
      ['sign', { ...sign, include: true }, 'include'],
      ['sign', { ...sign, signers: alice.certificate }, 'signers'],
      ['sign', { ...sign, signers: [] }, 'signers'],
      ['sign', { ...sign, message: textOf(message) }, 'message'],
      ['encrypt', { ...encrypt, cipher: '3des-cbc' }, 'cipher'],
      ['encrypt', { ...encrypt, keyTransport: 'rsa' }, 'keyTransport'],
      ['encrypt', { ...encrypt, recipients: ['bob@example.com'] }, 'recipients'],
      ['encrypt', { ...encrypt, recipients: bob.certificate }, 'recipients'],
      ['encrypt', { ...encrypt, recipients: [] }, 'recipients'],
      ['encrypt', { ...encrypt, compress: 'yes' }, 'compress'],
      ['decrypt', { message, identities: [bob.certificate] }, 'identities'],
      ['verify', { message, from: 3 }, 'from'],
      ['verify', { message, receivedAt: '2020' }, 'receivedAt'],
      ['verify', { message, trustAnchors: [bob] }, 'trustAnchors'],
      ['composeMessage', { ...compose, to: [7] }, 'to'],
      ['composeMessage', { ...compose, headers: new Map() }, 'headers'],
      ['exportP12', { identity: alice, password: '' }, 'password'],
      ['replyTo', { opened: message }, 'opened'],
      ['composeMessage', { ...compose, text: 3 }, 'text'],
      ['composeMessage', { ...compose, headers: { 'X-A': 3 } }, 'headers'],
      ['composeMessage', { ...compose, attachments: [{ name: 'a', data: 'text' }] }, 'data'],
      ['composeMessage', { ...compose, attachments: [{ name: 'a', data: bytesOf(''), contentId: 'a b' }] }, 'attachments'],
    ];
    for (const [verb, given, option] of wrong) {
      const error = await failure(smime[verb]({ ...given, ...options }));
      equal(`${verb} ${option}: ${error.code}`, `${verb} ${option}: usage/wrong-option`);
      equal(error.details.option, option);
    }
    for (const [verb, given, option] of [
      ['sign', { message }, 'signers'],
      ['sign', { signers: [alice] }, 'message'],
      ['encrypt', { message }, 'recipients'],
      ['decrypt', { message }, 'identities'],
      ['verify', {}, 'message'],
      ['inspect', {}, 'message'],
      ['certificateDetails', {}, 'certificate'],
      ['decompress', {}, 'message'],
      ['composeMessage', {}, 'from'],
    ]) {
      const error = await failure(smime[verb]({ ...given, ...options }));
      equal(`${verb} ${option}: ${error.code}`, `${verb} ${option}: usage/missing-option`);
      equal(error.details.option, option);
    }
  },

  async 'damaged input gives a code, and never a trap'({ smime, files, options }) {
    const { alice, bob } = await people(smime, files, options);
    const signed = await smime.sign({ message, signers: [alice], form: 'opaque', ...options });
    const sealed = await smime.encrypt({ message: signed, recipients: [bob.certificate], ...options });
    const random = crypto.getRandomValues(new Uint8Array(3000));
    const inputs = [new Uint8Array(0), random, Uint8Array.of(0x30, ...random)];
    for (const whole of [signed, sealed, files['alice.p12'], files['alice.der']]) {
      for (let part = 1; part < 8; part += 1) inputs.push(whole.slice(0, (whole.length * part) / 8));
    }
    const { SmimeError } = smime;
    for (const input of inputs) {
      const outcomes = await Promise.allSettled([
        smime.verify({ message: input, ...options }),
        smime.decrypt({ message: input, identities: [bob], ...options }),
        smime.inspect({ message: input, ...options }),
        smime.decompress({ message: input, ...options }),
        smime.parseCertificates({ data: input, ...options }),
        smime.importP12({ data: input, password: 'secret', ...options }),
      ]);
      for (const { status, reason, value } of outcomes) {
        if (status === 'rejected') {
          ok(reason instanceof SmimeError && !reason.code.startsWith('internal/'), reason.code);
        } else if (value.status) {
          ok(value.status !== 'verified', 'a part is never verified');
        }
      }
    }
  },
};

async function people(smime, files, options) {
  const [ca] = await smime.parseCertificates({ data: files['ca.pem'], ...options });
  const [alice, bob, carol, dave] = await Promise.all(
    ['alice', 'bob', 'carol', 'dave'].map(async (name) => {
      const { identities } = await smime.importP12({ data: files[`${name}.p12`], password: 'secret', ...options });
      return identities[0];
    }),
  );
  return { alice, bob, carol, dave, ca };
}
