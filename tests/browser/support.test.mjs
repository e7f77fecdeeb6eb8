// The tests' own server and browser: what they promise must hold, or no other test means anything.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, test } from 'node:test';

import { launch } from './support/chromium.mjs';

const chromium = await launch();
after(() => chromium.close());

test('the page is a secure context without the right to inline scripts or eval', () =>
  chromium.page(async (page) => {
    assert.equal(await page.evaluate(() => isSecureContext), true);
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.body.append(script);
      return window.inlineRan === true;
    });
    assert.equal(ran, false);
  }, { expectedErrors: [/Content Security Policy/] }));

test('an error in the console of a page or its worker fails the test', async () => {
  await assert.rejects(
    chromium.page((page) => page.evaluate(() => console.error('told'))),
    /told/,
  );
  await assert.rejects(
    chromium.page((page) => page.evaluate(() => new Promise((resolve) => {
      setTimeout(() => { setTimeout(resolve); throw new Error('thrown'); });
    }))),
    /thrown/,
  );
  await assert.rejects(
    chromium.page((page) => page.evaluate(() => new Promise((resolve) => {
      new Worker('/throws.js').onerror = () => setTimeout(resolve);
    }))),
    /thrown in a worker/,
  );
});

test('pages share nothing', async () => {
  await chromium.page((page) => page.evaluate(() => localStorage.setItem('key', 'value')));
  assert.equal(await chromium.page((page) => page.evaluate(() => localStorage.length)), 0);
});

test('the server does not leave its folders', async () => {
  for (const path of ['/../../chromium.mjs', '/..%2fchromium.mjs', '/%2e%2e/chromium.mjs', '/smime-wasm/../../Cargo.toml', '//etc/passwd', '/%00', '/%']) {
    assert.equal(await status(path), 404, path);
  }
  assert.equal(await status('/'), 200);
  assert.equal(await status('/', 'POST'), 405);
});

/** Unlike `fetch`, this sends the path as it is. */
function status(path, method = 'GET') {
  return new Promise((resolve, reject) => {
    request(chromium.origin, { path, method }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject).end();
  });
}
