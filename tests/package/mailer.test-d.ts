// Compiled, never run: what callers of the mailer write must type-check, and what they must not write must not.

import {
  composeMessage,
  openMessage,
  protectMessage,
  replyTo,
  sign,
  type Identity,
  type Problem,
  type SmimeError,
} from 'smime-wasm';
import {
  openMailer,
  type Account,
  type ListVerdict,
  type Mailer,
  type Policy,
  type Reason,
  type Sync,
} from 'smime-wasm/mailer';
import { explain, label } from 'smime-wasm/texts';

declare const mailer: Mailer;
declare const file: File;
declare const message: Uint8Array;
declare const identity: Identity;

export async function right(sync: Sync): Promise<Mailer> {
  const accounts: Account[] = [{ address: 'a@example.com', aliases: ['b@example.com'], kind: 'shared' }];
  const policy: Policy = { alwaysSign: { value: true, locked: true }, harvest: { value: 'ask' } };
  const opened = await openMailer({ accounts, database: 'user', policy, sync, trustAnchors: ['mozilla'] });
  const problems: readonly Problem[] = opened.problems;
  console.log(opened.storeId.length, problems[0]?.code === 'store/vanished');
  return opened;
}

export async function rightKeys(): Promise<void> {
  const results = await mailer.importP12({ files: [{ data: file, name: file.name, password: 'secret' }], seal: { device: true } });
  for (const { identities, error } of results) console.log(identities[0]?.id, error?.code);
  const { unlocked } = await mailer.unlock({ passphrase: 'secret', lockAfter: 60_000 });
  const passkey = await mailer.createPasskey({ name: 'a@example.com' });
  await mailer.addUnlock({ id: unlocked[0], seal: { passkey } });
}

export async function rightMail(): Promise<ListVerdict> {
  const { canEncrypt, recipients, archive } = await mailer.recipients({ from: 'a@example.com', to: [{ address: 'b@example.com' }] });
  const why: Problem[] = recipients.flatMap(({ problems }) => problems);
  const mail = await composeMessage({ from: { address: 'a@example.com' }, text: String(canEncrypt && why.length) });
  console.log(archive[0]?.subject);
  for (const { code, help, daysLeft } of await mailer.reminders()) console.log(code === 'reminder/ended', help, daysLeft.toFixed());
  const { outgoing, sentCopy } = await mailer.protect({ message: mail, identities: [identity], without: 'leave-out' });
  for (const { envelope, message } of outgoing) await fetch(`/submit?to=${envelope.to.join()}`, { method: 'POST', body: message });
  const { verdict, badge, view } = await mailer.open({ message: sentCopy, direction: 'sent', receivedAt: new Date() });
  console.log(badge.reasons[0]?.details, view?.attachments[0]?.name);
  for await (const { id, error } of mailer.openMany({ messages: [{ id: 7, message }] })) console.log(id.toFixed(), error);
  for await (const { id, isChanged } of mailer.readdressMany({ messages: [{ id: 'a', message }], add: [identity.certificate] })) {
    console.log(id.length, isChanged);
  }
  return JSON.parse(JSON.stringify(verdict)) as ListVerdict;
}

/** What the package gives goes where bytes go, and what may be missing may be passed on. */
export async function rightBytes(without?: 'leave-out', name?: string): Promise<void> {
  const { sentCopy, archiveCopy } = await mailer.protect({ message, without, sign: undefined, bcc: undefined });
  const { view, readdressed, content } = await mailer.open({ message, receivedAt: undefined });
  const { message: copy, evidence } = await mailer.archive({ message });
  const { data } = await mailer.backup({ passphrase: 'secret' });
  const key = await mailer.exportP12({ id: 'a', password: 'secret', profile: undefined });
  const found = [sentCopy, archiveCopy?.message, readdressed, content, copy, evidence, data, key];
  new Blob(found.flatMap((one) => one ?? []));
  for (const attachment of view?.attachments ?? []) new Blob([await attachment.data()]);
  await mailer.importP12({ files: [{ data: file, name, password: undefined }], seal: { device: true } });
  const attachments = [{ name: 'a', data, contentId: name }];
  const mail = await composeMessage({ from: { address: 'a@example.com', name }, attachments });
  const { mustEncrypt, protectHeaders } = await replyTo({ opened: await openMessage({ message: mail }) });
  const { outgoing } = await protectMessage({ message: mail, mustEncrypt, protectHeaders, signers: [identity] });
  await fetch('/submit', { method: 'POST', body: outgoing[0]?.message ?? null });
  new Blob([identity.certificate.der, await sign({ message, signers: [identity] })]);
}

export function rightErrors(error: SmimeError, reason: Reason): string[] {
  if (error.code === 'refused/no-certificate') return error.details.addresses ?? [];
  if (error.code === 'store/quota' || error.code === 'usage/wrong-option') return [error.details.option ?? ''];
  return [explain(reason, 'de'), label(reason.help, 'de')];
}

export function wrong(error: SmimeError): void {
  // @ts-expect-error a code that is spelled wrong
  if (error.code === 'store/wrong-pasphrase') return;
  // @ts-expect-error a mailer is somebody's
  openMailer({});
  // @ts-expect-error no such kind of account
  openMailer({ accounts: [{ address: 'a@example.com', kind: 'group' }] });
  // @ts-expect-error no such value
  openMailer({ accounts: [], policy: { encrypt: { value: 'sometimes' } } });
  // @ts-expect-error a key is never stored unsealed
  mailer.importP12({ files: [{ data: file }] });
  // @ts-expect-error one way at a time
  mailer.unlock({ passphrase: 'secret', device: true });
  // @ts-expect-error nothing is sent in the clear by itself
  mailer.protect({ message, without: 'ignore' });
  // @ts-expect-error a message is bytes, never a string
  mailer.open({ message: 'From: a@example.com' });
  // @ts-expect-error only mail is archived
  mailer.archive({ identity });
  // @ts-expect-error what a mailer says is not for writing
  mailer.storeId = error.code;
}
