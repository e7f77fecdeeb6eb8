// Two browsers of one person have the same keys, certificates and decisions, by a file that is carried between them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';

import {
  button,
  downloadsOf,
  dropFiles,
  fill,
  folder,
  launchDemo,
  pick,
  samples,
  waitFor,
  waitForSigns,
  waitForText,
} from './support/demo-page.mjs';

const { chromium, demo, work, close } = await launchDemo();
after(close);

const passphrase = 'correct horse battery';

/** Syncs, with a file from the other browser; the file for it, if there is one. */
async function sync(page, { file, leaves = true } = {}) {
  await button(page, 'Settings');
  if (file) await (await page.waitForSelector('>>> sync-section >>> input[type="file"]')).uploadFile(file);
  await fill(page, 'Passphrase for both', passphrase);
  const download = leaves ? await downloadsOf(page, { chromium, work }) : undefined;
  await button(page, 'Sync');
  await waitForText(page, leaves ? 'The file for the other device is saved.' : 'The other device knows everything already.');
  return download?.();
}

test('what one browser knows the other gets, there and back', () =>
  demo(async (first) => {
    await pick(first, 'signed');
    await waitForText(first, 'is now known');
    const file = await sync(first);
    // Nobody else can read it.
    assert.doesNotMatch(readFileSync(file, 'latin1'), /erika@example|Mustermann/);

    // The other one is a browser of its own, with storage of its own.
    await demo(
      async (second) => {
        await fill(second, 'Your name', 'Erika Mustermann');
        await fill(second, 'Your mail address', 'erika@example.com');
        await button(second, 'Begin empty');
        await waitForText(second, 'No mail.');
        await button(second, 'Settings');
        await (await second.waitForSelector('>>> sync-section >>> input[type="file"]')).uploadFile(file);
        await fill(second, 'Passphrase for both', 'correct horse');
        await button(second, 'Sync');
        await waitForText(second, 'The passphrase is wrong.');
        await sync(second, { file, leaves: false });
        await button(second, 'Unlock keys');
        await fill(second, 'Passphrase', passphrase);
        await second.keyboard.press('Enter');
        await waitFor(second, '::-p-aria([name="Lock keys"])');
        await dropFiles(second, [join(samples, 'gcm.eml')]);
        await waitForSigns(second, 'lock/encrypted');
        await waitForText(second, '0815');
        // A setting goes the other way.
        await button(second, 'Settings');
        await fill(second, 'Lock after minutes without use', '45');
        await second.keyboard.press('Tab');
        await waitForText(second, 'Saved.');
        const back = await sync(second, { file });
        await first.bringToFront();
        await sync(first, { file: back, leaves: false });
      },
      { begin: false },
    );
    await folder(first, 'Erika Mustermann', 'Inbox');
    await button(first, 'Settings');
    await first.waitForFunction(
      () => document.querySelector('demo-app').renderRoot.querySelector('settings-page').renderRoot.querySelector('#lockAfter')?.value === '45',
    );
  }));
