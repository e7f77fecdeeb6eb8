// Attacks on what is sent, through the package: see behaviour.js for how these run. Attacks on what is
// opened are in tests/cases.

import { equal, failure, ok } from './check.js';

const bytesOf = (text) => new TextEncoder().encode(text);
const textOf = (bytes) => new TextDecoder().decode(bytes);
const codesOf = ({ problems }) => problems.map(({ code }) => code);

const reasonOf = ({ problems }) => problems.find(({ code }) => code === 'draft/quote-left-out')?.details.reason;

/** Octets as text, one character each. */
const latin1 = (bytes) => Array.from(bytes, (octet) => String.fromCharCode(octet)).join('');

const mail = (fields = '') =>
  `From: alice@example.com\r\nTo: bob@example.com\r\n${fields}Subject: plan\r\nMIME-Version: 1.0\r\n` +
  'Content-Type: text/plain\r\n\r\nThe secret.\r\n';

export const attacks = {
  // Attack 26. Carol is blind: each of her copies' readers would see her name or `Bcc`.
  async 'no copy names who gets a blind one, sealed or opened'({ smime, files, options }) {
    const { alice, bob, carol } = await people(smime, files, options);
    const given = [{ address: 'carol@example.com' }];
    const names = (text) => /carol|bcc ?:/i.test(text);
    for (const [fields, bcc] of [
      ['Bcc: carol@example.com\r\n'],
      ['bCC :\r\n\t"Carol, C." <carol@example.com>\r\nBcc: bob@example.com, carol@EXAMPLE.com\r\n'],
      ['Resent-Bcc: carol@example.com\r\nHP-Outer: Bcc: carol@example.com\r\n', given],
    ]) {
      for (const protectHeaders of ['auto', 'baseline', 'shy', 'off']) {
        const { outgoing, sentCopy } = await smime.protectMessage({
          message: bytesOf(mail(fields)),
          bcc,
          signers: [alice],
          recipients: [carol, alice, bob].map(({ certificate }) => certificate),
          protectHeaders,
          ...options,
        });
        equal(outgoing.map(({ envelope }) => envelope.to.join()).join(' '), 'bob@example.com carol@example.com');
        const ids = [];
        const look = async (message, reader, others) => {
          const [layer] = (await smime.inspect({ message, ...options })).layers;
          equal(layer.recipients.length, 1);
          const refused = await failure(smime.decrypt({ message, identities: others, ...options }));
          equal(refused.code, 'decrypt/no-recipient');
          const { message: inside } = await smime.decrypt({ message, identities: [reader], ...options });
          const { headers } = await smime.openMessage({ message, identities: [reader], ...options });
          ids.push(headers.find(({ name }) => name === 'Message-ID').value);
          const body = textOf(message).split('\r\n\r\n')[1].replace(/\s/g, '');
          return [textOf(message), atob(body), latin1(inside)];
        };
        const [open, blind] = outgoing;
        for (const text of await look(open.message, bob, [carol, alice])) ok(!names(text), text);
        for (const text of await look(blind.message, carol, [bob, alice])) ok(!names(text), text);
        await look(sentCopy, alice, [bob, carol]);
        equal(new Set(ids).size, 1);
        const kept = await smime.openMessage({ message: sentCopy, identities: [alice], ...options });
        equal(kept.headers.find(({ name }) => name === 'Bcc').value, 'carol@example.com');
      }
    }
  },

  async 'Bcc where other readers may find it is refused'({ smime, files, options }) {
    const { alice, bob, carol } = await people(smime, files, options);
    const recipients = [alice, bob, carol].map(({ certificate }) => certificate);
    const protect = (message) => smime.protectMessage({ message, signers: [alice], recipients, ...options });
    for (const fields of [
      'X: a\rBcc: carol@example.com\r\n',
      'X: a\0Bcc: carol@example.com\r\n',
      'no field\r\nBcc: carol@example.com\r\n',
      'B cc: carol@example.com\r\n',
    ]) {
      equal((await failure(protect(bytesOf(mail(fields))))).code, 'malformed/mime');
    }
    // The sender's own copy, sent once more.
    const { sentCopy } = await protect(bytesOf(mail('Bcc: carol@example.com\r\n')));
    const { message } = await smime.decrypt({ message: sentCopy, identities: [alice], ...options });
    const again = bytesOf(`From: alice@example.com\r\nTo: bob@example.com\r\n${textOf(message)}`);
    equal((await failure(protect(again))).code, 'usage/wrong-option');
  },

  // Attack 9.
  async 'who sends a ciphertext once more gets no text back'({ smime, files, options }) {
    const { alice, bob, ca } = await people(smime, files, options);
    const recipients = [bob.certificate];
    const message = bytesOf(mail());
    const encrypt = (message, more) => smime.encrypt({ message, recipients, ...more, ...options });
    const sign = (more) => smime.sign({ message, signers: [alice], ...more, ...options });
    const off = { protectHeaders: 'off' };
    const signed = await encrypt(await sign(off));
    const withHeader = await encrypt(await sign());
    const open = (message) =>
      smime.openMessage({ message, identities: [bob], trustAnchors: [ca], ...options });
    const replace = (message, from, to) => open(bytesOf(textOf(message).replace(from, to)));

    for (const sealed of [
      await encrypt(message, off),
      await encrypt(message, { ...off, cipher: 'aes-256-gcm' }),
      await encrypt(message, { cipher: 'aes-256-gcm' }),
      signed,
      withHeader,
    ]) {
      const opened = await replace(sealed, 'From: alice@', 'From: mallory@');
      ok(opened.view.bodies[0].text.includes('The secret.'));
      const draft = await smime.replyTo({ opened, ...options });
      const goesTo = draft.to.map(({ address }) => address).join();
      ok(goesTo !== 'mallory@example.com' || !draft.text.includes('secret'), `${goesTo} ${draft.text}`);
      equal(draft.mustEncrypt, true);
    }
    for (const [sealed, to, text] of [
      [signed, 'mallory@example.com', ''],
      [withHeader, 'alice@example.com', '> The secret.\r\n'],
    ]) {
      const opened = await replace(sealed, 'Subject: ', 'Reply-To: mallory@example.com\r\nSubject: ');
      equal(opened.status, 'verified');
      const draft = await smime.replyTo({ opened, ...options });
      equal(draft.to[0].address, to);
      equal(draft.text, text);
      equal(codesOf(draft).includes('draft/quote-left-out'), text === '');
    }
    // Who writes himself into a header that is not protected: with `quote`, the user knows better.
    const bobs = await encrypt(await smime.sign({
      message: bytesOf(mail().replace('alice@', 'bob@')),
      signers: [bob],
      ...off,
      ...options,
    }));
    for (const [sealed, from, to, all] of [
      [signed, 'Subject: ', 'Cc: mallory@example.com\r\nSubject: ', true],
      [bobs, 'To: bob@', 'To: mallory@', false],
    ]) {
      const opened = await replace(sealed, from, to);
      equal(opened.status, 'verified');
      const answer = { opened, all, own: ['bob@example.com'], ...options };
      const draft = await smime.replyTo(answer);
      equal([...draft.to, ...draft.cc].at(-1).address, 'mallory@example.com');
      equal(draft.text, '');
      equal(reasonOf(draft), 'other-recipients');
      const asked = await smime.replyTo({ ...answer, quote: true });
      equal(asked.text, '> The secret.\r\n');
      equal(asked.mustEncrypt, true);
    }
    // Who writes himself into the From, where that stands outside alone.
    const nameless = bytesOf(mail().replace(/^From.*\r\nTo.*\r\n/, ''));
    const hidden = textOf(await encrypt(nameless, { cipher: 'aes-256-gcm', protectHeaders: 'baseline' }));
    const resent = await open(bytesOf(`From: mallory@example.com\r\nTo: bob@example.com\r\n${hidden}`));
    ok(resent.view.bodies[0].text.includes('The secret.'));
    const toMallory = await smime.replyTo({ opened: resent, ...options });
    ok(!/plan|secret/.test(toMallory.subject + toMallory.text));
    equal(reasonOf(toMallory), 'other-sender');
    // Whoever forwards says to whom.
    const forwarded = await smime.forward({ opened: await open(await encrypt(message, off)), ...options });
    ok(forwarded.text.includes('The secret.') && forwarded.mustEncrypt);

    for (const sealed of [signed, withHeader]) {
      const opened = await open(sealed);
      for (const verb of ['replyTo', 'forward']) {
        const plain = await smime[verb]({ opened, encrypted: false, ...options });
        equal(plain.text, '');
        ok(codesOf(plain).includes('draft/quote-left-out'));
        const asked = await smime[verb]({ opened, encrypted: false, quote: true, ...options });
        ok(asked.text.includes('The secret.') && codesOf(asked).includes('draft/quotes-decrypted'));
        equal((await smime[verb]({ opened, ...options })).mustEncrypt, true);
      }
    }

    // In a mail of somebody else's it is not even opened.
    const part = textOf(await encrypt(message)).replace(/^[^]*?(?=Content-Type)/, '');
    const around =
      'From: mallory@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n' +
      `--b\r\n\r\nWhat is this?\r\n--b\r\n${part}\r\n--b--\r\n`;
    const opened = await open(bytesOf(around));
    const draft = await smime.replyTo({ opened, quote: true, ...options });
    equal(draft.text, '> What is this?\r\n');
  },
};

async function people(smime, files, options) {
  const identity = async (name) => {
    const { identities } = await smime.importP12({ data: files[name], password: 'secret', ...options });
    return identities[0];
  };
  const [ca] = await smime.parseCertificates({ data: files['ca.pem'], ...options });
  const [alice, bob, carol] = await Promise.all(['alice.p12', 'bob.p12', 'carol.p12'].map(identity));
  return { alice, bob, carol, ca };
}
