// The mailbox of the demo: the first start, folders, the list, and reading.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import {
  button,
  downloadsOf,
  dropFiles,
  fill,
  folder,
  launchDemo,
  makePetra,
  opensslIn,
  pick,
  pickFirst,
  samples,
  verdictOf,
  waitFor,
  waitForSigns,
  waitForText,
  workAs,
} from './support/demo-page.mjs';

const { chromium, demo, work, close } = await launchDemo();
const openssl = opensslIn(work);
makePetra(work);
after(close);

const index = JSON.parse(readFileSync(join(samples, 'index.json'), 'utf8'));

test('every sample shows the verdict it was made for, in its list too, and German is a click away', () =>
  demo(async (page) => {
    const look = async (account) => {
      for (const { id, expect } of index.filter((one) => one.account === account)) {
        await pick(page, id);
        assert.deepEqual(await verdictOf(page), expect, id);
        if (!['badge/unsigned', 'badge/unknown'].includes(expect.badge)) {
          await waitFor(page, `[data-sample="${id}"] [role="img"][aria-label="${labels[expect.badge]}"]`);
        }
      }
    };
    const labels = {
      'badge/verified': 'Signed and verified',
      'badge/not-verified': 'Signed, not verified',
      'badge/altered': 'Altered',
    };
    await look('erika@example.com');
    await folder(page, 'Projekt-Postfach', 'Inbox');
    await look('projekt@example.com');
    await workAs(page, 'Max Muster');
    await look('max@example.net');
    // The shared mailbox is the other member's too.
    await folder(page, 'Projekt-Postfach', 'Inbox');
    await look('projekt@example.com');
    await workAs(page, 'Erika Mustermann');
    await pick(page, 'altered');
    await page.locator('>>> security-details >>> summary').click();
    await waitForText(page, 'The content was changed after it was signed.');
    await button(page, 'Deutsch');
    await waitForText(page, 'Der Inhalt wurde nach dem Signieren verändert.');
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  }));

test('signed mail teaches a certificate once, and the yellow bar offers one that nobody vouches for', () =>
  demo(async (page) => {
    await pick(page, 'signed');
    await waitForText(page, 'The certificate of Max Muster is now known');
    await pick(page, 'opaque');
    await verdictOf(page);
    assert.equal(await page.$('>>> ::-p-text(is now known)'), null);
    await pick(page, 'unknown-issuer');
    await waitForText(page, 'New certificate of liese@example.org');
    await button(page, 'Keep it');
    await waitForText(page, 'Kept the certificate of Liese Müller.');
    await page.waitForFunction(() => !document.querySelector('demo-app').renderRoot.querySelector('mail-view').renderRoot.querySelector('mail-notices').renderRoot.querySelector('.offer'));
    assert.equal((await verdictOf(page)).badge, 'badge/not-verified');
  }));

test('a signature counts once its authority is trusted, and no longer when that is taken back', () =>
  demo(async (page) => {
    await pick(page, 'unknown-issuer');
    await waitForSigns(page, 'badge/not-verified');
    await button(page, 'Take in “Other Root CA”');
    await waitForText(page, 'Certificate of an authority');
    const decide = (value) => page.locator('>>> certificate-dialog >>> select').fill(value);
    await decide('trusted');
    await waitForText(page, 'Trusted by hand: Erika Mustermann');
    await button(page, 'Close');
    await waitForSigns(page, 'badge/verified');
    await page.reload();
    await waitForSigns(page, 'badge/verified');
    await button(page, 'Take in “Other Root CA”');
    await waitForText(page, 'Certificate of an authority');
    await decide('automatic');
    await waitForText(page, 'The passphrase of the samples is');
    await fill(page, 'Passphrase', 'demo');
    await button(page, 'Unlock');
    await waitForText(page, 'It is not trusted');
    await button(page, 'Close');
    await waitForSigns(page, 'badge/not-verified');
  }));

test('locking takes the text of an encrypted mail off the page, and unlocking brings it back', () =>
  demo(async (page) => {
    await pick(page, 'encrypted');
    await waitForText(page, '4711');
    await button(page, 'Lock keys');
    await waitForText(page, 'The keys are locked.');
    await waitForSigns(page, 'lock/locked');
    assert.equal(await page.$('>>> ::-p-text(4711)'), null);
    await button(page, 'Unlock');
    await fill(page, 'Passphrase', 'demi');
    await page.keyboard.press('Enter');
    await waitForText(page, 'The passphrase is wrong.');
    await fill(page, 'Passphrase', 'demo');
    await page.keyboard.press('Enter');
    await waitForText(page, '4711');
    await page.reload();
    await waitForSigns(page, 'lock/locked');
  }));

test('the keyboard goes through the list, opens, deletes, and what was deleted comes back', () =>
  demo(async (page) => {
    const shown = () => page.$eval('>>> #subject', (heading) => heading.textContent);
    const subjects = () => page.$$eval('>>> mail-list >>> .subject', (all) => all.map(({ textContent }) => textContent));
    await pickFirst(page);
    await verdictOf(page);
    const before = await subjects();
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(
      (subject) => document.querySelector('demo-app').renderRoot.querySelector('mail-view').renderRoot.querySelector('#subject').textContent === subject,
      {},
      before[2],
    );
    await page.keyboard.press('k');
    await page.keyboard.press('Delete');
    await waitForText(page, 'Moved to the trash.');
    await page.waitForFunction(
      (count) => document.querySelector('demo-app').renderRoot.querySelector('mail-list').renderRoot.querySelectorAll('li').length === count,
      {},
      before.length - 1,
    );
    assert.equal(await shown(), before[2]);
    await folder(page, 'Erika Mustermann', 'Trash');
    assert.deepEqual(await subjects(), [before[1]]);
    await button(page, 'Undo');
    await folder(page, 'Erika Mustermann', 'Inbox');
    await page.waitForFunction(
      (count) => document.querySelector('demo-app').renderRoot.querySelector('mail-list').renderRoot.querySelectorAll('li').length === count,
      {},
      before.length,
    );
    assert.deepEqual(await subjects(), before);
  }));

test('unread mail is counted, and marked again, in all tabs', () =>
  demo(async (page) => {
    const inbox = '>>> nav[aria-label="Folders of Erika Mustermann"] [data-folder="inbox"]';
    // A tab in the background draws nothing, so it is asked and not watched.
    const until = async (tab, wanted) => {
      for (let i = 0; i < 100; i += 1) {
        const text = await tab.$eval(inbox, (button) => button.textContent).catch(() => '');
        if (text.replaceAll(/\s+/g, ' ').trim() === wanted) return;
        await setTimeout(100);
      }
      assert.fail(`not ${wanted}`);
    };
    const other = await page.browserContext().newPage();
    await other.goto(chromium.origin);
    await until(other, 'Inbox 14 unread');
    await page.bringToFront();
    await pick(page, 'plain');
    await until(page, 'Inbox 13 unread');
    await until(other, 'Inbox 13 unread');
    await button(page, 'Mark as unread');
    await until(page, 'Inbox 14 unread');
    await until(other, 'Inbox 14 unread');
    await other.close();
  }));

test('mail comes in by a dropped file and goes out as one, byte for byte', () =>
  demo(async (page) => {
    writeFileSync(join(work, 'secret.txt'), 'Content-Type: text/plain\r\n\r\nDropped here.\r\n');
    openssl('cms', '-sign', '-in', 'secret.txt', '-signer', 'petra.pem', '-inkey', 'petra.key', '-from', 'petra@example.org', '-to', 'erika@example.com', '-subject', 'Dropped', '-out', 'dropped.eml');
    await dropFiles(page, [join(work, 'dropped.eml')]);
    await waitForText(page, 'Dropped here.');
    await waitForSigns(page, 'badge/not-verified');
    const download = await downloadsOf(page, { chromium, work });
    await button(page, 'Save as .eml');
    const saved = await download();
    assert.match(saved, /Dropped\.eml$/);
    assert.deepEqual(readFileSync(saved), readFileSync(join(work, 'dropped.eml')));
  }));

test('an attachment is saved, and an attached mail is opened as one of its own', () =>
  demo(async (page) => {
    const attached = readFileSync(join(samples, 'signed.eml'), 'latin1');
    const head = 'From: petra@example.org\r\nSubject: Around it\r\nMIME-Version: 1.0\r\n';
    const text = '--around\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n';
    const mail = `--around\r\nContent-Type: message/rfc822; name=inner.eml\r\n\r\n${attached}\r\n--around--\r\n`;
    const type = 'Content-Type: multipart/mixed; boundary=around\r\n\r\n';
    writeFileSync(join(work, 'around.eml'), `${head}${type}${text}${mail}`, 'latin1');
    await dropFiles(page, [join(work, 'around.eml')]);
    await waitForSigns(page, 'badge/unsigned');
    await button(page, 'Open inner.eml as a mail');
    await waitForSigns(page, 'badge/verified');
    const download = await downloadsOf(page, { chromium, work });
    await button(page, 'Save Angebot.pdf');
    assert.match(readFileSync(await download(), 'latin1'), /^%PDF/);
  }));

