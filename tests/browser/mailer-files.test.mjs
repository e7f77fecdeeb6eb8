// Key files as other programs write them, in Chromium: those of Windows and macOS made by OpenSSL with their
// algorithms and attributes, those of others from the collection of vectors.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';

import { rows } from '../interop/tables.mjs';
import { launchMailer, run } from './support/mailer-page.mjs';

const vectors = process.env.SMIME_VECTORS;
const { chromium, identities, close } = await launchMailer({ folders: vectors && { '/vectors/': vectors + '/' } });
after(close);

const sha1 = '-legacy -keypbe PBE-SHA1-3DES -macalg sha1';
const aes256 = '-keypbe aes-256-cbc -certpbe aes-256-cbc -macalg sha256';
const microsoft = '-iter 2000 -LMK -CSP "Microsoft Enhanced Cryptographic Provider v1.0" -keyex';

/** What each program writes, as `openssl pkcs12 -info` shows it of an export, and what of that is weak. */
const programs = {
  // The export wizard up to Windows 8.1.
  'windows-old': { options: `${sha1} -certpbe PBE-SHA1-RC2-40 ${microsoft}`, weak: 2 },
  // Later ones: “TripleDES-SHA1”, which is still what it proposes, and “AES256-SHA256”.
  'windows-3des': { options: `${sha1} -certpbe PBE-SHA1-3DES ${microsoft}`, weak: 1 },
  'windows-aes': { options: `${aes256} ${microsoft}`, weak: 0 },
  // Keychain Access: one iteration for the MAC.
  macos: { options: `${sha1} -certpbe PBE-SHA1-RC2-40 -iter 2048 -nomaciter -name "Alice’s key"`, weak: 2 },
};

/** Not ASCII, and not in the first 256 of Unicode. */
const password = 'Größe 9 €';

before(() => {
  for (const [name, { options }] of Object.entries(programs)) {
    const files = `-inkey alice.key -in alice.pem -certfile ca.pem -out ${name}.p12`;
    const command = `openssl pkcs12 -export ${files} ${options} -passout env:PASSWORD`;
    execFileSync('sh', ['-ec', command], { cwd: identities.folder, env: { ...process.env, PASSWORD: password } });
  }
});

test('K1: what Windows, old and new, and macOS export is imported and signs', () =>
  chromium.page(async (page) => {
    const found = await run(page, async ({ aliceMailer, file, code, codes, passphrase }, names, password) => {
      const { composeMessage } = await import('/smime-wasm/index.js');
      const [from, to] = ['alice@example.com', 'bob@example.com'].map((address) => ({ address }));
      const mail = { from, to: [to], subject: 'plan', text: 'hello' };
      const found = {};
      for (const name of names) {
        const mailer = await aliceMailer({ database: name });
        const files = [{ data: await file(`${name}.p12`) }];
        const seal = { passphrase };
        const [{ error }] = await mailer.importP12({ files, password: 'Groesse 9', seal });
        const [imported] = await mailer.importP12({ files, password, seal });
        await mailer.unlock({ passphrase });
        const { isSigned } = await mailer.protect({ message: await composeMessage(mail), encrypt: false });
        found[name] = [
          error?.code,
          imported.identities.map(({ addresses, problems }) => [...addresses, ...codes(problems)].join()),
          imported.certificates.map(({ certificate }) => certificate.subject),
          codes(imported.problems).filter((code) => code.startsWith('p12/')),
          isSigned,
        ];
      }
      return found;
    }, Object.keys(programs), password);
    for (const [name, { weak }] of Object.entries(programs)) {
      const said = Array(weak).fill('p12/weak-cipher');
      const expected = ['p12/wrong-password', ['alice@example.com'], ['CN=Example CA,O=Example'], said, true];
      assert.deepEqual(found[name], expected, name);
    }
  }));

test('K1: every key file of other programs', { skip: !vectors && 'SMIME_VECTORS is not set' }, () =>
  chromium.page(async (page) => {
    const cases = (await rows('cases.tsv'))
      .filter(([, verb]) => verb === 'importP12')
      .map(([id, , given, expected]) => ({ name: id, password: /password=(.*)/.exec(given)?.[1] ?? '', expected }));
    const { files, stored } = await run(page, async ({ aliceMailer, codes, passphrase }, cases) => {
      const mailer = await aliceMailer();
      const files = await Promise.all(cases.map(async ({ name, password }) => {
        const data = await (await fetch(`/vectors/${name}`)).blob();
        return { name, data, password };
      }));
      const results = await mailer.importP12({ files, seal: { passphrase } });
      const own = new Set((await mailer.identities()).map(({ id }) => id));
      const { unlocked } = await mailer.unlock({ passphrase });
      return {
        files: results.map(({ name, identities, certificates, problems, error }) => ({
          name,
          identities: String(identities.length),
          certificates: String(certificates.length),
          problems: codes(problems).join(),
          error: error?.code,
          isStored: identities.every(({ id }) => own.has(id) && unlocked.includes(id)),
        })),
        stored: own.size,
      };
    }, cases);
    const wrong = files.flatMap((found, at) => {
      const { name, expected } = cases[at];
      const broken = expected.split('; ').filter((condition) => !holds(condition, found));
      return found.name === name && found.isStored && broken.length === 0 ? [] : [[name, broken, found]];
    });
    assert.deepEqual(wrong, []);
    assert.ok(files.length > 60 && stored > 20, `${files.length} files, ${stored} identities`);
  }));

/** Whether a condition of cases.tsv holds. */
function holds(condition, found) {
  const [, name, operator, text] = /^(identities|certificates|problems|error)(=|!=|~)(.*)$/.exec(condition);
  const value = found[name];
  const is = text === 'any' ? value !== undefined : value === text;
  return { '=': is, '!=': !is, '~': value?.split(',').includes(text) }[operator];
}
