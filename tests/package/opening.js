// openMessage through the package: see behaviour.js for how these run. What it makes of messages of every
// kind is in tests/cases.

import { equal, failure, ok, same } from './check.js';

const bytesOf = (text) => new TextEncoder().encode(text);

const attached = Uint8Array.from({ length: 300 }, (_, i) => i & 255);

const html = '<p>Hello <img src="cid:dot@example.com"><img src="https://example.net/pixel.png"></p>';

const message = bytesOf(
  [
    'From: Alice <alice@example.com>',
    'To: Bob <bob@example.com>',
    'Subject: Tea',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=m',
    '',
    '--m',
    'Content-Type: multipart/related; boundary=r',
    '',
    '--r',
    'Content-Type: text/html; charset=utf-8',
    '',
    html,
    '--r',
    'Content-Type: image/gif; name=dot.gif',
    'Content-ID: <dot@example.com>',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'GIF=38',
    '--r--',
    '--m',
    "Content-Type: application/octet-stream; name*=utf-8''gr%C3%BC%C3%9Fe.bin",
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment',
    '',
    btoa(String.fromCharCode(...attached)).replace(/.{76}/g, '$&\r\n'),
    '--m--',
    '',
  ].join('\r\n'),
);

export const opening = {
  async 'openMessage gives layers, summary and view'({ smime, files, options }) {
    const { alice, bob, ca } = await people(smime, files, options);
    const signed = await smime.sign({ message, signers: [alice], ...options });
    const sealed = await smime.encrypt({ message: signed, recipients: [bob.certificate], ...options });
    const opened = await smime.openMessage({
      message: sealed,
      identities: [alice, bob],
      trustAnchors: [ca],
      ...options,
    });
    equal(opened.status, 'verified');
    equal(opened.encryption, 'protected');
    equal(opened.smimeStatus, 'encrypted+signed/verified');
    equal(opened.problems.length, 0);
    equal(opened.error, undefined);

    const [outer, inner, ...others] = opened.layers;
    equal(others.length, 0);
    equal(`${outer.kind} ${outer.integrity} ${outer.cipher}`, 'encrypted none aes-256-cbc');
    ok(outer.decryptedWith === bob, 'the identity itself');
    equal(`${inner.kind} ${inner.form} ${inner.status}`, 'signed detached verified');
    for (const { signatures } of [inner, opened]) {
      equal(signatures.length, 1);
      ok(signatures[0].signer instanceof smime.Certificate);
    }
    equal(opened.signatures[0].author, 'match');
  },

  async 'the view is cut out of the content when it is asked for'({ smime, files, options }) {
    const { alice, bob, ca } = await people(smime, files, options);
    const opaque = await smime.sign({ message, signers: [alice], form: 'opaque', ...options });
    const sealed = await smime.encrypt({
      message: opaque,
      recipients: [bob.certificate],
      cipher: 'aes-256-gcm',
      ...options,
    });
    for (const [given, status] of [
      [message, 'unsigned'],
      [opaque, 'verified'],
      [sealed, 'verified'],
    ]) {
      const opened = await smime.openMessage({ message: given, identities: [bob], trustAnchors: [ca], ...options });
      equal(opened.status, status);
      const { bodies, attachments } = opened.view;
      equal(bodies.length, 1);
      equal(bodies[0].text.trim(), 'Hello');
      equal(bodies[0].isFromHtml, true);
      equal(bodies[0].html.unsafe.trim(), html);
      equal(bodies[0].html.remoteReferences.join(), 'https://example.net/pixel.png');
      const [dot, file] = attachments;
      equal(attachments.length, 2);
      equal(`${dot.name} ${dot.type} ${dot.contentId} ${dot.isInline}`, 'dot.gif image/gif dot@example.com true');
      same(await dot.data(), bytesOf('GIF8'));
      equal(`${file.name} ${file.kind} ${file.isInline}`, 'grüße.bin file false');
      equal(`${dot.size} ${file.size}`, '4 300');
      same(await file.data(), attached);
      same(await file.data(), attached);
    }
  },

  async 'HTML, names and file names are read in every charset'({ smime, files, options }) {
    const words = Object.entries(JSON.parse(new TextDecoder().decode(files['charsets.json'])));
    // tests/mime/charsets.rs says why not these.
    const left = ['utf-32', 'iso-2022-kr', 'hz-gb-2312', 'utf-7'];
    const readable = words.filter(([charset]) => !left.includes(charset));
    ok(readable.length > 40, 'all charsets');
    const { view, headers } = await smime.openMessage({ message: files['charsets.eml'], trustAnchors: [], ...options });
    const copies = headers.find(({ name }) => name === 'Cc').value;
    const htmls = view.bodies.map(({ html }) => html.unsafe);
    for (const [charset, text] of readable) {
      const line = text.replace('\n', ' ');
      ok(htmls.includes(`<p>${line}</p>`), `HTML in ${charset}`);
      ok(copies.includes(`${line} <${charset}@example.net>`), `a name in ${charset}`);
      ok(view.attachments.filter(({ name }) => name === line).length >= 2, `file names in ${charset}`);
    }
  },

  async 'what can not be opened is told with its layer'({ smime, files, options }) {
    const { alice, bob, ca } = await people(smime, files, options);
    const sealed = await smime.encrypt({ message, recipients: [bob.certificate], ...options });
    const around = await smime.sign({ message: sealed, signers: [alice], ...options });
    const opened = await smime.openMessage({ message: around, identities: [alice], trustAnchors: [ca], ...options });
    equal(opened.status, 'unknown');
    equal(opened.encryption, 'locked');
    equal(opened.content, undefined);
    equal(opened.view, undefined);
    equal(opened.layers.map(({ kind }) => kind).join(), 'signed,encrypted');
    equal(opened.layers[0].status, 'verified');
    ok(opened.layers[1].error instanceof smime.SmimeError);
    equal(opened.error.code, 'decrypt/no-recipient');
    equal(opened.error.details.recipients, 1);
    const nobody = await smime.openMessage({ message: sealed, ...options });
    equal(nobody.error.code, 'decrypt/no-recipient');

    const broken = await smime.openMessage({
      message: bytesOf('Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n!\r\n'),
      ...options,
    });
    equal((await failure(broken.view.attachments[0].data())).code, 'malformed/mime');
  },

  async 'base64 is read as the platform reads it, whatever octets are among it'({ smime, options }) {
    const every = Uint8Array.from({ length: 6_144 }, (_, i) => i * 7 + (i >> 8));
    const base64 = btoa(String.fromCharCode(...every));
    const header = 'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n';
    const read = async (body) => {
      const message = Uint8Array.from(header + body, (c) => c.charCodeAt(0));
      const { view } = await smime.openMessage({ message, ...options });
      return view.attachments[0].data();
    };
    for (const width of [4, 15, 16, 60, 64, 76, base64.length]) {
      for (const end of ['\n', '\r\n', ' \t\r\n']) {
        same(await read(base64.replace(new RegExp(`.{${width}}`, 'g'), `$&${end}`)), every);
      }
    }
    for (let octet = 0; octet < 256; octet += 1) {
      const at = 16 + (octet % 16);
      const body = base64.slice(0, at) + String.fromCharCode(octet) + base64.slice(at + 1, 64);
      const [text] = body.replace(/[ \t\r\n]/g, '').split('=');
      const isBase64 = /^[A-Za-z0-9+/]*$/.test(text) && text.length % 4 !== 1;
      if (isBase64) same(await read(body), Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
      else equal((await failure(read(body))).code, 'malformed/mime');
    }
  },

  async 'what was changed or cut is never verified'({ smime, files, options }) {
    const { alice, ca } = await people(smime, files, options);
    const signed = await smime.sign({ message, signers: [alice], ...options });
    const open = (given) => smime.openMessage({ message: given, trustAnchors: [ca], ...options });
    const { content } = await open(signed);
    const start = indexOf(signed, content);
    for (let at = 0; at < content.length; at += 37) {
      const changed = signed.slice();
      changed[start + at] ^= 1 << at % 8;
      equal((await open(changed)).status, 'failed');
    }
    for (let end = 100; end < signed.length - 4; end += 97) {
      const cut = await open(signed.subarray(0, end));
      ok(['failed', 'unsigned', 'unknown'].includes(cut.status), `${cut.status} at ${end}`);
    }
    const half = await open(signed.subarray(0, start + content.length));
    equal(half.status, 'failed');
    equal(half.problems.map(({ code }) => code).join(), 'diagnosis/truncated');
  },

  async 'why a signature broke is told, and lifts no status'({ smime, files, options }) {
    const { alice, ca } = await people(smime, files, options);
    const text = bytesOf('From: Alice <alice@example.com>\r\nContent-Type: text/plain\r\n\r\nTea?\r\n');
    const signed = new TextDecoder().decode(await smime.sign({ message: text, signers: [alice], ...options }));
    const footer = bytesOf(`List-Id: <tea.example.net>\r\n${signed.replace('Tea?\r\n', 'Tea?\r\n--\r\nA list\r\n')}`);
    const verified = await smime.verify({ message: footer, trustAnchors: [ca], ...options });
    const opened = await smime.openMessage({ message: footer, trustAnchors: [ca], ...options });
    for (const { status, problems } of [verified, opened.layers[0]]) {
      equal(status, 'failed');
      equal(problems.map(({ code }) => code).join(), 'diagnosis/footer,diagnosis/mailing-list');
      equal(problems[1].details.list, '<tea.example.net>');
    }
    equal(opened.status, 'failed');
  },

  async 'openMessage refuses what it does not know'({ smime, options }) {
    const unknown = await failure(smime.openMessage({ message, recipients: [], ...options }));
    equal(`${unknown.code} ${unknown.details.option}`, 'usage/unknown-option recipients');
    const missing = await failure(smime.openMessage({ identities: [], ...options }));
    equal(`${missing.code} ${missing.details.option}`, 'usage/missing-option message');
    const large = await failure(smime.openMessage({ message, limits: { inputBytes: 100 }, ...options }));
    equal(large.code, 'limit/input-bytes');
  },
};

/** Where the octets begin in the others. */
function indexOf(octets, part) {
  for (let at = 0; at + part.length <= octets.length; at++) {
    if (part.every((octet, i) => octets[at + i] === octet)) return at;
  }
  return -1;
}

async function people(smime, files, options) {
  const [ca] = await smime.parseCertificates({ data: files['ca.pem'], ...options });
  const [alice, bob] = await Promise.all(
    ['alice', 'bob'].map(async (name) => {
      const { identities } = await smime.importP12({ data: files[`${name}.p12`], password: 'secret', ...options });
      return identities[0];
    }),
  );
  return { alice, bob, ca };
}
