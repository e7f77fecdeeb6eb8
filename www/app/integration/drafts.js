// Drafts, also those that are saved by themselves: encrypted to their author alone (docs/FEATURES.md, S12).

import { composed } from './send-mail.js';

/** Needs no key to be unlocked. Whoever has no certificate keeps the draft as it is. */
export async function protectedDraft(mailer, draft) {
  const Bcc = draft.bcc.map(({ address }) => address).join(', ');
  const message = await composed({ ...draft, headers: { ...draft.headers, ...(Bcc && { Bcc }) } });
  try {
    return { message: await mailer.protectDraft({ message, from: draft.from }), isEncrypted: true };
  } catch (error) {
    if (error.code !== 'refused/sender') throw error;
    return { message: new Uint8Array(await message.arrayBuffer()), isEncrypted: false };
  }
}
