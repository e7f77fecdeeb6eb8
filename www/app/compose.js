// Writing mails: new ones, answers and forwards.

import { composeMessage, forward, protectMessage, replyTo } from 'smime-wasm';
import { toBlob } from './blobs.js';

/**
 * Makes a mail: the copies that go out, and the one to be kept.
 *
 * @param {object} draft
 * @param {{ name?: string, address: string }} draft.from
 * @param {{ name?: string, address: string }[]} draft.to
 * @param {{ name?: string, address: string }[]} draft.cc
 * @param {{ name?: string, address: string }[]} draft.bcc
 * @param {string} draft.subject
 * @param {string} draft.text
 * @param {File[]} draft.attachments
 * @param {Record<string, string>} [draft.headers] those that an answer needs
 * @param {object} draft.protection what `protectMessage` takes besides
 * @param {{ signal: AbortSignal, onProgress: function, step: function }} tools
 * @returns {Promise<{ copies: { to: string[], source: Blob }[], kept: Blob }>}
 */
export async function writeMail({ bcc, attachments, protection, ...fields }, { signal, onProgress, step }) {
  const message = await composeMessage({
    ...fields,
    attachments: attachments.map((file) => ({
      name: file.name,
      type: file.type || 'application/octet-stream',
      data: file,
    })),
    signal,
    onProgress,
  });
  if (!protection.signers && !protection.recipients) {
    // Nothing to do for `protectMessage`: the mail server takes it as it is.
    const to = [...fields.to, ...fields.cc, ...bcc].map(({ address }) => address);
    const source = await toBlob(message);
    return { copies: [{ to, source }], kept: source };
  }
  step('compose.working.protect');
  const { outgoing, sentCopy } = await protectMessage({
    ...protection,
    message,
    bcc,
    transfer: true,
    signal,
    onProgress,
  });
  const copies = await Promise.all(
    outgoing.map(async ({ envelope, message: copy }) => ({ to: envelope.to, source: await toBlob(copy) })),
  );
  return { copies, kept: await toBlob(sentCopy) };
}

/**
 * The draft of an answer to a mail, or of a forward.
 *
 * @param {object} options
 * @param {'reply' | 'reply-all' | 'forward'} options.kind
 * @param {Answerable} options.opened
 * @param {string[]} options.own the addresses of whoever answers
 * @param {string} options.attribution a line before what is quoted
 * @param {boolean} [options.quote] whether the user wants the text quoted that was left out of an answer
 * @returns {Promise<Draft & { attachments: File[] }>} with the files of what is forwarded
 */
export async function answer({ kind, opened, own, attribution, quote }) {
  if (kind !== 'forward') {
    const draft = await replyTo({ opened, all: kind === 'reply-all', own, attribution, quote });
    return { ...draft, attachments: [] };
  }
  // As encrypted as the mail was, so that nothing of it is left out.
  const draft = await forward({ opened, attribution });
  const files = (opened.view?.attachments ?? []).filter(({ kind: what }) => what !== 'signature');
  return { ...draft, attachments: await Promise.all(files.map(fileOf)) };
}

/**
 * Why the text was left out of a draft, where the user may decide that it is quoted all the same: when all
 * that it goes to may know it. Whoever sent a mail of somebody else's in his own name may not.
 *
 * @param {Draft} draft
 * @returns {'no-integrity' | 'other-recipients' | undefined}
 */
export function whyNotQuoted({ problems }) {
  const leftOut = problems.find(({ code }) => code === 'draft/quote-left-out');
  return ['no-integrity', 'other-recipients'].find((reason) => reason === leftOut?.details.reason);
}

/** The addresses in what somebody typed: `[{ name, address }]`. */
export function parseAddresses(text) {
  // Commas and semicolons within quotes and angle brackets separate nothing.
  const typed = text.match(/(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,;"<])+/g) ?? [];
  return typed
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const [, name, address] = /^(.*?)\s*<([^>]*)>$/s.exec(one) ?? [null, '', one];
      return { name: name.replace(/^"(.*)"$/s, '$1').replace(/\\(.)/gs, '$1'), address: address.trim() };
    });
}

/** Addresses as somebody would type them: what `parseAddresses` reads. */
export function typedAddresses(addresses) {
  const quoted = (name) => (/[",;<>\\@]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name);
  return addresses.map(({ name, address }) => (name ? `${quoted(name)} <${address}>` : address)).join(', ');
}

async function fileOf({ name, type, data }) {
  return new File([await data()], name || 'attachment', { type });
}
