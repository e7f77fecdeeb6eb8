// The demo as a person uses it: found by what assistive technology reads, driven by keys, clicks and
// files, and what it saves is given to OpenSSL.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { launch } from './support/chromium.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const samples = join(root, 'www/app/samples');

let work;
let chromium;

before(async () => {
  work = mkdtempSync(join(tmpdir(), 'smime-wasm-demo-'));
  const demo = join(work, 'demo');
  execFileSync('node', ['www/build.mjs', 'demo', demo], { cwd: root });
  makePetra();
  chromium = await launch({ folders: { '/': demo } });
});

after(async () => {
  await chromium?.close();
  rmSync(work, { recursive: true, force: true });
});

test('every sample shows the verdict it was made for, in both languages', () =>
  demo(async (page) => {
    for (const { id, expect } of JSON.parse(readFileSync(join(samples, 'index.json'), 'utf8'))) {
      await page.locator(`>>> [data-mail="${id}"]`).click();
      const verdict = await verdictOf(page);
      if (expect.error) {
        assert.equal(verdict.status, 'unknown', id);
        assert.match(verdict.text, /not encrypted for any of the keys/, id);
        continue;
      }
      assert.equal(verdict.status, expect.status, id);
      assert.equal(verdict.encryption, expect.encryption, id);
      for (const problem of expect.problems) {
        assert.ok(verdict.problems.includes(problem), `${id}: ${problem} in ${verdict.problems}`);
      }
      if (!expect.problems.length) assert.deepEqual(verdict.problems, [], id);
    }
    await page.locator('>>> [data-mail="altered"]').click();
    await button(page, 'Deutsch');
    await waitForText(page, 'Der Inhalt wurde nach dem Signieren verändert.');
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  }));

test('a signature counts once its authority was made a trust anchor, and no longer when that was removed', () =>
  demo(async (page) => {
    await page.locator('>>> [data-mail="unknown-issuer"]').click();
    assert.equal((await verdictOf(page)).status, 'unverified');
    await dropFiles(page, [join(samples, 'other-root-ca.pem')]);
    await button(page, 'Trust');
    await waitForStatus(page, 'verified');
    await page.reload();
    await page.locator('>>> [data-mail="unknown-issuer"]').click();
    assert.equal((await verdictOf(page)).status, 'verified');
    await button(page, 'Certificates');
    await button(page, 'Remove Other Root CA');
    await button(page, 'Really remove');
    await button(page, 'Mail');
    await waitForStatus(page, 'unverified');
  }));

test('a .p12 is imported, survives a reload, is unlocked, and signs and encrypts mail that OpenSSL reads', () =>
  demo(async (page) => {
    await importPetra(page, 'wrong');
    await waitForText(page, 'The password does not open the file.');
    await fill(page, 'Password of the file', 'geheim');
    await button(page, 'Import');
    await waitForText(page, 'Imported and unlocked Petra Probe.');

    await page.reload();
    await button(page, 'Certificates');
    await waitForText(page, 'petra@example.org');
    await waitForText(page, 'locked');

    // The certificate of an authority from the file dialog.
    const [chooser] = await Promise.all([
      page.waitForFileChooser(),
      button(page, 'Add .p12 or certificate …'),
    ]);
    await chooser.accept([join(work, 'ca.pem')]);
    await button(page, 'Trust');
    await waitForText(page, '“Probe CA” is now a trust anchor.');

    // The mail.
    await button(page, 'Mail');
    await button(page, 'New mail');
    await page.locator('>>> select[name="from"]').fill(await optionOf(page, 'Petra Probe'));
    await fill(page, 'To', 'Max Muster <max@example.net>, nobody@example.org');
    await waitForText(page, 'nobody@example.org: no certificate.');
    await fill(page, 'Subject', 'Grüße aus dem Browser');
    await fill(page, 'Text', 'Schöne Grüße\nPetra');
    await button(page, 'Save as .eml');
    await waitForText(page, 'Not every recipient has a certificate.');
    await fill(page, 'To', 'Max Muster <max@example.net>');
    const [attachment] = await Promise.all([page.waitForFileChooser(), button(page, 'Attach a file …')]);
    await attachment.accept([join(work, 'Anhang äöü.bin')]);
    await waitForText(page, 'Anhang äöü.bin');

    const downloads = await downloadsOf(page);
    await button(page, 'Save as .eml');
    await fill(page, 'Passphrase', 'wrong horse');
    await button(page, 'Unlock');
    await waitForText(page, 'The passphrase is wrong.');
    await fill(page, 'Passphrase', 'correct horse');
    await button(page, 'Unlock');
    const saved = await downloads();
    assert.match(saved, /Grüße-aus-dem-Browser\.eml$/);
    await waitForStatus(page, 'verified');
    assert.equal((await verdictOf(page)).encryption, 'protected');
    // What goes out is for Max; what is shown, and saved from there, is Petra's own copy.
    const ownCopy = await downloadsOf(page);
    await button(page, 'Save as .eml');
    assertOpensslReads(await ownCopy(), 'petra.key', 'petra.pem');
    const max = ['-in', join(samples, 'max.p12'), '-passin', 'pass:demo'];
    openssl('pkcs12', ...max, '-nocerts', '-nodes', '-out', 'max.key');
    openssl('pkcs12', ...max, '-clcerts', '-nokeys', '-out', 'max.pem');
    assertOpensslReads(saved, 'max.key', 'max.pem');

    // And back: what was saved, dropped on the page after a reload.
    await page.reload();
    await page.locator('>>> [data-mail="plain"]').wait();
    await dropFiles(page, [saved]);
    await waitForStatus(page, 'verified');
    await waitForText(page, 'Signed by Petra Probe');
    await waitForText(page, 'Schöne Grüße');
    const nextDownload = await downloadsOf(page);
    await button(page, 'Save Anhang äöü.bin');
    const file = await nextDownload();
    assert.deepEqual(readFileSync(file), readFileSync(join(work, 'Anhang äöü.bin')));
  }));

test('a mail with Bcc goes out in two copies that hide its subject, and is answered encrypted', () =>
  demo(async (page) => {
    await dropFiles(page, [join(work, 'petra.pem')]);
    await waitForText(page, 'Added: Petra Probe.');
    await button(page, 'New mail');
    await page.locator('>>> select[name="from"]').fill(await optionOf(page, 'Erika'));
    await fill(page, 'To', '"Muster, Max" <max@example.net>');
    await fill(page, 'Bcc', 'petra@example.org');
    await waitForText(page, 'petra@example.org: certificate valid until');
    await fill(page, 'Subject', 'Gehaltsliste 2026');
    await fill(page, 'Text', 'Vertraulich.');
    await checkbox(page, 'Hide the subject');
    const first = await downloadsOf(page);
    await button(page, 'Save as .eml');
    const toMax = readFileSync(await first(), 'latin1');
    await waitForText(page, 'Saved the first of 2 copies');
    await waitForStatus(page, 'verified');

    const second = await downloadsOf(page);
    await button(page, 'Save the copy for petra@example.org');
    const toPetra = await second();
    for (const copy of [toMax, readFileSync(toPetra, 'latin1')]) {
      assert.match(copy, /^Subject: \[\.\.\.\]/m);
      assert.doesNotMatch(copy.split(/\r?\n\r?\n/)[0], /petra|Gehalt/i);
    }
    openssl('cms', '-decrypt', '-in', toPetra, '-inkey', 'petra.key', '-recip', 'petra.pem', '-out', 'bcc.eml');
    assert.match(readFileSync(join(work, 'bcc.eml'), 'latin1'), /Gehaltsliste 2026/);

    // The kept copy shows its true subject, in the list too, and what protects it.
    await waitForText(page, 'Gehaltsliste 2026');
    const subject = await page.waitForSelector('>>> dd[data-field="subject"]');
    assert.equal(await subject.evaluate(({ dataset }) => dataset.protection), 'signed-and-encrypted');
    assert.match(await subject.evaluate(({ textContent }) => textContent), /Outside it says: \[\.\.\.\]/);
    const from = await page.waitForSelector('>>> dd[data-field="from"]');
    assert.equal(await from.evaluate(({ dataset }) => dataset.protection), 'signed');
    assert.equal(await page.$eval('>>> [data-mail][aria-current="true"] .subject', (row) => row.textContent), 'Gehaltsliste 2026');

    await button(page, 'Reply');
    await waitForText(page, 'The draft holds what was encrypted, and can only go out encrypted.');
    const draft = await page.$eval('>>> form:has([name="bcc"])', (form) => ({
      ...Object.fromEntries(new FormData(form)),
      encrypt: [form.elements.encrypt.checked, form.elements.encrypt.disabled],
    }));
    assert.deepEqual(draft.encrypt, [true, true]);
    assert.match(draft.to, /erika@example\.com/);
    assert.match(draft.from, /^max@example\.net /);
    assert.equal(draft.subject, 'Re: Gehaltsliste 2026');
    assert.match(draft.text, /> Vertraulich\./);
    const third = await downloadsOf(page);
    await button(page, 'Save as .eml');
    assert.match(readFileSync(await third(), 'latin1'), /^Subject: \[\.\.\.\]/m);
    await waitForStatus(page, 'verified');
    await waitForText(page, 'Re: Gehaltsliste 2026');

    // What somebody adds outside does not stand beside it.
    writeFileSync(join(work, 'added.eml'), toMax.replace(/^Subject:/m, 'Subject: Pay Mallory\r\nSubject:'), 'latin1');
    await page.locator('>>> [data-mail="plain"]').click();
    await waitForStatus(page, 'unsigned');
    await dropFiles(page, [join(work, 'added.eml')]);
    await waitForStatus(page, 'verified');
    assert.equal(await page.$eval('>>> #subject', (heading) => heading.textContent), 'Gehaltsliste 2026');
  }));

test('a draft that was begun is not lost to an answer', () =>
  demo(async (page) => {
    await page.locator('>>> [data-mail="signed"]').click();
    await verdictOf(page);
    await button(page, 'New mail');
    await fill(page, 'Text', 'Half a letter');
    await page.keyboard.press('Escape');
    await button(page, 'Reply');
    await waitForText(page, 'You have a draft already.');
    assert.equal(await page.$eval('>>> textarea[name="text"]', ({ value }) => value), 'Half a letter');
    await button(page, 'Discard');
    await button(page, 'Forward');
    await waitFor(page, '::-p-aria([name="Remove Angebot.pdf"])');
    assert.match(await page.$eval('>>> textarea[name="text"]', ({ value }) => value), /Forwarded mail/);
  }));

test('what nobody vouches for is quoted when asked for, and forwarded with its files', () =>
  demo(async (page) => {
    const part = (...lines) => ['--part', ...lines, ''].join('\r\n');
    writeFileSync(
      join(work, 'unsigned.txt'),
      'Content-Type: multipart/mixed; boundary=part\r\n\r\n' +
        part('Content-Type: text/plain\r\n', 'The code is 4711.') +
        part('Content-Type: text/plain; name=codes.txt', 'Content-Disposition: attachment; filename=codes.txt\r\n', '4712') +
        '--part--\r\n',
    );
    const fields = ['-from', 'Max <max@example.net>', '-to', 'petra@example.org', '-subject', 'Codes'];
    openssl('cms', '-encrypt', '-aes256', '-in', 'unsigned.txt', ...fields, '-out', 'unsigned.eml', 'petra.pem');
    await importPetra(page, 'geheim');
    await waitForText(page, 'Imported and unlocked Petra Probe.');
    await dropFiles(page, [join(work, 'unsigned.eml')]);
    await waitForText(page, 'The code is 4711.');
    await button(page, 'Reply');
    await waitForText(page, 'Nothing shows that the sender knows the text');
    await fill(page, 'Text', 'Thanks!');
    const quote = await waitFor(page, '::-p-aria([name="Quote all the same"][role="button"])');
    await quote.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('>>> #quote-hint', { hidden: true });
    const text = await page.$eval('>>> textarea[name="text"]', ({ value }) => value);
    assert.match(text, /^Thanks!\n\n.*Max.*\n> The code is 4711\./);
    assert.equal(await page.$('>>> ::-p-aria([name="Quote all the same"])'), null);
    await button(page, 'Discard');
    await button(page, 'Forward');
    await waitFor(page, '::-p-aria([name="Remove codes.txt"])');
    assert.match(await page.$eval('>>> textarea[name="text"]', ({ value }) => value), /The code is 4711\./);
    assert.equal(await page.$('>>> ::-p-aria([name="Quote all the same"])'), null);
  }));

test('HTML is shown without scripts, forms and anything from elsewhere, with the pictures the mail brings', () =>
  demo(async (page) => {
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
    await frame.waitForSelector('img[alt="dot"]');
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

    const said = await waitFor(page, 'details.remote');
    const references = await said.$$eval('li', (items) => items.map(({ textContent }) => textContent));
    for (const name of ['beacon.gif', 'style.png', 'sheet.png']) {
      assert.ok(references.some((reference) => reference.includes(name)), name);
    }
    await waitForText(page, `References to other servers: ${references.length}.`);
    // The picture that is seen is no file besides; the other one is.
    await waitFor(page, '::-p-aria([name="Save other.png"])');
    assert.equal(await page.$('>>> ::-p-aria([name="Save dot.png"])'), null);
    await button(page, 'Text only');
    await page.waitForSelector('>>> iframe', { hidden: true });
    await waitForText(page, 'Newsletter');
  }, {
    // The page's policy forbids these while the HTML is read, before they are taken out of it.
    expectedErrors: [/inline event handler violates/, /inline style violates/],
  }));

test('no link leads out of what was encrypted weakly, nor out of a mail attached to it', () =>
  demo(async (page) => {
    const link = 'Content-Type: text/html\r\n\r\n<p>Look <a href="https://elsewhere.example/page">here</a></p>\r\n';
    const attached = `From: max@example.net\r\nSubject: Inside\r\nMIME-Version: 1.0\r\n${link}`;
    writeFileSync(
      join(work, 'weak.txt'),
      `Content-Type: multipart/mixed; boundary=part\r\n\r\n--part\r\n${link}\r\n` +
        `--part\r\nContent-Type: message/rfc822; name=inner.eml\r\n\r\n${attached}\r\n--part--\r\n`,
    );
    const fields = ['-from', 'Max <max@example.net>', '-to', 'petra@example.org', '-subject', 'Weak'];
    openssl('cms', '-encrypt', '-des3', '-in', 'weak.txt', ...fields, '-out', 'weak.eml', 'petra.pem');
    await importPetra(page, 'geheim');
    await waitForText(page, 'Imported and unlocked Petra Probe.');
    await dropFiles(page, [join(work, 'weak.eml')]);
    await waitFor(page, 'section[data-encryption="weak"]');
    const links = async () => {
      const frame = await (await waitFor(page, 'iframe[title="Text of the mail"]')).contentFrame();
      await frame.waitForSelector('p');
      return frame.$$eval('a[href]', (found) => found.length);
    };
    assert.equal(await links(), 0);
    await button(page, 'Open inner.eml as a mail');
    await waitFor(page, 'section[data-encryption="none"]');
    assert.equal(await links(), 0);
    // On its own it is a mail like any other.
    writeFileSync(join(work, 'inner.eml'), attached);
    await dropFiles(page, [join(work, 'inner.eml')]);
    await waitFor(page, 'iframe[sandbox*="allow-popups"]');
    assert.equal(await links(), 1);
  }));

test('why a signature broke is told in words', () =>
  demo(async (page) => {
    writeFileSync(
      join(work, 'list.eml'),
      `List-Id: <team.example.org>\r\n${readFileSync(join(samples, 'altered.eml'), 'latin1')}`,
      'latin1',
    );
    await dropFiles(page, [join(work, 'list.eml')]);
    await waitForStatus(page, 'failed');
    await waitForText(page, 'About the way this mail took');
    await waitForText(page, 'The mail came over a mailing list');
    const summary = await waitFor(page, 'header-fields >>> summary');
    assert.equal(await summary.evaluate(({ innerText }) => innerText), 'Sender, subject and date are not protected');
  }));

test('an attached mail is opened as one of its own', () =>
  demo(async (page) => {
    const attached = readFileSync(join(samples, 'signed.eml'), 'latin1');
    const head = 'From: petra@example.org\r\nSubject: Around it\r\nMIME-Version: 1.0\r\n';
    const text = '--around\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n';
    const mail = `--around\r\nContent-Type: message/rfc822; name=inner.eml\r\n\r\n${attached}\r\n--around--\r\n`;
    const type = 'Content-Type: multipart/mixed; boundary=around\r\n\r\n';
    writeFileSync(join(work, 'around.eml'), `${head}${type}${text}${mail}`, 'latin1');
    await dropFiles(page, [join(work, 'around.eml')]);
    await waitForStatus(page, 'unsigned');
    await button(page, 'Open inner.eml as a mail');
    await waitForStatus(page, 'verified');
  }));

test('locking takes the text of an encrypted mail off the page, and unlocking brings it back', () =>
  demo(async (page) => {
    writeFileSync(join(work, 'secret.txt'), 'Content-Type: text/plain\r\n\r\nThe code is 4711.\r\n');
    const fields = ['-from', 'Max <max@example.net>', '-to', 'petra@example.org', '-subject', 'Secret'];
    openssl('cms', '-encrypt', '-aes256', '-in', 'secret.txt', ...fields, '-out', 'secret.eml', 'petra.pem');
    await importPetra(page, 'geheim');
    await waitForText(page, 'Imported and unlocked Petra Probe.');
    await dropFiles(page, [join(work, 'secret.eml')]);
    await waitForText(page, 'The code is 4711.');
    await button(page, 'Keys unlocked – lock now');
    await waitForText(page, 'The keys are locked.');
    await waitFor(page, 'section[data-encryption="locked"]');
    assert.equal(await page.$('>>> ::-p-text(The code is 4711.)'), null);
    await button(page, 'Unlock Petra Probe');
    await fill(page, 'Passphrase', 'correct horse');
    await button(page, 'Unlock');
    await waitForText(page, 'The code is 4711.');
    // The samples' keys were in the same module; they are back without being asked for.
    await page.locator('>>> [data-mail="gcm"]').click();
    assert.equal((await verdictOf(page)).encryption, 'protected');
  }));

test('everything that can be operated has a name, in each view and dialog', () =>
  demo(async (page) => {
    const operable = ['button', 'textbox', 'combobox', 'checkbox', 'dialog', 'navigation', 'region', 'list', 'progressbar'];
    const nameless = async () => {
      const walk = (node) => [
        ...(operable.includes(node.role) && !node.name ? [node] : []),
        ...(node.children ?? []).flatMap(walk),
      ];
      return walk(await page.accessibility.snapshot()).map(({ role, description }) => `${role} ${description ?? ''}`);
    };
    await page.locator('>>> [data-mail="signed"]').click();
    await verdictOf(page);
    assert.deepEqual(await nameless(), [], 'reading');
    await button(page, 'Reply');
    await waitFor(page, 'input[name="bcc"]');
    assert.deepEqual(await nameless(), [], 'answering');
    await button(page, 'Discard');
    await button(page, 'New mail');
    assert.deepEqual(await nameless(), [], 'writing');
    await page.keyboard.press('Escape');
    await button(page, 'Certificates');
    assert.deepEqual(await nameless(), [], 'certificates');
    await dropFiles(page, [join(samples, 'erika.p12')]);
    await waitForText(page, 'Password of the file');
    assert.deepEqual(await nameless(), [], 'importing');
    await button(page, 'Close');
    await dropFiles(page, [join(samples, 'other-root-ca.pem')]);
    await waitForText(page, 'Trust this authority?');
    assert.deepEqual(await nameless(), [], 'trusting');
  }));

test('a certificate tells its details when asked', () =>
  demo(async (page) => {
    await button(page, 'Certificates');
    await page.locator('>>> certificate-details >>> summary').click();
    await waitForText(page, 'commonName: ');
    await waitForText(page, 'extKeyUsage (2.5.29.37)');
    await waitForText(page, 'emailProtection');
  }));

test('25 MB are written and read without holding up the page, and can be cancelled', () =>
  demo(async (page) => {
    writeFileSync(join(work, 'large.bin'), Buffer.alloc(25 * 1024 * 1024, 'large'));
    const draft = async () => {
      await button(page, 'New mail');
      await fill(page, 'To', 'max@example.net');
      const [chooser] = await Promise.all([page.waitForFileChooser(), button(page, 'Attach a file …')]);
      await chooser.accept([join(work, 'large.bin')]);
      await button(page, 'Save as .eml');
    };

    await draft();
    await waitFor(page, 'progress[max]');
    await button(page, 'Cancel');
    await waitForText(page, 'Cancelled. Your draft is still there.');
    await button(page, 'Discard');

    await page.evaluate(() => {
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
      }).observe({ type: 'longtask' });
    });
    // Other work on the machine holds up pages too: what counts is that it can be done without.
    const longest = [];
    for (let i = 0; i < 3 && !longest.some((duration) => duration < 100); i += 1) {
      await page.evaluate(() => (window.longest = 0));
      const download = await downloadsOf(page);
      await draft();
      assert.ok(statSync(await download()).size > 25 * 1024 * 1024 * 1.3);
      await waitForStatus(page, 'verified');
      await waitForText(page, 'large.bin');
      longest.push(await page.evaluate(() => window.longest));
      await button(page, 'Remove from the list');
    }
    assert.ok(longest.some((duration) => duration < 100), `the page was held up for ${longest} ms`);
  }));

// ---- The page ----------------------------------------------------------------------------------

/** Runs a test on the demo, in English, and sees to it that it asks no other host for anything. */
function demo(body, options) {
  return chromium.page(async (page) => {
    const elsewhere = [];
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (!['blob:', 'data:'].includes(protocol) && origin !== chromium.origin) elsewhere.push(request.url());
    });
    page.setDefaultTimeout(15_000);
    await page.setViewport({ width: 1280, height: 900 });
    await page.evaluate(() => localStorage.setItem('smime-wasm-demo.language', 'en'));
    await page.reload();
    await page.locator('>>> [data-mail="plain"]').wait();
    try {
      await body(page);
    } catch (error) {
      const screenshot = join(tmpdir(), 'smime-wasm-demo-failed.png');
      await page.screenshot({ path: screenshot });
      error.message += `\nThe page as it was: ${screenshot}`;
      throw error;
    }
    assert.deepEqual(elsewhere, []);
  }, options);
}

function button(page, name) {
  return page.locator(`::-p-aria([name="${name}"][role="button"])`).click();
}

async function importPetra(page, password) {
  await dropFiles(page, [join(work, 'petra.p12')]);
  await fill(page, 'Password of the file', password);
  await fill(page, 'New passphrase for this browser', 'correct horse');
  await fill(page, 'Repeat the passphrase', 'correct horse');
  await button(page, 'Import');
}

function checkbox(page, name) {
  return page.locator(`::-p-aria([name="${name}"][role="checkbox"])`).click();
}

async function fill(page, label, text) {
  await page.locator(`::-p-aria([name="${label}"])`).fill(text);
}

/** `visible`, because puppeteer otherwise waits for changes of the document and misses those in shadow trees. */
function waitFor(page, selector) {
  return page.waitForSelector(`>>> ${selector}`, { visible: true });
}

async function waitForText(page, text) {
  await waitFor(page, `::-p-text(${text})`);
}

async function waitForStatus(page, status) {
  await waitFor(page, `section[data-status="${status}"]`);
}

/** The verdict of the mail that was selected last. */
async function verdictOf(page) {
  await waitFor(page, 'article[aria-busy="false"]');
  const section = await waitFor(page, 'section[data-status]');
  const { status, encryption, problems, text } = await section.evaluate(({ dataset, innerText }) => ({
    ...dataset,
    text: innerText,
  }));
  return { status, encryption, problems: problems.split(' ').filter(Boolean), text };
}

/** The choice of a sender by how the name begins. */
function optionOf(page, name) {
  return page.$eval(
    '>>> select[name="from"]',
    (select, start) => [...select.options].find(({ label }) => label.startsWith(start)).value,
    name,
  );
}

/** Drags files from outside onto the middle of the page, as the system does. */
async function dropFiles(page, files) {
  const client = await page.createCDPSession();
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await client.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  }
  await client.detach();
}

/** From here on downloads land in a folder; gives a function that waits for one and names it. */
async function downloadsOf(page) {
  const folder = mkdtempSync(join(work, 'downloads-'));
  const client = await chromium.browser.target().createCDPSession();
  const browserContextId = page.browserContext().id;
  await client.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, browserContextId });
  return async () => {
    for (let i = 0; i < 150; i += 1) {
      const [name] = readdirSync(folder).filter((file) => !file.endsWith('.crdownload'));
      if (name) return join(folder, name);
      await setTimeout(100);
    }
    throw new Error('nothing was downloaded');
  };
}

// ---- OpenSSL -----------------------------------------------------------------------------------

function openssl(...args) {
  return execFileSync('openssl', args, { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A person with a certificate of her own authority, and something to attach. */
function makePetra() {
  
  writeFileSync(
    join(work, 'petra.cnf'),
    'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\n' +
      'extendedKeyUsage=emailProtection\nsubjectAltName=email:petra@example.org\n',
  );
  const key = (name) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`];
  openssl('req', '-x509', ...key('ca'), '-subj', '/CN=Probe CA', '-days', '30', '-out', 'ca.pem');
  openssl('req', ...key('petra'), '-subj', '/CN=Petra Probe', '-out', 'petra.csr');
  openssl(
    ...['x509', '-req', '-in', 'petra.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-days', '30', '-extfile', 'petra.cnf', '-out', 'petra.pem'],
  );
  openssl('pkcs12', '-export', '-inkey', 'petra.key', '-in', 'petra.pem', '-passout', 'pass:geheim', '-out', 'petra.p12');
  writeFileSync(join(work, 'Anhang äöü.bin'), Uint8Array.from({ length: 50_000 }, (_, i) => (i * 31) % 256));
}

/** `openssl cms` decrypts and verifies the saved mail and finds text and attachment in it. */
function assertOpensslReads(saved, key, certificate) {
  openssl('cms', '-decrypt', '-in', saved, '-inkey', key, '-recip', certificate, '-out', 'inner.eml');
  openssl('cms', '-verify', '-in', 'inner.eml', '-CAfile', 'ca.pem', '-purpose', 'smimesign', '-out', 'content.eml');
  const content = readFileSync(join(work, 'content.eml'), 'utf8');
  const attached = readFileSync(join(work, 'Anhang äöü.bin')).toString('base64');
  assert.ok(content.replaceAll(/\s/g, '').includes(attached), 'the attachment is in the mail');
  assert.match(content, /Sch(ö|=C3=B6)ne Gr(üß|=C3=BC=C3=9F)e|U2Now7ZuZSBHcs/);
}
