// Protected header fields, copies for everybody, drafts and classify through the package: see
// behaviour.js for how these run.

import { equal, failure, ok, same } from './check.js';

const bytesOf = (text) => new TextEncoder().encode(text);
const textOf = (bytes) => new TextDecoder().decode(bytes);

const message = bytesOf(
  [
    'From: Alice <alice@example.com>',
    'To: Bob <bob@example.com>',
    'Subject: Tea',
    'Message-ID: <1@example.com>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain',
    '',
    'Until five!',
    '',
  ].join('\r\n'),
);

export const headers = {
  async 'sign covers the header unless told not to'({ smime, files, options }) {
    const { alice, ca } = await people(smime, files, options);
    const content = async (protectHeaders) => {
      const signed = await smime.sign({ message, signers: [alice], protectHeaders, ...options });
      const result = await smime.verify({ message: signed, trustAnchors: [ca], ...options });
      equal(result.status, 'verified');
      return textOf(result.content);
    };
    const fields = 'From: Alice <alice@example.com>\r\nTo: Bob <bob@example.com>\r\nSubject: Tea\r\n';
    for (const protectHeaders of [undefined, 'clear']) {
      const text = await content(protectHeaders);
      ok(text.startsWith(fields) && text.includes('hp="clear"'), text);
    }
    equal(await content('off'), 'Content-Type: text/plain\r\n\r\nUntil five!\r\n');
  },

  async 'encrypt hides the subject when asked to, or when all are known to see it'({ smime, files, options }) {
    const { bob } = await people(smime, files, options);
    const { certificate } = bob;
    const write = async (recipient, more) => {
      const encrypted = await smime.encrypt({ message, recipients: [recipient], ...more, ...options });
      const { message: inside } = await smime.decrypt({ message: encrypted, identities: [bob], ...options });
      const [outside] = textOf(encrypted).split('\r\n\r\n');
      return { outside, inside: textOf(inside) };
    };
    const hides = ({ outside }) => outside.includes('\r\nSubject: [...]\r\n') && !outside.includes('Tea');

    const unknown = await write(certificate);
    ok(!hides(unknown) && unknown.inside.includes('hp="cipher"'), unknown.inside);
    const known = await write({ certificate, protectedHeaders: true });
    ok(hides(known) && !known.inside.includes('hp-legacy-display'), known.inside);
    const asked = await write(certificate, { protectHeaders: 'baseline' });
    ok(hides(asked) && asked.inside.endsWith('\r\n\r\nSubject: Tea\r\n\r\nUntil five!\r\n'), asked.inside);
    const bare = await write(certificate, { protectHeaders: 'baseline', legacyDisplay: false });
    ok(hides(bare) && bare.inside.endsWith('hp="cipher"\r\n\r\nUntil five!\r\n'), bare.inside);
    const shy = await write(certificate, { protectHeaders: 'shy' });
    ok(hides(shy) && !shy.outside.includes('Alice'), shy.outside);
    const confidential = await write(certificate, { confidentialHeaders: ['Message-ID'] });
    ok(!confidential.outside.includes('<1@example.com>'), confidential.outside);
    const off = await write(certificate, { protectHeaders: 'off' });
    ok(!hides(off) && off.inside.startsWith('Content-Type: text/plain\r\n\r\n'), off.inside);
  },

  async 'protectMessage makes one copy for each blind recipient and one to keep'({ smime, files, options }) {
    const { alice, bob, ca } = await people(smime, files, options);
    const [from, to] = [{ address: 'alice@example.com' }, { address: 'bob@example.com' }];
    const recipients = [alice.certificate, bob.certificate];
    const { outgoing, sentCopy } = await smime.protectMessage({
      message,
      to: [to],
      bcc: [from],
      signers: [alice],
      recipients,
      protectHeaders: 'baseline',
      ...options,
    });
    equal(outgoing.map(({ envelope }) => `${envelope.from} > ${envelope.to}`).join(), [
      'alice@example.com > bob@example.com',
      'alice@example.com > alice@example.com',
    ].join());
    const open = async (message, identity) => {
      const decrypted = await smime.decrypt({ message, identities: [identity], ...options });
      const verified = await smime.verify({
        message: decrypted.message,
        trustAnchors: [ca],
        from: 'alice@example.com',
        ...options,
      });
      equal(verified.status, 'verified');
      return textOf(verified.content);
    };
    const content = await open(outgoing[0].message, bob);
    ok(content.includes('Subject: Tea\r\n') && !content.includes('Bcc'), content);
    equal(await open(outgoing[1].message, alice), content);
    ok((await open(sentCopy, alice)).startsWith('Bcc: alice@example.com\r\n'));
    const refused = await failure(smime.decrypt({ message: outgoing[1].message, identities: [bob], ...options }));
    equal(refused.code, 'decrypt/no-recipient');
  },

  async 'protectMessage names who has no certificate, and what must not go in the clear'({ smime, files, options }) {
    const { alice, bob } = await people(smime, files, options);
    const call = (more) => failure(smime.protectMessage({ message, signers: [alice], ...more, ...options }));
    const missing = await call({ recipients: [bob.certificate], cc: [{ address: 'zoe@example.com' }] });
    equal(missing.code, 'refused/no-certificate');
    equal(missing.details.addresses.join(), 'zoe@example.com');
    equal((await call({ mustEncrypt: true })).code, 'refused/must-encrypt');
    equal((await call({ signers: [] })).code, 'usage/missing-option');
    const { outgoing, sentCopy } = await smime.protectMessage({ message, signers: [alice], ...options });
    equal(outgoing.length, 1);
    same(sentCopy, outgoing[0].message);
  },

  async 'replyTo and forward keep confidential what was'({ smime, options }) {
    const protection = 'signed-and-encrypted';
    const opened = {
      status: 'verified',
      encryption: 'unprotected',
      view: { bodies: [{ text: 'Until five!' }] },
      headers: [
        {
          name: 'From',
          value: 'Alice <alice@example.com>',
          addresses: [{ name: 'Alice', address: 'alice@example.com' }],
          inner: 'Alice <alice@example.com>',
          protection: 'signed',
          differs: false,
        },
        { name: 'Subject', value: 'Tea', inner: 'Tea', outer: '[...]', protection, differs: true },
        { name: 'Cc', value: 'mallory@example.com', addresses: [{ address: 'mallory@example.com' }], outer: 'mallory@example.com', protection: 'none', differs: true },
      ],
    };
    const draft = await smime.replyTo({ opened, all: true, own: ['bob@example.com'], ...options });
    equal(draft.to.map(({ name, address }) => `${name} ${address}`).join(), 'Alice alice@example.com');
    equal(draft.cc.length, 0);
    equal(draft.subject, 'Re: Tea');
    equal(draft.text, '> Until five!\r\n');
    equal(draft.mustEncrypt, true);
    equal(draft.protectHeaders, 'baseline');
    const plain = await smime.replyTo({ opened, encrypted: false, ...options });
    equal(`${plain.subject}|${plain.text}|${plain.mustEncrypt}`, 'Re: [...]||false');
    ok(plain.problems.some(({ code }) => code === 'draft/quote-left-out'));
    const changed = await smime.replyTo({ opened: { ...opened, status: 'unsigned' }, ...options });
    equal(changed.text, '');
    const forwarded = await smime.forward({ opened, ...options });
    equal(forwarded.subject, 'Fwd: Tea');
    ok(forwarded.text.endsWith('Subject: Tea\r\n\r\nUntil five!'), forwarded.text);
    equal((await failure(smime.replyTo({ opened: { ...opened, encryption: 'locked' }, ...options }))).code, 'usage/wrong-option');
    equal((await failure(smime.replyTo({ ...options }))).code, 'usage/missing-option');
  },

  async 'what openMessage gives is answered as it is'({ smime, files, options }) {
    const { alice, bob, ca } = await people(smime, files, options);
    const { outgoing } = await smime.protectMessage({
      message: bytesOf(textOf(message).replace('<1@example.com>', '<1 @example.com> <2@example.com>')),
      signers: [alice],
      recipients: [bob.certificate],
      protectHeaders: 'baseline',
      ...options,
    });
    const open = (given, identity) =>
      smime.openMessage({ message: given, identities: [identity], trustAnchors: [ca], ...options });
    const opened = await open(outgoing[0].message, bob);
    equal(opened.status, 'verified');
    const own = 'bob@example.com';
    const draft = await smime.replyTo({ opened, own: [own], attribution: 'Alice wrote:', ...options });
    equal(draft.text, 'Alice wrote:\r\n> Until five!\r\n');
    const { to, cc, subject, headers, text, mustEncrypt, protectHeaders, confidentialHeaders } = draft;
    equal(headers['In-Reply-To'], '<2@example.com>');
    const answer = await smime.composeMessage({ from: { address: own }, to, cc, subject, headers, text, ...options });
    const sent = await smime.protectMessage({
      message: answer,
      signers: [bob],
      recipients: [alice.certificate],
      mustEncrypt,
      protectHeaders,
      confidentialHeaders,
      ...options,
    });
    equal(sent.outgoing[0].envelope.to.join(), 'alice@example.com');
    ok(!textOf(sent.outgoing[0].message).split('\r\n\r\n')[0].includes('Tea'));
    const answered = await open(sent.outgoing[0].message, alice);
    equal(answered.headers.find(({ name }) => name === 'Subject').value, 'Re: Tea');
    const forwarded = await smime.forward({ opened: answered, ...options });
    ok(forwarded.text.includes('> Until five!'), forwarded.text);
  },

  async 'a From is signed only by the author, and its people are read before it is decoded'({ smime, files, options }) {
    const { alice, ca } = await people(smime, files, options);
    const from = async (field, author) => {
      const written = bytesOf(textOf(message).replace('Alice <alice@example.com>', field));
      const signed = await smime.sign({ message: written, signers: [alice], ...options });
      const opened = await smime.openMessage({ message: signed, trustAnchors: [ca], from: author, ...options });
      equal(opened.status, 'verified');
      const { value, addresses, protection } = opened.headers.find(({ name }) => name === 'From');
      const people = addresses.map(({ name, address }) => `${name}|${address}`).join();
      return [value, people, protection, ...opened.problems.map(({ code }) => code)].join(' ');
    };
    equal(
      await from('=?utf-8?q?bob=40example.com=3E=2C?= <alice@example.com>'),
      'bob@example.com>, <alice@example.com> bob@example.com>,|alice@example.com signed',
    );
    equal(
      await from('bob@example.com', 'alice@example.com'),
      'bob@example.com undefined|bob@example.com none header/from-not-author',
    );
  },

  async 'summarize reads the row of a list'({ smime, options }) {
    const header =
      'From: =?utf-8?q?=C3=84nne?= <a@example.com>\r\nTo: b@example.com,\r\n "c, d" <c@example.com>\r\n' +
      'Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\nDate: Sun, 22 Nov 2026 10:00:00 +0100\r\n\r\nText';
    const row = await smime.summarize({ headers: new TextEncoder().encode(header), ...options });
    equal(JSON.stringify(row.from), '[{"name":"Änne","address":"a@example.com"}]');
    equal(row.to.map(({ name, address }) => `${name} ${address}`).join(), 'undefined b@example.com,c, d c@example.com');
    equal(row.cc.length + row.bcc.length, 0);
    equal(row.subject, 'Grüße');
    equal(row.date.toISOString(), '2026-11-22T09:00:00.000Z');
    const bare = await smime.summarize({ headers: new TextEncoder().encode('X: y\r\n\r\n'), ...options });
    equal(`${bare.subject}|${bare.date}`, '|undefined');
    equal((await failure(smime.summarize({ ...options }))).code, 'usage/missing-option');
  },

  async 'classify tells what a list can show'({ smime, files, options }) {
    const { alice, bob } = await people(smime, files, options);
    const kind = async (message) => (await smime.classify({ headers: message, ...options })).kind;
    const encrypt = (cipher) => smime.encrypt({ message, recipients: [bob.certificate], cipher, ...options });
    equal(await kind(message), 'plain');
    equal(await kind(await smime.sign({ message, signers: [alice], ...options })), 'signed');
    equal(await kind(await smime.sign({ message, signers: [alice], form: 'opaque', ...options })), 'opaque-signed');
    equal(await kind(await encrypt('aes-256-cbc')), 'encrypted');
    equal(await kind(await encrypt('aes-256-gcm')), 'encrypted-authenticated');
    const bodyStructure = '("application" "octet-stream" ("name" "smime.p7m") NIL NIL "base64" 1)';
    for (const given of [bodyStructure, bytesOf(bodyStructure)]) {
      const found = await smime.classify({ bodyStructure: given, ...options });
      equal(found.kind, 'unknown');
      ok(found.mayBe.includes('encrypted') && found.fileName === 'smime.p7m');
      equal(found.problems.map(({ code }) => code).join(), 'mime/type-by-file-name');
    }
    equal((await failure(smime.classify({ ...options }))).code, 'usage/missing-option');
    equal((await failure(smime.classify({ bodyStructure: '(', ...options }))).code, 'malformed/mime');
  },
};

async function people(smime, files, options) {
  const identity = async (name) => {
    const { identities } = await smime.importP12({ data: files[name], password: 'secret', ...options });
    return identities[0];
  };
  const [ca] = await smime.parseCertificates({ data: files['ca.pem'], ...options });
  return { alice: await identity('alice.p12'), bob: await identity('bob.p12'), ca };
}
