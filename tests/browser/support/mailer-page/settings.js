// What each setting changes, as somebody sees it who sends and receives.

import { decrypt, importP12, inspect } from '/smime-wasm/index.js';

import { code, codes, file, passphrase } from './tab.js';
import { mail, mailBy, text, to } from './sending.js';

/**
 * By setting: another value than the one that holds, and what is seen of it at an account.
 *
 * @param {object} mailer  one that knows bob twice, whose archive is one certificate, which asks issuers
 *   that don't answer, hides subjects, and takes no certificates by itself
 */
export function effects(mailer) {
  const protect = async (address, options) => {
    const message = await mail({ from: { address }, to: to('bob@example.com'), subject: 'secret plan' });
    return mailer.protect({ message, ...options });
  };
  const encrypted = async (address) => (await protect(address)).outgoing[0].message;
  const layer = async (address) => (await inspect({ message: await encrypted(address) })).layers[0];
  const inside = async (address) => {
    const { identities } = await importP12({ data: await file('bob.p12'), password: 'secret' });
    return text((await decrypt({ message: await encrypted(address), identities })).message);
  };
  const isProtected = (kind) => async (address) => {
    const { isSigned, isEncrypted } = await protect(address, { kind });
    return isSigned && isEncrypted;
  };
  const open = async (account, message) => mailer.open({ account, message: await message });
  const badge = async (account, message) => {
    const { badge } = await open(account, message);
    return [badge.code, ...codes(badge.reasons)];
  };
  const fromErin = () => mailBy('erin', 'erin@example.com');
  return {
    alwaysSign: [false, async (address) => (await protect(address, { encrypt: false })).isSigned],
    encrypt: ['on-request', async (address) => (await protect(address)).isEncrypted],
    encryptOnlySigned: [false, (address) => code(protect(address, { sign: false, encrypt: true }))],
    protectInvitations: [true, isProtected('invitation')],
    protectBulk: [true, isProtected('bulk')],
    protectAutomatic: [true, isProtected('automatic')],
    encryptTo: ['all', async (address) => (await layer(address)).recipients.length],
    profile: ['compatible', async (address) => (await layer(address)).cipher],
    protectHeaders: ['off', async (address) => /^Subject: secret plan/m.test(text(await encrypted(address)))],
    legacyDisplay: [false, async (address) => (await inside(address)).match(/secret plan/g).length],
    onlineValidation: [false, async (address) => (await open(address, fromErin())).validation?.revocation ?? 'not asked'],
    trustWithoutAnswer: [false, (address) => badge(address, fromErin())],
    trustNew: [false, (address) => badge(address, fromErin())],
    trustNewOfKnown: [false, (address) => badge(address, mailBy('bob-newer', 'bob@example.com'))],
    harvest: ['never', async (address) => (await open(address, fromErin())).offered.length],
    keepCopies: ['decrypted', async (address) => (await protect(address)).archiveCopy !== undefined],
    searchText: [true, async (address) => (await open(address, file('encrypted.eml'))).searchText !== undefined],
    archiveRecipients: [[], async (address) => (await layer(address)).recipients.length],
    archiveOnOpening: [true, async (address) => (await open(address, file('gcm.eml'))).readdressed !== undefined],
    lockAfter: [120_000, () => minutesUnlocked(mailer)],
    remindDays: [[60], () => stagesOfReminders(mailer, 50)],
  };
}

async function minutesUnlocked(mailer) {
  await mailer.lock();
  await mailer.unlock({ passphrase });
  const { expires } = await mailer.lockState();
  return Math.round((expires - Date.now()) / 60_000);
}

async function stagesOfReminders(mailer, days) {
  const [{ certificate }] = await mailer.identities();
  const reminders = await mailer.reminders({ now: new Date(certificate.notAfter - days * 86_400_000) });
  return reminders.map(({ stage }) => stage).join();
}
