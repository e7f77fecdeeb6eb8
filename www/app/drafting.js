// Drafts: what is in one, how it is kept while somebody writes, and how it becomes one again.

import { answerTo, filesOf } from './integration/answer-mail.js';
import { protectedDraft } from './integration/drafts.js';
import { toBlob } from './blobs.js';
import { typedAddresses } from './addresses.js';
import { formatTime, t } from './language.js';
import { mailbox } from './mailbox.js';
import { readSummary, summaryOf } from './summary.js';

/**
 * @typedef {object} Draft
 * @property {symbol} key tells it from others while it is written
 * @property {string} account the account that it is written in
 * @property {Address[]} to
 * @property {Address[]} cc
 * @property {Address[]} bcc
 * @property {string} subject
 * @property {string} text
 * @property {File[]} files
 * @property {boolean} [sign] as the user chose; else the settings say
 * @property {boolean} [encrypt] as the user chose; else the settings say
 * @property {boolean} hideSubject
 * @property {object} [answer] what `replyTo` and `forward` say must hold
 * @property {number} [id] where it is kept
 */
export const emptyDraft = (account) => ({
  key: Symbol('draft'),
  account,
  to: [],
  cc: [],
  bcc: [],
  subject: '',
  text: '',
  files: [],
  sign: undefined,
  encrypt: undefined,
  hideSubject: false,
  answer: undefined,
});

export function isEmpty({ to, cc, bcc, subject, text, files }) {
  return [to, cc, bcc, files].every((list) => !list.length) && !subject.trim() && !text.trim();
}

/** The draft of an answer or a forward. */
export async function answerDraft({ kind, opened, summary, mail }, { accounts, quote }) {
  // Whoever it went to answers; from a shared mailbox that is the mailbox.
  const own = accounts.map(({ address }) => address);
  const values = { name: typedAddresses(summary.from), date: summary.date ? formatTime(summary.date) : '' };
  const attribution = t(kind === 'forward' ? 'answer.forwarded' : 'answer.wrote', values);
  const fieldNames = {
    From: t('write.from'),
    Date: t('read.date'),
    Subject: t('write.subject'),
    To: t('read.to'),
    Cc: t('read.cc'),
  };
  const request = { kind, opened, own: [mail.account, ...own], attribution, fieldNames, quote };
  const { to, cc, subject, text, headers, ...rest } = await answerTo(request);
  const files = kind === 'forward' ? await filesOf(opened) : [];
  const { mustEncrypt, confidentialHeaders, protectHeaders, problems } = rest;
  return {
    ...emptyDraft(mail.account),
    ...{ to, cc, subject, text: text ? `\n\n${text}` : '', files },
    hideSubject: mustHideSubject(rest),
    answer: { kind, headers, mustEncrypt, confidentialHeaders, protectHeaders, problems },
  };
}

/** Whether the subject of an answer was hidden in what it answers, and has to stay so. */
export function mustHideSubject({ confidentialHeaders = [], protectHeaders } = {}) {
  return protectHeaders !== undefined || confidentialHeaders.some((name) => name.toLowerCase() === 'subject');
}

/**
 * Why the text was left out of an answer, where the user may decide that it is quoted all the same.
 *
 * @returns {'no-integrity' | 'other-recipients' | undefined}
 */
export function whyNotQuoted({ problems }) {
  const leftOut = problems.find(({ code }) => code === 'draft/quote-left-out');
  return ['no-integrity', 'other-recipients'].find((reason) => reason === leftOut?.details.reason);
}

/** What the verbs take of a draft. */
export function fieldsOf(draft, { name }) {
  const { account, to, cc, bcc, subject, text, files, sign, encrypt, hideSubject, answer } = draft;
  const hidden = hideSubject && encrypt !== false ? ['Subject'] : [];
  return {
    ...{ to, cc, bcc, subject, text, files, sign, encrypt },
    from: { name, address: account },
    headers: answer?.headers,
    mustEncrypt: answer?.mustEncrypt,
    protectHeaders: answer?.protectHeaders,
    confidentialHeaders: [...new Set([...(answer?.confidentialHeaders ?? []), ...hidden])],
  };
}

/**
 * Keeps a draft in its mailbox, encrypted to its author.
 *
 * @returns {Promise<{ id: number, isEncrypted: boolean, summary: Summary }>}
 */
export async function keepDraft(draft, { mailer, name }) {
  const fields = fieldsOf(draft, { name });
  const { message, isEncrypted } = await protectedDraft(mailer, fields);
  const source = await toBlob(message);
  const { sign, encrypt, hideSubject, answer } = draft;
  const kept = {
    source,
    summary: await readSummary(source),
    answer: { ...answer, sign, encrypt, hideSubject },
    receivedAt: new Date(),
  };
  const { from, to, cc, bcc, subject } = fields;
  const summary = { from: [from], to, cc, bcc, subject, date: kept.receivedAt };
  const { account } = draft;
  const isThere = draft.id !== undefined && (await mailbox.change(draft.id, () => ({ ...kept, account })));
  const id = isThere ? draft.id : await mailbox.add({ ...kept, account, folder: 'drafts', isRead: true });
  return { id, isEncrypted, summary };
}

/** A kept draft, opened, as one to go on with. */
export async function draftOf(mail, opened) {
  const { to, cc, bcc, subject } = summaryOf(opened.headers);
  const { sign, encrypt, hideSubject = false, ...answer } = mail.answer ?? {};
  return {
    ...emptyDraft(mail.account),
    ...{ to, cc, bcc, subject, sign, encrypt, hideSubject },
    text: opened.view?.bodies.map(({ text }) => text).join('\n') ?? '',
    files: await filesOf(opened),
    answer: answer.kind ? answer : undefined,
    id: mail.id,
  };
}
