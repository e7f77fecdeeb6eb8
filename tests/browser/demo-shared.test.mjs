// Several people of the demo: the shared mailbox and its members, and somebody who leaves.

import {
  button,
  folder,
  launchDemo,
  named,
  pick,
  pickFirst,
  samples,
  waitFor,
  waitForSigns,
  waitForText,
  waitUntil,
  workAs,
  write,
} from './support/demo-page.mjs';

const { demo } = launchDemo();

demo('a member who is removed from a shared mailbox loses its key, and gets it back when added again', async (page) => {
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
  await waitUntil(page, 'compose-view >>> textarea', ([text]) => text?.value.includes('cannot receive encrypted mail'));
  await button(page, 'Discard');
  await workAs(page, 'Erika Mustermann');
  await button(page, 'Settings');
  await button(page, 'Add Max Muster');
  await waitForText(page, 'Changed, and brought to all members.');
  await workAs(page, 'Max Muster');
  await folder(page, 'Projekt-Postfach', 'Inbox');
  await pick(page, 'shared');
  await waitForSigns(page, 'badge/verified', 'lock/encrypted');
});

demo('when somebody leaves, the archive hands over what it can read, and nothing else', async (page) => {
  await button(page, 'Settings');
  await button(page, '“Mailarchiv” of the samples');
  await waitFor(page, named('Take Mailarchiv out of the archive'));
  await write(page, { to: 'erika@example.com', subject: 'For whoever comes after me', text: 'The keys are in the drawer.' });
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
});
