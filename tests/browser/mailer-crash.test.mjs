// Nothing is lost: the browser is killed in the middle of writing, again and again, and right after it said
// that something was written, and all that it said is there. After half of the kills there is half a record
// more, as a kill leaves it now and then.
//
// SMIME_SEED repeats a run; SMIME_TEST_ALL kills 200 times.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

import { launchMailer, run } from './support/mailer-page.mjs';

const KILLS = process.env.SMIME_TEST_ALL ? 200 : 12;
const FILES = 24;

/** What is written when the browser is killed, in turn: once before it says that it was, once after. */
const PHASES = ['upgrade', 'import', 'harvest', 'settings', 'passphrase', 'together'];

const script = `
for i in $(seq 1 ${FILES}); do
  openssl req -new -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 30 -subj /CN=$i \\
    -addext subjectAltName=email:user$i@example.com -keyout $i.key -out $i.pem 2>/dev/null
  openssl pkcs12 -export -inkey $i.key -in $i.pem -passout pass:secret -iter 1 -out $i.p12
  printf 'Content-Type: text/plain\\r\\n\\r\\nHello\\r\\n' > $i.txt
  openssl cms -sign -in $i.txt -signer $i.pem -inkey $i.key -md sha256 -from user$i@example.com \\
    -to alice@example.com -subject tea -out $i.eml
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
  const halves = randomNumbers(~seed);
  /** What the browser said was written. */
  const said = { certificates: new Set(), identities: new Set(), settings: new Set(), passphrase: 0, upgraded: new Set() };
  const kills = Object.fromEntries(PHASES.map((phase) => [phase, { before: 0, after: 0 }]));
  /** How long each takes, in milliseconds, as far as was seen. */
  const durations = {};
  for (let kill = 0; kill < KILLS; kill++) {
    const phase = PHASES[kill % PHASES.length];
    const isAfter = kill % (2 * PHASES.length) >= PHASES.length;
    const page = await chromium.browser.newPage();
    await page.goto(chromium.origin);
    const { writing, reached } = await write(page, said, { phase, kill });
    let [share, isWritten] = [1, false];
    for (let round = 1; ; round++) {
      await reached('begin', round);
      const start = performance.now();
      const wait = isAfter ? 60_000 : random() * share * (durations[phase] ?? 300);
      const written = reached('end', round).then(() => true);
      written.catch(() => {});
      isWritten = await Promise.race([written, setTimeout(wait, false, { ref: false })]);
      // The shortest, lest the first one, which loads the module, makes all others too long.
      if (isWritten) durations[phase] = Math.min(durations[phase] ?? Infinity, performance.now() - start);
      share /= 2;
      if (isWritten === isAfter) break;
    }
    if (isAfter) await setTimeout(random() * 20);
    kills[phase][isWritten ? 'after' : 'before'] += 1;
    const half = [0, 0, 67, 30_000][Math.floor(halves() * 4)];
    await chromium.kill((profile) => half && writeHalf(profile, half));
    await writing;
    await check(said, `the kill number ${kill}, ${isWritten ? 'after' : 'before'} ${phase} was done`);
  }
  await chromium.kill();
  await check(said, 'all kills', { ofAll: true });
  context.diagnostic(`kills: ${JSON.stringify(kills)}; written: ${JSON.stringify(counts(said))}`);
  for (const [phase, { before, after }] of Object.entries(kills)) {
    assert.ok(before > 0 && after > 0, `${phase}: ${before} kills before it was said to be done, ${after} after`);
  }
});

test('half a record that a kill left takes nothing else with it', async (context) => {
  const contacts = [];
  const work = async (contact) => {
    const page = await chromium.browser.newPage();
    await page.goto(chromium.origin);
    const found = await run(page, changeOnce, { contact, contacts });
    assert.deepEqual(found, { identities: 1, unlocked: 1, contacts }, `before ${contact}`);
    contacts.push(contact);
  };
  await work('first@example.com');
  let isLevelDb;
  // What comes next makes it one whole record that is wrong: all is deleted at the start after the next.
  await chromium.kill(async (profile) => (isLevelDb = await writeHalf(profile, 67)));
  if (!isLevelDb) return context.skip('this Chromium keeps its databases elsewhere');
  await work('second@example.com');
  // What comes next does not fill it: all of that is taken for the rest of it, and gone without a word.
  await chromium.kill((profile) => writeHalf(profile, 30_000));
  await work('third@example.com');
  await chromium.kill();
  await work('fourth@example.com');
});

/** On a page: what is there, and then one more. */
async function changeOnce({ openMailer }, { contact, contacts }) {
  const mailer = await openMailer({ accounts: [], trustAnchors: [], database: 'halves' });
  const seal = { passphrase: 'imported' };
  if (contacts.length === 0) {
    const data = new Uint8Array(await (await fetch('/users/1.p12')).arrayBuffer());
    await mailer.importP12({ files: [{ data }], password: 'secret', seal });
  }
  const identities = (await mailer.identities()).length;
  const { unlocked } = identities > 0 ? await mailer.unlock(seal) : { unlocked: [] };
  const there = [];
  for (const one of contacts) {
    if ((await mailer.settings({ contact: one })).values.encryptTo === 'all') there.push(one);
  }
  if (identities > 0) await mailer.changeSettings({ contact, values: { encryptTo: 'all' } });
  return { identities, unlocked: unlocked.length, contacts: there };
}

/**
 * Appends the header of a record (checksum, length, "whole") to LevelDB's logs, without the record: what was there
 * most often after 14 of 150 kills of Chromium 156 while it wrote without a pause. Tells whether there is a log.
 */
async function writeHalf(profile, length) {
  const folder = join(profile, 'Default/IndexedDB');
  const logs = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.log'));
  const header = Buffer.from([0x5a, 0x17, 0xc3, 0x99, length & 0xff, length >> 8, 1]);
  for (const log of logs) await appendFile(join(folder, log), header);
  return logs.length > 0;
}

/** Lets a page write, time and again, until the browser is gone; tells when it begins and when it says so. */
async function write(page, said, { phase, kill }) {
  const rounds = { begin: 0, end: 0 };
  const heard = new EventEmitter();
  const hear = (event) => {
    rounds[event] += 1;
    heard.emit(event);
  };
  await page.exposeFunction('begin', () => hear('begin'));
  await page.exposeFunction('end', () => hear('end'));
  await page.exposeFunction('written', (kind, what) => {
    if (said[kind] instanceof Set) said[kind].add(what);
    else said[kind] = what;
  });
  // Never settled where the browser goes in the middle of it.
  const writing = run(page, writeInPage, { phase, kill, files: FILES, passphrase: said.passphrase }).catch((error) => {
    if (!/closed|detached|Session/i.test(String(error))) throw error;
  });
  const gone = writing.then(() => {
    throw new Error('the page is gone');
  });
  gone.catch(() => {});
  const reached = async (event, round) => {
    while (rounds[event] < round) await Promise.race([once(heard, event), gone]);
  };
  return { writing, reached };
}

/** On a page. */
async function writeInPage({ openMailer, restoreVersion1 }, { phase, kill, files, passphrase }) {
  const fetched = async (name) => new Uint8Array(await (await fetch(`/users/${name}`)).arrayBuffer());
  const options = { accounts: [], trustAnchors: [], policy: { harvest: { value: 'always' } } };
  const seal = { passphrase: 'imported' };
  const mailer = await openMailer(options);
  let number = kill;
  const nextNumber = () => 1 + (number++ % files);
  const p12 = async (count) =>
    Promise.all(Array.from({ length: count }, async () => ({ data: await fetched(`${nextNumber()}.p12`) })));

  /** What each does once all is ready for it. */
  const phases = {
    upgrade: async () => {
      const database = `old ${kill} ${performance.now()}`;
      await restoreVersion1(database);
      await window.written('upgraded', database);
      return async () => (await openMailer({ ...options, database })).close();
    },
    import: async () => {
      const list = await p12(2);
      return async () => {
        const results = await mailer.importP12({ files: list, password: 'secret', seal });
        for (const { identities } of results) {
          for (const { id } of identities) await window.written('identities', id);
        }
      };
    },
    harvest: async () => {
      const message = await fetched(`${nextNumber()}.eml`);
      return async () => {
        for (const { id } of (await mailer.open({ message })).learned) await window.written('certificates', id);
      };
    },
    settings: async () => {
      if ((await mailer.identities()).length === 0) await mailer.importP12({ files: await p12(1), password: 'secret', seal });
      if ((await mailer.lockState()).isLocked) await mailer.unlock(seal);
      const contact = `user${kill}-${Math.floor(performance.now() * 1_000)}@example.com`;
      return async () => {
        await mailer.changeSettings({ contact, values: { encryptTo: 'all' } });
        await window.written('settings', contact);
      };
    },
    passphrase: async () => {
      other ??= await openMailer({ ...options, database: 'changing' });
      const passphrases = (number) => `passphrase ${number}`;
      if ((await other.identities()).length === 0) {
        await other.importP12({ files: await p12(3), password: 'secret', seal: { passphrase: passphrases(0) } });
      }
      // The last answer may have been lost with the browser.
      const opens = () => other.unlock({ passphrase: passphrases(passphrase) }).then(() => true, () => false);
      for (let more = 0; more < 2 && !(await opens()); more++) passphrase++;
      return async () => {
        await other.changePassphrase({ passphrase: passphrases(passphrase), newPassphrase: passphrases(passphrase + 1) });
        await window.written('passphrase', ++passphrase);
      };
    },
    // As mails that arrive while somebody imports.
    together: async () => {
      const all = [await phases.import(), await phases.harvest(), await phases.harvest()];
      return () => Promise.all(all.map((work) => work()));
    },
  };
  let other;
  for (;;) {
    const work = await phases[phase]();
    await window.begin();
    await work();
    await window.end();
  }
}

/** On a new page after a kill: the store opens, and all that was said is there. */
async function check(said, when, { ofAll = false } = {}) {
  const page = await chromium.browser.newPage();
  await page.goto(chromium.origin);
  const some = (set) => [...set].slice(ofAll ? 0 : -20);
  const given = { upgraded: some(said.upgraded), passphrase: said.passphrase, settings: some(said.settings) };
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
      const old = await openMailer({ accounts: [], trustAnchors: [], database });
      found.old[database] = [(await old.identities()).length, (await old.certificates()).total];
      old.close();
    }
    const other = await openMailer({ accounts: [], trustAnchors: [], database: 'changing' });
    found.changing = (await other.identities()).length;
    found.changed = 0;
    // The one that was said, or the next one if the answer was lost: for all or for none.
    for (let more = 0; found.changed === 0 && more < 2; more++) {
      const attempt = { passphrase: `passphrase ${passphrase + more}` };
      found.changed = await other.unlock(attempt).then(({ unlocked }) => unlocked.length, () => 0);
    }
    return found;
  }, given);
  await page.close();
  const missing = (all, there) => [...all].filter((one) => !there.includes(one));
  const lost = {
    certificates: missing(said.certificates, found.certificates),
    identities: missing(said.identities, found.identities),
    settings: missing(given.settings, found.settings),
  };
  const there = JSON.stringify([found.certificates.length, found.identities.length, found.problems]);
  assert.deepEqual(lost, { certificates: [], identities: [], settings: [] }, `lost by ${when}; there are ${there}`);
  assert.deepEqual(found.unlocked.sort(), found.identities.sort(), `every key opens after ${when}`);
  assert.ok(!found.problems.includes('store/unreadable-record'), `a record was damaged by ${when}`);
  for (const [database, counts] of Object.entries(found.old)) {
    assert.deepEqual(counts, [1, 2], `${database} lost rows by ${when}`);
  }
  assert.equal(found.changed, found.changing, `the passphrase is neither the old nor the new one for all after ${when}`);
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
