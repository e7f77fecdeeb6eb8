// Online validation in the demo: nobody is asked until the user wants that, and then the revoked signer is found out.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { makeAuthority, whatIsAt } from '../support/authority.mjs';
import {
  button,
  checkbox,
  choose,
  click,
  dropFiles,
  folder,
  launchDemo,
  pickFirst,
  waitFor,
  waitForSigns,
  waitForText,
} from './support/demo-page.mjs';

const authority = await makeAuthority();
after(() => authority.remove());
const { demo, work } = launchDemo();

const asked = [];

/** What the certificates name is reached through the server's relay. */
async function relay(request, response) {
  const url = new URL(request.url, 'http://relay').searchParams.get('url');
  asked.push(new URL(url).hostname);
  const body = [];
  for await (const chunk of request) body.push(chunk);
  const found = await whatIsAt(authority.folder, url, Buffer.concat(body));
  response.writeHead(found ? 200 : 204).end(found);
}

/** A mail that somebody of the authority's signed. */
function mailFrom(name) {
  const path = join(work, `${name}.eml`);
  writeFileSync(join(authority.folder, 'text.eml'), 'Content-Type: text/plain\r\n\r\nHello\r\n');
  const fields = ['-from', `${name}@example.com`, '-to', 'erika@example.com', '-subject', `From ${name}`];
  const signer = ['-signer', `${name}.pem`, '-inkey', `${name}.key`, '-certfile', 'issuer.pem'];
  execFileSync('openssl', ['cms', '-sign', '-in', 'text.eml', ...fields, ...signer, '-out', path], { cwd: authority.folder });
  return path;
}

demo(
  'revocation is asked for where the user wants it, through the relay, and what was found out stays',
  async (page) => {
    asked.length = 0;
    await dropFiles(page, [join(authority.folder, 'root.der')]);
    await waitForText(page, 'Certificate of an authority');
    await choose(page, 'certificate-dialog >>> select', 'trusted');
    await waitForText(page, 'Trusted by hand');
    await button(page, 'Close');
    await dropFiles(page, [mailFrom('mallory')]);
    await waitForText(page, 'From mallory');
    await waitForSigns(page, 'badge/verified');
    assert.deepEqual(asked, []);

    await button(page, 'Settings');
    await checkbox(page, 'Check online for revocation');
    await waitForText(page, 'Saved.');
    await folder(page, 'Erika Mustermann', 'Inbox');
    await pickFirst(page);
    await waitForSigns(page, 'badge/not-verified');
    await click(page, 'security-details >>> summary');
    await waitForText(page, 'revoked');
    assert.ok(asked.includes('ocsp.example.com'), asked.join());

    // By a click, also where the setting is off.
    await button(page, 'Settings');
    await checkbox(page, 'Check online for revocation');
    await waitForText(page, 'Saved.');
    await dropFiles(page, [mailFrom('grace')]);
    await waitForText(page, 'From grace');
    await waitForSigns(page, 'badge/verified');
    asked.length = 0;
    await button(page, 'Certificates');
    await button(page, 'Look at the certificate of grace');
    await waitForText(page, 'not checked');
    await button(page, 'Check online');
    await waitForText(page, 'not revoked, checked');
    assert.ok(asked.includes('ocsp.example.com'), asked.join());
    await button(page, 'Close');
    await waitFor(page, 'tbody tr');
  },
  { routes: { '/relay': relay } },
);

test('the server of the demo relays for its own page alone, and to no address that is private', async (context) => {
  const server = spawn('node', ['www/server.mjs', work, '0'], { cwd: new URL('../../', import.meta.url), stdio: ['ignore', 'pipe', 'inherit'] });
  context.after(() => server.kill());
  const [line] = await once(server.stdout, 'data');
  const [origin] = /http:\S+/.exec(String(line));
  const statusFor = async (url, site) => {
    const headers = { 'Sec-Fetch-Site': site };
    return new Promise((resolve, reject) => {
      get(`${origin}/relay?${new URLSearchParams({ url })}`, { headers }, (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
  };
  assert.equal(await statusFor('http://127.0.0.1:80/', 'same-origin'), 403);
  assert.equal(await statusFor('http://127.0.0.1:80/', 'cross-site'), 401);
});
