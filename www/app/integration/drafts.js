// Drafts, also those that are saved by themselves: encrypted to their author alone (docs/FEATURES.md, S12).

import { composed } from './send-mail.js';

/** Needs no key to be unlocked. Whoever has no certificate gets the draft as it is. */
export async function protectedDraft(mailer, draft) {
  const message = await composed({ ...draft, headers: { ...draft.headers, ...bccHeader(draft) } });
  try {
    return await mailer.protectDraft({ message, from: draft.from });
  } catch (error) {
    if (error.code !== 'refused/sender') throw error;
    return message;
  }
}

const bccHeader = ({ bcc }) => (bcc.length ? { Bcc: bcc.map(({ address }) => address).join(', ') } : {});
