// Sending what was written: through the mailer to the post, and what there is to say of it.

import { fieldsOf } from './drafting.js';
import { certificateRequests, protectedMail } from './integration/send-mail.js';
import { formatList, language, sentence, t } from './language.js';
import { office } from './office.js';
import { accountAt, nameAt } from './people.js';

/**
 * @param {Draft} draft
 * @param {object} how
 * @param {{ person, mailer }} how.desk who sends it
 * @param {'everyone-unencrypted' | 'leave-out'} [how.without] what the user chose for those who can't read it
 * @param {{ signal, onProgress, step }} tools of a `Work`
 */
export async function sendDraft(draft, { desk: { person, mailer }, without }, { signal, onProgress, step }) {
  const fields = fieldsOf(draft, { name: nameAt(person, draft.account) });
  const onComposed = () => step('write.working.protect');
  const sent = await protectedMail(mailer, { ...fields, without }, { signal, onProgress, onComposed });
  step('write.working.deliver');
  return { sent, ...(await office.send(sent, { account: draft.account })) };
}

/** Whom it reached, in words, and a colleague here who can look at it. */
export function reportOf({ sent, delivered, elsewhere }) {
  // Of the archive whoever wrote was told while writing.
  const unexpected = sent.problems.filter(({ code }) => code.startsWith('sending/') && code !== 'sending/archived');
  const text = [
    delivered.length ? t('write.delivered', { names: formatList(delivered.map(({ name, address }) => name ?? address)) }) : '',
    elsewhere.length ? t('write.elsewhere', { names: formatList(elsewhere) }) : '',
    ...unexpected.map((problem) => sentence(problem)),
  ].join(' ');
  const colleague = office.people.find(
    (person) => person !== office.person && delivered.some(({ address }) => accountAt([person], address)),
  );
  return { text: text.trim(), colleague };
}

/** Asks people for their certificates, in signed mail. */
export async function askForCertificates(addresses, { account, desk: { person, mailer } }) {
  const from = { name: nameAt(person, account), address: account };
  const to = addresses.map((address) => ({ address }));
  for (const sent of await certificateRequests(mailer, { from, to, language: language.code })) {
    await office.send(sent, { account });
  }
}
