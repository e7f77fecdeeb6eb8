// What of the keys Firefox and WebKit leave on the disk, as mailer-keys.test.mjs has it for Chromium. They have no
// authenticator for tests that gives PRF, so that passkeys are not among the ways.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { launchFirefox, noFirefox } from './support/firefox.mjs';
import { makeIdentities } from '../support/identities.mjs';
import { assertNowhere, isKeyStored, privatePart, sealedRow } from './support/disk.mjs';
import { mailerFolders, run } from './support/mailer-page.mjs';
import { noWebKit } from './support/webkit.mjs';
import { launchPlainWebKit } from './support/webkit-plain.mjs';

const identities = await makeIdentities();
after(identities.remove);
const all = !process.env.SMIME_TEST_ALL && 'SMIME_TEST_ALL is not set';

/** What each keeps of what seals the device's secret: it lies beside it in the clear. */
const browsers = [
  ['Firefox', launchFirefox, noFirefox, true],
  ['WebKit', launchPlainWebKit, noWebKit, true],
];

for (const [name, launch, isMissing, isDeviceKeyClear] of browsers) {
  test(`K1: what of the keys is on the disk after each way, in ${name}`, { skip: all || isMissing }, async () => {
    const browser = await launch({ folders: mailerFolders(identities) });
    try {
      const secret = privatePart((await identities.all())['alice.key']);
      const page = await browser.ownPage();
      const row = async (id) => {
        const value = await run(page, async ({ rows }, id) => [...(await rows('meta')).find((row) => row.id === id).value], id);
        return sealedRow(id, value);
      };
      await run(page, async ({ aliceMailer, storeAlice, passphrase }) => {
        window.id = await storeAlice();
        window.mailer = await aliceMailer();
        await window.mailer.unlock({ passphrase });
      });
      const session = await row('session');
      await assertNowhere(browser.profile, secret, 'a passphrase');
      assert.equal(await isKeyStored(browser.profile, session), false, 'of the session');
      await run(page, async () => {
        const { mailer, id } = window;
        await mailer.addUnlock({ id, seal: { device: true } });
        await mailer.lock();
        await mailer.unlock({ device: true });
      });
      await assertNowhere(browser.profile, secret, 'the device');
      const [device, last] = [await row('device'), await row('session')];
      assert.equal(await isKeyStored(browser.profile, last), false, 'of the session');
      assert.equal(await isKeyStored(browser.profile, device), isDeviceKeyClear, 'of the device');
    } finally {
      await browser.close();
    }
  });
}
