// Nothing is lost: the browser is killed in the middle of writing, again and again, and what it said was
// written is there.
//
// SMIME_SEED repeats a run; SMIME_TEST_ALL kills 200 times.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

import { launchMailer, run } from './support/mailer-page.mjs';

const KILLS = process.env.SMIME_TEST_ALL ? 200 : 12;
const FILES = 24;

const script = `
for i in $(seq 1 ${FILES}); do
  openssl req -new -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 30 -subj /CN=$i \\
    -addext subjectAltName=email:user$i@example.com -keyout $i.key -out $i.pem 2>/dev/null
  openssl x509 -in $i.pem -outform DER -out $i.der
  openssl pkcs12 -export -inkey $i.key -in $i.pem -passout pass:secret -iter 1 -out $i.p12
done
`;

const folder = await mkdtemp(join(tmpdir(), 'smime-wasm-'));
await promisify(execFile)('sh', ['-ec', script], { cwd: folder });
const { chromium, close } = await launchMailer({ folders: { '/users/': folder + '/' } });
after(async () => {
  await close();
  await rm(folder, { recursive: true });
});

test(`nothing is lost when the browser is killed ${KILLS} times`, async (context) => {
  const seed = Number(process.env.SMIME_SEED ?? Date.now() % 1_000_000);
  context.diagnostic(`SMIME_SEED=${seed}`);
  const random = randomNumbers(seed);
  /** What the browser said was written. */
  const said = { certificates: new Set(), identities: new Set(), settings: new Set(), passphrase: 0, upgraded: new Set() };
  const kinds = {};
  for (let kill = 0; kill < KILLS; kill++) {
    const page = await chromium.browser.newPage();
    await page.goto(chromium.origin);
    let doing = 'nothing';
    await page.exposeFunction('begin', (what) => {
      doing = what;
    });
    await page.exposeFunction('written', (kind, what) => {
      if (said[kind] instanceof Set) said[kind].add(what);
      else said[kind] = what;
    });
    // Never settled where the browser goes in the middle of it.
    const writing = run(page, write, { kill, files: FILES, passphrase: said.passphrase }).catch((error) => {
      if (!/closed|detached|Session/i.test(String(error))) throw error;
    });
    await Promise.race([writing, setTimeout(200 + random() * 3_000)]);
    kinds[doing] = (kinds[doing] ?? 0) + 1;
    await chromium.kill();
    await writing;
    await check(said, kill);
  }
  context.diagnostic(`killed while: ${JSON.stringify(kinds)}; written: ${JSON.stringify(counts(said))}`);
  assert.ok(Object.keys(kinds).length > 1, 'the kills came at different moments');
  assert.ok(said.certificates.size > 5 && said.identities.size > 1, JSON.stringify(counts(said)));
});

/** On a page: writes in every way there is until the browser is gone. */
async function write({ openMailer, openStore, restoreVersion1 }, { kill, files, passphrase }) {
  const fetched = async (name) => new Uint8Array(await (await fetch(`/users/${name}`)).arrayBuffer());
  const { parseCertificates } = await import('/smime-wasm/index.js');
  const passphrases = (number) => `passphrase ${number}`;

  const upgrade = async () => {
    await window.begin('upgrade');
    const database = `old ${kill}`;
    await restoreVersion1(database);
    await window.written('upgraded', database);
    (await openMailer({ accounts: [], trustAnchors: [], database })).close();
  };
  await upgrade();

  const mailer = await openMailer({ accounts: [], trustAnchors: [] });
  const store = await openStore();
  const next = { p12: kill, der: kill };
  const importOne = async () => {
    await window.begin('import');
    const numbers = [1 + (next.p12++ % files), 1 + (next.p12++ % files)];
    const list = await Promise.all(numbers.map(async (number) => ({ data: await fetched(`${number}.p12`) })));
    const seal = { passphrase: 'imported' };
    const results = await mailer.importP12({ files: list, password: 'secret', seal });
    for (const { identities } of results) {
      for (const { id } of identities) await window.written('identities', id);
    }
  };
  const choose = async () => {
    await window.begin('settings');
    await mailer.unlock({ passphrase: 'imported' });
    for (let i = 0; i < 3; i++) {
      const contact = `user${kill}-${Math.floor(performance.now() * 1_000)}@example.com`;
      await mailer.changeSettings({ contact, values: { encryptTo: 'all' } });
      await window.written('settings', contact);
    }
  };
  const addSome = async () => {
    await window.begin('harvest');
    for (let i = 0; i < 5; i++) {
      const [certificate] = await parseCertificates({ data: await fetched(`${1 + (next.der++ % files)}.der`) });
      const [{ id }] = await store.addCertificates({ certificates: [certificate], origin: 'mail' });
      await window.written('certificates', id);
    }
  };
  const changePassphrase = async () => {
    await window.begin('passphrase');
    const changing = 'changing';
    const other = await openStore({ database: changing });
    let [identity] = await other.identities();
    if (!identity) {
      const { importP12 } = await import('/smime-wasm/index.js');
      const { identities } = await importP12({ data: await fetched('1.p12'), password: 'secret' });
      identity = await other.addIdentity({ identity: identities[0], passphrase: passphrases(0) });
    }
    const { id } = identity;
    // The last answer may have been lost with the browser.
    let current = passphrase;
    for (let tries = 0; ; tries++) {
      try {
        await other.unlock({ id, passphrase: passphrases(current) });
        break;
      } catch (error) {
        if (tries > 3) throw error;
        current++;
      }
    }
    const changed = { id, passphrase: passphrases(current), newPassphrase: passphrases(current + 1) };
    await other.changePassphrase(changed);
    passphrase = current + 1;
    await window.written('passphrase', passphrase);
    other.close();
  };
  // Side by side, as mails that arrive while somebody imports.
  const jobs = [() => Promise.all([importOne(), addSome()]), choose, changePassphrase];
  for (let job = kill; ; job++) await jobs[job % jobs.length]();
}

/** On a new page after a kill: the store opens, and all that was said is there. */
async function check(said, kill) {
  const page = await chromium.browser.newPage();
  await page.goto(chromium.origin);
  const found = await run(page, async ({ openMailer, openStore }, { upgraded, passphrase, settings }) => {
    const mailer = await openMailer({ accounts: [], trustAnchors: [] });
    const store = await openStore();
    const ids = (list) => list.map(({ id }) => id);
    const found = {
      certificates: ids(await store.certificates()),
      identities: ids(await store.identities()),
      problems: (await mailer.storage()).problems.map(({ code }) => code),
      old: {},
    };
    found.unlocked = found.identities.length > 0 ? (await mailer.unlock({ passphrase: 'imported' })).unlocked : [];
    found.settings = [];
    for (const contact of settings) {
      const { values, problems } = await mailer.settings({ contact });
      if (values.encryptTo === 'all' && problems.length === 0) found.settings.push(contact);
    }
    for (const database of upgraded) {
      const old = await openStore({ database });
      found.old[database] = [(await old.identities()).length, (await old.certificates()).length];
      old.close();
    }
    const other = await openStore({ database: 'changing' });
    const [identity] = await other.identities();
    for (let more = 0; identity && found.passphrase === undefined && more < 4; more++) {
      const attempt = { id: identity.id, passphrase: `passphrase ${passphrase + more}` };
      await other.unlock(attempt).then(() => (found.passphrase = passphrase + more), () => {});
    }
    found.isOpen = !identity || found.passphrase !== undefined;
    return found;
  }, { upgraded: [...said.upgraded].slice(-1), passphrase: said.passphrase, settings: [...said.settings] });
  await page.close();
  const lost = (kind) => [...said[kind]].filter((id) => !found[kind].includes(id));
  assert.deepEqual(lost('certificates'), [], `certificates lost by kill ${kill}`);
  assert.deepEqual(lost('identities'), [], `identities lost by kill ${kill}`);
  assert.deepEqual(lost('settings'), [], `settings lost by kill ${kill}`);
  assert.deepEqual(found.unlocked.sort(), found.identities.sort(), `every key opens after kill ${kill}`);
  assert.ok(!found.problems.includes('store/unreadable-record'), `a record was damaged by kill ${kill}`);
  for (const [database, counts] of Object.entries(found.old)) {
    assert.deepEqual(counts, [1, 1], `${database} lost rows in its upgrade`);
  }
  assert.ok(found.isOpen, `the passphrase after kill ${kill} is neither the old nor the new one`);
}

const counts = (said) =>
  Object.fromEntries(Object.entries(said).map(([kind, what]) => [kind, what instanceof Set ? what.size : what]));

/** Numbers from 0 to 1 (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
