// The ways to unlock in the demo: a passkey, this browser by itself, and after how long all is locked again.


import {
  button,
  click,
  fill,
  folder,
  launchDemo,
  named,
  pick,
  samples,
  unlock,
  waitFor,
  waitForSigns,
  waitForText,
  waitUntilGone,
} from './support/demo-page.mjs';

const { demo } = launchDemo();

const noAuthenticator = 'its driver has no authenticator that gives PRF';

/** A test where there is a domain, for passkeys, on a computer whose authenticator always says yes. */
const withPasskeys = (name, body) =>
  demo(name, async (page) => {
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
    await body(page, () => session.send('WebAuthn.clearCredentials', { authenticatorId }));
  }, { host: 'localhost', without: { Firefox: noAuthenticator, WebKit: noAuthenticator } });

withPasskeys('a passkey is set up with a click, unlocks instead of the passphrase, and goes again', async (page, forget) => {
  await button(page, 'Settings');
  await button(page, 'Set up a passkey');
  await waitForText(page, 'The passkey opens your keys now.');
  await waitFor(page, 'li[data-way="passkey"]');
  await button(page, 'Lock keys');
  await button(page, 'Unlock keys');
  await button(page, 'Unlock with a passkey');
  await waitFor(page, named('Lock keys'));
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
  await waitFor(page, named('Lock keys'));
  await button(page, 'Settings');
  await button(page, 'Remove: Passkey');
  await waitForText(page, 'Removed.');
  await waitUntilGone(page, 'li[data-way="passkey"]');
  await waitFor(page, 'li[data-way="passphrase"]');
});

demo('this browser unlocks without a question where that is chosen, also after a reload', async (page) => {
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
  await waitFor(page, named('Lock keys'));
});

demo('after how many minutes without use the keys lock is the user’s choice', async (page) => {
  await button(page, 'Settings');
  await fill(page, 'Lock after minutes without use', '45');
  await page.keyboard.press('Tab');
  await waitForText(page, 'Saved.');
  await button(page, 'Lock keys');
  await button(page, 'Unlock keys');
  await waitForText(page, 'After 45 minutes without use the keys lock again');
});
