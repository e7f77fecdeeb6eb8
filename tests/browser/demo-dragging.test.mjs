// Mail leaves the demo by dragging: a row of the list, dropped on the desktop, is a file there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { downloadsOf, launchDemo, pick, samples, verdictOf, waitFor } from './support/demo-page.mjs';

const { demo } = launchDemo();

const onlyChromium = 'only Chromium makes a file of what is dragged out of a page';

demo('a mail that is dragged out of the list is the file that came in, byte for byte', async (page) => {
  await pick(page, 'signed');
  await verdictOf(page);
  // What the desktop is offered, as Chromium takes it from the page.
  await page.evaluate(() => {
    window.addEventListener('dragstart', ({ dataTransfer }) => {
      window.offered = dataTransfer.getData('DownloadURL');
    });
  });
  const client = await page.createCDPSession();
  await client.send('Input.setInterceptDrags', { enabled: true });
  const taken = new Promise((resolve) => client.once('Input.dragIntercepted', resolve));
  const row = await waitFor(page, '[data-sample="signed"]');
  const { x, y } = await row.boundingBox();
  const mouse = (type, dx, dy) =>
    client.send('Input.dispatchMouseEvent', { type, x: x + dx, y: y + dy, button: 'left', buttons: 1, clickCount: 1 });
  await mouse('mousePressed', 60, 20);
  await mouse('mouseMoved', 90, 40);
  await mouse('mouseMoved', 400, 200);
  const { data } = await taken;
  await mouse('mouseReleased', 400, 200);
  assert.equal(data.dragOperationsMask, 1);
  const [, type, name, url] = /^([^:]+):([^:]+):(.*)$/.exec(await page.evaluate(() => window.offered));
  assert.deepEqual([type, name], ['message/rfc822', 'Angebot-für-die-Tür-in-der-Müllerstraße.eml']);
  const download = await downloadsOf(page);
  await page.evaluate((href) => Object.assign(document.createElement('a'), { href, download: '' }).click(), url);
  assert.deepEqual(readFileSync(await download()), readFileSync(join(samples, 'signed.eml')));
}, { without: { Firefox: onlyChromium, WebKit: onlyChromium } });
