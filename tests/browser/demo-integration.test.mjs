// What the demo shows to developers: every function of every file is called as the demo calls it, and takes and
// gives what the types of the package say.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { launchDemo } from './support/demo-page.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const app = join(root, 'www/app');
const names = readdirSync(join(app, 'integration'));
const read = (name) => readFileSync(join(app, 'integration', name), 'utf8');

const { demo } = launchDemo();

test('the code for developers calls what there is with what it takes', async (context) => {
  const folder = mkdtempSync(join(root, 'target/typed-'));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'integration'));
  cpSync(join(app, 'blobs.js'), join(folder, 'blobs.js'));
  for (const name of names) {
    // TypeScript takes `= {}` for all that there may be.
    const source = read(name)
      .replaceAll('(mailer,', '(/** @type {Mailer} */ mailer,')
      .replaceAll(' } = {})', ' })');
    writeFileSync(join(folder, 'integration', name), `${typesOf(source)}${source}`);
  }
  const flags = ['--noEmit', '--allowJs', '--checkJs', '--strict', 'false', '--target', 'es2022', '--types', ''];
  const modules = ['--module', 'esnext', '--moduleResolution', 'bundler', '--ignoreConfig'];
  const files = names.map((name) => join('integration', name));
  const tsc = join(root, 'www/node_modules/.bin/tsc');
  await promisify(execFile)(tsc, [...flags, ...modules, ...files], { cwd: folder }).catch(({ stdout }) => assert.fail(stdout));
});

/** The types of the package that are named in a file. */
function typesOf(source) {
  const entries = { Mailer: '/mailer', Account: '/mailer', AddressLike: '/mailer', OpenedMail: '/mailer', Policy: '/mailer', Sync: '/mailer', Certificate: '' };
  return Object.entries(entries)
    .filter(([type]) => new RegExp(`\\{.*\\b${type}\\b`).test(source))
    .map(([type, entry]) => `/** @typedef {import('smime-wasm${entry}').${type}} ${type} */\n`)
    .join('');
}

demo(
  'the code for developers does what its text says, all of it',
  async (page, { served }) => {
    mkdirSync(join(served, 'integration'));
    cpSync(join(app, 'blobs.js'), join(served, 'blobs.js'));
    for (const name of names) {
      // The page has no bundler.
      const source = read(name).replace(/'smime-wasm\/(\w+)'/g, "'/smime-wasm/$1.js'").replaceAll("'smime-wasm'", "'/smime-wasm/index.js'");
      writeFileSync(join(served, 'integration', name), source);
    }
    const found = await page.evaluate(useAll, names);
    assert.deepEqual(found.unused, []);
    assert.deepEqual(found.results, {
      verdict: ['badge/unchecked', 'lock/none'],
      learned: ['max@example.net'],
      ready: [true, true],
      sent: [true, true, ['max@example.net']],
      read: ['badge/verified', 'lock/encrypted', 'Guten Tag'],
      answer: ['Re: Angebot', true, 1],
      asked: ['nobody@example.org'],
      draft: true,
      offered: 'liese@example.org',
      page: 2,
      relayed: 'http://crl.example.com/root.crl',
      revocation: 'unchecked',
      trust: ['trusted', true],
      settings: [false, true],
      ways: [['passphrase', 'device'], ['passphrase']],
      shared: [['Erika', 'Max'], true, 'shared/not-authentic', true],
      removed: 1,
      handedOver: { changed: 1, closed: 0 },
      restored: true,
      synced: [true, 0],
    });
  },
  { begin: false, routes: { '/relay': (request, response) => response.end(new URL(request.url, 'http://relay').searchParams.get('url')) } },
);

/** Runs on the page: two people do everything that the files are for. */
async function useAll(names) {
  const { parseCertificates } = await import('/smime-wasm/index.js');
  const unused = new Set();
  const use = {};
  for (const name of names) {
    for (const [key, value] of Object.entries(await import(`/integration/${name}`))) {
      unused.add(key);
      use[key] = (...args) => (unused.delete(key), value(...args));
    }
  }
  const file = async (name) => new File([await (await fetch(`/samples/${name}`)).blob()], name);
  const roots = await parseCertificates({ data: await file('demo-root-ca.pem') });
  const passphrase = 'demo';
  const place = {
    read: async () => place.kept,
    write: async (data, replaces) => {
      if (place.kept?.version !== replaces) return false;
      place.kept = { data, version: (replaces ?? 0) + 1 };
      return true;
    },
  };
  const start = async (database, address, files, options) => {
    const accounts = [{ address, name: database }, { address: 'projekt@example.com', kind: 'shared' }];
    const mailer = await use.openMailerOf({ database, accounts, ...options }, roots);
    const keys = await Promise.all(files.map(file));
    if (keys.length) await use.importKeys(mailer, { files: keys, password: 'demo', passphrase });
    if (keys.length) await use.unlockKeys(mailer, { passphrase });
    return mailer;
  };
  const sync = use.syncThrough(place);
  const erika = await start('Erika', 'erika@example.com', ['erika.p12', 'projekt.p12'], { sync });
  const max = await start('Max', 'max@example.net', ['max.p12']);
  const own = async (mailer, address) => (await mailer.identities()).find(({ certificate }) => certificate.addresses.includes(address));
  const receivedAt = new Date();
  const results = {};

  // Receiving
  const signed = await file('signed.eml');
  const header = new TextEncoder().encode(`${(await signed.text()).split('\r\n\r\n')[0]}\r\n\r\n`);
  const verdict = await use.firstVerdict(erika, header);
  results.verdict = [verdict.badge, verdict.lock];
  const first = await use.readMail(erika, { source: signed, account: 'erika@example.com', receivedAt });
  results.learned = first.learned.flatMap(({ certificate }) => certificate.addresses);
  await use.readMail(max, { source: await file('for-max.eml'), account: 'max@example.net', receivedAt });
  const unknown = await use.readMail(erika, { source: await file('unknown-issuer.eml'), account: 'erika@example.com', receivedAt });
  const [{ certificate: kept }] = await use.acceptOffer(erika, unknown.offered[0]);
  results.offered = kept.addresses[0];

  // Sending
  const from = { name: 'Erika', address: 'erika@example.com' };
  const draft = {
    ...{ from, to: [{ address: 'max@example.net' }], cc: [], bcc: [], subject: 'Angebot', text: 'Guten Tag' },
    files: [new File(['%PDF'], 'Angebot.pdf', { type: 'application/pdf' })],
  };
  const people = { from: from.address, to: ['max@example.net'], cc: [], bcc: [] };
  const { canSign, canEncrypt } = await use.readinessOf(erika, people);
  results.ready = [canSign, canEncrypt];
  const { outgoing, isSigned, isEncrypted } = await use.protectedMail(erika, draft);
  results.sent = [isSigned, isEncrypted, outgoing.flatMap(({ envelope }) => envelope.to)];
  const message = new Blob([outgoing[0].message]);
  const opened = await use.readMail(max, { source: message, account: 'max@example.net', receivedAt });
  results.read = [opened.badge.code, opened.lock.code, opened.view.bodies[0].text.trim()];
  const reply = await use.answerTo({ kind: 'reply', opened, own: ['max@example.net'], attribution: 'Erika wrote:' });
  results.answer = [reply.subject, reply.mustEncrypt, (await use.filesOf(opened)).length];
  const asked = await use.certificateRequests(erika, { from, to: [{ address: 'nobody@example.org' }], language: 'de' });
  results.asked = asked.flatMap(({ outgoing: sent }) => sent.flatMap(({ envelope }) => envelope.to));
  results.draft = (await use.protectedDraft(erika, draft)).isEncrypted;
  await use.composed(draft);

  // Certificates and settings
  const [{ entry }] = await use.takenIn(erika, { file: await file('archiv.pem') });
  const decided = await use.decideTrust(erika, { id: entry.id, trust: 'trusted', by: 'Erika' });
  const pem = await (await use.exported(erika, { id: entry.id, format: 'pem' })).text();
  results.trust = [decided.decision.trust, pem.startsWith('-----BEGIN CERTIFICATE-----')];
  results.page = (await use.certificatePage(erika, { own: true })).total;
  const answer = { method: 'GET', headers: {}, maxBytes: 100, signal: new AbortController().signal };
  results.relayed = await (await use.askThroughRelay('http://crl.example.com/root.crl', answer)).text();
  // It names nobody to be asked.
  results.revocation = (await use.askNow(erika, { id: entry.id })).asked;
  await use.choose(erika, { account: 'erika@example.com', values: { alwaysSign: false } });
  const always = async (where) => (await use.settingsFor(erika, where)).values.alwaysSign;
  results.settings = [await always({ account: 'erika@example.com' }), await always({})];
  await use.addWay(erika, { kind: 'device', name: 'erika@example.com' });
  const ways = await use.waysOf(erika);
  await use.removeWay(erika, ways.find(({ kind }) => kind === 'device'));
  results.ways = [ways, await use.waysOf(erika)].map((all) => all.map(({ kind }) => kind));

  // Several people
  const account = 'projekt@example.com';
  const [ofErika, ofMax, ofTeam] = [await own(erika, 'erika@example.com'), await own(max, 'max@example.net'), await own(erika, account)];
  const members = [{ name: 'Erika', certificate: ofErika.certificate }, { name: 'Max', certificate: ofMax.certificate }];
  const { data } = await use.shareAccount(erika, { account, administrator: ofErika.id, ids: [ofTeam.id], members });
  const { administrator } = await use.claimOf(max, { data });
  const accepted = await use.acceptShared(max, { data, administrator });
  const { data: taken } = await use.administer(max, { account, administrator: ofMax.id });
  const refused = await use.acceptShared(erika, { data: taken }).catch(({ code }) => code);
  const claim = await use.claimOf(erika, { data: taken });
  const confirmed = await use.acceptShared(erika, { data: taken, administrator: claim.administrator, isNewAdministrator: true });
  const isMax = confirmed.administrator.fingerprint === ofMax.certificate.fingerprint;
  results.shared = [accepted.members.map(({ name }) => name), accepted.isMember, refused, isMax];
  const { data: smaller } = await use.changeMembers(max, { account, remove: ofErika.certificate });
  results.removed = (await use.acceptShared(erika, { data: smaller })).members.length;
  results.handedOver = await use.handOver(max, {
    messages: [{ id: 1, message }],
    successor: entry && (await parseCertificates({ data: await file('archiv.pem') }))[0],
    write: async () => {},
  });

  // Several devices
  const { file: backup } = await use.backedUp(erika, { passphrase: 'correct horse' });
  const other = await start('Erika-2', 'erika@example.com', [], { sync });
  results.restored = (await use.restored(other, { file: backup, passphrase: 'correct horse' })).added > 0;
  const { pushed } = await use.synced(erika, { passphrase: 'correct horse' });
  const third = await start('Erika-3', 'erika@example.com', [], { sync });
  await use.synced(third, { passphrase: 'correct horse' });
  const identities = async (mailer) => (await mailer.identities()).filter(({ isShared }) => !isShared).length;
  results.synced = [pushed, (await identities(third)) - (await identities(other))];
  return { unused: [...unused], results };
}
