// The ways to unlock in the demo: a passkey, this browser by itself, and after how long all is locked again.

import { after, test } from 'node:test';

import { button, fill, folder, launchDemo, pick, waitFor, waitForSigns, waitForText } from './support/demo-page.mjs';

const { chromium, demo, close } = await launchDemo();
after(close);

/** Opens the demo where there is a domain, for passkeys, on a computer whose authenticator always says yes. */
const withPasskeys = (body) =>
  chromium.page(async (page) => {
    await page.goto(chromium.origin.replace('127.0.0.1', 'localhost'));
    await page.setViewport({ width: 1280, height: 900 });
    await page.evaluate(() => localStorage.setItem('smime-wasm-demo.language', 'en'));
    await page.reload();
    const session = await page.createCDPSession();
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        hasPrf: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await button(page, 'Begin with the samples');
    await waitFor(page, '[data-sample="plain"]');
    await body(page, () => session.send('WebAuthn.clearCredentials', { authenticatorId }));
  });

test('a passkey is set up with a click, unlocks instead of the passphrase, and goes again', () =>
  withPasskeys(async (page, forget) => {
    await button(page, 'Settings');
    await button(page, 'Set up a passkey');
    await waitForText(page, 'The passkey opens your keys now.');
    await waitFor(page, 'li[data-way="passkey"]');
    await button(page, 'Lock keys');
    await button(page, 'Unlock keys');
    await button(page, 'Unlock with a passkey');
    await waitFor(page, '::-p-aria([name="Lock keys"])');
    await folder(page, 'Erika Mustermann', 'Inbox');
    await pick(page, 'encrypted');
    await waitForText(page, '4711');

    // Where it is lost, that is said, and the passphrase still opens.
    await forget();
    await button(page, 'Lock keys');
    await button(page, 'Unlock keys');
    await button(page, 'Unlock with a passkey');
    await waitForText(page, 'passkey was not given');
    await fill(page, 'Passphrase', 'demo');
    await page.keyboard.press('Enter');
    await waitFor(page, '::-p-aria([name="Lock keys"])');
    await button(page, 'Settings');
    await button(page, 'Remove: Passkey');
    await waitForText(page, 'Removed.');
    await page.waitForSelector('>>> li[data-way="passkey"]', { hidden: true });
    await waitFor(page, 'li[data-way="passphrase"]');
  }));

test('this browser unlocks without a question where that is chosen, also after a reload', () =>
  demo(async (page) => {
    await button(page, 'Settings');
    await button(page, 'No longer ask in this browser');
    await waitForText(page, 'This browser asks no more.');
    await folder(page, 'Erika Mustermann', 'Inbox');
    await pick(page, 'encrypted');
    await page.reload();
    await waitForSigns(page, 'lock/locked');
    await button(page, 'Unlock');
    await waitForText(page, '4711');
    await button(page, 'Settings');
    await button(page, 'Remove: This browser');
    await waitForText(page, 'Removed.');
    await button(page, 'Lock keys');
    await button(page, 'Unlock keys');
    await waitForText(page, 'The passphrase of the samples is');
    await fill(page, 'Passphrase', 'demo');
    await page.keyboard.press('Enter');
    await waitFor(page, '::-p-aria([name="Lock keys"])');
  }));

test('after how many minutes without use the keys lock is the user’s choice', () =>
  demo(async (page) => {
    await button(page, 'Settings');
    await fill(page, 'Lock after minutes without use', '45');
    await page.keyboard.press('Tab');
    await waitForText(page, 'Saved.');
    await button(page, 'Lock keys');
    await button(page, 'Unlock keys');
    await waitForText(page, 'After 45 minutes without use the keys lock again');
  }));
