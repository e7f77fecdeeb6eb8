// Who administers a shared mailbox of the demo: another member takes over, and the others confirm it or don't.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import {
  button,
  fill,
  folder,
  launchDemo,
  named,
  pick,
  samples,
  see,
  unlock,
  waitForSigns,
  waitForText,
  waitUntilGone,
  workAs,
} from './support/demo-page.mjs';

const { demo } = launchDemo();

demo('a member becomes the administrator once the others have compared the fingerprint', async (page) => {
  await workAs(page, 'Max Muster');
  await button(page, 'Settings');
  await waitForText(page, 'Administered by Erika Mustermann');
  await button(page, 'Become the administrator');
  await waitForText(page, 'You administer projekt@example.com now.');
  await waitForText(page, 'Administered by Max Muster');

  await workAs(page, 'Erika Mustermann');
  await button(page, 'Look');
  const fingerprint = await see(page, '.claim code', ({ textContent }) => textContent.replaceAll(' ', ''));
  assert.equal(fingerprint, fingerprintOfMax());
  // Until she says so, nothing changes for her.
  await button(page, 'Not now');
  await waitForText(page, 'Administered by Erika Mustermann');
  await page.reload();
  await unlock(page);
  await button(page, 'Confirm');
  await waitForText(page, 'Max Muster administers projekt@example.com now.');
  await waitForText(page, 'Administered by Max Muster');
  await waitUntilGone(page, named('Remove Max Muster'));
  await folder(page, 'Projekt-Postfach', 'Inbox');
  await pick(page, 'shared');
  await waitForSigns(page, 'badge/verified', 'lock/encrypted');

  // What the new one changes needs no word any more.
  await workAs(page, 'Max Muster');
  await button(page, 'Settings');
  await button(page, 'Remove Erika Mustermann');
  await waitForText(page, 'The passphrase of the samples is');
  await fill(page, 'Passphrase', 'demo');
  await page.keyboard.press('Enter');
  await waitForText(page, 'Changed, and brought to all members.');
  await workAs(page, 'Erika Mustermann');
  await waitForText(page, 'You are no longer a member of projekt@example.com');
});

function fingerprintOfMax() {
  const file = ['-in', join(samples, 'max.p12'), '-passin', 'pass:demo', '-clcerts', '-nokeys'];
  const certificate = execFileSync('openssl', ['pkcs12', ...file]);
  const told = execFileSync('openssl', ['x509', '-noout', '-fingerprint', '-sha256'], { input: certificate, encoding: 'utf8' });
  return told.split('=')[1].replaceAll(':', '').trim();
}
