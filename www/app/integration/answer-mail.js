// Answers and forwards keep confidential what was: what was encrypted is not quoted in the clear.

import { forward, replyTo } from 'smime-wasm';

/**
 * @param {object} request
 * @param {'reply' | 'reply-all' | 'forward'} request.kind
 * @param {OpenedMail} request.opened
 * @param {string[]} request.own the addresses of whoever answers
 * @param {string} request.attribution a line before what is quoted
 * @param {Record<string, string>} request.fieldNames what `From`, `Date`, … are called in the user's language
 * @param {boolean} [request.quote] true: the user wants the text quoted that was left out
 */
export async function answerTo({ kind, opened, own, attribution, fieldNames, quote }) {
  if (kind === 'forward') return forward({ opened, attribution, fieldNames, quote });
  return replyTo({ opened, all: kind === 'reply-all', own, attribution, quote });
}

/** The files of a mail, to go along with a forward. */
export async function filesOf(opened) {
  const attachments = opened.view?.attachments ?? [];
  return Promise.all(
    attachments.map(async ({ name, type, data }) => new File([await data()], name || 'attachment', { type })),
  );
}
