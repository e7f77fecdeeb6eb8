// Writing with the demo: the exchange between its people, drafts, answers, and who can't read what.

import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';

import {
  attach,
  button,
  checkbox,
  choose,
  click,
  downloadsOf,
  dropFiles,
  fill,
  folder,
  isThere,
  launchDemo,
  makePetra,
  named,
  opensslIn,
  pick,
  pickFirst,
  samples,
  see,
  seeItAs,
  type,
  verdictOf,
  waitFor,
  waitForSigns,
  waitForText,
  waitUntil,
  waitUntilGone,
  workAs,
} from './support/demo-page.mjs';

const { demo, work } = launchDemo();
const openssl = opensslIn(work);
makePetra(work);

const pressed = (page, name) => see(page, `compose-protection >>> ${named(name)}`, (it) => it.getAttribute('aria-pressed'));

const textOf = (page) => see(page, 'compose-view >>> textarea', ({ value }) => value);

demo('the whole exchange: a signed mail is answered encrypted, with a blind copy that nobody else learns of', async (page) => {
  // Max has Erika's certificate from her signed mail.
  await workAs(page, 'Max Muster');
  await pick(page, 'for-max');
  await waitForText(page, 'The certificate of Erika Mustermann is now known');
  await button(page, 'Reply');
  await waitForText(page, 'Everyone can read encrypted mail.');
  assert.equal(await pressed(page, 'Sign'), 'true');
  assert.equal(await pressed(page, 'Encrypt'), 'true');
  assert.match(await textOf(page), /Erika Mustermann .* wrote .*:\n> /);
  await page.keyboard.type('Danke!');
  await button(page, 'Cc and Bcc');
  await type(page, 'Bcc', 'projekt@example.com,');
  await waitForText(page, 'Everyone can read encrypted mail.');
  await checkbox(page, 'Hide the subject');
  await button(page, 'Send');
  await waitForText(page, 'Delivered to Erika Mustermann and Projekt-Postfach.');
  await seeItAs(page, 'Erika Mustermann');
  await pickFirst(page);
  await waitForSigns(page, 'badge/verified', 'lock/encrypted');
  await waitForText(page, 'Danke!');
  await waitForText(page, 'Re: Ab heute mit Signatur');
  await click(page, 'security-details >>> summary');
  await click(page, 'header-fields >>> summary');
  const subject = (body) => see(page, 'dd[data-field="subject"]', body);
  assert.equal(await subject(({ dataset }) => dataset.protection), 'signed-and-encrypted');
  assert.match(await subject(({ textContent }) => textContent), /Outside it says: \[\.\.\.\]/);
  await folder(page, 'Projekt-Postfach', 'Inbox');
  await pickFirst(page);
  await waitForSigns(page, 'badge/verified', 'lock/encrypted');
  await waitForText(page, 'Danke!');
});

demo('mail with a blind copy goes out in two, of which each hides the other, and OpenSSL reads both', async (page) => {
  await pick(page, 'signed');
  await waitForText(page, 'is now known');
  await dropFiles(page, [join(work, 'petra.pem')]);
  await waitForText(page, 'Petra Probe');
  await choose(page, 'certificate-dialog >>> select', 'trusted');
  await waitForText(page, 'Trusted by hand');
  await button(page, 'Close');
  await button(page, 'New mail');
  await type(page, 'To', 'max@example.net,');
  await button(page, 'Cc and Bcc');
  await type(page, 'Bcc', 'petra@example.org,');
  await waitForText(page, 'Everyone can read encrypted mail.');
  await fill(page, 'Subject', 'Gehaltsliste 2026');
  await fill(page, 'Text', 'Vertraulich.');
  await checkbox(page, 'Hide the subject');
  writeFileSync(join(work, 'Anhang äöü.bin'), Uint8Array.from({ length: 50_000 }, (_, i) => (i * 31) % 256));
  await attach(page, join(work, 'Anhang äöü.bin'));
  await waitForText(page, 'Anhang äöü.bin');
  await button(page, 'Send');
  await waitForText(page, 'Delivered to Max Muster. For petra@example.org');
  await seeItAs(page, 'Max Muster');
  await pickFirst(page);
  await waitForSigns(page, 'badge/verified', 'lock/encrypted');
  const download = await downloadsOf(page);
  await button(page, 'Save as .eml');
  const toMax = await download();
  const raw = readFileSync(toMax, 'latin1');
  assert.match(raw, /^Subject: \[\.\.\.\]/m);
  assert.doesNotMatch(raw.split(/\r?\n\r?\n/)[0], /petra|Gehalt/i);
  const max = ['-in', join(samples, 'max.p12'), '-passin', 'pass:demo'];
  openssl('pkcs12', ...max, '-nocerts', '-nodes', '-out', 'max.key');
  openssl('pkcs12', ...max, '-clcerts', '-nokeys', '-out', 'max.pem');
  openssl('cms', '-decrypt', '-in', toMax, '-inkey', 'max.key', '-recip', 'max.pem', '-out', 'inner.eml');
  const roots = ['-CAfile', join(samples, 'demo-root-ca.pem'), '-purpose', 'smimesign'];
  openssl('cms', '-verify', '-in', 'inner.eml', ...roots, '-out', 'content.eml');
  const content = readFileSync(join(work, 'content.eml'), 'utf8');
  assert.match(content, /Gehaltsliste 2026/);
  assert.doesNotMatch(content, /petra/i);
  const attached = readFileSync(join(work, 'Anhang äöü.bin')).toString('base64');
  assert.ok(content.replaceAll(/\s/g, '').includes(attached), 'the attachment is in the mail');

  // The sender's own copy says whom it went to, and opens.
  await workAs(page, 'Erika Mustermann');
  await folder(page, 'Erika Mustermann', 'Sent');
  await pickFirst(page);
  await waitForSigns(page, 'badge/verified', 'lock/encrypted');
  await waitForText(page, 'petra@example.org');
  await waitForText(page, 'Gehaltsliste 2026');
});

demo('recipients without a certificate: the user chooses, and nothing goes out unencrypted by itself', async (page) => {
  const raw = async (name) => {
    await folder(page, name, 'Sent');
    await pickFirst(page);
    await verdictOf(page);
    return verdictOf(page);
  };
  const draft = async () => {
    await button(page, 'New mail');
    await type(page, 'To', 'max@example.net, nobody@example.org,');
    await waitFor(page, 'li.not-ready');
    await fill(page, 'Subject', 'Choices');
    await fill(page, 'Text', 'For some.');
    await button(page, 'Encrypt');
    await button(page, 'Send');
    await waitForText(page, 'It is not possible to encrypt for these recipients:');
  };
  await pick(page, 'signed');
  await waitForText(page, 'is now known');

  await draft();
  await button(page, 'Cancel');
      await button(page, 'Send');
  await button(page, 'Leave these recipients out');
  await waitForText(page, 'Delivered to Max Muster.');
  assert.equal((await raw('Erika Mustermann')).lock, 'lock/encrypted');
  const addressees = await see(page, 'mail-view >>> header dl', ({ textContent }) => textContent);
  assert.doesNotMatch(addressees, /nobody/);

  await draft();
  await button(page, 'Ask for a certificate');
  await waitForText(page, 'Asked for a certificate: nobody@example.org. Your draft waits.');
  assert.equal(await textOf(page), 'For some.');
  await button(page, 'Send');
  await button(page, 'Send unencrypted to everyone');
  await waitForText(page, 'Delivered to Max Muster. For nobody@example.org');
  const sent = await raw('Erika Mustermann');
  assert.deepEqual([sent.badge, sent.lock], ['badge/verified', 'lock/none']);
});

demo('a draft is kept by itself, encrypted, and goes on after a reload', async (page) => {
  await button(page, 'New mail');
  await type(page, 'To', 'max@example.net,');
  await fill(page, 'Subject', 'Half a letter');
  await fill(page, 'Text', 'The code is 4711.');
  await waitForText(page, 'Draft saved, encrypted');
  await page.reload();
  await folder(page, 'Erika Mustermann', 'Drafts');
  await pickFirst(page);
  await waitForSigns(page, 'lock/locked');
  const download = await downloadsOf(page);
  await button(page, 'Save as .eml');
  assert.doesNotMatch(readFileSync(await download(), 'latin1'), /4711/);
  await button(page, 'Unlock');
  await fill(page, 'Passphrase', 'demo');
  await page.keyboard.press('Enter');
  await waitForText(page, 'The code is 4711.');
  await button(page, 'Go on writing');
  await waitForText(page, 'max@example.net');
  await waitUntil(page, 'compose-view >>> textarea', ([text]) => text?.value.includes('4711'));
  assert.equal(await see(page, 'input[name="subject"]', ({ value }) => value), 'Half a letter');
  await button(page, 'Send');
  await waitForText(page, 'Delivered to Max Muster.');
  await folder(page, 'Erika Mustermann', 'Drafts');
  await waitForText(page, 'Nothing here.');
});

demo('the answer to an encrypted mail can only go out encrypted, and a forward takes the files along', async (page) => {
  await pick(page, 'signed-encrypted');
  await waitForSigns(page, 'lock/encrypted');
  await button(page, 'Reply');
  await waitForText(page, 'The draft holds what was encrypted, and can only go out encrypted.');
  assert.equal(await pressed(page, 'Encrypt'), 'true');
  await button(page, 'Discard');
  await waitForText(page, 'Discarded the draft.');
  await pick(page, 'signed-encrypted');
  await verdictOf(page);
  await button(page, 'Forward');
  await waitFor(page, named('Remove Angebot.pdf'));
  assert.match(await textOf(page), /Forwarded mail/);
  // Nobody gets it in the clear, whatever the user picks.
  await type(page, 'To', 'nobody@example.org,');
  await button(page, 'Send');
  await waitForText(page, 'It is not possible to encrypt for these recipients:');
  assert.equal(await isThere(page, named('Send unencrypted to everyone')), false);
  await button(page, 'Cancel');
});

demo('what nobody vouches for is quoted when asked for', async (page) => {
  await pick(page, 'encrypted');
  await waitForSigns(page, 'lock/no-integrity');
  await button(page, 'Reply');
  await waitForText(page, 'Nothing shows that the sender knows the text');
  await button(page, 'Quote all the same');
  await waitUntilGone(page, '#quote-hint');
  assert.match(await textOf(page), /> .*4711/s);
});

demo('a shared mailbox signs and encrypts, and a key among the files stops the mail', async (page) => {
  await folder(page, 'Projekt-Postfach', 'Inbox');
  await pick(page, 'shared');
  await waitForSigns(page, 'lock/encrypted');
  await button(page, 'Reply');
  await waitForText(page, 'Signed with the certificate of Projekt-Postfach');
  await attach(page, join(samples, 'max.p12'));
  await button(page, 'Send');
  await waitForText(page, 'private key');
  await button(page, 'Remove max.p12');
  await button(page, 'Send');
  await waitForText(page, 'Delivered to Max Muster.');
  await seeItAs(page, 'Max Muster');
  await pickFirst(page);
  await waitForSigns(page, 'badge/verified', 'lock/encrypted');
});

demo('25 MB are written and read, with progress, and can be cancelled', async (page) => {
  writeFileSync(join(work, 'large.bin'), Buffer.alloc(25 * 1024 * 1024, 'large'));
  await pick(page, 'signed');
  await waitForText(page, 'is now known');
  await button(page, 'New mail');
  await type(page, 'To', 'max@example.net,');
  await fill(page, 'Subject', 'Large');
  await attach(page, join(work, 'large.bin'));
  await waitForText(page, 'large.bin');
  await button(page, 'Send');
  await waitFor(page, 'progress[max]');
  await button(page, 'Cancel');
  await waitForText(page, 'Cancelled. Your draft is still there.');

  await button(page, 'Send');
  await waitForText(page, 'Delivered to Max Muster.');
  await seeItAs(page, 'Max Muster');
  await pickFirst(page);
  await waitForSigns(page, 'badge/verified', 'lock/encrypted');
  const download = await downloadsOf(page);
  await button(page, 'Save large.bin');
  assert.equal(statSync(await download()).size, 25 * 1024 * 1024);
});
