// Certificates, settings, backup and the keys of the demo.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import {
  button,
  choose,
  click,
  downloadsOf,
  dropFiles,
  fill,
  launchDemo,
  loadingAnew,
  makePetra,
  named,
  opensslIn,
  pick,
  pickFirst,
  samples,
  seeAll,
  type,
  unlock,
  untilSo,
  waitFor,
  waitForSigns,
  waitForText,
  waitUntil,
  waitUntilGone,
  write,
} from './support/demo-page.mjs';

const { demo, work } = launchDemo();
const openssl = opensslIn(work);
makePetra(work);

const rows = (page) =>
  seeAll(page, 'certificates-page >>> tbody .name', (names) => names.map(({ textContent }) => textContent));

const untilRowsAre = (page, ...wanted) => untilSo(async () => isDeepStrictEqual(await rows(page), wanted), wanted.join());

demo('the list has everything, own ones in bold, and is filtered by text, whose and state', async (page) => {
  await pick(page, 'signed');
  await waitForText(page, 'is now known');
  await button(page, 'Certificates');
  await waitForText(page, 'of 5');
  assert.deepEqual(await rows(page), ['Demo Issuing CA', 'Erika Mustermann', 'Erika Mustermann', 'Max Muster', 'Projekt-Postfach']);
  const weights = await seeAll(page, 'certificates-page >>> tbody .name', (names) => names.map((one) => getComputedStyle(one).fontWeight));
  assert.deepEqual(weights, ['400', '700', '700', '400', '700']);
  const select = (label, value) => choose(page, named(label, 'combobox'), value);
  await select('State', 'expired');
  await untilRowsAre(page, 'Erika Mustermann');
  await select('State', '');
  await select('Whose', 'others');
  await untilRowsAre(page, 'Max Muster');
  await select('Whose', 'all');
  await fill(page, 'Name or address', 'PROJEKT');
  await untilRowsAre(page, 'Projekt-Postfach');
});

demo('a certificate tells its details, and goes out as a file without its key', async (page) => {
  await button(page, 'Certificates');
  await waitForText(page, 'of 4');
  await button(page, 'Look at the certificate of Projekt-Postfach');
  await waitForText(page, 'It is trusted');
  await click(page, 'certificate-details >>> summary');
  await waitForText(page, 'extKeyUsage (2.5.29.37)');
  const download = await downloadsOf(page);
  await button(page, 'PEM');
  const pem = readFileSync(await download(), 'latin1');
  assert.match(pem, /BEGIN CERTIFICATE/);
  assert.doesNotMatch(pem, /PRIVATE/);
  const second = await downloadsOf(page);
  await fill(page, 'Password for the file', 'a long password');
  await button(page, 'Save as .p12');
  openssl('pkcs12', '-in', await second(), '-passin', 'pass:a long password', '-nodes', '-out', 'exported.pem');
  assert.match(readFileSync(join(work, 'exported.pem'), 'latin1'), /PRIVATE KEY/);
});

demo('a gateway’s certificate is assigned to a domain, and only then encrypts for it', async (page) => {
  await dropFiles(page, [join(work, 'petra.pem')]);
  await waitForText(page, 'It is not trusted');
  await fill(page, 'Addresses and domains', '@gateway.example');
  await button(page, 'Assign');
  await waitForText(page, '@gateway.example');
  await button(page, 'Close');
  await write(page, { to: 'anybody@gateway.example' });
});

demo(
  'somebody of their own begins empty, imports a .p12, and signs and reads with it',
  async (page) => {
    await fill(page, 'Your name', 'Petra Probe');
    await fill(page, 'Your mail address', 'petra@example.org');
    await button(page, 'Begin empty');
    await waitForText(page, 'No mail.');
    await dropFiles(page, [join(work, 'petra.p12')]);
    await fill(page, 'Password of the file', 'wrong');
    await fill(page, 'Passphrase for this browser', 'correct horse');
    await fill(page, 'Repeat the passphrase', 'correct horse');
    await button(page, 'Import');
    await waitForText(page, 'The password does not open the file.');
    await fill(page, 'Password of the file', 'geheim');
    await button(page, 'Import');
    // Nobody vouches for it, which is said; it is there all the same.
    await waitForText(page, 'is from no authority that is trusted here');
    await click(page, 'import-dialog >>> .primary');
    await dropFiles(page, [join(work, 'ca.pem')]);
    await waitForText(page, 'Certificate of an authority');
    await choose(page, 'certificate-dialog >>> select', 'trusted');
    await waitForText(page, 'Trusted by hand');
    await button(page, 'Close');
    await write(page, { to: 'petra@example.org', subject: 'To myself' });
    await button(page, 'Send');
    await waitForText(page, 'Delivered to Petra Probe.');
    await pickFirst(page);
    await waitForSigns(page, 'badge/verified', 'lock/encrypted');
  },
  { begin: false },
);

demo('settings hold from then on, for an account by themselves, and locked ones can’t be changed', async (page) => {
  const waitForState = (name, isChecked, isDisabled) =>
    waitUntil(
      page,
      `[data-setting="${name}"] input`,
      ([box], checked, disabled) => box?.checked === checked && box.disabled === disabled,
      isChecked,
      isDisabled,
    );
  await button(page, 'Settings');
  await waitForText(page, 'Set by the administrator');
  await waitForState('encryptOnlySigned', true, true);
  await waitForState('alwaysSign', true, false);
  await choose(page, named('Applies to'), 'projekt@example.com');
  await waitFor(page, '[data-setting="alwaysSign"]');
  await waitUntilGone(page, '[data-setting="lockAfter"]');
  await click(page, '[data-setting="alwaysSign"] input');
  await waitForText(page, 'Saved.');
  await waitForState('alwaysSign', false, false);
  await choose(page, named('Applies to'), 'everything');
  await waitFor(page, '[data-setting="lockAfter"]');
  await waitForState('alwaysSign', true, false);

  // The archive reads what is encrypted from then on.
  await button(page, '“Mailarchiv” of the samples');
  await waitFor(page, named('Take Mailarchiv out of the archive'));
  await write(page, { to: 'erika@example.com', text: 'For the archive too.' });
  await waitForText(page, 'Encrypted mail can be read by your company’s archive too: Mailarchiv.');
  await button(page, 'Send');
  await waitForText(page, 'Delivered to Erika Mustermann.');
  await pickFirst(page);
  await waitForSigns(page, 'lock/encrypted');
  const download = await downloadsOf(page);
  await button(page, 'Save as .eml');
  const saved = await download();
  openssl('pkcs12', '-in', join(samples, 'archiv.p12'), '-passin', 'pass:demo', '-nodes', '-nocerts', '-out', 'archiv.key');
  openssl('cms', '-decrypt', '-in', saved, '-inkey', 'archiv.key', '-recip', join(samples, 'archiv.pem'), '-out', 'archived.txt');
  assert.match(readFileSync(join(work, 'archived.txt'), 'utf8'), /For the archive too\./);
});

demo('a backup brings keys and certificates back to a browser that has nothing', async (page) => {
  await pick(page, 'signed');
  await waitForText(page, 'is now known');
  await button(page, 'Settings');
  await waitForText(page, 'none yet');
  const download = await downloadsOf(page);
  await fill(page, 'Passphrase of the backup', 'correct horse battery');
  await button(page, 'Back up');
  await waitForText(page, 'Backed up.');
  const file = await download();
  await button(page, 'Delete everything');
  await loadingAnew(page, () => button(page, 'Really delete everything'));
  await fill(page, 'Your name', 'Erika Mustermann');
  await fill(page, 'Your mail address', 'erika@example.com');
  await button(page, 'Begin empty');
  await waitForText(page, 'No mail.');
  await button(page, 'Settings');
  const chooseBackup = async () => (await waitFor(page, 'data-section >>> input[type="file"]')).uploadFile(file);
  await chooseBackup();
  await fill(page, 'Its passphrase', 'correct horse');
  await button(page, 'Restore');
  await waitForText(page, 'The passphrase is wrong.');
  await chooseBackup();
  await fill(page, 'Its passphrase', 'correct horse battery');
  await button(page, 'Restore');
  await waitForText(page, 'unchanged.');
  await unlock(page, 'correct horse battery');
  await dropFiles(page, [join(samples, 'gcm.eml')]);
  await waitForSigns(page, 'lock/encrypted');
  await waitForText(page, '0815');
});

demo('the passphrase is changed, and the old one opens nothing any more', async (page) => {
  await button(page, 'Settings');
  await fill(page, 'Present passphrase', 'demo');
  await fill(page, 'New passphrase', 'another one');
  await button(page, 'Change');
  await waitForText(page, 'Changed for 3 keys.');
  await button(page, 'Lock keys');
  await button(page, 'Unlock keys');
  await fill(page, 'Passphrase', 'demo');
  await page.keyboard.press('Enter');
  await waitForText(page, 'The passphrase is wrong.');
  await fill(page, 'Passphrase', 'another one');
  await page.keyboard.press('Enter');
  await waitFor(page, named('Lock keys'));
});

demo('a readable copy is kept where that is chosen, and encrypted mail is found by its text', async (page) => {
  await button(page, 'Settings');
  await waitFor(page, '[data-setting="keepCopies"]');
  await choose(page, named('Keep mail'), 'decrypted');
  await waitForText(page, 'Saved.');
  await click(page, '[data-setting="searchText"] input');
  await waitUntil(page, '#searchText', ([box]) => box.checked);
  await page.evaluate(() => (location.hash = ''));
  await pick(page, 'signed-encrypted');
  await waitForSigns(page, 'badge/verified', 'lock/encrypted');
  await fill(page, 'Search', 'diesmal VERTRAULICH');
  await waitUntil(page, 'mail-list >>> li', (rows) => rows.length === 1);
  await button(page, 'Lock keys');
  await waitForSigns(page, 'lock/locked');
  await button(page, 'Readable copy');
  await waitForText(page, 'diesmal vertraulich');
  // Its signature still holds.
  await waitForSigns(page, 'badge/verified');
});
