// The mailbox of the demo: the first start, folders, the list, and reading.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  button,
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
  openTab,
  opensslIn,
  pick,
  pickFirst,
  samples,
  see,
  subjects,
  untilSo,
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

const index = JSON.parse(readFileSync(join(samples, 'index.json'), 'utf8'));

demo('every sample shows the verdict it was made for, in its list too, and German is a click away', async (page) => {
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
  await click(page, 'security-details >>> summary');
  await waitForText(page, 'The content was changed after it was signed.');
  await button(page, 'Deutsch');
  await waitForText(page, 'Der Inhalt wurde nach dem Signieren verändert.');
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
});

demo('signed mail teaches a certificate once, and the yellow bar offers one that nobody vouches for', async (page) => {
  await pick(page, 'signed');
  await waitForText(page, 'The certificate of Max Muster is now known');
  await pick(page, 'opaque');
  await verdictOf(page);
  assert.equal(await isThere(page, '::-p-text(is now known)'), false);
  await pick(page, 'unknown-issuer');
  await waitForText(page, 'New certificate of liese@example.org');
  await button(page, 'Keep it');
  await waitForText(page, 'Kept the certificate of Liese Müller.');
  await waitUntilGone(page, 'mail-notices >>> .offer');
  assert.equal((await verdictOf(page)).badge, 'badge/not-verified');
});

demo('a signature counts once its authority is trusted, and no longer when that is taken back', async (page) => {
  await pick(page, 'unknown-issuer');
  await waitForSigns(page, 'badge/not-verified');
  await button(page, 'Take in “Other Root CA”');
  await waitForText(page, 'Certificate of an authority');
  const decide = (value) => choose(page, 'certificate-dialog >>> select', value);
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
});

demo('locking takes the text of an encrypted mail off the page, and unlocking brings it back', async (page) => {
  await pick(page, 'encrypted');
  await waitForText(page, '4711');
  await button(page, 'Lock keys');
  await waitForText(page, 'The keys are locked.');
  await waitForSigns(page, 'lock/locked');
  assert.equal(await isThere(page, '::-p-text(4711)'), false);
  await button(page, 'Unlock');
  await fill(page, 'Passphrase', 'demi');
  await page.keyboard.press('Enter');
  await waitForText(page, 'The passphrase is wrong.');
  await fill(page, 'Passphrase', 'demo');
  await page.keyboard.press('Enter');
  await waitForText(page, '4711');
  await page.reload();
  await waitForSigns(page, 'lock/locked');
});

demo('the keyboard goes through the list, opens, deletes, and what was deleted comes back', async (page) => {
  const waitForSubject = (subject) => waitUntil(page, '#subject', ([heading], wanted) => heading?.textContent === wanted, subject);
  const waitForRows = (count) => waitUntil(page, 'mail-list >>> li', (rows, wanted) => rows.length === wanted, count);
  await pickFirst(page);
  await verdictOf(page);
  const before = await subjects(page);
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await waitForSubject(before[2]);
  await page.keyboard.press('k');
  await page.keyboard.press('Delete');
  await waitForText(page, 'Moved to the trash.');
  await waitForRows(before.length - 1);
  await waitForSubject(before[2]);
  await button(page, 'Undo');
  await waitForRows(before.length);
  assert.deepEqual(await subjects(page), before);
  await click(page, 'mail-list >>> li:nth-child(2) button');
  await waitForSubject(before[1]);
  await page.keyboard.press('Delete');
  await waitForRows(before.length - 1);
  await folder(page, 'Erika Mustermann', 'Trash');
  assert.deepEqual(await subjects(page), [before[1]]);
});

demo('unread mail is counted, and marked again, in all tabs', async (page, { origin }) => {
  const inbox = 'nav[aria-label="Folders of Erika Mustermann"] [data-folder="inbox"]';
  const until = (tab, wanted) =>
    waitUntil(tab, inbox, ([one], text) => one?.textContent.replaceAll(/\s+/g, ' ').trim() === text, wanted);
  const other = await openTab(page, origin);
  await until(other, 'Inbox 14 unread');
  await page.bringToFront();
  await pick(page, 'plain');
  await until(page, 'Inbox 13 unread');
  await until(other, 'Inbox 13 unread');
  await button(page, 'Mark as unread');
  await until(page, 'Inbox 14 unread');
  await until(other, 'Inbox 14 unread');
  await other.close();
});

demo('mail comes in by a dropped file and goes out as one, byte for byte', async (page) => {
  writeFileSync(join(work, 'secret.txt'), 'Content-Type: text/plain\r\n\r\nDropped here.\r\n');
  openssl('cms', '-sign', '-in', 'secret.txt', '-signer', 'petra.pem', '-inkey', 'petra.key', '-from', 'petra@example.org', '-to', 'erika@example.com', '-subject', 'Dropped', '-out', 'dropped.eml');
  await dropFiles(page, [join(work, 'dropped.eml')]);
  await waitForText(page, 'Dropped here.');
  await waitForSigns(page, 'badge/not-verified');
  const download = await downloadsOf(page);
  await button(page, 'Save as .eml');
  const saved = await download();
  assert.match(saved, /Dropped\.eml$/);
  assert.deepEqual(readFileSync(saved), readFileSync(join(work, 'dropped.eml')));
});

demo('an attachment is saved, and an attached mail is opened as one of its own', async (page) => {
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
  const download = await downloadsOf(page);
  await button(page, 'Save Angebot.pdf');
  assert.match(readFileSync(await download(), 'latin1'), /^%PDF/);
});

demo('HTML is shown without scripts, forms and anything from elsewhere, with the pictures the mail brings', async (page) => {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const source = [
    '<p style="color: #123456">Newsletter</p><img src="cid:dot%40example" alt="dot" onerror="alert(1)">',
    '<img src="https://elsewhere.example/beacon.gif" alt="beacon">',
    '<p style="background: url(https://elsewhere.example/style.png)">Styled</p>',
    '<style>p { background: url(https://elsewhere.example/sheet.png) }</style>',
    '<script>document.body.textContent = "script"</script><form action="https://elsewhere.example/"><input></form>',
    '<a href="https://elsewhere.example/page">link</a><a href="javascript:alert(1)">bad</a>',
  ].join('\r\n');
  const part = (...lines) => ['--b', ...lines].join('\r\n');
  writeFileSync(
    join(work, 'html.eml'),
    [
      'From: news@example.org\r\nTo: erika@example.com\r\nSubject: News\r\nMIME-Version: 1.0',
      'Content-Type: multipart/related; boundary=b\r\n',
      part('Content-Type: text/html; charset=utf-8\r\n', source),
      part('Content-Type: image/png; name=dot.png\r\nContent-ID: <dot@example>\r\nContent-Transfer-Encoding: base64\r\n', pixel),
      part('Content-Type: image/png; name=other.png\r\nContent-Transfer-Encoding: base64\r\n', pixel),
      '--b--\r\n',
    ].join('\r\n'),
  );
  await dropFiles(page, [join(work, 'html.eml')]);
  const element = await waitFor(page, 'iframe[title="Text of the mail"]');
  assert.doesNotMatch(await element.evaluate((frame) => frame.getAttribute('sandbox')), /scripts|same-origin|forms/);
  const frame = await element.contentFrame();
  await untilSo(() => frame.evaluate(() => Boolean(document.querySelector('img[alt="dot"]')?.complete)));
  const found = await frame.evaluate(() => ({
    text: document.body.innerText,
    tags: [...new Set([...document.body.querySelectorAll('*')].map(({ localName }) => localName))].sort(),
    width: document.querySelector('[alt="dot"]').naturalWidth,
    color: getComputedStyle(document.querySelector('p')).color,
    attributes: document.body.innerHTML.match(/(?:onerror|javascript:|elsewhere\.example\/(?!page))/g),
    link: document.querySelector('a[href]').relList.contains('noopener'),
    links: document.querySelectorAll('a[href]').length,
  }));
  assert.match(found.text, /Newsletter[^]*Styled[^]*link/);
  assert.deepEqual(found.tags, ['a', 'img', 'p']);
  assert.equal(found.width, 1);
  assert.equal(found.color, 'rgb(18, 52, 86)');
  assert.equal(found.attributes, null);
  assert.deepEqual([found.link, found.links], [true, 1]);

  const references = await see(page, 'details.remote', (said) => [...said.querySelectorAll('li')].map(({ textContent }) => textContent));
  for (const name of ['beacon.gif', 'style.png', 'sheet.png']) {
    assert.ok(references.some((reference) => reference.includes(name)), name);
  }
  await waitForText(page, `References to other servers: ${references.length}.`);
  // The picture that is seen is no file besides; the other one is.
  await waitFor(page, named('Save other.png'));
  assert.equal(await isThere(page, named('Save dot.png')), false);
  await button(page, 'Text only');
  await waitUntilGone(page, 'iframe');
  await waitForText(page, 'Newsletter');
}, {
  // The page's policy forbids these while the HTML is read, before they are taken out of it.
  expectedErrors: [/inline event handler violates/, /inline style violates/],
});

demo('no link leads out of what was encrypted weakly, nor out of a mail attached to it', async (page) => {
  const link = 'Content-Type: text/html\r\n\r\n<p>Look <a href="https://elsewhere.example/page">here</a></p>\r\n';
  const attached = `From: max@example.net\r\nSubject: Inside\r\nMIME-Version: 1.0\r\n${link}`;
  writeFileSync(
    join(work, 'weak.txt'),
    `Content-Type: multipart/mixed; boundary=part\r\n\r\n--part\r\n${link}\r\n` +
      `--part\r\nContent-Type: message/rfc822; name=inner.eml\r\n\r\n${attached}\r\n--part--\r\n`,
  );
  openssl('pkcs12', '-in', join(samples, 'erika.p12'), '-passin', 'pass:demo', '-clcerts', '-nokeys', '-out', 'erika.pem');
  const fields = ['-from', 'Max <max@example.net>', '-to', 'erika@example.com', '-subject', 'Weak'];
  openssl('cms', '-encrypt', '-des3', '-in', 'weak.txt', ...fields, '-out', 'weak.eml', 'erika.pem');
  await dropFiles(page, [join(work, 'weak.eml')]);
  await waitForSigns(page, 'lock/weak');
  const links = async () => {
    const frame = await (await waitFor(page, 'iframe')).contentFrame();
    await untilSo(() => frame.evaluate(() => Boolean(document.querySelector('p'))));
    return frame.evaluate(() => [...document.querySelectorAll('a')].map((one) => one.getAttribute('href')));
  };
  assert.deepEqual(await links(), [null]);
  await button(page, 'Open inner.eml as a mail');
  await waitForText(page, 'Inside');
  await waitForSigns(page, 'badge/unsigned');
  assert.deepEqual(await links(), [null]);
});

demo('why a signature broke is told in words', async (page) => {
  writeFileSync(
    join(work, 'list.eml'),
    `List-Id: <team.example.org>\r\n${readFileSync(join(samples, 'altered.eml'), 'latin1')}`,
    'latin1',
  );
  await dropFiles(page, [join(work, 'list.eml')]);
  await waitForSigns(page, 'badge/altered');
  await click(page, 'security-details >>> summary');
  await waitForText(page, 'The mail came over a mailing list');
});
