// Several people of the demo: the shared mailbox and its members, and somebody who leaves.

import { after, test } from 'node:test';

import {
  button,
  fill,
  folder,
  launchDemo,
  pick,
  pickFirst,
  waitFor,
  waitForSigns,
  waitForText,
  workAs,
} from './support/demo-page.mjs';

const { demo, close } = await launchDemo();
after(close);

test('a member who is removed from a shared mailbox loses its key, and gets it back when added again', () =>
  demo(async (page) => {
    await workAs(page, 'Max Muster');
    await folder(page, 'Projekt-Postfach', 'Inbox');
    await pick(page, 'shared');
    await waitForSigns(page, 'badge/verified', 'lock/encrypted');
    await workAs(page, 'Erika Mustermann');
    await pick(page, 'signed');
    await waitForText(page, 'is now known');
    await button(page, 'Settings');
    await button(page, 'Remove Max Muster');
    await waitForText(page, 'Changed, and brought to all members.');
    await workAs(page, 'Max Muster');
    await waitForText(page, 'You are no longer a member of projekt@example.com');
    await folder(page, 'Projekt-Postfach', 'Inbox');
    await pick(page, 'shared');
    await waitForSigns(page, 'lock/unreadable');
    // To whoever wrote, a clear answer is proposed.
    await button(page, 'Answer with this text');
    await waitForText(page, 'Write a mail');
    await page.waitForFunction(() => document.querySelector('demo-app').renderRoot.querySelector('compose-view').renderRoot.querySelector('textarea').value.includes('cannot receive encrypted mail'));
    await button(page, 'Discard');
    await workAs(page, 'Erika Mustermann');
    await button(page, 'Settings');
    await button(page, 'Add Max Muster');
    await waitForText(page, 'Changed, and brought to all members.');
    await workAs(page, 'Max Muster');
    await folder(page, 'Projekt-Postfach', 'Inbox');
    await pick(page, 'shared');
    await waitForSigns(page, 'badge/verified', 'lock/encrypted');
  }));

test('when somebody leaves, the archive hands over what it can read, and nothing else', () =>
  demo(async (page) => {
    await button(page, 'Settings');
    await button(page, '“Mailarchiv” of the samples');
    await waitFor(page, '::-p-aria([name="Take Mailarchiv out of the archive"])');
    await button(page, 'New mail');
    await waitForText(page, 'Write a mail');
    await page.keyboard.type('erika@example.com,');
    await waitForText(page, 'Everyone can read encrypted mail.');
    await fill(page, 'Subject', 'For whoever comes after me');
    await fill(page, 'Text', 'The keys are in the drawer.');
    await button(page, 'Send');
    await waitForText(page, 'Delivered to Erika Mustermann.');
    await workAs(page, 'Max Muster');
    await button(page, 'Settings');
    await button(page, 'Erika Mustermann leaves: take over the mailbox');
    await waitForText(page, 'Took over the mailbox of Erika Mustermann: 2 encrypted mails');
    await folder(page, 'Erika Mustermann', 'Inbox');
    await pickFirst(page);
    await waitForSigns(page, 'lock/encrypted');
    await waitForText(page, 'The keys are in the drawer.');
    await pick(page, 'gcm');
    await waitForSigns(page, 'lock/unreadable');
  }));
