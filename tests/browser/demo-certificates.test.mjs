// Certificates, settings, backup and the keys of the demo.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';

import {
  button,
  choose,
  click,
  downloadsOf,
  dropFiles,
  fill,
  launchDemo,
  makePetra,
  opensslIn,
  pick,
  pickFirst,
  samples,
  waitFor,
  waitForSigns,
  waitForText,
} from './support/demo-page.mjs';

const { chromium, demo, work, close } = await launchDemo();
const openssl = opensslIn(work);
makePetra(work);
after(close);

const rows = (page) =>
  page.$$eval('>>> certificates-page >>> tbody tr', (all) => all.map((row) => row.querySelector('.name').textContent));

test('the list has everything, own ones in bold, and is filtered by text, whose and state', () =>
  demo(async (page) => {
    await pick(page, 'signed');
    await waitForText(page, 'is now known');
    await button(page, 'Certificates');
    await waitForText(page, 'of 5');
    assert.deepEqual(await rows(page), ['Demo Issuing CA', 'Erika Mustermann', 'Erika Mustermann', 'Max Muster', 'Projekt-Postfach']);
    const weights = await page.$$eval('>>> certificates-page >>> tbody .name', (names) => names.map((one) => getComputedStyle(one).fontWeight));
    assert.deepEqual(weights, ['400', '700', '700', '400', '700']);
    const select = (label, value) => choose(page, `::-p-aria([name="${label}"][role="combobox"])`, value);
    await select('State', 'expired');
    await waitForText(page, '1 of 1');
    await select('State', '');
    await select('Whose', 'others');
    await waitForText(page, '1 of 1');
    assert.deepEqual(await rows(page), ['Max Muster']);
    await select('Whose', 'all');
    await fill(page, 'Name or address', 'PROJEKT');
    await waitForText(page, '1 of 1');
    assert.deepEqual(await rows(page), ['Projekt-Postfach']);
  }));

test('a certificate tells its details, and goes out as a file without its key', () =>
  demo(async (page) => {
    await button(page, 'Certificates');
    await waitForText(page, 'of 4');
    await button(page, 'Look at the certificate of Projekt-Postfach');
    await waitForText(page, 'It is trusted');
    await click(page, 'certificate-details >>> summary');
    await waitForText(page, 'extKeyUsage (2.5.29.37)');
    const download = await downloadsOf(page, { chromium, work });
    await button(page, 'PEM');
    const pem = readFileSync(await download(), 'latin1');
    assert.match(pem, /BEGIN CERTIFICATE/);
    assert.doesNotMatch(pem, /PRIVATE/);
    const second = await downloadsOf(page, { chromium, work });
    await fill(page, 'Password for the file', 'a long password');
    await button(page, 'Save as .p12');
    openssl('pkcs12', '-in', await second(), '-passin', 'pass:a long password', '-nodes', '-out', 'exported.pem');
    assert.match(readFileSync(join(work, 'exported.pem'), 'latin1'), /PRIVATE KEY/);
  }));

test('a gateway’s certificate is assigned to a domain, and only then encrypts for it', () =>
  demo(async (page) => {
    await dropFiles(page, [join(work, 'petra.pem')]);
    await waitForText(page, 'It is not trusted');
    await fill(page, 'Addresses and domains', '@gateway.example');
    await button(page, 'Assign');
    await waitForText(page, '@gateway.example');
    await button(page, 'Close');
    await button(page, 'New mail');
    await waitFor(page, 'recipient-field');
    await page.keyboard.type('anybody@gateway.example,');
    await waitForText(page, 'Everyone can read encrypted mail.');
  }));

test('somebody of their own begins empty, imports a .p12, and signs and reads with it', () =>
  demo(
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
      await button(page, 'New mail');
      await waitForText(page, 'Write a mail');
      await page.keyboard.type('petra@example.org,');
      await waitForText(page, 'Everyone can read encrypted mail.');
      await fill(page, 'Subject', 'To myself');
      await button(page, 'Send');
      await waitForText(page, 'Delivered to Petra Probe.');
      await pickFirst(page);
      await waitForSigns(page, 'badge/verified', 'lock/encrypted');
    },
    { begin: false },
  ));

test('settings hold from then on, for an account by themselves, and locked ones can’t be changed', () =>
  demo(async (page) => {
    const box = (name) => page.waitForSelector(`>>> [data-setting="${name}"] input`);
    const state = async (name) => (await box(name)).evaluate(({ checked, disabled }) => [checked, disabled]);
    await button(page, 'Settings');
    await waitForText(page, 'Set by the administrator');
    assert.deepEqual(await state('encryptOnlySigned'), [true, true]);
    assert.deepEqual(await state('alwaysSign'), [true, false]);
    await choose(page, '::-p-aria([name="Applies to"])', 'projekt@example.com');
    await waitFor(page, '[data-setting="alwaysSign"]');
    await page.waitForSelector('>>> [data-setting="lockAfter"]', { hidden: true });
    await (await box('alwaysSign')).click();
    await waitForText(page, 'Saved.');
    assert.deepEqual(await state('alwaysSign'), [false, false]);
    await choose(page, '::-p-aria([name="Applies to"])', 'everything');
    await waitFor(page, '[data-setting="lockAfter"]');
    assert.deepEqual(await state('alwaysSign'), [true, false]);

    // The archive reads what is encrypted from then on.
    await button(page, '“Mailarchiv” of the samples');
    await waitFor(page, '::-p-aria([name="Take Mailarchiv out of the archive"])');
    await button(page, 'New mail');
    await waitForText(page, 'Write a mail');
    await page.keyboard.type('erika@example.com,');
    await waitForText(page, 'Everyone can read encrypted mail.');
    await fill(page, 'Text', 'For the archive too.');
    await button(page, 'Send');
    await waitForText(page, 'Delivered to Erika Mustermann.');
    await pickFirst(page);
    await waitForSigns(page, 'lock/encrypted');
    const download = await downloadsOf(page, { chromium, work });
    await button(page, 'Save as .eml');
    const saved = await download();
    openssl('pkcs12', '-in', join(samples, 'archiv.p12'), '-passin', 'pass:demo', '-nodes', '-nocerts', '-out', 'archiv.key');
    openssl('cms', '-decrypt', '-in', saved, '-inkey', 'archiv.key', '-recip', join(samples, 'archiv.pem'), '-out', 'archived.txt');
    assert.match(readFileSync(join(work, 'archived.txt'), 'utf8'), /For the archive too\./);
  }));

test('a backup brings keys and certificates back to a browser that has nothing', () =>
  demo(async (page) => {
    await pick(page, 'signed');
    await waitForText(page, 'is now known');
    await button(page, 'Settings');
    await waitForText(page, 'none yet');
    const download = await downloadsOf(page, { chromium, work });
    await fill(page, 'Passphrase of the backup', 'correct horse battery');
    await button(page, 'Back up');
    await waitForText(page, 'Backed up.');
    const file = await download();
    await button(page, 'Delete everything');
    await Promise.all([page.waitForNavigation(), button(page, 'Really delete everything')]);
    await fill(page, 'Your name', 'Erika Mustermann');
    await fill(page, 'Your mail address', 'erika@example.com');
    await button(page, 'Begin empty');
    await waitForText(page, 'No mail.');
    await button(page, 'Settings');
    const input = await page.waitForSelector('>>> data-section >>> input[type="file"]');
    await input.uploadFile(file);
    await fill(page, 'Its passphrase', 'correct horse');
    await button(page, 'Restore');
    await waitForText(page, 'The passphrase is wrong.');
    await (await page.waitForSelector('>>> data-section >>> input[type="file"]')).uploadFile(file);
    await fill(page, 'Its passphrase', 'correct horse battery');
    await button(page, 'Restore');
    await waitForText(page, 'unchanged.');
    await button(page, 'Unlock keys');
    await fill(page, 'Passphrase', 'correct horse battery');
    await page.keyboard.press('Enter');
    await waitFor(page, '::-p-aria([name="Lock keys"])');
    await dropFiles(page, [join(samples, 'gcm.eml')]);
    await waitForSigns(page, 'lock/encrypted');
    await waitForText(page, '0815');
  }));

test('the passphrase is changed, and the old one opens nothing any more', () =>
  demo(async (page) => {
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
    await waitFor(page, '::-p-aria([name="Lock keys"])');
  }));

test('a readable copy is kept where that is chosen, and encrypted mail is found by its text', () =>
  demo(async (page) => {
    await button(page, 'Settings');
    await waitFor(page, '[data-setting="keepCopies"]');
    await choose(page, '::-p-aria([name="Keep mail"])', 'decrypted');
    await waitForText(page, 'Saved.');
    await (await page.waitForSelector('>>> [data-setting="searchText"] input')).click();
    await page.waitForFunction(() => document.querySelector('demo-app').renderRoot.querySelector('settings-page').renderRoot.querySelector('#searchText').checked);
    await page.evaluate(() => (location.hash = ''));
    await pick(page, 'signed-encrypted');
    await waitForSigns(page, 'badge/verified', 'lock/encrypted');
    await fill(page, 'Search', 'diesmal VERTRAULICH');
    await page.waitForFunction(() => document.querySelector('demo-app').renderRoot.querySelector('mail-list').renderRoot.querySelectorAll('li').length === 1);
    await button(page, 'Lock keys');
    await waitForSigns(page, 'lock/locked');
    await button(page, 'Readable copy');
    await waitForText(page, 'diesmal vertraulich');
    // Its signature still holds.
    await waitForSigns(page, 'badge/verified');
  }));
