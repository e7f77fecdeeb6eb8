// Two browsers of one person have the same keys, certificates and decisions, by a file that is carried between them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  button,
  downloadsOf,
  dropFiles,
  fill,
  folder,
  launchDemo,
  pick,
  samples,
  unlock,
  waitFor,
  waitForSigns,
  waitForText,
  waitUntil,
} from './support/demo-page.mjs';

const { demo } = launchDemo();

const passphrase = 'correct horse battery';

const chooseFile = async (page, file) => (await waitFor(page, 'sync-section >>> input[type="file"]')).uploadFile(file);

/** Syncs, with a file from the other browser; the file for it, if there is one. */
async function sync(page, { file, leaves = true } = {}) {
  await button(page, 'Settings');
  if (file) await chooseFile(page, file);
  await fill(page, 'Passphrase for both', passphrase);
  const download = leaves ? await downloadsOf(page) : undefined;
  await button(page, 'Sync');
  await waitForText(page, leaves ? 'The file for the other device is saved.' : 'The other device knows everything already.');
  return download?.();
}

demo('what one browser knows the other gets, there and back', async (first, { another }) => {
  await pick(first, 'signed');
  await waitForText(first, 'is now known');
  const file = await sync(first);
  // Nobody else can read it.
  assert.doesNotMatch(readFileSync(file, 'latin1'), /erika@example|Mustermann/);

  // The other one is a browser of its own, with storage of its own.
  await another(
    async (second) => {
      await fill(second, 'Your name', 'Erika Mustermann');
      await fill(second, 'Your mail address', 'erika@example.com');
      await button(second, 'Begin empty');
      await waitForText(second, 'No mail.');
      await button(second, 'Settings');
      await chooseFile(second, file);
      await fill(second, 'Passphrase for both', 'correct horse');
      await button(second, 'Sync');
      await waitForText(second, 'The passphrase is wrong.');
      await sync(second, { file, leaves: false });
      await unlock(second, passphrase);
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
  await waitUntil(first, '#lockAfter', ([field]) => field?.value === '45');
});
